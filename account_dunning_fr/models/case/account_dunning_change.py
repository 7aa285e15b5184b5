from odoo import models


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.tracked"]
