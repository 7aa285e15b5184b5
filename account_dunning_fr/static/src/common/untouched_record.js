import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";

/**
 * A new record of ours that nobody has touched is not saved as its page is closed, loaded again or
 * left for another tab.
 *
 * Odoo saves whatever form is open at that moment, and of a new one all that is proposed: the
 * dialog « Promise » or « Dispute » that was only looked at would leave a promise of the customer,
 * or a dispute that keeps the invoice from being chased. What somebody typed is saved as before.
 */
const isOurs = (record) => record.isNew && record.resModel.startsWith("account.dunning.");

patch(FormController.prototype, {
    async beforeVisibilityChange() {
        const { root } = this.model;
        // ``isDirty`` asks first for what is being typed.
        if (isOurs(root) && !(await root.isDirty())) {
            return;
        }
        return super.beforeVisibilityChange();
    },

    async beforeUnload(ev) {
        const { root } = this.model;
        if (isOurs(root) && !root.dirty) {
            // What is being typed in a field is told by it only now, as Odoo's urgentSave asks it.
            this.model._urgentSave = true;
            this.model.bus.trigger("WILL_SAVE_URGENTLY");
            this.model._urgentSave = false;
            if (!root.dirty) {
                return;
            }
        }
        await super.beforeUnload(ev);
    },
});
