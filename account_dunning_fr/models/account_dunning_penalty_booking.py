import logging

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class AccountDunningPenalty(models.Model):
    """The booking of penalties: one miscellaneous entry per customer, of the difference only."""

    _inherit = "account.dunning.penalty"

    @api.model
    def _run(self, creditor, until=None, partners=None, force=False):
        """Compute and book the penalties of a creditor; a rerun books nothing.

        A missing account, journal or rate, or a lock, stops that customer only: the reason is kept
        on its penalties.

        :param creditor: ``res.company``
        :param date until: last day that counts; today by default
        :param partners: only these customers
        :param bool force: book now, whatever the date of the last booking
        :return: dict: ``entries`` (``account.move``) and ``failed`` (number of customers)
        """
        until = until or fields.Date.context_today(self)
        Penalty = self.sudo()
        penalties = Penalty._update(creditor, Penalty._get_items(creditor, partners), until)
        entries, failed = self.env["account.move"], 0
        for group in penalties._group_by_customer().values():
            if not force and not group._is_booking_due(until):
                continue
            try:
                with self.env.cr.savepoint():
                    entries |= group._book(until)
            except UserError as error:
                failed += 1
                group.write({"problem": str(error)})
                _logger.info("Penalties of partner %s not booked", group.partner_id.id)
        return {"entries": entries, "failed": failed}

    def _is_booking_due(self, today):
        """Once at first, then monthly, and once more when the principal is paid."""
        last = max((day for day in self.mapped("last_booked_on") if day), default=None)
        if not last or fields.Date.add(last, months=1) <= today:
            return True
        return any(penalty.move_line_id.reconciled for penalty in self)

    def _book(self, until):
        """Book what these penalties of one customer still lack.

        :param date until: last day computed
        :return: ``account.move``, posted if the company says so
        :raise UserError: if the journal or the account is missing
        """
        creditor = self.company_id
        journal, account = creditor._get_dunning_accounting()
        date = journal.company_id._get_dunning_open_day(until, journal)
        move = (
            self.env["account.move"]
            .with_company(creditor)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": date,
                    "ref": self.env._(
                        "Late-payment penalties up to %s", format_date(self.env, until)
                    ),
                    "line_ids": self._prepare_lines(account, until, date),
                }
            )
        )
        if date != until:
            move._message_log(
                body=self.env._(
                    "The period of %(until)s is locked: booked on %(date)s, the first open day.",
                    until=format_date(self.env, until),
                    date=format_date(self.env, date),
                )
            )
        self.write({"last_booked_on": until})
        if creditor.dunning_post_penalties:
            move.action_post()
        return move

    def _prepare_lines(self, account, until, date):
        """Return the journal items: one receivable a penalty and part, one income a currency.

        :param account: income account
        :param date until: last day computed
        :param date date: day of the entry, whose exchange rate counts
        :return: list of commands
        """
        commands = []
        for penalty in self:
            difference = penalty._get_difference()
            for part, amount in difference.items():
                if not amount:
                    continue
                currency = penalty.currency_id if part == "interest" else penalty.euro_id
                label = penalty._get_line_label(part, until)
                commands += penalty._prepare_pair(
                    account, part, float(amount), currency, date, label
                )
        return commands

    def _prepare_pair(self, account, part, amount, currency, date, label):
        company = self.company_id
        balance = currency._convert(amount, company.currency_id, company, date)
        common = {"name": label, "currency_id": currency.id, "partner_id": self.partner_id.id}
        receivable = self.partner_id.with_company(company).property_account_receivable_id
        return [
            Command.create(
                {
                    **common,
                    "account_id": (self.move_line_id.account_id or receivable).id,
                    "amount_currency": amount,
                    "balance": balance,
                    "date_maturity": date,
                    "dunning_penalty_id": self.id,
                    "dunning_penalty_part": part,
                }
            ),
            Command.create(
                {
                    **common,
                    "account_id": account.id,
                    "amount_currency": -amount,
                    "balance": -balance,
                }
            ),
        ]

    def _get_line_label(self, part, until):
        """Return the text of a journal item: what, for which invoice, for which period."""
        invoice = self.move_id.name or self.env._("item of %s", self.date_maturity)
        if part == "indemnity":
            return self.env._("Flat indemnity for recovery costs – %s", invoice)
        start = self.last_booked_on or self.date_maturity
        return self.env._(
            "Late-payment interest – %(invoice)s, from %(start)s to %(end)s",
            invoice=invoice,
            start=format_date(self.env, fields.Date.add(start, days=1)),
            end=format_date(self.env, until),
        )

    # -- Actions and the scheduled action --------------------------------------------------------

    @api.model
    def _cron_book(self):
        """Book the penalties of each creditor that switched it on; one commit each."""
        creditors = self.env["res.company"].sudo().search([("dunning_book_penalties", "=", True)])
        creditors = creditors.filtered(lambda company: company.dunning_creditor_id == company)
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            result = self._run(creditor)
            _logger.info(
                "Penalties of company %s: %s entries, %s customers failed",
                creditor.id,
                len(result["entries"]),
                result["failed"],
            )
            self.env["ir.cron"]._commit_progress(1)
