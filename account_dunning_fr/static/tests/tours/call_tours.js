import { registry } from "@web/core/registry";

const dialog = ".o_dialog:not(.o_inactive_modal)";

registry.category("web_tour.tours").add("account_dunning_fr_call_promise", {
    steps: () => [
        {
            content: "Open the call",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=partner_id]:contains(Talkative)",
            run: "click",
        },
        {
            content: "What to say is there",
            trigger: ".o_field_widget[name=script]:contains(invoice)",
        },
        {
            content: "He promises to pay",
            trigger: "button[name=action_outcome]:contains(Promises to pay)",
            run: "click",
        },
        {
            content: "The day is proposed, the amount is all that he owes: a part of it only",
            trigger: `${dialog} .o_field_widget[name=amount] input`,
            run: "edit 100",
        },
        {
            content: "Who spoke",
            trigger: `${dialog} .o_field_widget[name=person] input`,
            run: "edit Ms Durand",
        },
        {
            content: "What she said",
            trigger: `${dialog} .o_field_widget[name=note] textarea`,
            run: "edit Transfer on Friday",
        },
        {
            content: "Record",
            trigger: `${dialog} button[name=action_confirm]`,
            run: "click",
        },
        {
            content: "No other call waits",
            trigger: ".o_view_nocontent:contains(No call to make today)",
        },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_broken_promise", {
    steps: () => [
        {
            content: "It was not kept, as the payments tell",
            trigger:
                ".o_list_view .o_data_row:has(td[name=partner_id]:contains(Talkative))" +
                " td[name=state]:contains(Broken)",
            run: "click",
        },
        {
            content: "What was said is kept",
            trigger: ".o_field_widget[name=note] textarea:value(Transfer on Friday)",
        },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_recalled_promise", {
    steps: () => [
        {
            content: "Show all of them",
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        {
            content: "Open the message of today",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=partner_id]:contains(Talkative)",
            run: "click",
        },
        {
            content: "It recalls the promise",
            trigger: ".o_field_widget[name=message_html]:contains(was not kept)",
        },
        {
            content: "Send it",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "It is sent",
            trigger: ".o_statusbar_status button[data-value=sent].o_arrow_button_current",
        },
    ],
});
