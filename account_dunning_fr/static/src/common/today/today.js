import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What waits for a person today: every figure comes from the server in one call. */
export class DunningToday extends Component {
    static template = "account_dunning_fr.Today";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.state = useState({ page: {} });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.page = await this.orm.call("account.dunning.today", "get_page");
    }

    open(task) {
        return this.action.doAction(task.action);
    }

    async run({ model, method, ids }) {
        await this.orm.call(model, method, [ids]);
        await this.load();
    }

    prepare() {
        return this.action.doAction("account_dunning_fr.action_prepare_today");
    }

    goLive() {
        return this.action.doAction("account_dunning_fr.action_golive");
    }
}

registry.category("actions").add("account_dunning_fr.today", DunningToday);
