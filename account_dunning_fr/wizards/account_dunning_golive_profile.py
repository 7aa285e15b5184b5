from odoo import fields, models


class AccountDunningGoliveLine(models.TransientModel):
    """« Qui recevrait quoi aujourd’hui » by profile: what the rules choose from, and the choice."""

    _inherit = "account.dunning.golive.line"

    profile = fields.Selection(related="partner_id.dunning_profile")
    policy_id = fields.Many2one(related="level_id.policy_id")
