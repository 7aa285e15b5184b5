import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FileUploader } from "@web/views/fields/file_handler";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The document of a piece, chosen from its line: one click, and the page says what is left. */
export class DunningPieceUpload extends Component {
    static template = "account_dunning_fr.PieceUpload";
    static components = { FileUploader };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
    }

    async upload({ data, name }) {
        const { record } = this.props;
        const { root } = record.model;
        if (await root.save()) {
            await this.orm.write(record.resModel, [record.resId], { file: data, file_name: name });
            await root.load();
        }
    }
}

registry.category("view_widgets").add("dunning_piece_upload", { component: DunningPieceUpload });
