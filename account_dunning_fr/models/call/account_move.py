from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dunning_call(self):
        """Open the call to the customer of this invoice."""
        self.ensure_one()
        partner, creditor = self._get_dunning_parties()
        return partner._open_dunning_call(creditor)
