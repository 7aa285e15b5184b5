import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_dunning_fr_agenda", {
    url: "/odoo/dunning-agenda",
    steps: () => [
        {
            content: "The second day on which something leaves",
            trigger: ".o_dunning_day[aria-pressed=false]:not(.o_dunning_none)",
            run: "click",
        },
        {
            content: "What leaves on it is in sight",
            trigger: ".o_dunning_agenda:has([aria-pressed=true]) .o_dunning_detail h2",
            run({ anchor }) {
                const { left, top, height } = anchor.getBoundingClientRect();
                const seen = document.elementFromPoint(left + 5, top + height / 2);
                if (!anchor.contains(seen)) {
                    throw new Error(`the day that was chosen is told out of sight, at ${top} px`);
                }
            },
        },
    ],
});
