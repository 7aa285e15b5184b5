"""Tiles of the results: money received, promises and plans kept, losses.

Each function takes the dashboard, its ``Scope`` and its ``Situation``, and returns tiles.
"""

from odoo import fields

from ...core.instalments import KEPT, WAITING
from . import parts
from .situation import Instalments, Promises, to_decimal


def make(page, scope, situation):
    """Return the tiles of the results.

    :param page: ``account.dunning.dashboard``
    """
    return [
        _recovery(page, scope, situation),
        _effectiveness(page, scope, situation),
        *_promise(page, scope),
        *_plan(page, scope),
        *_loss(page, scope, situation),
    ]


def _recovery(page, scope, situation):
    return page._prepare_tile(
        "recovery",
        page.env._("Recovery rate"),
        page._percent(situation.recovery_rate),
        note=page.env._(
            "%(collected)s of %(overdue)s, %(period)s",
            collected=page._money(scope, situation.collected.amount),
            overdue=page._money(scope, situation.overdue_at_opening),
            period=page._get_period_label(),
        ),
        help=page.env._(
            "Collected during the period on what was overdue at its opening ÷ overdue at "
            "its opening."
        ),
        action=parts.make_action(page, scope, page.env._("Recovery rate"), "collected"),
    )


def _effectiveness(page, scope, situation):
    return page._prepare_tile(
        "effectiveness",
        page.env._("Collection effectiveness (CEI)"),
        page._percent(situation.effectiveness(scope.opening)),
        note=page._get_period_label(),
        help=page.env._(
            "(opening receivables + sales − receivables) ÷ (opening receivables + sales − "
            "not yet due). It is complete when nothing collectable is left."
        ),
        action=page._get_items_action(scope, page.env._("Overdue"), scope.late_domain()),
    )


def _promise(page, scope):
    """Return the share of the promised money that was paid; nothing if none was promised."""
    promises = _read_promises(page, scope)
    if promises.rate is None:
        return []
    return [
        page._prepare_tile(
            "promises",
            page.env._("Promises kept"),
            page._percent(promises.rate),
            note=page.env._(
                "not paid: %(missing)s, %(period)s",
                missing=page._money(scope, promises.missing),
                period=page._get_period_label(),
            ),
            help=page.env._(
                "Of the money promised for the period, what was paid in time, the "
                "tolerance included."
            ),
            action=_promises_action(page, scope),
        )
    ]


def _read_promises(page, scope):
    """Return what was promised for the period and what was paid of it: ``Promises``."""
    promises = page.env["account.dunning.promise"].search(_promises_domain(scope))
    return Promises.of(
        [
            _convert_promised(scope, promise, amount)
            for amount in (promise.amount, promise.amount_received)
        ]
        for promise in promises
    )


def _promises_domain(scope):
    return [
        ("company_id", "in", scope.creditors.ids),
        ("state", "in", ("kept", "partly", "broken")),
        ("date_limit", ">", fields.Date.to_string(scope.opening)),
        ("date_limit", "<=", fields.Date.to_string(scope.as_of)),
        *scope.partner_domain("partner_id."),
    ]


def _promises_action(page, scope):
    """Return the action that lists the promises counted."""
    action = page.env["ir.actions.act_window"]._for_xml_id(
        "account_dunning_fr.action_account_dunning_promise"
    )
    return {**action, "domain": _promises_domain(scope), "context": {}}


def _convert_promised(scope, promise, amount):
    converted = promise.currency_id._convert(
        amount, scope.currency, promise.company_id, promise.date_promised
    )
    return to_decimal(scope.currency.round(converted))


def _plan(page, scope):
    """Return the share of instalments paid in time; nothing if none fell due."""
    instalments = _read_instalments(page, scope)
    if instalments.rate is None:
        return []
    label = page.env._("Instalments paid in time")
    return [
        page._prepare_tile(
            "plans",
            label,
            page._percent(instalments.rate),
            note=page.env._(
                "%(kept)s of %(due)s, %(period)s",
                kept=instalments.kept,
                due=instalments.due,
                period=page._get_period_label(),
            ),
            help=page.env._(
                "Of the instalments of the payment plans that fell due in the period, those "
                "paid by their date and the tolerance."
            ),
            action=page._get_model_action(
                scope,
                "action_account_dunning_payment_plan",
                label,
                _plans_domain(scope),
            ),
        )
    ]


def _read_instalments(page, scope):
    """Return how many instalments fell due in the period, and how many were paid in time."""
    plans = page.env["account.dunning.payment.plan"].search(_plans_domain(scope))
    judged = plans._judge(scope.as_of)
    due = [
        judged[line.id].state
        for line in plans.line_ids
        if line.id in judged
        and judged[line.id].state != WAITING
        and scope.opening < line.date <= scope.as_of
    ]
    return Instalments(due.count(KEPT), len(due))


def _plans_domain(scope):
    return [
        ("company_id", "in", scope.creditors.ids),
        ("started_on", "!=", False),
        ("line_ids.date", ">", fields.Date.to_string(scope.opening)),
        *scope.partner_domain("partner_id."),
    ]


def _loss(page, scope, situation):
    """Return the rate of loss; nothing if the chart has no account 654."""
    if scope.bad_debt_ids["losses"] == (0,):
        return []
    label = page.env._("Losses (654)")
    return [
        page._prepare_tile(
            "losses",
            page.env._("Rate of loss"),
            page._percent(situation.loss_rate),
            note=page.env._(
                "%s written off over twelve months",
                page._money(scope, situation.losses.amount),
            ),
            help=page.env._(
                "Bad debts written off (accounts 654) ÷ turnover, both over twelve months and "
                "without taxes."
            ),
            action=page._get_accounts_action(scope, label, "losses", scope.year_ago),
        )
    ]
