from odoo import models

from .due import RECEIVABLE


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "account.dunning.guarded.odoo"]

    def _filter_dunning_receivable(self):
        """Return those of these items that ``RECEIVABLE_ITEMS`` finds: a customer's account."""
        return self.filtered(
            lambda item: item.account_type == RECEIVABLE and not item.account_id.sudo().non_trade
        )
