from odoo import fields, models

from ...models.agreement.account_dunning_einvoice_status import CODES
from ...models.common.notifications import CLOSE, RELOAD, notify


class AccountDunningEinvoiceEntry(models.TransientModel):
    """Record a status of an e-invoice by hand, if no platform sends it here."""

    _name = "account.dunning.einvoice.entry"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Record an E-Invoice Status"

    move_id = fields.Many2one("account.move", string="Invoice", required=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    code = fields.Selection(CODES, string="Status", required=True)
    day = fields.Date(string="Issued on", required=True, default=fields.Date.context_today)
    amount = fields.Monetary(
        help="What is contested (206), was sent (211) or collected (212). Empty: the whole."
    )
    reason = fields.Char(
        help="As the platform words it, with its code where it has one: “[PU_ERR] wrong price”."
    )

    def action_record(self):
        """Apply the status, and say what changed."""
        self.ensure_one()
        self.move_id.check_access("write")
        new = self.move_id._apply_dunning_einvoice_status(
            self.code, self.day, self.amount, self.reason, source="hand"
        )
        if not new:
            return notify(
                self.env._("Nothing new: this status is recorded already."),
                tone="warning",
                then=CLOSE,
            )
        return RELOAD
