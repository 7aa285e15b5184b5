"""Tiles of the collection work: what was done, how soon, and at what cost.

Each function takes the dashboard, its ``Scope`` and its ``Situation``, and returns tiles.
"""

from odoo import fields

from .account_dunning_dashboard import NOTICES
from .scope import PAID_MONTHS


def make(page, scope, situation):
    """Return the tiles of the collection work.

    :param page: ``account.dunning.dashboard``
    """
    return [
        _activation(page, scope, situation),
        _first(page, scope, situation),
        _contact(page, scope, situation),
        _dispute(page, scope, situation),
        _cost(page, scope, situation),
        *_customer_page(page, scope),
    ]


def _customer_page(page, scope):
    """Return how the debtor page is used; nothing if no notice contained a link to it."""
    links, since = page.env["account.dunning.link"], fields.Date.add(scope.opening, days=1)
    use = links._count_use(scope.creditors, since, scope.as_of)
    if not use["links"]:
        return []
    label = page.env._("Requests of customers")
    return [
        page._prepare_tile(
            "page",
            page.env._("Pages of the customers opened"),
            page._percent(100 * use["opened"] / use["links"]),
            note=page.env._(
                "%(opened)s of %(links)s links opened, %(asked)s requests, %(paid)s payments "
                "online, %(period)s",
                period=page._get_period_label(),
                **use,
            ),
            help=page.env._(
                "Of the links that left with messages in the period, those that were opened; "
                "what customers sent by their page, and what they paid online from it. Of all "
                "customers, whatever the filters."
            ),
            action=page._get_model_action(
                scope,
                "action_account_dunning_request",
                label,
                scope.between("made_at", scope.opening),
                {"group_by": ["kind"]},
            ),
        )
    ]


def _activation(page, scope, situation):
    active, late, rate = situation.activation
    action = page._get_items_action(scope, page.env._("Overdue"), scope.late_domain())
    return page._prepare_tile(
        "activation",
        page.env._("Rate of activation"),
        page._percent(rate),
        note=page.env._(
            "%(active)s of %(late)s late customers, %(period)s",
            active=active,
            late=late,
            period=page._get_period_label(),
        ),
        help=page.env._(
            "Of the customers who owe something overdue, those who were reminded or called, "
            "or who paid something, in the period."
        ),
        action={**action, "context": {**action["context"], "group_by": ["partner_id"]}},
    )


def _first(page, scope, situation):
    label = page.env._("First reminder after")
    return page._prepare_tile(
        "first",
        label,
        page._days(situation.days_to_first_reminder),
        note=page._get_period_label(),
        help=page.env._(
            "Mean number of days between the due date of an item and the first reminder that "
            "claims it; courtesy messages do not count."
        ),
        action=page._get_model_action(
            scope,
            NOTICES,
            label,
            [
                ("state", "=", "sent"),
                ("has_left", "=", True),
                ("kind", "!=", "courtesy"),
                *scope.between("date", scope.opening),
            ],
        ),
    )


def _contact(page, scope, situation):
    reached, made, rate = situation.contact
    label = page.env._("Calls made")
    return page._prepare_tile(
        "contact",
        page.env._("Reached by phone"),
        page._percent(rate),
        note=page.env._(
            "%(reached)s of %(made)s calls, %(period)s",
            reached=reached,
            made=made,
            period=page._get_period_label(),
        ),
        help=page.env._(
            "Of the calls made in the period, those in which somebody was spoken to: neither "
            "a message left nor a customer who cannot be reached."
        ),
        action=page._get_model_action(
            scope,
            "action_account_dunning_call",
            label,
            [("state", "=", "done"), *scope.between("done_on", scope.opening)],
            {"group_by": ["outcome"]},
        ),
    )


def _dispute(page, scope, situation):
    label = page.env._("Disputes")
    return page._prepare_tile(
        "disputes",
        page.env._("Days to solve a dispute"),
        page._days(situation.days_to_solve),
        note=page.env._(
            "disputed: %(amount)s, %(rate)s of the sales, over twelve months",
            amount=page._money(scope, situation.disputed),
            rate=page._percent(situation.dispute_rate(scope.year_ago)),
        ),
        help=page.env._(
            "Mean time between the opening and the end of the disputes closed in the last "
            "twelve months. Beside it, what was disputed in them ÷ sales, taxes included."
        ),
        action=page._get_model_action(
            scope,
            "action_account_dunning_dispute",
            label,
            [
                "|",
                *("&", *scope.between("date_open", scope.year_ago)),
                *("&", *scope.between("closed_on", scope.year_ago)),
            ],
            {"group_by": ["reason"]},
        ),
    )


def _cost(page, scope, situation):
    """Return the cost per euro paid late; without any price or fee, say where to enter them."""
    work = situation.work_cost
    fees = situation.fees(page._get_rate(scope, page.env["res.currency"]._get_dunning_euro()))
    cost = situation.cost_per_euro(work + fees)
    return page._prepare_tile(
        "cost",
        page.env._("Cost per euro recovered"),
        "–" if cost is None else page._money(scope, cost, exact=True),
        note=_describe_costs(page, scope, situation, work, fees),
        help=page.env._(
            "Letters, registered letters and calls at the prices of the settings, and the "
            "costs entered on the court files ÷ what was paid after its due date. Agencies: "
            "their commission ÷ what they received, by the months that they gave."
        ),
        action=page._get_model_action(
            scope,
            NOTICES,
            page.env._("Letters and calls"),
            [
                ("state", "=", "sent"),
                *scope.between("date", scope.paid_since),
                "|",
                "|",
                ("send_letter", "=", True),
                ("send_registered", "=", True),
                ("make_call", "=", True),
            ],
        ),
    )


def _describe_costs(page, scope, situation, work, fees):
    """Return what was spent, followed by the cost of agencies, if they received anything."""
    own = (
        page.env._(
            "%(work)s of post and calls, %(fees)s of fees, over %(months)s months",
            work=page._money(scope, work),
            fees=page._money(scope, fees),
            months=PAID_MONTHS,
        )
        if work + fees
        else page.env._("Enter what a letter and a call cost in the settings")
    )
    beside = situation.agency_cost_per_euro
    told = beside is not None and page.env._(
        "Agencies: %s per euro received", page._money(scope, beside, exact=True)
    )
    return ". ".join(filter(None, [own, told]))
