import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, ormcache

from ...core.working_days import working_days_between
from ..common.letter_formats import write_once

INK, LIGHTEST = "#1a1a1a", 150  # the colour of the text; the lightest accent, of 255

FRENCH_TIME = "Europe/Paris"  # for a company whose contact has none


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_active = fields.Boolean(
        string="Send reminders automatically",
        help="Off after the installation: nothing leaves by itself until somebody switches it on.",
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Dunning contact of the company",
        help="Signs the reminders and answers to them when the customer has no salesperson.",
    )
    dunning_statement_max_age = fields.Integer(
        string="Oldest bank statement (working days)",
        default=5,
        help="Automatic sending stops while the last line of a bank journal which receives "
        "customers' payments is older than this. 0 switches the check off.",
    )
    dunning_sent_days = fields.Integer(
        string="Days after the first sending of an invoice",
        help="An invoice sent to the customer from Odoo is not reminded before this number of days "
        "has passed since. An invoice whose sending Odoo does not know, such as an imported one, "
        "does not wait. 0: no such wait.",
    )
    dunning_creditor_id = fields.Many2one(
        "res.company",
        string="Creditor",
        compute="_compute_dunning_creditor_id",
        compute_sudo=True,
        help="The company in whose name customers are chased: a branch without a SIREN of its own "
        "is represented by its nearest parent that has one.",
    )
    dunning_legal_form = fields.Char(
        string="Legal Form", help="For instance SAS, SARL, SA, EURL. Printed on the letters."
    )
    dunning_share_capital = fields.Monetary(
        string="Share Capital", help="Printed on the letters, if the company has a capital."
    )
    dunning_rcs_city = fields.Char(
        string="RCS (town of the registry)",
        help="Town of the registry of commerce, printed on the letters (art. R. 123-237 C. com.).",
    )

    @api.depends("parent_id", "partner_id.dunning_siren")
    def _compute_dunning_creditor_id(self):
        for company in self:
            creditor = company
            while creditor.parent_id and not creditor._get_dunning_own_siren():
                creditor = creditor.parent_id
            company.dunning_creditor_id = creditor

    def write(self, vals):
        switched_on = self.filtered(lambda company: not company.dunning_active)
        result = super().write(vals)
        if "partner_id" in vals:
            self.env.registry.clear_cache()  # its time zone is its contact's
        if vals.get("dunning_active"):
            switched_on._on_dunning_switched_on()
        return result

    def _on_dunning_switched_on(self):
        """Hook: automatic sending has just been switched on for these companies."""

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("parent_id")._on_dunning_creditor_change()
        return companies

    def _on_dunning_creditor_change(self):
        """Follow a SIREN that came or went: these companies and their branches may be chased for
        in another name.
        """
        if not self:
            return
        self.env.registry.clear_cache()  # the rules on records name the creditors
        for branch in self.sudo().search([("id", "child_of", self.ids)]):
            if branch.dunning_creditor_id != branch:
                branch._on_dunning_represented()

    def _on_dunning_represented(self):
        """Hook: its creditor claims the debts of this branch from now on."""

    def _get_dunning_own_siren(self):
        """Return the SIREN (9 digits) of this company itself, or an empty string."""
        self.ensure_one()
        return self.partner_id._get_dunning_siren()

    def _is_dunning_french(self):
        """Whether French law on late payment and recovery applies to this creditor."""
        self.ensure_one()
        return self.sudo().partner_id._is_dunning_french()

    def _get_dunning_foreign_problem(self):
        """Return why French law does not apply to this creditor, for the user, or False."""
        self.ensure_one()
        return not self._is_dunning_french() and self.env._(
            "%(company)s is not in France (%(country)s): the penalties and the flat indemnity, the "
            "formal notice and the court file of French law are not for it. Its reminders state "
            "what is due, without them.",
            company=self.name,
            country=self.country_id.name,
        )

    @api.model
    def _get_dunning_creditors(self, switch):
        """Return the creditors that enabled something.

        :param str switch: name of the boolean field of the company
        """
        companies = self.sudo().search([(switch, "=", True)])
        return companies.filtered(lambda company: company.dunning_creditor_id == company)

    def _get_dunning_companies(self):
        """Return the active companies for which this creditor claims: itself and its branches."""
        self.ensure_one()
        # Through cached branches: every letter and every notice asks.
        family = branches = self.sudo().with_context(active_test=False)
        while branches := branches.child_ids:
            family |= branches
        family = family.with_env(self.sudo().env)
        return family.filtered(
            lambda company: company.active and company.dunning_creditor_id == self
        ).sorted(lambda company: (company.sequence, company.name))

    def _check_dunning_owed(self, debts):
        """Check that this creditor owns these debts, itself or through a branch.

        Anything agreed in another's name would suspend none of them.

        :param debts: ``account.move`` or ``account.move.line`` records
        :raise ValidationError: naming a debt owed to another creditor, and that creditor
        """
        self.ensure_one()
        for debt in debts.sudo():
            creditor = debt.company_id.dunning_creditor_id
            if creditor != self:
                raise ValidationError(
                    self.env._(
                        "%(debt)s is owed to %(creditor)s: choose this creditor.",
                        debt=debt.display_name,
                        creditor=creditor.name,
                    )
                )

    def _get_dunning_bank_accounts(self):
        """Return the bank accounts that a letter may print: those of the creditor's bank journals.

        An account that is only on the company's contact may be outdated, or anybody's: neither its
        sequence nor Odoo's « trusted » flag proves that it is ours.

        :return: ``res.partner.bank``, the creditor's first, then by age of the journal
        """
        self.ensure_one()
        companies = self._get_dunning_companies()
        # Through cached journals, too.
        journals = companies.bank_journal_ids.sorted(
            lambda journal: (journal.company_id != self, journal.id)
        )
        return journals.bank_account_id.filtered(
            lambda account: account.active and account.partner_id in companies.partner_id
        )

    @api.model
    def _choose_dunning_account(self, accounts, currency):
        """Return the bank account for payments in this currency.

        :param accounts: result of ``_get_dunning_bank_accounts``
        :param currency: ``res.currency``
        :return: the first one in that currency, else the first one without a currency; empty if all
            are in other currencies
        """
        return (
            accounts.filtered(lambda account: account.currency_id == currency)
            or accounts.filtered(lambda account: not account.currency_id)
        )[:1]

    def _get_dunning_bank_account(self, currency=None):
        """Return the creditor's default bank account for letters.

        :param currency: currency of the payment, the company's by default
        """
        self.ensure_one()
        key = ("accounts", self.id)
        accounts = write_once(self.env, key, self._get_dunning_bank_accounts)
        return self._choose_dunning_account(accounts, currency or self.sudo().currency_id)

    def _get_dunning_statement_warning(self, today):
        """Return why payments may be missing from the books, for the user, or False.

        :param date today: the day of the check
        """
        self.ensure_one()
        stale = self._get_dunning_stale_bank_journals(today)
        if stale:
            return self.env._(
                "The bank statements of %s are old: import them before somebody who paid is "
                "chased. Nothing leaves by itself until then.",
                ", ".join(stale.mapped("display_name")),
            )
        imported = self.env["account.bank.statement.line"].sudo()
        if not imported.search_count([("company_id", "in", self._get_dunning_companies().ids)], 1):
            return self.env._(
                "No bank statement was ever imported: check that the payments received are "
                "recorded."
            )
        return False

    def _get_dunning_stale_bank_journals(self, today):
        """Return the bank journals too outdated to tell somebody that he has not paid.

        Only journals in use that received customers' money through a statement line count; a
        company that imports no statements has no outdated journal.

        :param date today: the day of the check
        :return: recordset of ``account.journal``
        """
        self.ensure_one()
        if self.dunning_statement_max_age <= 0:
            return self.env["account.journal"]
        receiving = self._get_dunning_receiving_journals()
        last_days = receiving._get_dunning_last_days()
        return receiving.filtered(
            lambda journal: (
                not journal._is_dunning_idle(today)
                and working_days_between(last_days[journal], today) > self.dunning_statement_max_age
            )
        )

    def _get_dunning_receiving_journals(self):
        """Return the bank journals in use that received customers' money by a statement line."""
        receiving = (
            self.env["account.bank.statement.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self._get_dunning_companies().ids),
                    ("journal_id.type", "=", "bank"),
                    ("journal_id.active", "=", True),
                    ("amount", ">", 0),
                ],
                ["journal_id"],
            )
        )
        return self.env["account.journal"].sudo().union(*(journal for (journal,) in receiving))

    # -- Days --------------------------------------------------------------------------------------

    @ormcache("self.id")  # each invoice that is opened asks which day it is
    def _get_dunning_timezone(self):
        """Return the name of the company's time zone."""
        self.ensure_one()
        return self.sudo().partner_id.tz or FRENCH_TIME

    def _get_dunning_day(self, moment):
        """Return the date of a moment in the company's time zone, whoever looks, or None.

        :param datetime moment: in UTC, as Odoo stores it, or False
        """
        self.ensure_one()
        return fields.Date.context_today(self._in_dunning_day(self), moment) if moment else None

    def _get_dunning_today(self):
        """Return the day that it is where the company writes, whoever asks, and wherever."""
        return self._get_dunning_day(fields.Datetime.now())

    @api.model
    def _get_dunning_french_today(self):
        """Return the day that it is for what is of no creditor: published rates and registers."""
        return fields.Date.context_today(self.with_context(tz=FRENCH_TIME))

    def _in_dunning_day(self, records):
        """Return records for whose code today is the day that it is where the company writes.

        What no person starts does its work with them: a scheduled action, the page of a customer,
        an e-mail or a payment that comes in.

        :param records: any recordset
        """
        self.ensure_one()
        return records.with_context(tz=self.sudo()._get_dunning_timezone())

    def _open_dunning_day(self, records):
        """Return the day that it is where the company writes, and records for whose code it is.

        :param records: any recordset
        :return: (day, the records as ``_in_dunning_day`` returns them)
        """
        return self._get_dunning_today(), self._in_dunning_day(records)

    @api.model
    def _split_dunning_days(self, records):
        """Return records by the day that it is where their companies write.

        :param records: of a model with ``company_id``
        :return: list of (day, those of one time zone, as ``_in_dunning_day`` returns them)
        """
        by_zone = records.grouped(lambda record: record.company_id.sudo()._get_dunning_timezone())
        placed = [found.with_context(tz=zone) for zone, found in by_zone.items()]
        return [(fields.Date.context_today(found), found) for found in placed]

    # -- Payment online ----------------------------------------------------------------------------

    dunning_pays_online = fields.Boolean(
        string="Invoices can be paid online",
        compute="_compute_dunning_pays_online",
        compute_sudo=True,
        help="A means of payment is switched on and published.",
    )

    def _compute_dunning_pays_online(self):
        usable = [("state", "=", "enabled"), ("is_published", "=", True)]
        Provider = self.env["payment.provider"]
        found = Provider.search([("company_id", "in", self.ids), *usable]).company_id
        for company in self:
            company.dunning_pays_online = company in found

    def _get_dunning_accent(self):
        """Return the colour of the company's document layout, if it is legible on white paper."""
        self.ensure_one()
        color = self.primary_color or ""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            return INK
        red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
        light = (299 * red + 587 * green + 114 * blue) / 1000
        return INK if light > LIGHTEST else color

    def _get_dunning_share_capital_text(self):
        """Return the share capital as letters print it: without cents if it has none."""
        self.ensure_one()
        currency = self.currency_id
        whole = currency.is_zero(self.dunning_share_capital - round(self.dunning_share_capital))
        cents = not whole or not currency.decimal_places
        return format_amount(self.env, self.dunning_share_capital, currency, trailing_zeroes=cents)
