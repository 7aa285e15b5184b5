import { registry } from "@web/core/registry";

const step = (name) => `.o_statusbar_status button[data-value=${name}].o_arrow_button_current`;
const finding = (text, button) =>
    `.o_field_widget[name=finding_ids] .o_data_row:contains(${text}) button[name=${button}]`;

registry.category("web_tour.tours").add("account_dunning_fr_case_wizard", {
    steps: () => [
        {
            content: "Open the tab of the reminders",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "Prepare the court file",
            trigger: "button[name=action_prepare_dunning_case]",
            run: "click",
        },
        {
            content: "The invoice is chosen",
            trigger: ".o_field_widget[name=item_ids] .o_data_row:contains(INV)",
        },
        {
            content: "Examine the claim",
            trigger: "button[name=action_next]:visible",
            run: "click",
        },
        { content: "The examination is there", trigger: step("examination") },
        {
            content: "A point in order is green",
            trigger: ".o_field_widget[name=finding_ids] .o_data_row.text-success",
        },
        {
            content: "What is missing is red; the formal notice has its button",
            trigger:
                ".o_field_widget[name=finding_ids] .o_data_row.text-danger:contains(formal notice) button[name=action_mend]",
        },
        {
            content: "Go on without it, with a reason",
            trigger: finding("formal notice", "action_accept"),
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Summoned by the bailiff already",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The reason stands beside its point, on the page of the wizard",
            trigger:
                ".o_field_widget[name=finding_ids] .o_data_row:contains(Summoned by the bailiff already)",
        },
        {
            content: "To the court and the request",
            trigger: "button[name=action_next]:visible",
            run: "click",
        },
        {
            content: "Who represents the creditor is filled in here",
            trigger: ".o_field_widget[name=creditor_representative] input",
            run: "edit Ms Martin, chairwoman",
        },
        {
            content: "Choose and confirm the court",
            trigger: ".o_field_widget[name=court_candidate_ids] button[name=action_choose]",
            run: "click",
        },
        {
            content: "A person confirmed it",
            trigger: ".o_field_widget[name=court_confirmed_by]:contains(Manager)",
        },
        {
            content: "To the pieces",
            trigger: "button[name=action_next]:visible",
            run: "click",
        },
        {
            content: "The first piece, the order, is missing, in red: leave it out",
            trigger:
                ".o_field_widget[name=piece_ids] .o_data_row.text-danger:first button[name=action_leave_out]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Ordered by telephone",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is left out; its reason is one click away, on the file itself",
            trigger:
                ".o_field_widget[name=piece_ids] .o_data_row.text-muted:contains(Left out)",
        },
        {
            content: "The file cannot be generated yet: there is no such button",
            trigger: ".o_form_view:not(:has(button[name=action_generate]))",
        },
        {
            content: "Open the file itself",
            trigger: "button[name=action_prepare]",
            run: "click",
        },
        {
            content: "It is the same file, in preparation",
            trigger: step("preparation"),
        },
    ],
});
