from odoo import models

from ..common.dialogs import open_dialog


class AccountDunningReply(models.Model):
    """A customer's reply becomes a dispute, a promise or a payment plan, with one click."""

    _inherit = "account.dunning.reply"

    def action_dispute(self):
        """Record the dispute; this settles the reply."""
        return self._record("account.dunning.dispute", self.env._("Dispute"))

    def action_promise(self):
        """Record the promise; this settles the reply."""
        action = self._record("account.dunning.promise", self.env._("Promise"))
        return {**action, "context": {**action["context"], "default_source": "email"}}

    def action_payment_plan(self):
        """Prepare the payment plan that the customer asks for."""
        action = self._record("account.dunning.payment.plan", self.env._("Payment plan"))
        return {**action, "target": "current"}

    def _record(self, model, name):
        """Open a new agreement from a reply, which is then marked as read.

        :param str model: model of the agreement
        :param str name: title of the dialog
        """
        self.ensure_one()
        self._owned()
        self._read_now()
        claimed = self.notice_id.line_ids._filter_claimed().move_id._filtered_access("read")
        disputed = model == "account.dunning.dispute" and len(claimed) == 1
        return open_dialog(
            model,
            name,
            {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_reply_id": self.id,
                **({"default_move_id": claimed.id} if disputed else {}),
            },
        )
