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

registry.category("web_tour.tours").add("account_dunning_fr_penalty_cards", {
    url: "/odoo/dunning-penalties",
    steps: () => [
        {
            content: "What is owed today is booked from the head of the cards",
            trigger: ".o_control_panel button[name=action_book_all]",
        },
        {
            content: "One penalty is booked from its card",
            trigger: ".o_kanban_record button[name=action_book]:contains(Book now)",
            run: "click",
        },
        {
            content: "What would be written in the books is shown first",
            trigger: ".modal .modal-footer button[name=action_book]",
        },
    ],
});
