import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What a form of filing on line asks for, each value with its button: nothing is typed here. */
export class DunningFiling extends Component {
    static template = "account_dunning_fr.Filing";
    static components = { CopyButton };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ groups: [], files: [], loaded: false });
        this.copied = _t("Copied");
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => this.load(record));
    }

    async load({ resId, resModel }) {
        const sheet = resId
            ? await this.keepLast.add(this.orm.call(resModel, "get_filing_sheet", [[resId]]))
            : { groups: [], files: [] };
        Object.assign(this.state, sheet, { loaded: true });
    }
}

registry.category("view_widgets").add("dunning_filing", { component: DunningFiling });
