import { registry } from "@web/core/registry";

/** Open a form of the page, by its title: it is closed at first. */
function open(kind) {
    return { content: `Open the form ${kind}`, trigger: `#${kind} > summary`, run: "click" };
}

function send(kind) {
    return {
        content: `Send the form ${kind}`,
        trigger: `#${kind} button[type=submit]`,
        run: "click",
        expectUnloadPage: true,
    };
}

/** Leave of the checkboxes of a form the one of this invoice. */
function only(kind, names) {
    return {
        content: "Choose the invoice alone",
        trigger: `#${kind} fieldset`,
        run() {
            for (const label of this.anchor.querySelectorAll("label")) {
                const box = document.getElementById(label.htmlFor);
                if (box.checked !== names.some((name) => label.textContent.includes(name))) {
                    box.click();
                }
            }
        },
    };
}

function isoDay(days) {
    const day = new Date();
    day.setDate(day.getDate() + days);
    const two = (number) => String(number).padStart(2, "0");
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

registry.category("web_tour.tours").add("account_dunning_fr_debtor_page", {
    steps: () => [
        { content: "What is late", trigger: ".o_dunning_sum:contains(Late):contains(1,750)" },
        { content: "The account and the sum", trigger: "#pay:contains(IBAN):contains(1,750)" },
        {
            content: "Nothing is wider than the telephone",
            trigger: "#wrap",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen");
                }
            },
        },
        { content: "Another amount", trigger: "#pay details > summary", run: "click" },
        only("pay", ["SMALL"]),
        { content: "A part of it", trigger: "#pay_amount", run: "edit 20" },
        {
            content: "How to pay this",
            trigger: "#pay details button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It is that sum", trigger: "#pay .card-body strong:contains(20.00)" },
        open("promise"),
        only("promise", ["SMALL"]),
        {
            content: "The day",
            trigger: "#promise_day",
            run() {
                this.anchor.value = isoDay(5);
            },
        },
        send("promise"),
        { content: "It is recorded", trigger: "#asked:contains(leave you in peace)" },
        open("dispute"),
        {
            content: "Which invoice",
            trigger: "#dispute_item",
            run() {
                const options = [...this.anchor.options];
                this.anchor.value = options.find((each) => each.text.includes("MIDDLE")).value;
            },
        },
        { content: "What happened", trigger: "#dispute_note", run: "edit Two were broken" },
        send("dispute"),
        { content: "We look at it", trigger: "#asked:contains(We look at it)" },
        open("plan"),
        {
            content: "Before he asks, what it means",
            trigger: "#plan .alert:contains(acknowledges):contains(2240)",
        },
        only("plan", ["LARGE"]),
        {
            content: "The slider",
            trigger: "#plan_count",
            run() {
                this.anchor.value = 4;
                this.anchor.dispatchEvent(new Event("input", { bubbles: true }));
            },
        },
        { content: "What he would pay", trigger: ".o_dunning_schedule:contains(3 ×)" },
        { content: "Other words", trigger: "#plan_words", run: "edit One hundred Euros" },
        send("plan"),
        { content: "They are refused", trigger: "#problem:contains(1376)" },
        {
            content: "The words of the figure",
            trigger: "#plan_words",
            run: "edit One Thousand Two Hundred Euros",
        },
        send("plan"),
        {
            content: "The first letter of his name shows the frame",
            trigger: "#sign .o_web_sign_name_input",
            run: "edit J",
        },
        {
            content: "The frame",
            trigger: "#sign .o_web_sign_signature canvas, #sign canvas.o_web_sign_signature",
        },
        {
            content: "His name",
            trigger: "#sign .o_web_sign_name_input",
            run: "edit Jeanne Martin",
        },
        { content: "His capacity", trigger: "#o_dunning_capacity", run: "edit Manager" },
        {
            content: "He signs",
            trigger: "#sign .o_portal_sign_submit:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "It is signed", trigger: ".alert-success:contains(the agreement is signed)" },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_debtor_requests", {
    steps: () => [
        {
            content: "What he asked is on the list at once",
            trigger: ".o_data_row:contains(Pocket):contains(Contests) td[name=kind]",
            run: "click",
        },
        { content: "His words", trigger: ".o_form_view:contains(Two were broken)" },
        { content: "Accept", trigger: "button[name=action_accept]", run: "click" },
        { content: "It is a dispute", trigger: ".o_field_widget[name=dispute_id]:contains(MIDDLE)" },
    ],
});

/** Pay what the page shows with Odoo's demonstration provider, and come back. */
function payOnline(sum) {
    return [
        { content: `It is ${sum}`, trigger: `#pay .card-body strong:contains(${sum})` },
        {
            content: "Pay online",
            trigger: "#pay a:contains(Pay online)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The means of payment",
            trigger: "#o_payment_form input[data-provider-code=demo]",
            run: "click",
        },
        { content: "A card", trigger: "#customer_input:visible", run: "edit 4242" },
        {
            content: "Pay",
            trigger: "button[name=o_payment_submit_button]:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

registry.category("web_tour.tours").add("account_dunning_fr_debtor_pays", {
    steps: () => [
        { content: "Another amount", trigger: "#pay details > summary", run: "click" },
        only("pay", ["SMALL"]),
        { content: "A part of it", trigger: "#pay_amount", run: "edit 20" },
        {
            content: "How to pay this",
            trigger: "#pay details button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        ...payOnline("20.00"),
        { content: "It is taken off", trigger: ".o_dunning_sum:contains(Late):contains(530.00)" },
        { content: "Some of them", trigger: "#pay details > summary", run: "click" },
        only("pay", ["MIDDLE"]),
        {
            content: "How to pay this",
            trigger: "#pay details button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        ...payOnline("450.00"),
        { content: "It is gone", trigger: ".o_dunning_sum:contains(Late):contains(80.00)" },
        ...payOnline("80.00"),
        { content: "All is paid", trigger: ".alert-success:contains(Nothing is open)" },
    ],
});

registry.category("web_tour.tours").add("account_dunning_fr_debtor_paid", {
    steps: () => [
        {
            content: "Paid, for who keeps the books",
            trigger: ".o_data_row:contains(SMALL/1) td[name=status_in_payment]:contains(/Paid|Payment/)",
        },
        { content: "So is the other", trigger: ".o_data_row:contains(MIDDLE/1)" },
    ],
});
