from odoo import api, fields, models


class AccountDunningGolive(models.TransientModel):
    """« Qui recevrait quoi aujourd’hui » says which policy was chosen, once rules choose one."""

    _inherit = "account.dunning.golive"

    has_rules = fields.Boolean(string="Rules apply", compute="_compute_has_rules")

    @api.depends("company_id")
    def _compute_has_rules(self):
        for golive in self:
            rules = self.env["account.dunning.rule"]._get_applicable(golive.company_id)
            golive.has_rules = bool(rules)


class AccountDunningGoliveLine(models.TransientModel):
    """What the rules choose from, and their choice."""

    _inherit = "account.dunning.golive.line"

    profile = fields.Selection(related="partner_id.dunning_profile")
    policy_id = fields.Many2one(related="level_id.policy_id")
