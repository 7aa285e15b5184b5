import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The lists and pages that have no entry of their own in the menu: « Rapports », « Réglages ». */
export class DunningShortcuts extends Component {
    static template = "account_dunning_fr.Shortcuts";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            const { page } = this.props.action.params;
            this.sections = await this.orm.call("account.dunning.shortcut", "get_page", [page]);
        });
    }

    open(link) {
        return this.action.doAction(link.action);
    }
}

registry.category("actions").add("account_dunning_fr.shortcuts", DunningShortcuts);
