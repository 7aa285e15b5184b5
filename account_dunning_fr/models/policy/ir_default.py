from odoo import api, models

POLICY = "dunning_policy_id"


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        """In a branch, the default policy of a customer is that of its creditor."""
        defaults = super()._get_model_defaults(model_name, condition)
        if model_name != "res.partner":  # asked of every model, at every record
            return defaults
        company = self.env.company
        creditor = company.sudo().dunning_creditor_id
        if not creditor or creditor == company:
            return defaults
        of_creditor = self.sudo().with_company(creditor)
        theirs = super(IrDefault, of_creditor)._get_model_defaults(model_name, condition)
        defaults = {name: value for name, value in defaults.items() if name != POLICY}
        return {**defaults, **({POLICY: theirs[POLICY]} if POLICY in theirs else {})}
