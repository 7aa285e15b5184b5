from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "account.dunning.plausible.ours", "account.dunning.guarded.odoo"]
