import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DunningChart } from "./chart";

const LATER = ["customers", "curves", "forecast", "acts"];
const FOLDED = ["more", "tasks", "penalties"];

/** @returns {string[]} a label in lines of some twelve characters, so that none is left out */
function lines(label) {
    return label.split(" ").reduce((found, word) => {
        const last = found.at(-1);
        if (last && `${last} ${word}`.length <= 12) {
            found[found.length - 1] = `${last} ${word}`;
        } else {
            found.push(word);
        }
        return found;
    }, []);
}

/**
 * The dunning dashboard. The server answers the figures in one call, computed, formatted and
 * translated, each with the action of the list behind it; the other parts are asked for one after
 * the other, those that are folded once they are unfolded. Here it is only laid out.
 */
export class DunningDashboard extends Component {
    static template = "account_dunning_fr.Dashboard";
    static components = { ControlPanel, DateTimeInput, DunningChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.loads = 0;
        const kept = this.props.state || {};
        this.state = useState({
            data: null,
            parts: {},
            loading: false,
            unfolded: kept.unfolded || false,
        });
        this.filters = { ...kept.filters };
        // The filters are found again when coming back from a list.
        useSetupAction({
            getLocalState: () => ({ filters: this.filters, unfolded: this.state.unfolded }),
        });
        onWillStart(() => this.loadFigures());
        onMounted(() => this.loadParts());
    }

    async load() {
        await this.loadFigures();
        await this.loadParts();
    }

    async loadFigures() {
        this.state.loading = true;
        this.loads++;
        try {
            this.state.data = await this.keepLast.add(this.call("get_data", [this.filters]));
            this.state.parts = {};
        } finally {
            this.state.loading = false;
        }
    }

    /** One after the other: the page is never waited for, and the server not flooded. */
    async loadParts() {
        const load = this.loads;
        for (const name of [...LATER, ...(this.state.unfolded ? FOLDED : [])]) {
            const found = await this.call("get_part", [name, this.filters]);
            if (load !== this.loads) {
                return; // other filters were chosen meanwhile
            }
            Object.assign(this.state.parts, found);
        }
    }

    call(method, args) {
        return this.orm.silent.call("account.dunning.dashboard", method, args);
    }

    async unfold() {
        this.state.unfolded = !this.state.unfolded;
        if (this.state.unfolded && !this.state.parts.tiles) {
            const load = this.loads;
            for (const name of FOLDED) {
                const found = await this.call("get_part", [name, this.filters]);
                if (load === this.loads) {
                    Object.assign(this.state.parts, found);
                }
            }
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

    get day() {
        return deserializeDate(this.state.data.as_of);
    }

    get today() {
        return deserializeDate(this.state.data.today);
    }

    async setDay(day) {
        this.filters.as_of = day ? serializeDate(day) : undefined;
        await this.load();
    }

    async reset() {
        this.filters = {};
        await this.load();
    }

    get isFiltered() {
        return Object.values(this.filters).some((value) => value);
    }

    /** The aged balance as bars: the sums of the report, in its columns. */
    get ages() {
        const rows = this.state.data.ages;
        return {
            type: "bar",
            labels: rows.map((row) => lines(row.label)),
            series: [
                {
                    label: "",
                    values: rows.map((row) => row.number),
                    texts: rows.map((row) => row.exact),
                    colors: rows.map((row) => row.tone),
                },
            ],
        };
    }

    curve({ key, title, labels, values, texts }) {
        const color = { overdue: "danger", dso: "primary", received: "success" }[key];
        const type = key === "received" ? "bar" : "line";
        return { type, labels, series: [{ label: title, values, texts, color }] };
    }

    get weeks() {
        const weeks = this.state.parts.forecast.weeks.filter((week) => week.values);
        const one = (place) => weeks.map((week) => week.values[place]);
        return {
            type: "line",
            labels: weeks.map((week) => week.label),
            series: [
                // The lower edge of the band: told with the upper one.
                { label: "", values: one(0), texts: weeks.map(() => ""), color: "info", edge: true },
                {
                    label: "P20–P80",
                    values: one(2),
                    texts: weeks.map((week) => week.range),
                    color: "info",
                    edge: true,
                    fill: "-1",
                },
                {
                    label: "P50",
                    values: one(1),
                    texts: weeks.map((week) => week.median),
                    color: "primary",
                },
                {
                    label: this.usualLabel,
                    values: weeks.map((week) => week.usual),
                    texts: weeks.map((week) => week.total),
                    color: "warning",
                    points: true,
                },
            ],
        };
    }

    get usualLabel() {
        return this.state.parts.forecast.usual_label;
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
