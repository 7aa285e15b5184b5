from odoo import models


class AccountDunningCase(models.Model):
    _name = "account.dunning.case"
    _inherit = ["account.dunning.case", "account.dunning.dates"]


class AccountDunningCaseCost(models.Model):
    _name = "account.dunning.case.cost"
    _inherit = ["account.dunning.case.cost", "account.dunning.dates"]


class AccountDunningCasePiece(models.Model):
    _name = "account.dunning.case.piece"
    _inherit = ["account.dunning.case.piece", "account.dunning.dates"]


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.dates"]
