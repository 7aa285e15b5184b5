from odoo import models

# In Odoo's own models only the fields of the addon are looked at: see ``account.dunning.dates`` and
# ``account.dunning.guarded``.


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "account.dunning.dates.ours", "account.dunning.guarded.odoo"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "account.dunning.dates.ours", "account.dunning.guarded.odoo"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "account.dunning.dates.ours", "account.dunning.guarded.odoo"]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "account.dunning.guarded.odoo"]
