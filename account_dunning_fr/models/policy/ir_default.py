from odoo import api, models

POLICY = "dunning_policy_id"


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        """In a branch, use the creditor's default policy for customers."""
        defaults = super()._get_model_defaults(model_name, condition)
        if model_name != "res.partner":  # called for every model, and for every record
            return defaults
        company = self.env.company
        creditor = company.sudo().dunning_creditor_id
        if not creditor or creditor == company:
            return defaults
        of_creditor = self.sudo().with_company(creditor)
        theirs = super(IrDefault, of_creditor)._get_model_defaults(model_name, condition)
        defaults = {name: value for name, value in defaults.items() if name != POLICY}
        return {**defaults, **({POLICY: theirs[POLICY]} if POLICY in theirs else {})}
