from odoo import models

from .res_partner import ADDRESS


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        if "email" in vals:
            corrected = self.filtered(lambda p: p.email != vals["email"])
            corrected.sudo().filtered("message_bounce").message_bounce = 0
        if not set(ADDRESS).intersection(vals):
            return super().write(vals)
        before = {partner: partner._get_dunning_address() for partner in self}
        result = super().write(vals)
        self.filtered(
            lambda p: p._get_dunning_address() != before[p]
        )._release_dunning_address_holds()
        return result
