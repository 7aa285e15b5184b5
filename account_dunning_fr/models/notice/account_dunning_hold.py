from odoo import fields, models


class AccountDunningHold(models.Model):
    """The pause that follows from an answer which nobody has read yet."""

    _inherit = "account.dunning.hold"

    reply_id = fields.Many2one(
        "account.dunning.reply",
        string="Answer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )
