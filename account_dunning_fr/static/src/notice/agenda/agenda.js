import { Component, onPatched, onWillStart, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * What will leave in the days to come. The server foresees it, and moves what is dragged: here it
 * is only laid out.
 */
export class DunningAgenda extends Component {
    static template = "account_dunning_fr.Agenda";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.state = useState({ page: null, date: null, over: null, dragged: null });
        this.detail = useRef("detail");
        this.chosen = false;
        onWillStart(() => this.load());
        onPatched(() => this.showDetail());
    }

    async load() {
        this.state.page = await this.orm.call("account.dunning.agenda", "get_page");
        const days = this.state.page.weeks.flat();
        if (!days.some((day) => day.date === this.state.date && day.count)) {
            this.state.date = days.find((day) => day.count)?.date;
        }
    }

    get day() {
        return this.state.page.weeks.flat().find((day) => day.date === this.state.date);
    }

    /** All weeks have the columns of the longest: Saturday and Sunday where something leaves. */
    get columns() {
        const last = Math.max(5, ...this.state.page.weeks.flat().map((day) => day.column));
        return `repeat(5, minmax(0, 1fr)) ${"minmax(0, 0.8fr) ".repeat(last - 5)}`;
    }

    choose(day) {
        this.state.date = day.date;
        this.chosen = true;
        this.render(); // the day that is chosen already may be out of sight
    }

    /** On a telephone what leaves on the day that was chosen stands below all the days. */
    showDetail() {
        if (this.chosen) {
            this.chosen = false;
            this.detail.el?.scrollIntoView({ block: "nearest" });
        }
    }

    /** Opens the customers of a day, or of one of its levels. */
    openCustomers(ids, name) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "res.partner",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", ids]],
            context: { create: false },
        });
    }

    /** Opens the page on which one works on the customer. */
    openCustomer(row) {
        return this.action.doActionButton({
            type: "object",
            name: "action_dunning_page",
            resModel: "res.partner",
            resId: row.partner_id,
            context: user.context,
        });
    }

    // -- Another day ---------------------------------------------------------------------------

    start(ev, row) {
        this.state.dragged = row;
        ev.dataTransfer.effectAllowed = "move";
        ev.dataTransfer.setData("text/plain", row.name);
    }

    stop() {
        this.state.dragged = null;
        this.state.over = null;
    }

    hover(ev, day) {
        if (this.state.dragged && day.date !== this.state.date) {
            ev.preventDefault();
            this.state.over = day.date;
        }
    }

    async drop(day) {
        const row = this.state.dragged;
        this.stop();
        if (row && day.date !== this.state.date) {
            await this.move(row, day.date);
        }
    }

    /** By its button: to the working day of the week after. */
    postpone(row) {
        const days = this.state.page.weeks.flat().map((day) => day.date);
        const later = luxon.DateTime.fromISO(this.state.date).plus({ days: 7 }).toISODate();
        return this.move(row, days.find((date) => date >= later) || later);
    }

    undo(row) {
        return this.move(row, row.postponed_from);
    }

    async move(row, to) {
        const action = await this.orm.call("account.dunning.agenda", "action_move", [
            row.company_id,
            row.partner_id,
            this.state.date,
            to,
        ]);
        if (action) {
            await this.action.doAction(action, { onClose: () => this.load() });
        } else {
            await this.load();
        }
    }

    getTitle(level) {
        if (level.waits) {
            return level.waits;
        }
        return level.by_itself ? _t("Leaves by itself") : _t("A person confirms, posts or calls");
    }
}

registry.category("actions").add("account_dunning_fr.agenda", DunningAgenda);
