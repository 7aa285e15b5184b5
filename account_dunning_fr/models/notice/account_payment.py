from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        """With full accounting no entry says what was received before the bank's line comes."""
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
