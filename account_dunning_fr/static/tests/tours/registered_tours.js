import { registry } from "@web/core/registry";

/** Drop a file on a field, as from a folder of the desktop: the zone opens once one drags. */
function dropFile(field, name, content) {
    const data = new DataTransfer();
    data.items.add(new File([content], name, { type: "application/pdf" }));
    const fire = (target, type) =>
        target.dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data })
        );
    return [
        {
            content: `Drag ${name} over the page`,
            trigger: `.o_field_widget[name=${field}] .o_dunning_files`,
            run: () => fire(document.body, "dragenter"),
        },
        {
            content: `Drop ${name} on its place`,
            trigger: ".o_dunning_dropzone",
            run: () => {
                const place = (el) => JSON.stringify([el.getBoundingClientRect().left]);
                const area = document.querySelector(`[name=${field}] .o_dunning_files`);
                const zones = [...document.querySelectorAll(".o_dunning_dropzone")];
                fire(
                    zones.find((zone) => place(zone) === place(area)),
                    "drop"
                );
            },
        },
        {
            content: `${name} is filed there`,
            trigger: `.o_field_widget[name=${field}] .o_attachment[title='${name}']`,
        },
        {
            content: "And saved at once",
            trigger: ".o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ];
}

const dialog = ".o_dialog:not(.o_inactive_modal)";
let reference;

registry.category("web_tour.tours").add("account_dunning_fr_registered_letters", {
    steps: () => [
        {
            content: "Two letters wait for their posting",
            trigger: ".o_list_view .o_data_row:eq(1)",
        },
        {
            content: "Open the letters of the day",
            trigger: ".o_control_panel button:contains(Letters of the day)",
            run: "click",
        },
        {
            content: "Print them with their posting list",
            trigger: `${dialog} button[name=action_print]`,
            run: "click",
        },
        {
            content: "They have got a reference",
            trigger: `${dialog} .o_data_row:eq(1) td[name=reference]:contains(REL)`,
            run() {
                reference = this.anchor.textContent.trim();
            },
        },
        {
            content: "Choose the number of the first",
            trigger: `${dialog} .o_data_row:eq(0) td[name=number]`,
            run: "click",
        },
        {
            content: "Type it, with the spaces of the label",
            trigger: `${dialog} .o_data_row:eq(0) td[name=number] input`,
            run: "edit 1A 195 123 4567 81",
        },
        {
            content: "Paste the other one",
            trigger: `${dialog} .o_notebook a[name=list]`,
            run: "click",
        },
        {
            content: "With its reference",
            trigger: `${dialog} .o_field_widget[name=pasted] textarea`,
            async run({ edit }) {
                await edit(`${reference};1A195123456782`);
            },
        },
        {
            content: "Record",
            trigger: `${dialog} button[name=action_record]`,
            run: "click",
        },
        {
            content: "Both are posted and wait for their receipt",
            trigger:
                ".o_list_view:not(:has(.o_dialog)) .o_data_row:has(td:contains(1A195123456782))" +
                " td[name=waiting_for]:contains(Acknowledgement)",
        },
        {
            content: "Open the first",
            trigger: ".o_data_row td[name=number]:contains(1A195123456781)",
            run: "click",
        },
        ...dropFile("deposit_ids", "deposit.pdf", "%PDF deposit"),
        {
            content: "It arrives the same day",
            trigger: ".o_field_widget[name=delivered_on] button, .o_field_widget[name=delivered_on] input",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_date_picker .o_today",
            run: "click",
        },
        ...dropFile("receipt_ids", "receipt.pdf", "%PDF receipt"),
        {
            content: "It is delivered",
            trigger: ".o_statusbar_status button[data-value=delivered].o_arrow_button_current",
        },
    ],
});
