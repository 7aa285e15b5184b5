from odoo import fields, models


class AccountDunningUndoInvoice(models.TransientModel):
    """Before an invoice that was claimed is reset to draft: what the customer was already told."""

    _name = "account.dunning.undo.invoice"
    _inherit = ["account.dunning.dialog"]
    _description = "Reset to Draft an Invoice that Was Claimed"

    move_id = fields.Many2one("account.move", string="Invoice", required=True, readonly=True)
    sent_names = fields.Char(related="move_id.dunning_sent_names")

    def action_confirm(self):
        """Reset the invoice to draft; the record of what was sent stays."""
        self.ensure_one()
        self.move_id.button_draft()
        return {"type": "ir.actions.act_window_close"}
