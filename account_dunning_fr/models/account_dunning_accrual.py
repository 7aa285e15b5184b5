from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, format_date

from ..core.half_years import RateMissing, half_year_start
from ..core.indemnity import Instalment, flat_indemnities
from ..core.interest import Event, Statement, accrue
from ..core.money import ZERO

ONE_DAY = timedelta(days=1)


class Accrued(NamedTuple):
    """What one due item owes on a day, beyond its principal.

    :param statement: interest segment by segment (``core.interest.Statement``), in the item's
        currency; None when there is a problem
    :param indemnity: flat indemnity in euros
    :param problem: why nothing can be computed, for the user; False otherwise
    """

    statement: Statement | None
    indemnity: Decimal
    problem: str | bool

    @property
    def interest(self):
        """Total interest, in the item's currency."""
        return self.statement.interest if self.statement else ZERO


class AccountDunningAccrual(models.AbstractModel):
    """Late-payment interest and flat indemnity of due items, from what the books show.

    How it works: two queries gather the items and what reduced them, day by day; the core computes;
    nothing is written. The same result feeds the letters, the statement and the booking.
    """

    _name = "account.dunning.accrual"
    _description = "Late-Payment Interest Computation"

    @api.model
    def _compute_items(self, items, until, imputation="principal"):
        """Compute what items owe in interest and indemnity up to a day included.

        :param items: ``account.move.line`` records, receivable items of any state
        :param date until: last day that counts
        :param str imputation: ``principal`` (as the books) or ``interest`` (C. civ. 1343-1)
        :return: ``{item id: Accrued}``
        """
        self.env.flush_all()
        table = self.env["account.dunning.rate"]._get_table()
        events = self._get_events(items)
        judgments = self._get_opening_judgments(items)
        first_days = self._get_formal_notice_days(items)
        indemnities = self._get_indemnities(items, until, judgments)
        result = {}
        for item in items:
            regime = item.partner_id.commercial_partner_id.sudo().dunning_regime
            if not regime:
                result[item.id] = Accrued(
                    None, ZERO, self.env._("The customer's legal regime is not confirmed.")
                )
                continue
            if item.parent_state == "cancel":
                result[item.id] = Accrued(None, ZERO, False)
                continue
            judgment = judgments.get(item.id)
            last_day = min(until, judgment - ONE_DAY) if judgment else until
            first_day = first_days.get(item.id) if regime == "b2c" else None
            statement, problem = None, False
            if regime != "b2c" or first_day:
                rates = item._get_dunning_schedule(table, regime)
                try:
                    statement = accrue(
                        Decimal(str(item.amount_currency)),
                        item.date_maturity,
                        events[item.id],
                        last_day,
                        rates,
                        imputation=imputation,
                        first_day=first_day,
                    )
                except RateMissing as error:
                    problem = self.env._(
                        "The rates of the half-year from %s are missing: complete them in the "
                        "table of rates.",
                        format_date(self.env, half_year_start(error.day)),
                    )
            result[item.id] = Accrued(statement, indemnities.get(item.id, ZERO), problem)
        return result

    @api.model
    def _get_events(self, items):
        """Return what reduced each item, by the books.

        A payment counts on the day of its bank line, else on its own; a credit note on the due date
        (prudent). Exchange differences are left out, and so are write-offs and transfers to a
        doubtful account: neither is money received, so interest goes on.

        :return: ``{item id: [core.interest.Event]}``
        """
        events = defaultdict(list)
        if not items:
            return events
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, partial.debit_amount_currency, move.move_type,
                       item.date_maturity, COALESCE(bank.date, move.date)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line item ON item.id = partial.debit_move_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                  LEFT JOIN LATERAL (
                    SELECT max(bank_move.date) AS date
                      FROM account_move_line outstanding
                      JOIN account_partial_reconcile matched
                        ON matched.debit_move_id = outstanding.id
                      JOIN account_move_line bank_line ON bank_line.id = matched.credit_move_id
                      JOIN account_move bank_move ON bank_move.id = bank_line.move_id
                     WHERE outstanding.move_id = move.id AND outstanding.id <> credit.id
                       AND move.origin_payment_id IS NOT NULL
                       AND bank_move.statement_line_id IS NOT NULL
                  ) bank ON TRUE
                 WHERE partial.debit_move_id IN %(items)s
                   AND NOT EXISTS (
                    SELECT FROM account_partial_reconcile exchange
                     WHERE exchange.exchange_move_id = move.id
                   )
                   AND (journal.type <> 'general' OR NOT EXISTS (
                    SELECT FROM account_move_line other
                      JOIN account_account account ON account.id = other.account_id
                     WHERE other.move_id = move.id AND other.id <> credit.id
                       AND (account.account_type LIKE 'expense%%'
                            OR account.code_store ->> %(root)s LIKE '416%%')
                   ))
                """,
                items=tuple(items.ids),
                root=str(items.company_id[:1].root_id.id),
            )
        )
        for item_id, amount, move_type, due, on in rows:
            is_credit_note = move_type == "out_refund"
            events[item_id].append(
                Event(
                    due if is_credit_note else on,
                    Decimal(str(amount)),
                    "credit_note" if is_credit_note else "payment",
                )
            )
        return events

    @api.model
    def _get_opening_judgments(self, items):
        """Return the day of the judgment that opened insolvency, for the claims before it.

        :return: ``{item id: date}``
        """
        holds = (
            self.env["account.dunning.hold"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", items.partner_id.commercial_partner_id.ids),
                    ("reason", "=", "insolvency"),
                    ("claims_before", "!=", False),
                    ("released_on", "=", False),
                ]
            )
        )
        judgments = {}
        for hold in holds:
            for item in items:
                if item.partner_id.commercial_partner_id != hold.partner_id:
                    continue
                if (item.move_id.invoice_date or item.date) < hold.claims_before:
                    judgments[item.id] = hold.claims_before
        return judgments

    @api.model
    def _get_formal_notice_days(self, items):
        """Return from which day a consumer owes interest: after the receipt of a formal notice.

        Receipt is presumed after the days in the post of the policy (C. civ. 1231-6).

        :return: ``{item id: date}``
        """
        lines = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    ("state", "=", "sent"),
                    ("claimed", "=", True),
                    ("notice_id.kind", "=", "formal_notice"),
                ]
            )
        )
        days = {}
        for line in lines:
            notice = line.notice_id
            day = notice.date + timedelta(days=notice.policy_id.transit_days + 1)
            days[line.move_line_id.id] = min(day, days.get(line.move_line_id.id, day))
        return days

    @api.model
    def _get_indemnities(self, items, until, judgments):
        """Return the flat indemnity of each item, in euros: one per invoice paid late.

        :return: ``{item id: Decimal}``
        """
        siblings = items.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.date_maturity
        )
        siblings |= items
        events = self._get_events(siblings)
        by_regime = defaultdict(list)
        for item in siblings:
            regime = item.partner_id.commercial_partner_id.sudo().dunning_regime
            if regime and item.balance > 0:
                by_regime[regime, judgments.get(item.id)].append(
                    Instalment(
                        item.id,
                        item.move_id.id,
                        item.date_maturity,
                        self._get_settled_on(item, events[item.id]),
                    )
                )
        indemnities = {}
        for (regime, judgment), instalments in by_regime.items():
            indemnities |= flat_indemnities(instalments, until, regime, opening_judgment=judgment)
        return indemnities

    @api.model
    def _get_settled_on(self, item, events):
        """Return the day on which payments and credit notes covered an item, or None."""
        left = Decimal(str(item.amount_currency))
        for event in sorted(events, key=lambda event: event.on):
            left -= event.amount
            if left <= 0:
                return event.on
        return None
