import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("account_dunning_fr_plan_signature", {
    steps: () => [
        {
            content: "On a telephone each amount stands after the title of its column",
            trigger: ".dn_long td.dn_num[data-label='Remaining due']",
        },
        {
            content: "The name is not that of the firm",
            trigger: "#sign .o_web_sign_name_input:value()",
        },
        {
            content: "The first letter of his name shows the frame",
            trigger: "#sign .o_web_sign_name_input",
            run: "edit J",
        },
        {
            content: "The frame in which he signs",
            trigger: "#sign .o_web_sign_signature canvas, #sign canvas.o_web_sign_signature",
        },
        {
            content: "The customer types his name, which the form draws",
            trigger: "#sign .o_web_sign_name_input",
            run: "edit Jeanne Martin",
        },
        {
            content: "Without a capacity he cannot sign",
            trigger: "#sign .o_portal_sign_submit:disabled",
        },
        {
            content: "In which capacity does he sign?",
            trigger: "#o_dunning_capacity",
            run: "edit x",
        },
        {
            content: "He signs",
            trigger: "#sign .o_portal_sign_submit:not(:disabled)",
            run: "click",
        },
        {
            content: "One letter is no capacity: it is told in the form, which keeps what he typed",
            trigger: "#sign .o_portal_sign_error_msg:contains(capacity)",
        },
        {
            content: "His capacity",
            trigger: "#o_dunning_capacity",
            run: "edit Managing director",
        },
        {
            content: "He signs again",
            trigger: "#sign .o_portal_sign_submit:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is signed",
            trigger: ".alert-success:contains(the agreement is signed)",
        },
    ],
});
