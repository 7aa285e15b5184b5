"""What the books say about customers, for their risk class: one query per kind of fact."""

from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ...core.money import round_to_step, to_decimal
from ...core.risk import Facts
from ..agreement.res_partner import UNDER_WAY
from ..common.due import DUE_ON, RECEIVABLE_SQL

DAY = Decimal(1)
PAID_MONTHS = 12  # months of payments that count
REMEMBERED_MONTHS = 24  # months of broken promises and returned debits


def gather(env, creditor, today, partner_ids=None):
    """Return what the books of a creditor say about each customer who appears in them.

    :param creditor: ``res.company``
    :param date today: the day of the rating
    :param partner_ids: ids of customers; None for all
    :return: ``{customer id: core.risk.Facts}``, without limits, which the caller knows
    """
    env.flush_all()
    scope = SQL("TRUE")
    if partner_ids is not None:
        scope = SQL("partner.commercial_partner_id IN %s", tuple(partner_ids) or (0,))
    companies = tuple(creditor._get_dunning_companies().ids)
    common = {"companies": companies, "scope": scope, "today": today}
    owed = _owed(env, **common)
    paid = _paid(env, **common)
    since = today - relativedelta(months=REMEMBERED_MONTHS)
    returned = _returned(env, since=since, **common)
    broken = _broken(env, creditor, since, partner_ids)
    insolvent = _insolvent(env, creditor, partner_ids)
    facts, step = {}, to_decimal(creditor.currency_id.rounding)
    for partner_id in {*owed, *paid}:
        used, weight_owed, late_owed, oldest = owed.get(partner_id, (0, 0, 0, 0))
        settled, weight_paid, late_paid = paid.get(partner_id, (0, 0, 0))
        weight = Decimal(weight_owed) + Decimal(weight_paid)
        late = Decimal(late_owed) + Decimal(late_paid)
        facts[partner_id] = Facts(
            settled=settled,
            late_days=int(round_to_step(late / weight, DAY)) if weight else 0,
            oldest_days=oldest,
            broken_promises=broken.get(partner_id, 0),
            unpaid_debits=returned.get(partner_id, 0),
            used=max(to_decimal(used, step), Decimal(0)),
            insolvent=partner_id in insolvent,
        )
    return facts


ITEMS = SQL(
    f"""
    FROM account_move_line aml
    JOIN account_account account ON account.id = aml.account_id AND {RECEIVABLE_SQL}
    JOIN res_partner partner ON partner.id = aml.partner_id
    """
)


def _owed(env, companies, scope, today):
    """``{id: (owed minus credits, overdue, overdue × days, days of the oldest)}``.

    Moving a claim to a doubtful account is not a payment: the claim is still owed.
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT partner.commercial_partner_id,
                   SUM(aml.amount_residual),
                   COALESCE(SUM(aml.amount_residual) FILTER (WHERE late.days > 0), 0),
                   COALESCE(SUM(aml.amount_residual * late.days) FILTER (WHERE late.days > 0), 0),
                   COALESCE(MAX(late.days), 0)
            %(items)s
            CROSS JOIN LATERAL (
                SELECT CASE WHEN aml.amount_residual > 0 THEN GREATEST(%(today)s - %(due)s, 0) END
            ) late(days)
             WHERE aml.company_id IN %(companies)s AND aml.parent_state = 'posted'
               AND aml.reconciled IS NOT TRUE AND aml.dunning_moved_item_id IS NULL AND %(scope)s
             GROUP BY partner.commercial_partner_id
            """,
            items=ITEMS,
            today=today,
            due=DUE_ON,
            companies=companies,
            scope=scope,
        )
    )
    return {row[0]: row[1:] for row in rows}


def _paid(env, companies, scope, today):
    """``{id: (items paid, amount paid, amount × days late)}`` of the last twelve months, in money.

    Credit notes and losses are not payments.
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT partner.commercial_partner_id,
                   COUNT(DISTINCT aml.id),
                   SUM(partial.amount),
                   SUM(partial.amount * GREATEST(money.date - %(due)s, 0))
            %(items)s
            JOIN account_partial_reconcile partial ON partial.debit_move_id = aml.id
            JOIN account_move_line money ON money.id = partial.credit_move_id
            JOIN account_move entry ON entry.id = money.move_id
             WHERE aml.company_id IN %(companies)s AND aml.parent_state = 'posted'
               AND (entry.origin_payment_id IS NOT NULL OR entry.statement_line_id IS NOT NULL)
               AND money.date > %(since)s AND money.date <= %(today)s AND %(scope)s
             GROUP BY partner.commercial_partner_id
            """,
            items=ITEMS,
            due=DUE_ON,
            companies=companies,
            since=today - relativedelta(months=PAID_MONTHS),
            today=today,
            scope=scope,
        )
    )
    return {row[0]: row[1:] for row in rows}


def _returned(env, companies, scope, today, since):
    """Return how many debits of each customer were returned since a day, ``{id: count}``."""
    rows = env.execute_query(
        SQL(
            """
            SELECT partner.commercial_partner_id, COUNT(*)
            %(items)s
             WHERE aml.company_id IN %(companies)s AND aml.dunning_returned_on > %(since)s
               AND aml.dunning_returned_on <= %(today)s AND %(scope)s
             GROUP BY partner.commercial_partner_id
            """,
            items=ITEMS,
            companies=companies,
            since=since,
            today=today,
            scope=scope,
        )
    )
    return dict(rows)


def _ours(creditor, partner_ids):
    domain = [("company_id", "=", creditor.id)]
    return domain if partner_ids is None else [*domain, ("partner_id", "in", list(partner_ids))]


def _broken(env, creditor, since, partner_ids):
    rows = env["account.dunning.promise"]._read_group(
        [
            *_ours(creditor, partner_ids),
            ("state", "in", ("broken", "partly")),
            ("date_promised", ">", since),
        ],
        ["partner_id"],
        ["__count"],
    )
    found = defaultdict(int)
    for partner, count in rows:
        found[partner.commercial_partner_id.id] += count
    return found


def _insolvent(env, creditor, partner_ids):
    open_ones = env["account.dunning.insolvency"].search_fetch(
        [*_ours(creditor, partner_ids), ("state", "in", UNDER_WAY)], ["partner_id"]
    )
    return set(open_ones.partner_id.commercial_partner_id.ids)
