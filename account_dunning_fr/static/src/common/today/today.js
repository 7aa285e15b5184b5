import { Component, onPatched, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formOf } from "../record_action";
import { sayRefusal } from "../refusals";

const LEAVING = 250; // milliseconds in which a row that is dealt with fades

/** Who is to be dealt with today, and how: every figure comes from the server in one call. */
export class DunningToday extends Component {
    static template = "account_dunning_fr.Today";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        this.list = useRef("list");
        const { card, offset, focused } = this.props.state || {};
        this.state = useState({
            page: {},
            card: card || "",
            offset: offset || 0,
            focused: focused || 0,
            busy: "",
            leaving: "",
            refused: {},
        });
        this.moveFocus = true;
        useSetupAction({
            getLocalState: () => ({
                card: this.state.card,
                offset: this.state.offset,
                focused: this.state.focused,
            }),
        });
        onWillStart(() => this.load());
        onMounted(() => this.focusRow());
        onPatched(() => this.focusRow());
    }

    async load() {
        const { card, offset } = this.state;
        const page = await this.keepLast.add(
            this.orm.call("account.dunning.today", "get_page", [], { card, offset })
        );
        if (card && !page.cards.some((each) => each.key === card)) {
            // The last one of the card is dealt with: what else is there?
            Object.assign(this.state, { card: "", offset: 0, focused: 0 });
            return this.load();
        }
        Object.assign(this.state, { page, offset: page.offset, leaving: "", busy: "" });
        this.state.focused = Math.max(0, Math.min(this.state.focused, page.rows.length - 1));
        this.moveFocus = true;
    }

    choose(card) {
        const chosen = this.state.card === card ? "" : card;
        Object.assign(this.state, { card: chosen, offset: 0, focused: 0, refused: {} });
        return this.load();
    }

    turn(pages) {
        const { page } = this.state;
        Object.assign(this.state, { offset: page.offset + pages * page.limit, focused: 0 });
        return this.load();
    }

    get shownTo() {
        const { page } = this.state;
        return Math.min(page.offset + page.limit, page.total);
    }

    get percent() {
        const { done, planned } = this.state.page;
        return planned ? Math.round((100 * done) / planned) : 100;
    }

    // -- Acts ----------------------------------------------------------------------------------

    open(action) {
        return this.action.doAction(action);
    }

    openCustomer(row) {
        return this.run(`row-${row.key}`, {
            model: "res.partner",
            method: "action_dunning_page",
            ids: [row.partner_id],
        });
    }

    /** Do an act of a row, or open what it is about where a person decides on its form. */
    async act(row, act) {
        if (!act.method) {
            return this.open(formOf(act.model, act.ids[0]));
        }
        await this.run(`row-${row.key}`, act, row.key);
        const left = this.state.page.rows.flatMap((each) => each.acts);
        if (act.method === "action_confirm" && !left.some((each) => each.key === act.key)) {
            this.offerUndo(row.name, act.model, act.ids, "action_back_to_draft");
        }
    }

    async actOnCard(card, button) {
        const refused = await this.run(`card-${card.key}`, button);
        if (button.undo && !refused) {
            this.offerUndo(button.done, button.model, button.ids, button.undo);
        }
    }

    /** Run a method of records; what is refused is told where the button is. */
    async run(place, { model, method, ids }, leaving = "") {
        if (this.state.busy) {
            return "";
        }
        Object.assign(this.state, { busy: place, refused: {} });
        const done = async () => {
            this.state.leaving = leaving;
            const faded = leaving && new Promise((done) => browser.setTimeout(done, LEAVING));
            await faded;
            await this.load();
        };
        const refused = await sayRefusal(() =>
            this.action.doActionButton({
                type: "object",
                name: method,
                resModel: model,
                resIds: ids,
                context: user.context,
                onClose: done,
            })
        );
        this.state.busy = "";
        if (refused) {
            this.state.refused = { [place]: refused };
        }
        return refused;
    }

    offerUndo(message, model, ids, method) {
        const close = this.notification.add(message, {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: async () => {
                        close();
                        await this.run("undo", { model, method, ids });
                    },
                },
            ],
        });
    }

    async runTask({ model, method, ids }) {
        await this.run("task", { model, method, ids });
    }

    prepare() {
        return this.action.doAction("account_dunning_fr.action_prepare_today");
    }

    goLive() {
        return this.action.doAction("account_dunning_fr.action_golive");
    }

    // -- Keyboard ------------------------------------------------------------------------------

    focusRow() {
        if (!this.moveFocus || !this.list.el) {
            return;
        }
        this.moveFocus = false;
        const rows = this.list.el.querySelectorAll(".o_dunning_today_row");
        rows[this.state.focused]?.focus({ preventScroll: this.state.focused === 0 });
    }

    onFocus(index) {
        this.state.focused = index;
    }

    onKeydown(ev, row, index) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            const last = this.state.page.rows.length - 1;
            this.state.focused = Math.max(0, Math.min(index + step, last));
            this.moveFocus = true;
            this.focusRow();
        } else if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            if (row.acts[0].button) {
                this.act(row, row.acts[0]);
            }
        } else if (ev.key === "Enter" && ev.target === ev.currentTarget) {
            ev.preventDefault();
            this.openCustomer(row);
        }
    }
}

registry.category("actions").add("account_dunning_fr.today", DunningToday);
