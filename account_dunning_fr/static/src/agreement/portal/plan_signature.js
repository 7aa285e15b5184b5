import { useState } from "@odoo/owl";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { redirect } from "@web/core/utils/urls";
import { SignatureForm } from "@portal/signature_form/signature_form";

/** The form in which a customer signs a payment plan: it asks in which capacity he signs. */
export class PlanSignature extends SignatureForm {
    static template = "account_dunning_fr.PlanSignature";

    setup() {
        super.setup();
        this.typed = useState({ capacity: "", sending: false });
    }

    get isIncomplete() {
        return this.signature.isSignatureEmpty || !this.typed.capacity.trim() || this.typed.sending;
    }

    async onClickSubmit() {
        this.typed.sending = true;
        const { name, getSignatureImage } = this.signature;
        const answer = await rpc(this.props.callUrl, {
            name,
            capacity: this.typed.capacity,
            signature: getSignatureImage().split(",")[1],
        });
        if (answer.redirect_url) {
            redirect(answer.redirect_url);
            return;
        }
        this.typed.sending = false;
        this.state.error = answer.error;
    }
}

registry.category("public_components").add("account_dunning_fr.plan_signature", PlanSignature);
