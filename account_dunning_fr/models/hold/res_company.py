from odoo import api, models


class ResCompany(models.Model):
    """A new creditor also suspends dunning of persons whose processing is restricted."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._follow_dunning_restrictions()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") or vals.get("dunning_active"):
            self._follow_dunning_restrictions()
        return result

    def _on_dunning_creditor_change(self):
        result = super()._on_dunning_creditor_change()
        self._follow_dunning_restrictions()
        return result

    @api.model
    def _follow_dunning_restrictions(self):
        """Suspend dunning with every creditor of persons whose processing is restricted.

        A restriction belongs to the person (GDPR art. 18), whoever the creditor is.
        """
        persons = self.env["res.partner"].sudo().with_context(active_test=False)
        persons.search([("dunning_restricted", "=", True)])._sync_dunning_restriction()
