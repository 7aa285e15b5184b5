from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        """Review notices now: with full accounting there is no entry before the bank line."""
        result = super().action_post()
        bare = self.filtered(
            lambda payment: (
                not payment.move_id
                and payment.payment_type == "inbound"
                and payment.partner_type == "customer"
            )
        )
        self.env["account.dunning.notice"]._judge_soon(bare.partner_id)
        return result
