import logging

from psycopg2 import OperationalError

from odoo import Command, api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools import format_date, split_every

from ...core.money import ZERO
from ..common.account_dunning_run import queued, recorded
from ..common.letter_formats import format_letter_date
from .account_dunning_penalty import PARTS
from .account_move_note import NOTES_TOGETHER

_logger = logging.getLogger(__name__)
# Exceptions with which Odoo and its modules refuse; the second also proposes where to go, and is no
# UserError.
REFUSALS = (UserError, RedirectWarning)
# Customers whose entries are created, posted and committed together.
BOOKED_TOGETHER = 25


class AccountDunningPenalty(models.Model):
    """The booking of penalties: one miscellaneous entry per customer, for the difference only.

    How it works: for Odoo, creating and posting many entries costs little more than a few, so
    several customers are booked together; if one of them fails, all are rolled back and tried one
    by one.
    """

    _inherit = "account.dunning.penalty"

    @api.model
    def _run(self, creditor, until=None, partners=None, force=False, scheduled=False, waiting=0):
        """Compute and book the penalties of a creditor; running it again books nothing.

        A missing account, journal or rate, or a lock, stops only that customer: the reason is
        stored on his penalties.

        :param creditor: ``res.company``
        :param date until: last day that counts; today by default
        :param partners: only these customers
        :param bool force: book now, whatever the date of the last booking
        :param bool scheduled: commit after each customer, and stop when the time is up
        :param int waiting: creditors still to come, for whom the scheduler must call again
        :return: dict: ``entries`` (``account.move``), ``failed`` (number of customers) and
            ``in_time`` (whether the scheduled action has time left)
        """
        until = until or creditor._get_dunning_today()
        computed = self._compute(creditor, until, partners)
        return computed._book_all(until, force, scheduled, waiting)

    @api.model
    def _compute(self, creditor, until, partners=None):
        """Compute and store what the items of a creditor owe up to a day.

        :param partners: only these customers
        :return: the penalties, as superuser
        """
        Penalty = self.sudo()
        computed = [
            Penalty._update(creditor, items, until)
            for items in Penalty._split_items(Penalty._get_items(creditor, partners))
        ]
        return Penalty.union(*computed, Penalty._drop_orphans(creditor, until, partners))

    @queued("book_chosen", whole=True)
    def _book_chosen(self, until):
        """Compute these penalties again, and book them, with their notes.

        :param str until: last day computed
        """
        self._check_manage()
        self.check_access("read")
        until = fields.Date.to_date(until)
        computed = self._compute(self.company_id, until, self.partner_id)
        entries = (computed & self)._book_all(until, force=True)["entries"]
        self.env["account.dunning.run"]._note_counts({"entries": len(entries)})
        entries._document_dunning_penalties()

    def _book_all(self, until, force=False, scheduled=False, waiting=0):
        """Book what computed penalties lack, one entry per customer; see ``_run``."""
        tried = self._get_tried()
        groups = [
            group
            for group in self._group_by_customer().values()
            if not group & tried and (force or group._is_booking_due(until))
        ]
        in_time, batches = True, self._join_groups(groups)
        if scheduled:
            remaining = len(groups) + waiting
            in_time = bool(self.env["ir.cron"]._commit_progress(remaining=remaining))
            batches = self._order_groups(groups)
        entries, asked, firsts = self.env["account.move"], 0, self._get_firsts(groups)
        for batch in batches:
            customers = len(batch.partner_id)
            if scheduled:
                self.env["account.dunning.run"]._try(batch & firsts)
            entries |= batch._try_to_book(until)
            asked += customers
            if scheduled and not self.env["ir.cron"]._commit_progress(customers):
                in_time = False
                break
        return {"entries": entries, "failed": asked - len(entries), "in_time": in_time}

    @api.model
    def _get_firsts(self, groups):
        """Return the first penalty of each customer, which identifies him in a run.

        :param list groups: penalties by customer
        """
        return self.browse().union(*(group[:1] for group in groups))

    @api.model
    def _join_groups(self, groups):
        """Return penalties in batches to book together, customer by customer."""
        return [self.browse().union(*batch) for batch in split_every(BOOKED_TOGETHER, groups)]

    @api.model
    def _order_groups(self, groups):
        """Return batches to book: customers with whom a process died last and alone, or not at all.

        :param list groups: penalties by customer
        """
        runs = self.env["account.dunning.run"]
        _together, alone, deadly = runs._split_by_deaths(self._get_firsts(groups))
        for group in groups:
            if group & deadly:
                group._note_problem(runs._get_deadly_reason())
        sound = [group for group in groups if not group & (alone | deadly)]
        return [*self._join_groups(sound), *(group for group in groups if group & alone)]

    @api.model
    def _get_tried(self):
        """Return the penalties that failed in this run, which goes on after its time was up."""
        failures = self.env["account.dunning.run"]._get_current().failure_ids
        return self.browse(failures.filtered(lambda f: f.res_model == self._name).mapped("res_id"))

    def _is_booking_due(self, today):
        """First once, then monthly; at once when the principal is paid or too much is booked."""
        for penalty in self:
            last = penalty.last_booked_on
            if not last or fields.Date.add(last, months=1) <= today or not penalty.principal_left:
                return True
        return any(amount < 0 for penalty in self for amount in penalty._get_difference().values())

    def _try_to_book(self, until):
        """Book these penalties of some customers, or store on those of each why this failed.

        :param date until: last day computed
        :return: ``account.move``, one for each customer that did not fail; what another worker is
            booking is left to it
        """
        locked = self.try_lock_for_update()
        groups = [group for group in self.grouped("partner_id").values() if group <= locked]
        entries = self.env["account.move"]
        if not groups:
            return entries
        try:
            with self.env.cr.savepoint():
                return self.browse().union(*groups)._book(until)
        except OperationalError:
            raise  # a conflict of transactions, or a lost connection: the whole run is repeated
        except Exception as error:
            if len(groups) == 1:
                groups[0]._note_failed_booking(error)
                return entries
        return entries.union(*(group._try_to_book(until) for group in groups))

    def _note_failed_booking(self, error):
        """Store the error message for the user, or that the administrator finds it in the log."""
        if isinstance(error, REFUSALS):
            _logger.info("Penalties of partner %s not booked", self.partner_id.id)
            return self._note_problem(error.args[0])
        _logger.error("Penalties of partner %s not booked", self.partner_id.id, exc_info=error)
        return self._note_problem(
            self.env._("Unexpected error: your administrator finds it in the log.")
        )

    def _note_problem(self, problem):
        """Store on these penalties of one customer, and on the run, why they were not booked."""
        self.write({"problem": problem})
        self.env["account.dunning.run"]._note_failure(self, problem)

    def _book(self, until):
        """Book what these penalties of one creditor still lack, one entry per customer.

        :param date until: last day computed
        :return: ``account.move``, posted if the company says so
        :raise UserError: if the journal or the account is missing
        """
        creditor, groups = self.company_id, list(self.grouped("partner_id").values())
        journal, account = creditor._get_dunning_accounting()
        date = journal.company_id._get_dunning_open_day(until, journal)
        moves = self.env["account.move"].with_company(creditor)
        moves = moves.create(
            [group._prepare_entry(journal, account, until, date) for group in groups]
        )
        speaking = moves._in_dunning_lang()
        if date != until:
            body = speaking.env._(
                "The period of %(until)s is locked: booked on %(date)s, the first open day.",
                until=format_date(speaking.env, until),
                date=format_date(speaking.env, date),
            )
            speaking._message_log_batch(dict.fromkeys(moves.ids, body))
        self.write({"last_booked_on": until})
        if creditor.dunning_post_penalties:
            moves._check_dunning_accounts_in_use()
            self._post_entries(groups, speaking, until)
        return moves

    @api.model
    def _post_entries(self, groups, moves, until):
        """Post the entries of penalties; what cannot be posted stays a draft, with the reason.

        Another module may refuse (approval by several persons, a mandatory analytic plan) or
        require something first, and an entry never gets a future date without a person's
        confirmation.

        :param list groups: penalties by customer
        :param moves: their entries, in the same order, in the language of their history
        :param date until: last day computed
        """
        try:
            with self.env.cr.savepoint():
                moves._check_dunning_date_has_come(until)
                moves._check_dunning_penalty_analytics()
                moves.action_post()
            if set(moves.mapped("state")) != {"posted"}:  # answered with a dialog, or postponed
                raise UserError(moves.env._("another module asks for something first: open it"))
        except REFUSALS as error:
            moves.invalidate_recordset()
            if len(moves) > 1:
                for group, move in zip(groups, moves, strict=True):
                    if move.state == "draft":
                        self._post_entries([group], move, until)
                return
            problem = moves.env._(
                "The entry of penalties stays a draft, it was not posted: %s", error.args[0]
            )
            moves._message_log(body=problem)
            groups[0]._note_problem(problem)

    def _prepare_entry(self, journal, account, until, date):
        """Return the values of the entry of one customer.

        It is addressed to the customer: its labels are those of his note of penalties.
        """
        speaking = self.with_context(lang=self.partner_id._get_dunning_lang())
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            # The list of entries shows the customer, but his taxes do not apply to an entry of
            # penalties.
            "partner_id": self.partner_id.id,
            "fiscal_position_id": False,
            "date": date,
            "ref": speaking.env._(
                "Late-payment penalties up to %s", format_letter_date(speaking.env, until)
            ),
            "line_ids": speaking._prepare_lines(account, until, date),
        }

    def _prepare_lines(self, account, until, date):
        """Return the journal items: one receivable per penalty and part, one income per currency.

        Their analytic distribution is looked up once per account: Odoo would search for each item.

        :param account: income account
        :param date until: last day computed
        :param date date: day of the entry, whose exchange rate applies
        :return: list of commands
        """
        receivables = []
        for penalty in self:
            for part, amount in penalty._get_difference().items():
                if amount:
                    receivables.append(penalty._prepare_receivable(part, amount, until, date))
        incomes = {}
        for vals in receivables:
            income = incomes.setdefault(
                vals["currency_id"],
                {
                    "name": self.env._("Late-payment penalties"),
                    "currency_id": vals["currency_id"],
                    "partner_id": vals["partner_id"],
                    "account_id": account.id,
                    "amount_currency": 0.0,
                    "balance": 0.0,
                },
            )
            income["amount_currency"] -= vals["amount_currency"]
            income["balance"] -= vals["balance"]
        lines = [*receivables, *incomes.values()]
        distributions = self._get_distributions({vals["account_id"] for vals in lines})
        for vals in lines:
            vals["analytic_distribution"] = distributions[vals["account_id"]]
        return [Command.create(vals) for vals in lines]

    def _get_distributions(self, account_ids):
        """Return the analytic distribution of this customer's items on each account.

        :param account_ids: set of account ids
        :return: ``{account id: dict, or False}``
        """
        models = self.env["account.analytic.distribution.model"].with_company(self.company_id)
        if not models.search_count([], limit=1):
            return dict.fromkeys(account_ids, False)
        distributions = {}
        for account_id in account_ids:
            line = self.env["account.move.line"].with_company(self.company_id)
            line = line.new(
                {
                    "account_id": account_id,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                }
            )
            arguments = line._get_analytic_distribution_arguments(self.env["account.analytic.plan"])
            distributions[account_id] = models._get_distribution(arguments) or False
        return distributions

    def _prepare_receivable(self, part, amount, until, date):
        """Return the values of the receivable item for one part of a penalty."""
        company = self.company_id
        currency = self.currency_id if part == "interest" else self.euro_id
        receivable = self.partner_id.with_company(company).property_account_receivable_id
        return {
            "name": self._get_line_label(part, amount, until),
            "currency_id": currency.id,
            "partner_id": self.partner_id.id,
            "account_id": (self.move_line_id.account_id or receivable).id,
            "amount_currency": float(amount),
            "balance": currency._convert(float(amount), company.currency_id, company, date),
            "date_maturity": date,
            "dunning_penalty_id": self.id,
            "dunning_penalty_part": part,
        }

    def _get_line_label(self, part, amount, until):
        """Return the label of a journal item: what, for which invoice, for which period.

        Days that were booked before and are booked again are a correction.
        """
        invoice = self.move_id.name or self.env._(
            "item of %s", format_letter_date(self.env, self.date_maturity)
        )
        if part == "indemnity":
            if amount < 0:
                return self.env._("Correction of the flat indemnity – %s", invoice)
            return self.env._("Flat indemnity for recovery costs – %s", invoice)
        start = self.interest_from
        if start and self.last_booked_on and self.booked_interest:
            start = max(start, fields.Date.add(self.last_booked_on, days=1))
        end = self.interest_to
        if amount < 0 or not start or start > end:
            return self.env._(
                "Correction of the late-payment interest – %(invoice)s, up to %(end)s",
                invoice=invoice,
                end=format_letter_date(self.env, until),
            )
        return self.env._(
            "Late-payment interest – %(invoice)s, from %(start)s to %(end)s",
            invoice=invoice,
            start=format_letter_date(self.env, start),
            end=format_letter_date(self.env, end),
        )

    # -- Actions and the scheduled action --------------------------------------------------------

    def action_book(self):
        """Show what would be booked for these penalties, and book it on confirmation."""
        self._check_manage()
        return self.env["account.dunning.booking"]._open(penalties=self)

    def action_book_all(self):
        """Book at once what the preview proposes for all that is owed today, selected or not.

        :return: action on the entries, or on the progress
        """
        self._check_manage()
        return self.env["account.dunning.booking"]._book_today()

    @api.model
    def _document(self, creditor, scheduled=False):
        """Make the notes of the posted entries; a failure is reported in the entry's history.

        :param creditor: ``res.company``
        :param bool scheduled: commit after some entries, ``NOTES_TOGETHER``
        """
        entries = self.env["account.move"].sudo()._get_dunning_entries_without_note(creditor)
        for moves in split_every(NOTES_TOGETHER, entries.ids, entries.browse):
            moves._document_dunning_penalties()
            if scheduled and not self.env["ir.cron"]._commit_progress():
                break  # the next run makes the rest

    @api.model
    @recorded("penalties")
    def _cron_book(self):
        """Book the penalties of each creditor that switched it on; one commit per customer."""
        creditors = self._sort_for_booking(
            self.env["res.company"]._get_dunning_creditors("dunning_book_penalties")
        )
        for number, creditor in enumerate(creditors, 1):
            lang = creditor.partner_id._get_dunning_lang()
            speaking = self.with_context(lang=lang)
            with self.env["account.dunning.run"]._working_for(creditor, speaking) as (_day, local):
                in_time = local._book_scheduled(creditor, len(creditors) - number)
                if not in_time:
                    break  # the remainder is recorded: the scheduler calls again at once

    @api.model
    def _book_scheduled(self, creditor, waiting):
        """Book for one creditor, and make the notes of the entries.

        :param int waiting: number of creditors after this one
        :return: whether there is time left
        """
        result = self._run(creditor, scheduled=True, waiting=waiting)
        self.env["account.dunning.run"]._note_counts({"entries": len(result["entries"])})
        self._document(creditor, scheduled=True)
        _logger.info(
            "Penalties of company %s: %s entries, %s customers failed",
            creditor.id,
            len(result["entries"]),
            result["failed"],
        )
        return result["in_time"]

    @api.model
    def _sort_for_booking(self, creditors):
        """Return creditors, first those that today's booking has not reached yet.

        A large creditor takes all the time of a call: the others come first in the next one.
        """
        last = self.sudo()._read_group(
            [("company_id", "in", creditors.ids)], ["company_id"], ["computed_until:max"]
        )
        reached = self.env["res.company"].union(
            *(company for company, on in last if on and on >= company._get_dunning_today())
        )
        return (creditors - reached) + (creditors & reached)

    # -- Preview of a booking ----------------------------------------------------------------------

    @api.model
    def _preview(self, creditor, until, partners=None, moves=None):
        """Return what a booking up to a day would book, and why the rest would not be booked.

        :param creditor: ``res.company``
        :param date until: last day that counts
        :param partners: only these customers
        :param moves: also the overdue items of these entries whose level books nothing
        :return: list of dicts: ``penalty`` (empty before the first booking), ``item`` (empty for an
            item that is gone), ``interest`` and ``indemnity`` (computed), ``to_book`` (by part),
            ``reason`` why it cannot be booked, or False; ``figures`` (``core.rates.Figure``) if it
            was computed: the published rates on which it is based
        """
        Penalty = self.sudo()
        items = Penalty._get_items(creditor, partners)
        accrued = self.env["account.dunning.accrual"]._compute_items(items, until)
        known = {
            penalty.move_line_id: penalty
            for penalty in Penalty.search([("move_line_id", "in", items.ids)])
        }
        rows = []
        for item in items:
            penalty = known.get(item, Penalty.browse())
            computed = {part: getattr(accrued[item.id], part) for part, _label in PARTS}
            row = penalty._prepare_preview(item, computed, until, accrued[item.id].problem)
            rows.append({**row, "figures": accrued[item.id].figures})
        for orphan in Penalty.search(Penalty._get_orphans_domain(creditor, partners)):
            computed = {part: ZERO for part, _label in PARTS}
            rows.append(orphan._prepare_preview(orphan.move_line_id, computed, until, False))
        return rows + self._preview_others(moves, items, until)

    def _prepare_preview(self, item, computed, until, problem):
        """Return the row of one item; ``self`` is its penalty, empty before the first booking."""
        reason = problem
        if not reason and self.last_booked_on and self.last_booked_on > until:
            reason = self.env._(
                "Booked up to %s already: choose that day or a later one.",
                format_date(self.env, self.last_booked_on),
            )
        to_book = {
            part: ZERO if reason else self._get_part_to_book(part, amount)
            for part, amount in computed.items()
        }
        if not reason and not any(to_book.values()):
            reason = self.env._("All of it is booked.") if self.line_ids else False
            reason = reason or self.env._("Nothing is owed on that day, or it was waived.")
        return {"penalty": self, "item": item, **computed, "to_book": to_book, "reason": reason}

    @api.model
    def _preview_others(self, moves, items, until):
        """Return rows for the overdue items of entries whose level books nothing."""
        overdue = (
            (moves or self.env["account.move"])
            .line_ids._filter_dunning_receivable()
            .filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and not line.reconciled
                    and line.balance > 0
                    and not line.dunning_penalty_id
                    and line.date_maturity
                    and line.date_maturity < until
                )
            )
        )
        rows = []
        for item in (overdue - items).sudo():
            level = item.dunning_level_id
            reason = (
                self.env._("Its level, “%s”, does not book penalties.", level.name)
                if level
                else self.env._("It was not chased yet: penalties are booked from a level on.")
            )
            nothing = {part: ZERO for part, _label in PARTS}
            rows.append(
                {
                    "penalty": self.browse(),
                    "item": item,
                    **nothing,
                    "to_book": nothing,
                    "reason": reason,
                }
            )
        return rows

    @api.model
    def _get_orphans_domain(self, creditor, partners=None):
        """Return the domain of the penalties whose item is gone.

        An invoice being corrected keeps its penalties until it is posted again or cancelled.
        """
        domain = (
            Domain("company_id", "=", creditor.id)
            & Domain("move_line_id", "=", False)
            & (Domain("move_id", "=", False) | Domain("move_id.state", "!=", "draft"))
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.commercial_partner_id.ids)
        return domain
