import { registry } from "@web/core/registry";

const customer = (name) => `.o_field_widget[name=line_ids] .o_data_row:has(td:contains(${name}))`;
const whoGetsWhat = {
    content: "Ask who would receive what today",
    trigger: ".o_list_view button:contains(Who would receive what today)",
    run: "click",
};

registry.category("web_tour.tours").add("account_dunning_fr_rules", {
    url: "/odoo/dunning-rules",
    steps: () => [
        whoGetsWhat,
        {
            content: "Without a rule, both customers get the level of the default policy",
            trigger: `${customer("Strategic")} td[name=level_id]:contains(First reminder)`,
        },
        {
            content: "The other one too",
            trigger: `${customer("Usual")} td[name=level_id]:contains(First reminder)`,
        },
        {
            content: "Which policy is not said: there is one only",
            trigger: ".o_field_widget[name=line_ids]:not(:has(th[data-name=policy_id]))",
        },
        {
            content: "Back to the rules",
            trigger: ".breadcrumb-item a:contains(Rules)",
            run: "click",
        },
        {
            content: "A new rule",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Choose its profile",
            trigger: ".o_selected_row td[name=profile] input",
            run: "click",
        },
        {
            content: "For strategic customers",
            trigger: ".o_select_menu_item:contains(Strategic)",
            run: "click",
        },
        {
            content: "Type the policy",
            trigger: ".o_selected_row td[name=policy_id] input",
            run: "edit Careful",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Careful)",
            run: "click",
        },
        {
            content: "Save the rule",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_data_row:not(.o_selected_row) td[name=policy_id]:contains(Careful)",
        },
        whoGetsWhat,
        {
            content: "The rule chooses another policy for the strategic customer",
            trigger: `${customer("Strategic")} td[name=policy_id]:contains(Careful)`,
        },
        {
            content: "And another level",
            trigger: `${customer("Strategic")} td[name=level_id]:contains(Careful call)`,
        },
        {
            content: "The other customer keeps the default policy",
            trigger: `${customer("Usual")} td[name=policy_id]:contains(France)`,
        },
    ],
});
