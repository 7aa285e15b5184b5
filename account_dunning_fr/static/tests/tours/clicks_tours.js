import { registry } from "@web/core/registry";

/**
 * The gestures of every day, one after the other in one browser, each with the clicks that it
 * takes: they are counted as the page receives them, and one more than allowed is refused.
 */

const services = () => odoo.__WOWL_DEBUG__.root.env.services;
// The smallest document that a court file takes.
const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>endobj
trailer<</Root 1 0 R>>
startxref
0
%%EOF`;
const counter = { clicks: 0 };

const click = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const dialog = ".o_dialog:not(.o_inactive_modal)";

/** Open a record of a model by a domain, as if one had been working on it. */
async function openRecord(model, domain) {
    const [id] = await services().orm.search(model, domain, { limit: 1 });
    const action = { type: "ir.actions.act_window", res_model: model, res_id: id };
    const views = [[false, "form"]];
    await services().action.doAction({ ...action, views }, { clearBreadcrumbs: true });
}

const invoiceOf = (name) => () =>
    openRecord("account.move", [
        ["partner_id.name", "=", name],
        ["move_type", "=", "out_invoice"],
    ]);
const messageOf = (name) => () =>
    openRecord("account.dunning.notice", [["partner_id.name", "=", name]]);
const pageOf = (name) => async () => {
    const [id] = await services().orm.search("res.partner", [["name", "=", name]], { limit: 1 });
    const action = await services().orm.call("res.partner", "action_dunning_page", [[id]]);
    await services().action.doAction(action, { clearBreadcrumbs: true });
};
/** A page that has nothing to do with the dunning: the list of customers. */
const anyPage = () =>
    services().action.doAction("account.res_partner_action_customer", { clearBreadcrumbs: true });

const menu = (name) => [
    click("Open the menu", "[data-menu-xmlid='account_dunning_fr.menu_dunning']"),
    click("Choose", `[data-menu-xmlid='account_dunning_fr.menu_dunning_${name}']`),
];
const onInvoice = (name) => `.o_form_view [name=dunning_bar] button[name=${name}]`;
const onCustomer = (name) => `.o_dunning_bar button[name=${name}]:enabled`;

/**
 * @param {string} name of the gesture
 * @param {number} most clicks allowed
 * @param {() => Promise} from opens the page where it begins
 * @param {string} there what that page shows
 * @param {Object[]} steps
 */
function gesture(name, most, from, there, steps) {
    const told = (step) => ({
        timeout: 60000, // what a step waits for: a print on a busy machine
        ...step,
        content: `${name}: ${step.content}`,
    });
    return [
        { content: "Begin", trigger: "body", run: from },
        {
            content: "Count from here",
            trigger: there,
            run: () => {
                counter.clicks = 0;
            },
        },
        ...steps,
        {
            content: `at most ${most} clicks`,
            trigger: "body",
            run: () => {
                if (counter.clicks > most) {
                    throw new Error(`${name}: ${counter.clicks} clicks, ${most} at most`);
                }
                console.log(`clicks of ${name}: ${counter.clicks} of ${most}`);
            },
        },
    ].map(told);
}

/** The gestures that begin on a customer's page as well as on an invoice of his. */
function bothWays(name, most, steps) {
    const ways = [
        ["customer", pageOf, onCustomer, ".o_dunning_customer"],
        ["invoice", invoiceOf, onInvoice, ".o_form_view [name=dunning_bar]"],
    ];
    return ways.flatMap(([way, from, button, there]) => {
        const who = `${name} ${way}`;
        return gesture(who, most, from(who), `${there}, .o_breadcrumb:contains(${who})`, [
            see("His record is there", `.o_content:contains(${who})`),
            ...steps(button, way),
        ]);
    });
}

registry.category("web_tour.tours").add("account_dunning_fr_clicks", {
    steps: () => [
        {
            content: "Count every click that the page receives",
            trigger: ".o_web_client",
            run: () =>
                window.addEventListener("pointerdown", () => (counter.clicks += 1), true),
        },
        ...gesture("formal notice", 4, messageOf("Formal notice"), ".o_form_view", [
            click("Confirm", "button[name=action_confirm]"),
            click("Print", ".o_form_view:has([data-value=ready].o_arrow_button_current) button[name=action_print]"),
            click("Record its posting", "button[name=action_record_posting]"),
            click("Posted today", `${dialog} button[name=action_record]`),
            see("It left", "[data-value=sent].o_arrow_button_current"),
        ]),
        ...gesture("confirm the day", 3, anyPage, ".o_breadcrumb:contains(Customers)", [
            ...menu("today"),
            click("Confirm all", "[data-card=confirm] button[name=action_confirm]"),
            see("Nothing waits any more", ".o_dunning_today:not(:has([data-card=confirm]))"),
        ]),
        ...gesture("four letters", 6, anyPage, ".o_breadcrumb:contains(Customers)", [
            ...menu("today"),
            click("Print all", "[data-card=post] button[name=action_print_together]"),
            click("Print", `${dialog} button[name=action_print]`),
            click("All are posted", "body:not(:has(.o_dialog)) [data-card=post] button[name=action_record_posting]"),
            click("Record", `${dialog} button[name=action_record]`),
            see("No letter waits", ".o_dunning_today:not(:has([data-card=post]))"),
        ]),
        ...gesture("book penalties", 3, anyPage, ".o_breadcrumb:contains(Customers)", [
            ...menu("penalty"),
            click("Book", "button[name=action_book_all]"),
            see("Its entry names the customer", ".o_data_row [name=partner_id]:contains(Penalised)"),
        ]),
        ...bothWays("Why", 0, (_button, way) => [
            way === "customer"
                ? see("Why it is not chased", ".o_dunning_item .o_dunning_why:contains(hold)")
                : see("Why it is not chased", "[name=dunning_standing_text]:contains(Suspended)"),
        ]),
        ...bothWays("Chase", 2, (button) => [
            click("Chase", button("action_dunning_chase")),
            click("Send now", `${dialog} button[name=action_send]`),
            see("It is told", ".o_notification:contains(Messages sent: 1)"),
        ]),
        ...bothWays("Dispute", 2, (button) => [
            click("Dispute", button("action_dunning_dispute")),
            click("Record it", `${dialog} .o_form_button_save`),
            see("Done", "body:not(:has(.o_dialog))"),
        ]),
        ...bothWays("Statement", 2, (button) => [
            click("Statement of account", button("action_dunning_account_statement")),
            click("Send it", `${dialog} button[name=action_send]`),
            see("Done", "body:not(:has(.o_dialog))"),
        ]),
        ...bothWays("Plan", 4, (button) => [
            click("Payment plan", button("action_dunning_payment_plan")),
            click("Save", ".o_form_button_save"),
            click("Have it signed", "button[name=action_send_to_sign]"),
            click("The link leaves", `${dialog} .o_mail_send, ${dialog} button[name=action_send_mail]`),
            see("Done", "body:not(:has(.o_dialog))"),
        ]),
        ...gesture("injonction", 8, invoiceOf("Injonction"), "[name=dunning_bar]", [
            click("Court file", onInvoice("action_prepare_dunning_case")),
            click("Examine", "button[name=action_next]:contains(Examine)"),
            click("Court and request", "button[name=action_next]:contains(Court)"),
            click("This court", "[name=court_candidate_ids] button[name=action_choose]"),
            click(
                "Pieces",
                ".o_form_view:has([name=court_confirmed_by]:not(:empty)) button[name=action_next]:contains(Pieces)"
            ),
            click("The registration of the debtor", ".o_dunning_piece_upload"),
            {
                content: "Chosen in the folders of the computer",
                trigger: ".o_data_row:has(.o_dunning_piece_upload)",
                run() {
                    const input = this.anchor.querySelector(".o_dunning_piece_file");
                    const data = new DataTransfer();
                    data.items.add(new File([PDF], "kbis.pdf", { type: "application/pdf" }));
                    input.files = data.files;
                    input.dispatchEvent(new Event("change", { bubbles: true }));
                },
            },
            click("Generate the file", "button[name=action_generate]"),
            click("Download it", "button[name=action_download]"),
            see("It is there", "[name=dossier_id]:not(:empty)"),
        ]),
    ],
});
