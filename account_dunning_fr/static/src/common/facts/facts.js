import { Component, markup, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * What a tab of ours on an invoice or a customer shows beside what is stored: asked for when the tab
 * is shown, since a notebook draws its pages then and not before.
 *
 * `method`: of the record, which returns the groups of facts.
 */
export class DunningFacts extends Component {
    static template = "account_dunning_fr.Facts";
    static props = { ...standardWidgetProps, method: { type: String, optional: true } };
    static defaultProps = { method: "get_dunning_facts" };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ groups: [] });
        // Asked again once what was changed is saved or discarded, not while it is typed.
        useRecordObserver((record) =>
            record.dirty && record.resId === this.shownId ? null : this.load(record)
        );
    }

    async load(record) {
        this.shownId = record.resId;
        if (!record.resId) {
            this.state.groups = [];
            return;
        }
        const groups = await this.keepLast.add(
            this.orm.call(record.resModel, this.props.method, [[record.resId]])
        );
        for (const note of groups.flatMap((group) => group.notes || [])) {
            // Written by the server as a field of HTML is: what people typed is escaped there.
            note.text = note.html ? markup(note.text) : note.text;
        }
        this.state.groups = groups;
    }

    async open({ model, id }) {
        if (await this.props.record.save()) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: id,
                views: [[false, "form"]],
            });
        }
    }

    /**
     * Press a button of the record, or of one that a table lists.
     *
     * @param {{name: string}} button
     * @param {{model: string, id: number}} [listed]
     */
    async run(button, listed) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name: button.name,
            resModel: listed ? listed.model : record.resModel,
            resId: listed ? listed.id : record.resId,
            context: record.context,
            onClose: async () => {
                await record.load();
                await this.load(record);
            },
        });
    }
}

registry.category("view_widgets").add("dunning_facts", {
    component: DunningFacts,
    extractProps: ({ attrs }) => (attrs.method ? { method: attrs.method } : {}),
});
