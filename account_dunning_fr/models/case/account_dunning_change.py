from odoo import models


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.tracked"]


class AccountDunningCallScript(models.Model):
    _name = "account.dunning.call.script"
    _inherit = ["account.dunning.call.script", "account.dunning.tracked"]
