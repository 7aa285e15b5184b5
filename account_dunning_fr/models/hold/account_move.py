from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_dunning_responsible(self):
        """Return who follows this invoice: the collector, the salesperson, the company's."""
        self.ensure_one()
        partner = self.commercial_partner_id.sudo()
        return (
            partner.dunning_user_id
            or partner.user_id
            or self.company_id.dunning_creditor_id.sudo().dunning_user_id
            or self.env.user
        )
