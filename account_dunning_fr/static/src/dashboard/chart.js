import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { hexToRGBA } from "@web/core/colors/colors";
import { humanNumber } from "@web/core/utils/numbers";

const faded = (color) => (color.startsWith("#") ? hexToRGBA(color, 0.2) : color);

/**
 * A chart of Odoo's own Chart.js. What is read (labels, texts of the points) comes written from the
 * server, and the axis follows Odoo's language: whatever the browser's is.
 */
export class DunningChart extends Component {
    static template = "account_dunning_fr.Chart";
    static props = {
        label: String,
        chart: Object,
        onOpen: { type: Function, optional: true },
        legend: { type: Boolean, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (canvas, chart) => {
                const drawn = new Chart(canvas, this.configuration(canvas, JSON.parse(chart)));
                return () => drawn.destroy();
            },
            () => [this.canvas.el, JSON.stringify(this.props.chart)]
        );
    }

    configuration(canvas, { type, labels, series }) {
        const style = getComputedStyle(canvas);
        const color = (name) =>
            style.getPropertyValue(`--${name === "muted" ? "secondary" : name}`).trim() ||
            style.getPropertyValue("--body-color").trim() ||
            style.color;
        return {
            type,
            data: { labels, datasets: series.map((one) => this.dataset(one, color)) },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: (_event, [hit]) => hit && this.props.onOpen?.(hit.index),
                plugins: {
                    legend: {
                        display: this.props.legend || false,
                        position: "bottom",
                        labels: { boxWidth: 12, color: style.color, filter: ({ text }) => text },
                    },
                    tooltip: {
                        filter: ({ dataset, dataIndex }) => dataset.texts[dataIndex],
                        callbacks: {
                            label: ({ dataset, dataIndex }) =>
                                [dataset.label, dataset.texts[dataIndex]].filter(Boolean).join(" : "),
                        },
                    },
                },
                scales: {
                    x: {
                        grid: { display: false },
                        ticks: { color: style.color, maxRotation: 0, autoSkipPadding: 6 },
                    },
                    y: {
                        beginAtZero: true,
                        grid: { color: hexToRGBA("#808080", 0.2) },
                        ticks: {
                            color: style.color,
                            maxTicksLimit: 5,
                            callback: (value) => humanNumber(value, { decimals: 0, minDigits: 2 }),
                        },
                    },
                },
            },
        };
    }

    dataset({ label, values, texts, color: name, colors, edge, fill, points }, color) {
        const main = color(name || "primary");
        return {
            label,
            texts,
            data: values,
            fill: fill || false,
            borderColor: main,
            backgroundColor: colors ? colors.map(color) : edge ? faded(main) : main,
            borderWidth: edge || colors ? 0 : 2,
            pointRadius: points ? 4 : edge ? 0 : 2,
            showLine: !points,
            tension: 0.2,
        };
    }
}
