from odoo import models

# What a person dates or counts: see ``account.dunning.dates``.


class AccountDunningCall(models.Model):
    _name = "account.dunning.call"
    _inherit = ["account.dunning.call", "account.dunning.dates"]


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


class AccountDunningDispute(models.Model):
    _name = "account.dunning.dispute"
    _inherit = ["account.dunning.dispute", "account.dunning.dates"]


class AccountDunningInsolvency(models.Model):
    _name = "account.dunning.insolvency"
    _inherit = ["account.dunning.insolvency", "account.dunning.dates"]


class AccountDunningPaymentPlan(models.Model):
    _name = "account.dunning.payment.plan"
    _inherit = ["account.dunning.payment.plan", "account.dunning.dates"]


class AccountDunningPaymentPlanLine(models.Model):
    _name = "account.dunning.payment.plan.line"
    _inherit = ["account.dunning.payment.plan.line", "account.dunning.dates"]


class AccountDunningPromise(models.Model):
    _name = "account.dunning.promise"
    _inherit = ["account.dunning.promise", "account.dunning.dates"]
