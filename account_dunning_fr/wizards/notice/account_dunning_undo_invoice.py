from odoo import api, fields, models


class AccountDunningUndoInvoice(models.TransientModel):
    """Before a claimed invoice is reset to draft: shows what the customer was already told."""

    _name = "account.dunning.undo.invoice"
    _inherit = ["account.dunning.dialog"]
    _description = "Reset to Draft an Invoice that Was Claimed"

    move_id = fields.Many2one("account.move", string="Invoice", required=True, readonly=True)
    sent_names = fields.Char(string="Claimed in", compute="_compute_sent_names")

    @api.depends("move_id")
    def _compute_sent_names(self):
        names = self.move_id._name_dunning_claims()
        for wizard in self:
            wizard.sent_names = names.get(wizard.move_id, "")

    def action_confirm(self):
        """Reset the invoice to draft; the record of what was sent stays."""
        self.ensure_one()
        self.move_id.button_draft()
        return {"type": "ir.actions.act_window_close"}
