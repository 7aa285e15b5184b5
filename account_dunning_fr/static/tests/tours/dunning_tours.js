import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_dunning_fr_chase_from_invoice", {
    steps: () => [
        {
            content: "Chase, without opening a tab",
            trigger: "button[name=action_dunning_chase]:not(:disabled)",
            run: "click",
        },
        {
            content: "What the policy says today is proposed: look at it first",
            trigger: ".modal button[name=action_prepare]",
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

/** The tab of an invoice: its messages, by the mouse and by the keyboard; what came in between. */
registry.category("web_tour.tours").add("account_dunning_fr_invoice_tab", {
    steps: () => [
        {
            content: "Open the tab of the dunning",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "Its message is listed with what it claimed; a click in the row opens it",
            trigger: ".o_dunning_facts tr.cursor-pointer td.text-end:contains(100)",
            run: "click",
        },
        {
            content: "It is there; back to the invoice",
            trigger: ".o_control_panel:has(.o_breadcrumb .active:contains(REL)) .o_back_button",
            run: "click",
        },
        {
            content: "The tab is still open; its row is reached with Tab",
            trigger: ".o_dunning_facts tr.cursor-pointer button:contains(REL)",
            run() {
                this.anchor.focus();
                if (document.activeElement !== this.anchor) {
                    throw new Error("the message cannot be reached with the keyboard");
                }
                this.anchor.click();
            },
        },
        {
            content: "The same message, once",
            trigger: ".o_control_panel:has(.o_breadcrumb .active:contains(REL)) .o_back_button",
            run: "click",
        },
        {
            content: "Suspend the invoice",
            trigger: ".o_form_view:has(.o_dunning_facts tr.cursor-pointer) button[name=action_dunning_hold]",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".modal .o_form_button_save, .modal button[special=save]",
            run: "click",
        },
        {
            content: "The tab, still open, says so",
            trigger: "body:not(:has(.modal)) .o_dunning_facts [data-fact=dunning_reason]:contains(On hold)",
        },
    ],
});

/** The day on its page: the keyboard, an act of one customer, then all that waits at once. */
registry.category("web_tour.tours").add("account_dunning_fr_morning", {
    url: "/odoo/dunning-today",
    steps: () => [
        {
            content: "The customers to confirm are counted",
            trigger: ".o_dunning_card[data-card=confirm] .o_dunning_count:contains(3)",
        },
        {
            content: "The largest comes first; the arrow leads to the next one",
            trigger: ".o_dunning_today_row:nth-child(1):contains(Large):focus",
            run: "press ArrowDown",
        },
        {
            content: "His message is confirmed from the keyboard",
            trigger: ".o_dunning_today_row:nth-child(2):contains(Middle):focus",
            run: "press Control+Enter",
        },
        {
            content: "He left the list, and the day went on",
            trigger: ".o_dunning_rows:not(:contains(Middle)):contains(Small)",
        },
        {
            content: "It can be taken back",
            trigger: ".o_notification:contains(Middle) .o_notification_buttons button",
            run: "click",
        },
        {
            content: "He is back",
            trigger: ".o_dunning_rows:contains(Middle)",
        },
        {
            content: "Confirm the day: the third click from anywhere",
            trigger: ".o_dunning_card[data-card=confirm] button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Nothing waits for a confirmation any more",
            trigger: ".o_dunning_today:not(:has([data-card=confirm])) .o_dunning_nothing",
        },
    ],
});

/** The page of a customer: why he is (not) chased is seen, a dispute takes two clicks. */
registry.category("web_tour.tours").add("account_dunning_fr_customer", {
    url: "/odoo/dunning-today",
    steps: () => [
        {
            content: "His page opens from his row",
            trigger: ".o_dunning_today_row .o_dunning_name:contains(Late payer)",
            run: "click",
        },
        {
            content: "What he owes says why it is chased",
            trigger: ".o_dunning_customer .o_dunning_item .o_dunning_why:not(:empty)",
        },
        {
            content: "Note something for the colleagues",
            trigger: ".o_dunning_customer .o_dunning_note",
            run: "edit Asked for a copy && press Enter",
        },
        {
            content: "It is in the line of time",
            trigger: ".o_dunning_time li[data-kind=note]:contains(Asked for a copy)",
        },
        {
            content: "He contests: the first click",
            trigger: ".o_dunning_bar button[name=action_dunning_dispute]",
            run: "click",
        },
        {
            content: "The invoice is chosen; the second click records it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The page tells the dispute, without being opened again",
            trigger: ".o_dunning_customer [data-part=disputes] .o_dunning_fact",
        },
        {
            content: "What cannot be chased now is told before anything is written",
            trigger: ".o_dunning_bar button[name=action_dunning_chase]",
            run: "click",
        },
        {
            content: "In one sentence, and nothing can be sent",
            trigger: ".modal:not(:has(button[name=action_send])) .alert:contains(On hold)",
        },
        {
            content: "The dialog closes",
            trigger: ".modal button:contains(Discard)",
            run: "click",
        },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_looked_at", {
    steps: () => [
        {
            content: "Open the tab of the dunning",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "See what a promise would be",
            trigger: "button[name=action_dunning_promise]",
            run: "click",
        },
        {
            content: "All is proposed; the page is loaded again",
            trigger: ".modal .o_field_widget[name=amount] input:value(100)",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        {
            content: "The invoice, without the dialog",
            trigger: "body:not(:has(.modal)) .o_form_view .o_notebook a[name=dunning]",
        },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_being_typed", {
    steps: () => [
        {
            content: "Open the tab of the dunning",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "Note a promise",
            trigger: "button[name=action_dunning_promise]",
            run: "click",
        },
        {
            content: "A part of it is typed, and the page is loaded again before the field is left",
            trigger: ".modal .o_field_widget[name=amount] input:value(100)",
            run({ anchor }) {
                anchor.focus();
                anchor.value = "60";
                anchor.dispatchEvent(new InputEvent("input", { bubbles: true }));
                window.location.reload();
            },
            expectUnloadPage: true,
        },
        {
            content: "The invoice, without the dialog",
            trigger: "body:not(:has(.modal)) .o_form_view .o_notebook a[name=dunning]",
        },
    ],
});

/** Let the page be hidden by another tab, and wait until what that makes it save is saved. */
async function lookAtAnotherTab() {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    const { orm } = odoo.__WOWL_DEBUG__.root.env.services;
    await orm.searchCount("account.dunning.payment.plan", []);
    await orm.searchCount("account.dunning.payment.plan", []);
    delete document.visibilityState;
}

registry.category("web_tour.tours").add("account_dunning_fr_another_tab", {
    steps: () => [
        {
            content: "Open the tab of the dunning",
            trigger: ".o_notebook a[name=dunning]",
            run: "click",
        },
        {
            content: "See what a payment plan would be",
            trigger: "button[name=action_dunning_payment_plan]:enabled",
            run: "click",
        },
        {
            content: "All is proposed; something is looked up in another tab",
            trigger: ".o_form_view .o_field_widget[name=count] input:value(3)",
            run: lookAtAnotherTab,
        },
        {
            content: "Nothing was saved; now something is typed, and another tab opened again",
            trigger: ".o_form_view .o_field_widget[name=count] input:value(3)",
            async run({ anchor }) {
                if (!window.location.pathname.endsWith("/new")) {
                    throw new Error("a payment plan that was only looked at is saved");
                }
                anchor.focus();
                anchor.value = "4";
                anchor.dispatchEvent(new InputEvent("input", { bubbles: true }));
                await lookAtAnotherTab();
            },
        },
        {
            content: "That was saved",
            trigger: ".o_form_saved .o_field_widget[name=name]:contains(ECH)",
        },
    ],
});
