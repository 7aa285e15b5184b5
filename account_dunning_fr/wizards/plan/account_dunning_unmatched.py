from odoo import fields, models
from odoo.exceptions import UserError

from ...models.common.notifications import RELOAD


class AccountDunningUnmatched(models.TransientModel):
    """Why a person took a receipt off an invoice, for the chronology."""

    _name = "account.dunning.unmatched"
    _inherit = ["account.dunning.dialog"]
    _description = "Why a Match Was Undone"

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char()

    def action_confirm(self):
        """Store the reason on the items that the receipt had paid.

        :raise UserError: if there is no reason
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write why the receipt was taken off."))
        self.move_id.check_access("write")
        items = self.move_id.line_ids.filtered("dunning_unmatched_on")
        items.dunning_unmatched_reason = self.reason
        return RELOAD
