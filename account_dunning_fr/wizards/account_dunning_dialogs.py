from odoo import models

# Each takes only records that its user may read: see ``account.dunning.dialog``.


class AccountDunningAccountStatement(models.TransientModel):
    _name = "account.dunning.account.statement"
    _inherit = ["account.dunning.account.statement", "account.dunning.dialog"]


class AccountDunningAgedBalance(models.TransientModel):
    _name = "account.dunning.aged.balance"
    _inherit = ["account.dunning.aged.balance", "account.dunning.dialog"]


class AccountDunningAgedBalanceLine(models.TransientModel):
    _name = "account.dunning.aged.balance.line"
    _inherit = ["account.dunning.aged.balance.line", "account.dunning.dialog"]


class AccountDunningBooking(models.TransientModel):
    _name = "account.dunning.booking"
    _inherit = ["account.dunning.booking", "account.dunning.dialog"]


class AccountDunningBookingLine(models.TransientModel):
    _name = "account.dunning.booking.line"
    _inherit = ["account.dunning.booking.line", "account.dunning.dialog"]


class AccountDunningCallOutcome(models.TransientModel):
    _name = "account.dunning.call.outcome"
    _inherit = ["account.dunning.call.outcome", "account.dunning.dialog"]


class AccountDunningCaseClose(models.TransientModel):
    _name = "account.dunning.case.close"
    _inherit = ["account.dunning.case.close", "account.dunning.dialog"]


class AccountDunningCaseHandover(models.TransientModel):
    _name = "account.dunning.case.handover"
    _inherit = ["account.dunning.case.handover", "account.dunning.dialog"]


class AccountDunningCasePrepare(models.TransientModel):
    _name = "account.dunning.case.prepare"
    _inherit = ["account.dunning.case.prepare", "account.dunning.dialog"]


class AccountDunningCaseReason(models.TransientModel):
    _name = "account.dunning.case.reason"
    _inherit = ["account.dunning.case.reason", "account.dunning.dialog"]


class AccountDunningChronologyPage(models.TransientModel):
    _name = "account.dunning.chronology.page"
    _inherit = ["account.dunning.chronology.page", "account.dunning.dialog"]


class AccountDunningCommuneImport(models.TransientModel):
    _name = "account.dunning.commune.import"
    _inherit = ["account.dunning.commune.import", "account.dunning.dialog"]


class AccountDunningGolive(models.TransientModel):
    _name = "account.dunning.golive"
    _inherit = ["account.dunning.golive", "account.dunning.dialog"]


class AccountDunningGoliveLine(models.TransientModel):
    _name = "account.dunning.golive.line"
    _inherit = ["account.dunning.golive.line", "account.dunning.dialog"]


class AccountDunningLetters(models.TransientModel):
    _name = "account.dunning.letters"
    _inherit = ["account.dunning.letters", "account.dunning.dialog"]


class AccountDunningMonthly(models.TransientModel):
    _name = "account.dunning.monthly"
    _inherit = ["account.dunning.monthly", "account.dunning.dialog"]


class AccountDunningPostpone(models.TransientModel):
    _name = "account.dunning.postpone"
    _inherit = ["account.dunning.postpone", "account.dunning.dialog"]


class AccountDunningPreview(models.TransientModel):
    _name = "account.dunning.preview"
    _inherit = ["account.dunning.preview", "account.dunning.dialog"]


class AccountDunningRegisteredEntry(models.TransientModel):
    _name = "account.dunning.registered.entry"
    _inherit = ["account.dunning.registered.entry", "account.dunning.dialog"]


class AccountDunningRegisteredEntryLine(models.TransientModel):
    _name = "account.dunning.registered.entry.line"
    _inherit = ["account.dunning.registered.entry.line", "account.dunning.dialog"]


class AccountDunningStatement(models.TransientModel):
    _name = "account.dunning.statement"
    _inherit = ["account.dunning.statement", "account.dunning.dialog"]


class AccountDunningUndoInvoice(models.TransientModel):
    _name = "account.dunning.undo.invoice"
    _inherit = ["account.dunning.undo.invoice", "account.dunning.dialog"]


class AccountDunningWaive(models.TransientModel):
    _name = "account.dunning.waive"
    _inherit = ["account.dunning.waive", "account.dunning.dialog"]


class AccountDunningYearEnd(models.TransientModel):
    _name = "account.dunning.year.end"
    _inherit = ["account.dunning.year.end", "account.dunning.dialog"]


class AccountDunningYearEndLine(models.TransientModel):
    _name = "account.dunning.year.end.line"
    _inherit = ["account.dunning.year.end.line", "account.dunning.dialog"]
