import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_dunning_fr_chase_from_invoice", {
    steps: () => [
        {
            content: "Open the tab of the reminders",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "Chase",
            trigger: "button[name=action_dunning_chase]:not(:disabled)",
            run: "click",
        },
        {
            content: "The message is there to be read, with the invoice in it",
            trigger: ".o_field_widget[name=message_html] .dn_table",
        },
        {
            content: "It can be changed before it leaves",
            trigger: ".o_notebook a[name=texts]",
            run: "click",
        },
        {
            content: "Change its subject",
            trigger: ".o_field_widget[name=subject] input",
            run: "edit Our own subject",
        },
        {
            content: "See what goes with it",
            trigger: ".o_notebook a[name=enclosures]",
            run: "click",
        },
        {
            content: "Leave the invoices out of it",
            trigger: ".o_field_widget[name=enclose_invoices] input",
            run: "click",
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

registry.category("web_tour.tours").add("account_dunning_fr_morning", {
    url: "/odoo/dunning-today",
    steps: () => [
        {
            content: "The reminders to confirm are counted",
            trigger: ".o_dunning_task[data-task=to_confirm]:contains(1)",
            run: "click",
        },
        {
            content: "Their list opens: choose the first",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "Its message is read",
            trigger: ".o_field_widget[name=message_html] .dn_table",
        },
        {
            content: "It is confirmed",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is ready",
            trigger: ".o_statusbar_status button[data-value=ready].o_arrow_button_current",
        },
        {
            content: "Back to the page of the day",
            trigger: ".breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "Nothing waits for a confirmation any more",
            trigger: ".o_dunning_today:not(:has([data-task=to_confirm]))",
        },
    ],
});
