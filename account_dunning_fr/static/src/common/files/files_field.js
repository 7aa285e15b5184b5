import { useRef } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { useFileUploader } from "@web/core/utils/files";
import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/**
 * Files on which others may be dropped. What was dropped or chosen is saved at once: a proof is
 * filed under the field on which it fell, whatever else happens to the form.
 */
export class DunningFilesField extends Many2ManyBinaryField {
    static template = "account_dunning_fr.FilesField";

    setup() {
        super.setup();
        this.uploadFiles = useFileUploader();
        useDropzone(
            useRef("drop"),
            (ev) => this.onDrop(ev),
            "o_dunning_dropzone",
            () => !this.props.readonly
        );
    }

    async onDrop(ev) {
        const files = await this.uploadFiles("/web/binary/upload_attachment", {
            csrf_token: odoo.csrf_token,
            ufile: [...ev.dataTransfer.files],
            model: this.props.record.resModel,
            id: 0,
        });
        if (files) {
            await this.onFileUploaded(files);
        }
    }

    async onFileUploaded(files) {
        await super.onFileUploaded(files);
        await this.props.record.save();
    }
}

registry.category("fields").add("dunning_files", {
    ...many2ManyBinaryField,
    component: DunningFilesField,
});
