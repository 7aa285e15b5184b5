"""Tiles of how fast customers pay: days of sales, terms and delays.

Each function takes the dashboard, its ``Scope`` and its ``Situation``, and returns tiles.
"""

from datetime import timedelta

from .scope import PAID_MONTHS, SALES_MONTHS


def make(page, scope, situation):
    """Return the tiles of the payment speed.

    :param page: ``account.dunning.dashboard``
    """
    return [
        *_sales(page, scope, situation),
        *_term(page, scope, situation),
        *_delay(page, scope, situation),
    ]


def _sales(page, scope, situation):
    """Return the days of sales by both methods, and the part due to late payment."""
    dso = situation.days_of_sales(scope.as_of)
    more = "" if dso.complete else ">\N{NO-BREAK SPACE}"
    nothing = page.env._("No sales in the last %s months", SALES_MONTHS)
    sales_action = page._get_sales_action(scope, scope.sales_since + timedelta(days=1))
    return [
        page._prepare_tile(
            "dso",
            page.env._("DSO (count-back)"),
            f"{more}{page._days(dso.count_back)}" if dso.sold else page._days(None),
            note=page.env._("Best possible: %s", page._days(dso.best)) if dso.sold else nothing,
            help=page.env._(
                "How many days of the latest sales, taxes included, the receivables make up. "
                "Best possible: the same on what is not yet due."
            ),
            action=sales_action,
        ),
        page._prepare_tile(
            "add",
            page.env._("Average days delinquent"),
            page._days(dso.delinquent if dso.sold else None),
            help=page.env._("DSO less best possible DSO: what late payment alone costs."),
            action=page._get_items_action(scope, page.env._("Overdue"), scope.late_domain()),
        ),
        page._prepare_tile(
            "accounting_dso",
            page.env._("DSO (accounting)"),
            page._days(dso.accounting),
            help=page.env._("Receivables ÷ sales of the last twelve months × their days."),
            action=sales_action,
        ),
    ]


def _term(page, scope, situation):
    """Return how long customers may take to pay, and how long they do take."""
    action = page._get_payments_action(scope)
    period = page.env._("over %s months", PAID_MONTHS)
    return [
        page._prepare_tile(
            "contractual_dso",
            page.env._("DSO (contractual)"),
            page._days(situation.contractual_days),
            note=period,
            help=page.env._(
                "Mean term of payment agreed, from the invoice to the due date, weighted by "
                "the amounts, of what was paid in the last six months."
            ),
            action=action,
        ),
        page._prepare_tile(
            "payment_time",
            page.env._("Average time to pay"),
            page._days(situation.payment_days),
            note=period,
            help=page.env._(
                "Days between the invoice and the payment, weighted by the amounts, over six "
                "months: the contractual DSO and the average delay together."
            ),
            action=action,
        ),
    ]


def _delay(page, scope, situation):
    """Return how late customers pay, each figure also with what is still overdue."""
    action = page._get_payments_action(scope)
    return [
        page._prepare_tile(
            "mean_delay",
            page.env._("Average delay of payments"),
            page._days(situation.mean_delay),
            note=page.env._(
                "With what is still overdue: %s",
                page._days(situation.mean_delay_with_open),
            ),
            help=page.env._(
                "Days between the due date and the payment, weighted by the amounts, over "
                "six months; early payments count as negative. The second figure adds what is "
                "overdue, at its present age: somebody who pays nothing is not punctual."
            ),
            action=action,
        ),
        page._prepare_tile(
            "on_time",
            page.env._("Paid on time"),
            page._percent(situation.on_time_rate),
            note=page.env._(
                "With what is still overdue: %s",
                page._percent(situation.on_time_rate_of_due),
            ),
            help=page.env._(
                "Share of the money of the last six months that came on the due date or "
                "before. The second figure counts what is overdue as not paid in time."
            ),
            action=action,
        ),
    ]
