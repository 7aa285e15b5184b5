"""Tiles of what is owed on the day: overdue, at risk, over the limits, soon time-barred.

Each function takes the dashboard, its ``Scope`` and its ``Situation``, and returns tiles.
"""

from . import bad_debt_tiles, parts
from .scope import LIMIT_MONTHS
from .situation import AT_RISK_DAYS


def make(page, scope, situation):
    """Return the tiles of the day.

    :param page: ``account.dunning.dashboard``
    """
    return [
        _receivables(page, scope, situation),
        *_due(page, scope, situation),
        _at_risk(page, scope, situation),
        _formal(page, scope, situation),
        *_credit(page, scope, situation),
        *_limit(page, scope, situation),
        *bad_debt_tiles.make(page, scope, situation),
    ]


def _receivables(page, scope, situation):
    credit = situation.credits.amount
    return page._prepare_tile(
        "receivables",
        page.env._("Receivables"),
        page._money(scope, situation.owed),
        note=page.env._("of which %s of credits not allocated", page._money(scope, credit))
        if credit
        else "",
        help=page.env._(
            "Everything open on the receivable accounts on the day: invoices, penalties, "
            "less credit notes and payments not yet allocated."
        ),
        action=page._get_items_action(scope, page.env._("Open items")),
    )


def _due(page, scope, situation):
    """Return what is not yet due, and what is overdue with its rate and concentration."""
    items = page._get_items_action
    return [
        page._prepare_tile(
            "not_due",
            page.env._("Not yet due"),
            page._money(scope, situation.not_due),
            action=items(scope, page.env._("Not yet due"), scope.aged_domain("not_due")),
        ),
        page._prepare_tile(
            "overdue",
            page.env._("Overdue"),
            page._money(scope, situation.overdue),
            note=page.env._(
                "Rate of overdue: %(rate)s – ten largest customers: %(share)s",
                rate=page._percent(situation.overdue_rate),
                share=page._percent(situation.concentration),
            ),
            help=page.env._(
                "Overdue ÷ all that is owed. An item is overdue after its due date. Credit "
                "notes and payments not yet allocated are not taken off: as in the aged "
                "balance, they are shown apart."
            ),
            action=items(scope, page.env._("Overdue"), scope.late_domain()),
            tone="warning" if situation.overdue > 0 else "",
        ),
    ]


def _at_risk(page, scope, situation):
    at_risk = situation.at_risk
    label = page.env._("More than 90 days late")
    return page._prepare_tile(
        "at_risk",
        label,
        page._money(scope, at_risk),
        note=page.env._("%s of the receivables", page._percent(situation.share(at_risk))),
        action=page._get_items_action(scope, label, scope.late_domain(AT_RISK_DAYS)),
        tone="danger" if at_risk > 0 else "",
    )


def _formal(page, scope, situation):
    expired = situation.formal_expired
    label = page.env._("Under formal notice")
    return page._prepare_tile(
        "formal_notices",
        label,
        page._money(scope, situation.formal_notices),
        note=page.env._("of which expired: %s", page._money(scope, expired)),
        help=page.env._(
            "Open items claimed in a formal notice; expired once its printed deadline is past."
        ),
        action=page._get_items_action(scope, label, scope.formal_domain()),
        tone="danger" if expired > 0 else "",
    )


def _credit(page, scope, situation):
    """Return what is owed beyond the credit limits; nothing if no limit is granted."""
    if not situation.credit_limit:
        return []
    over, count = situation.credit_limit["over"]
    label = page.env._("Over the credit limit")
    return [
        page._prepare_tile(
            "credit_limit",
            label,
            page._money(scope, over),
            note=page.env._(
                "customers: %(count)s; limits used: %(used)s",
                count=count,
                used=page._percent(situation.limits_used),
            ),
            help=page.env._(
                "What customers owe beyond the credit limit of their form, added up. Limits "
                "used: all that these customers owe ÷ their limits."
            ),
            action=parts.make_action(page, scope, label, "over_limit"),
            tone="warning" if over > 0 else "",
        )
    ]


def _limit(page, scope, situation):
    """Return what is soon time-barred; nothing if nothing is."""
    amount = situation.time_barred.amount
    if not amount:
        return []
    label = page.env._("Soon time-barred")
    return [
        page._prepare_tile(
            "limit",
            label,
            page._money(scope, amount),
            note=page.env._("within %s months, or already", LIMIT_MONTHS),
            help=page.env._(
                "Unpaid items whose limitation ends soon, counted from the due date, so at the "
                "latest: it may have begun earlier, when the service was completed. Two years "
                "for a consumer, four for a public body (full calendar years), five for all "
                "others. What interrupts it (acknowledgement, claim in court, enforcement) is "
                "not counted here: look into each debt."
            ),
            action=page._get_items_action(scope, label, scope.limit_domain()),
            tone="danger",
        )
    ]
