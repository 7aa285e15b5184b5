from odoo import models

# The dates typed in these dialogs reach the core as well. What looks at them comes last: it looks
# before a dialog computes with them (``account.dunning.dates``).


class AccountDunningAccountStatement(models.TransientModel):
    _name = "account.dunning.account.statement"
    _inherit = ["account.dunning.account.statement", "account.dunning.dates"]


class AccountDunningAgedBalance(models.TransientModel):
    _name = "account.dunning.aged.balance"
    _inherit = ["account.dunning.aged.balance", "account.dunning.dates"]


class AccountDunningBooking(models.TransientModel):
    _name = "account.dunning.booking"
    _inherit = ["account.dunning.booking", "account.dunning.dates"]


class AccountDunningCallOutcome(models.TransientModel):
    _name = "account.dunning.call.outcome"
    _inherit = ["account.dunning.call.outcome", "account.dunning.dates"]


class AccountDunningCaseHandover(models.TransientModel):
    _name = "account.dunning.case.handover"
    _inherit = ["account.dunning.case.handover", "account.dunning.dates"]


class AccountDunningCasePrepare(models.TransientModel):
    _name = "account.dunning.case.prepare"
    _inherit = ["account.dunning.case.prepare", "account.dunning.dates"]


class AccountDunningChronologyPage(models.TransientModel):
    _name = "account.dunning.chronology.page"
    _inherit = ["account.dunning.chronology.page", "account.dunning.dates"]


class AccountDunningMonthly(models.TransientModel):
    _name = "account.dunning.monthly"
    _inherit = ["account.dunning.monthly", "account.dunning.dates"]


class AccountDunningPostpone(models.TransientModel):
    _name = "account.dunning.postpone"
    _inherit = ["account.dunning.postpone", "account.dunning.dates"]


class AccountDunningRegisteredEntry(models.TransientModel):
    _name = "account.dunning.registered.entry"
    _inherit = ["account.dunning.registered.entry", "account.dunning.dates"]


class AccountDunningStatement(models.TransientModel):
    _name = "account.dunning.statement"
    _inherit = ["account.dunning.statement", "account.dunning.dates"]


class AccountDunningYearEnd(models.TransientModel):
    _name = "account.dunning.year.end"
    _inherit = ["account.dunning.year.end", "account.dunning.dates"]
