from odoo import api, models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _get_dunning_euro(self):
        """Return the euro, the currency of the legal indemnity, without a query each time."""
        return self.browse(self.env["ir.model.data"]._xmlid_to_res_id("base.EUR", True))
