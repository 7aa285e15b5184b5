from odoo import api, models


class ResCompany(models.Model):
    """A creditor that comes later leaves those in peace whose processing is restricted."""

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
        """Suspend with every creditor what concerns persons who had their processing restricted.

        A restriction is of the person (GDPR art. 18), whoever claims from him.
        """
        persons = self.env["res.partner"].sudo().with_context(active_test=False)
        persons.search([("dunning_restricted", "=", True)])._sync_dunning_restriction()
