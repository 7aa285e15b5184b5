from odoo import fields, models

from ...models.common.notifications import CLOSE, tell


class AccountDunningWaive(models.TransientModel):
    """Waive penalties, with a reason that is kept on them."""

    _name = "account.dunning.waive"
    _inherit = ["account.dunning.dialog"]
    _description = "Waive Late-Payment Penalties"

    penalty_ids = fields.Many2many("account.dunning.penalty", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Waive the penalties; the next booking reverses what was booked."""
        self.ensure_one()
        self.penalty_ids._waive(self.reason)
        return tell(
            self.env, self.env._("Penalties waived: %s.", len(self.penalty_ids)), then=CLOSE
        )
