"""The eight figures of the page, each with the question it answers and the list behind it.

Each function takes the dashboard, its ``Scope`` and its ``Situation``, and returns figures.
"""

from odoo.tools import format_date, formatLang

from .scope import RECENT_DAYS, SALES_MONTHS
from .situation import AT_RISK_DAYS, Sum


def make(page, scope, situation):
    """Return the figures of the page, in the order of the questions."""
    return [
        *_owed(page, scope, situation),
        *_late(page, scope, situation),
        *_due_and_received(page, scope, situation),
        _dso(page, scope, situation),
        _credits(page, scope, situation),
    ]


def _prepare_figure(key, question, value, action, *, note="", help="", tone=""):
    return {
        "key": key,
        "question": question,
        "value": value,
        "note": note,
        "help": help,
        "action": {**action, "name": action.get("name") or question},
        "tone": tone,
    }


def _owed(page, scope, situation):
    items, late = page._get_items_action, scope.late_domain()
    return [
        _prepare_figure(
            "receivables",
            page.env._("What do our customers owe us?"),
            page._money(scope, situation.owed),
            items(scope, page.env._("Open items")),
            note=page.env._("Not yet due: %s", page._money(scope, situation.not_due)),
            help=page.env._(
                "Everything open on the receivable accounts on the day: invoices, penalties, "
                "less credit notes and payments not yet allocated."
            ),
        ),
        _prepare_figure(
            "overdue",
            page.env._("How much of it is late?"),
            page._money(scope, situation.overdue),
            items(scope, page.env._("Overdue"), late),
            note=page.env._("Rate of overdue: %s", page._percent(situation.overdue_rate)),
            help=page.env._(
                "Items past their due date. Credit notes and payments not yet allocated are "
                "not taken off: they are shown apart, as in the aged balance."
            ),
            tone="warning" if situation.overdue > 0 else "",
        ),
    ]


def _late(page, scope, situation):
    at_risk, late = situation.at_risk, scope.late_domain(AT_RISK_DAYS)
    return [
        _prepare_figure(
            "age",
            page.env._("How long has it been late?"),
            page._days(situation.mean_age),
            page._get_items_action(scope, page.env._("Overdue"), scope.late_domain()),
            note=page.env._("on average, weighted by the amounts"),
            help=page.env._("Days late of the overdue items, weighted by what is left of them."),
        ),
        _prepare_figure(
            "at_risk",
            page.env._("How much is more than 90 days late?"),
            page._money(scope, at_risk),
            page._get_items_action(scope, page.env._("More than 90 days late"), late),
            note=page.env._(
                "%s of what is late", page._percent(situation.share_of_overdue(at_risk))
            ),
            tone="danger" if at_risk > 0 else "",
        ),
    ]


def _due_and_received(page, scope, situation):
    soon, name = situation.due_within(RECENT_DAYS), page.env._("Due within 30 days")
    latest, before = (situation.received.get(key, Sum()).amount for key in (True, False))
    return [
        _prepare_figure(
            "due_soon",
            page.env._("What falls due in the next 30 days?"),
            page._money(scope, soon),
            page._get_items_action(scope, name, scope.soon_domain(RECENT_DAYS)),
            note=page.env._("today included"),
        ),
        _prepare_figure(
            "received",
            page.env._("What did we receive in 30 days?"),
            page._money(scope, latest),
            page._get_received_action(scope, scope.lately),
            note=page.env._("30 days before: %s", page._money(scope, before)),
            help=page.env._(
                "Money that came by bank or cash on the receivable accounts, less what was "
                "given back or returned."
            ),
        ),
    ]


def _dso(page, scope, situation):
    dso = situation.days_of_sales(scope.as_of)
    more = "" if dso.complete else ">\N{NO-BREAK SPACE}"
    note = page.env._(
        "Sales since %(day)s: %(amount)s. Best possible: %(best)s",
        day=format_date(page.env, dso.since),
        amount=page._money(scope, dso.sales),
        best=page._days(dso.best),
    )
    return _prepare_figure(
        "dso",
        page.env._("How many days of sales are unpaid?"),
        f"{more}{page._days(dso.count_back)}" if dso.sold else page._days(None),
        page._get_sales_action(scope, dso.since),
        note=note if dso.sold else page.env._("No sales in the last %s months", SALES_MONTHS),
        help=page.env._(
            "DSO by count-back: how many days of the latest sales, taxes included, the "
            "receivables make up. Best possible: the same on what is not yet due. The list "
            "holds these sales, from the first day of the oldest month."
        ),
    )


def _credits(page, scope, situation):
    return _prepare_figure(
        "credits",
        page.env._("What is left to allocate?"),
        page._money(scope, situation.credits.amount),
        page._get_items_action(
            scope, page.env._("Credits not allocated"), scope.aged_domain("credit")
        ),
        note=page.env._(
            "credit notes and payments: %s items",
            formatLang(page.env, situation.credits.count, digits=0),
        ),
        help=page.env._(
            "Allocate them before chasing: who is owed something may have paid already."
        ),
    )
