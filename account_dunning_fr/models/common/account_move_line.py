from odoo import fields, models

from .due import RECEIVABLE


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "account.dunning.guarded.odoo"]

    # The customer still owes what is now on another account: such a line is not money from him.
    dunning_moved_item_id = fields.Many2one(
        "account.move.line",
        string="Claim moved",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="The item whose claim this line moves to another account: the item stays open, and "
        "this line pays nothing of it.",
    )

    def _filter_dunning_receivable(self):
        """Return those of these items that match ``RECEIVABLE_ITEMS``: a customer's account."""
        return self.filtered(
            lambda item: item.account_type == RECEIVABLE and not item.account_id.sudo().non_trade
        )
