import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * The dunning dashboard. The server answers the whole page in one call, computed, formatted and
 * translated, each figure with the action of the list behind it: here it is only laid out.
 */
export class DunningDashboard extends Component {
    static template = "account_dunning_fr.Dashboard";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ data: null, loading: false });
        this.filters = { ...this.props.state?.filters };
        // The filters are found again when coming back from a list.
        useSetupAction({ getLocalState: () => ({ filters: this.filters }) });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.call("account.dunning.dashboard", "get_data", [this.filters])
            );
        } finally {
            this.state.loading = false;
        }
    }

    /** @param {string} name of the filter, @param {string} text of its choice, empty for all */
    async setFilter(name, text) {
        const { choices } = this.state.data.filters.find((filter) => filter.name === name);
        const choice = choices.find(({ value }) => String(value) === text);
        if (choice) {
            this.filters[name] = name === "company_ids" ? [choice.value] : choice.value;
        } else {
            delete this.filters[name];
        }
        await this.load();
    }

    async setDay(text) {
        this.filters.as_of = text || undefined;
        await this.load();
    }

    async reset() {
        this.filters = {};
        await this.load();
    }

    get isFiltered() {
        return Object.values(this.filters).some((value) => value);
    }

    open(action) {
        if (action) {
            this.action.doAction(action);
        }
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("account_dunning_fr.dashboard", DunningDashboard);
