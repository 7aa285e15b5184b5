from odoo import api, fields, models
from odoo.tools import format_date

from ..common.account_dunning_change import SHOWN_DAYS


class AccountDunningPolicy(models.Model):
    _name = "account.dunning.policy"
    _inherit = ["account.dunning.policy", "account.dunning.tracked"]


class AccountDunningLevel(models.Model):
    _name = "account.dunning.level"
    _inherit = ["account.dunning.level", "account.dunning.tracked"]


class AccountDunningRule(models.Model):
    _name = "account.dunning.rule"
    _inherit = ["account.dunning.rule", "account.dunning.tracked"]


class AccountDunningRate(models.Model):
    _name = "account.dunning.rate"
    _inherit = ["account.dunning.rate", "account.dunning.tracked"]


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.tracked"]


class AccountDunningCallScript(models.Model):
    _name = "account.dunning.call.script"
    _inherit = ["account.dunning.call.script", "account.dunning.tracked"]


class ResCompany(models.Model):
    """The switches, limits and documents of a company, and the account on its letters."""

    _name = "res.company"
    _inherit = ["res.company", "account.dunning.tracked"]

    dunning_iban = fields.Char(
        string="Account on the letters",
        readonly=True,
        copy=False,
        help="The account that letters bear where an invoice names none of the creditor's: "
        "followed, so that a change is seen.",
    )

    @api.model
    def _is_dunning_tracked(self, name):
        return name.startswith("dunning_") and super()._is_dunning_tracked(name)

    def _log_dunning_changes(self, kind):
        """A company is none of our settings: only its dunning fields are."""

    def _follow_dunning_account(self):
        """Write down the account on the letters of these companies' creditors, if it changed."""
        for creditor in self.sudo().dunning_creditor_id:
            number = creditor._get_dunning_bank_account().acc_number or False
            if creditor.dunning_iban != number:
                creditor.dunning_iban = number

    def _get_dunning_account_warning(self, today):
        """Return for the user who changed the account on the letters lately, or False.

        :param date today: the day of the look
        """
        self.ensure_one()
        change = self.env["account.dunning.change"].sudo()
        change = change.search(
            [
                ("company_id", "=", self.id),
                ("field_name", "=", "dunning_iban"),
                ("create_date", ">=", fields.Date.subtract(today, days=SHOWN_DAYS)),
            ],
            limit=1,
        )
        return bool(change) and self.env._(
            "%(user)s changed the account on the letters on %(date)s, from %(old)s to %(new)s: "
            "check that it is yours.",
            user=change.create_uid.name,
            date=format_date(self.env, change.create_date.date()),
            old=change.old_value or self.env._("none"),
            new=change.new_value or self.env._("none"),
        )


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model_create_multi
    def create(self, vals_list):
        journals = super().create(vals_list)
        journals.filtered("bank_account_id").company_id._follow_dunning_account()
        return journals

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        if {"bank_account_id", "bank_acc_number", "active", "type"} & vals.keys():
            (companies | self.company_id)._follow_dunning_account()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        companies._follow_dunning_account()
        return result


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def write(self, vals):
        result = super().write(vals)
        if {"acc_number", "active", "currency_id", "partner_id"} & vals.keys():
            self._get_dunning_companies()._follow_dunning_account()
        return result

    def unlink(self):
        companies = self._get_dunning_companies()
        result = super().unlink()
        companies._follow_dunning_account()
        return result

    def _get_dunning_companies(self):
        """Return the companies that have a bank journal with one of these accounts."""
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search([("bank_account_id", "in", self.ids)]).company_id
