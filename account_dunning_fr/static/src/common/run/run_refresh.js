import { Component, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY = 3000;
const UNDER_WAY = ["waiting", "running", "partial"];

/** Reads a run again and again while it is under way, so that its progress is seen. */
export class RunRefresh extends Component {
    static template = xml`<t/>`;
    static props = { ...standardWidgetProps };

    setup() {
        const timer = setInterval(() => this.refresh(), EVERY);
        onWillUnmount(() => clearInterval(timer));
    }

    async refresh() {
        const { record } = this.props;
        if (UNDER_WAY.includes(record.data.status) && !document.hidden) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("dunning_run_refresh", { component: RunRefresh });
