from odoo import api, models

from .marks import follow


class AccountPartialReconcile(models.Model):
    """A room follows payments of items by a method with ``@on("matched")``; lower rooms first."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        follow(partials, "matched")
        return partials
