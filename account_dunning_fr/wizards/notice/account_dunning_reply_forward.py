from odoo import fields, models


class AccountDunningReplyForward(models.TransientModel):
    """Forward a customer's reply to colleagues."""

    _name = "account.dunning.reply.forward"
    _inherit = ["account.dunning.dialog"]
    _description = "Forward an Answer"

    reply_id = fields.Many2one("account.dunning.reply", required=True)
    user_ids = fields.Many2many(
        "res.users", string="To", required=True, domain=[("share", "=", False)]
    )
    note = fields.Text(string="Your message")

    def action_forward(self):
        """Send the reply, with its files."""
        self.ensure_one()
        self.reply_id._forward(self.user_ids, self.note)
