import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formOf } from "../record_action";
import { sayRefusal } from "../refusals";

const SHOWN_EVENTS = 12;
const ICONS = {
    invoice: "fa-file-text-o",
    payment: "fa-eur",
    credit_note: "fa-undo",
    entry: "fa-pencil-square-o",
    penalty: "fa-percent",
    notice: "fa-paper-plane-o",
    expiry: "fa-hourglass-end",
    email_in: "fa-reply",
    email_out: "fa-envelope-o",
    bounce: "fa-exclamation-triangle",
    call: "fa-phone",
    promise: "fa-handshake-o",
    promise_end: "fa-handshake-o",
    dispute: "fa-comments-o",
    dispute_end: "fa-comments-o",
    einvoice: "fa-file-code-o",
    return: "fa-reply",
    plan: "fa-calendar",
    plan_end: "fa-calendar",
    hold: "fa-pause",
    insolvency: "fa-gavel",
    insolvency_step: "fa-gavel",
    claim_declared: "fa-gavel",
    case: "fa-gavel",
    note: "fa-sticky-note-o",
};

/** A customer to work from: what he owes and why (not) chased, what happened, what to do. */
export class DunningCustomer extends Component {
    static template = "account_dunning_fr.Customer";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ page: null, all: false, refused: "", busy: false, note: "" });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.props.record.resId) {
                return this.load(record);
            }
        });
    }

    async load(record) {
        this.state.page =
            record.resId &&
            (await this.keepLast.add(
                this.orm.call("account.dunning.customer", "get_page", [record.resId])
            ));
    }

    get events() {
        const { page, all } = this.state;
        return all ? page.events : page.events.slice(0, SHOWN_EVENTS);
    }

    showAll() {
        this.state.all = true;
    }

    icon(event) {
        return ICONS[event.kind] || "fa-circle-o";
    }

    /** Run what a button does for the customer; what is refused is told above what he owes. */
    run(name) {
        return this.runOn("res.partner", this.state.page.id, name);
    }

    async runOn(resModel, resId, name) {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, refused: "" });
        this.state.refused = await sayRefusal(() =>
            this.action.doActionButton({
                type: "object",
                name,
                resModel,
                resId,
                context: user.context,
                onClose: () => this.load(this.props.record),
            })
        );
        this.state.busy = false;
    }

    open({ model, id }) {
        return this.action.doAction(formOf(model, id));
    }

    async addNote() {
        const body = this.state.note.trim();
        if (!body) {
            return;
        }
        this.state.refused = await sayRefusal(async () => {
            const { id } = this.state.page;
            await this.orm.call("account.dunning.customer", "add_note", [id, body]);
            this.state.note = "";
            await this.load(this.props.record);
        });
    }

    onNoteKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            this.addNote();
        }
    }
}

registry.category("view_widgets").add("dunning_customer", { component: DunningCustomer });
