import { registry } from "@web/core/registry";

const receivables = (text) =>
    `.o_dunning_tile[data-key=receivables] .o_dunning_value:contains(${text})`;

registry.category("web_tour.tours").add("account_dunning_fr_dashboard", {
    url: "/odoo/dunning-dashboard",
    steps: () => [
        {
            content: "The total agrees with the books",
            trigger: ".o_dunning_control .fa-check-circle",
        },
        {
            content: "Everything is shown at first",
            trigger: receivables("1,300"),
        },
        {
            content: "The aged balance and the curves are drawn",
            trigger: ".o_dunning_ages canvas, .o_dunning_curves canvas",
            run({ anchor }) {
                // As on paper: its card is narrower, and before it is drawn again.
                anchor.parentElement.style.width = "200px";
                const { width } = anchor.getBoundingClientRect();
                anchor.parentElement.style.width = "";
                if (width > 200) {
                    throw new Error(`a chart of ${width} px stands out of its card on paper`);
                }
            },
        },
        {
            content: "The rest is folded",
            trigger: ".o_dunning_unfold[aria-expanded=false]",
            run: "click",
        },
        {
            content: "More figures",
            trigger: ".o_dunning_tile[data-key=mean_delay]",
        },
        {
            content: "Keep the strategic customers",
            trigger: ".o_dunning_filters select[name=profile]",
            run: "select strategic",
        },
        {
            content: "Only theirs is left",
            trigger: receivables("1,000"),
        },
        {
            content: "What the filters keep is said beside the control",
            trigger: ".o_dunning_control strong:contains(1,000)",
        },
        {
            content: "Open what is overdue",
            trigger: ".o_dunning_tile[data-key=overdue]",
            run: "click",
        },
        {
            content: "The list behind it holds that customer",
            trigger: ".o_list_view .o_data_row:contains(Strategic)",
        },
        {
            content: "And no other one",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Usual)))",
        },
        {
            content: "Back to the dashboard",
            trigger: ".breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "The filter is still there",
            trigger: receivables("1,000"),
        },
        {
            content: "Clear the filters",
            trigger: ".o_dunning_reset",
            run: "click",
        },
        {
            content: "Everything is shown again",
            trigger: receivables("1,300"),
        },
        {
            content: "Go back to a day before the invoices",
            trigger: ".o_dunning_filters input.o_dunning_day",
            run: "edit 01/31/2020 && press Enter",
        },
        {
            content: "Nothing was owed then",
            trigger: ".o_dunning_tile[data-key=receivables]:not(:contains(1,300))",
        },
        {
            content: "The control line holds on that day too",
            trigger: ".o_dunning_control:contains(2020) .fa-check-circle",
        },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_profile", {
    steps: () => [
        {
            content: "Open the tab of the dunning",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "What is overdue is asked for and shown",
            trigger: ".o_dunning_facts [data-fact=dunning_overdue_text]:contains(300)",
        },
        {
            content: "Take the profile that the facts suggest",
            trigger: ".o_dunning_facts button[name=action_set_dunning_profile]",
            run: "click",
        },
        {
            content: "Nothing is proposed any more",
            trigger: ".o_dunning_facts:not(:has([data-fact=dunning_profile_proposed]))",
        },
    ],
});
