from odoo import api, models


class AccountDunningPlan(models.AbstractModel):
    _inherit = "account.dunning.plan"

    @api.model
    def _get_scope(self, creditor, partners=None):
        rules = self.env["account.dunning.rule"]._get_applicable(creditor)
        return {**super()._get_scope(creditor, partners), "rule_ids": tuple(rules.ids)}
