"""Sums that may include only part of an item: the list behind shows how much of each counts.

Such a list names its sum in its domain (``account.move.line.dunning_part_of``) and in its context
(``dunning_part``): a JSON text with the ``name`` (one of ``SUMS``), ``key`` and ``filters`` of the
page, from which the same query is run again, item by item.

Each function takes the dashboard; where a sum is computed, its ``Scope`` as well.
"""

import json

from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.money import ZERO
from ..common.ledger_query import over_the_ledger
from .query import items, results

# Sums in which an item may count for less than its residual, or for another amount.
CLAIMS = ("claimed", "received")
SUMS = ("held", "covered", "uncovered", "over_limit", "collected", "owed", *CLAIMS)


def make_action(page, scope, label, name, key=""):
    """Return the action that lists the items of a sum, with how much of each counts.

    :param str name: one of ``SUMS``
    :param str key: of the sum ``held``: the reason of the hold
    """
    action = page._get_items_action(scope, label)
    part = json.dumps({"name": name, "key": key, "filters": scope.filters}, sort_keys=True)
    return {
        **action,
        "domain": [("dunning_part_of", "=", part)],
        "context": {**action["context"], "dunning_part": part},
    }


def read(page, part, ids=None):
    """Return how much of each item counts in a sum, in the currency of the page: dict by id.

    :param str part: as written by ``make_action``; it comes from a browser
    :param ids: ids of the items shown; None: all items of the sum (for ``owed``, without amounts,
        which take long to compute)
    :raise AccessError: unless the user may see the accounts
    :raise UserError: if ``part`` is not such a text
    """
    page._check_rights()
    name, key, filters = _parse(page, part)
    scope = page._get_scope(filters)
    if name == "owed":
        found = get_owing(page, scope, ids)
        return dict.fromkeys(found.ids) if ids is None else owe_by_law(page, scope, found)
    if name in CLAIMS:
        query = results.claims_by_item(scope, name)
    else:
        query = items.by_item(scope, page._get_open_items(scope), name, key)
    if ids is not None:
        query = SQL("SELECT * FROM (%s) part WHERE move_line_id IN %s", query, tuple(ids) or (0,))
    with over_the_ledger(page.env.cr):
        return dict(page.env.execute_query(query))


def _parse(page, part):
    """Return the name, the key and the filters of a sum.

    :raise UserError: if the text is invalid, or the sum unknown
    """
    try:
        given = json.loads(part)
        name, key, filters = given["name"], given["key"], given["filters"]
    except (TypeError, ValueError, KeyError):
        name = None
    if name not in SUMS or not isinstance(key, str) or not isinstance(filters, dict):
        raise UserError(page.env._("The dashboard has no such part."))
    return name, key, filters


def get_owing(page, scope, ids=None):
    """Return the items that may owe penalties on the day, all of them or those among ``ids``.

    Whatever has been computed so far: everything overdue on the day, and items that bear penalties
    although they were paid since.
    """
    penalties = page.env["account.dunning.penalty"].sudo()
    bearing = suspended = page.env["account.move.line"].sudo()
    day = None if scope.is_today else scope.as_of
    for creditor in scope.creditors:
        bearing |= penalties._get_items(creditor, day=day)
        suspended |= penalties._get_suspended_items(creditor, day)
    query = items.owed_late(scope, page._get_open_items(scope), bearing.ids, suspended.ids)
    if ids is not None:
        query = SQL("SELECT id FROM (%s) owing WHERE id IN %s", query, tuple(ids) or (0,))
    return bearing.browse([row[0] for row in page.env.execute_query(query)])


def owe_by_law(page, scope, owing):
    """Return what items owe on the day in interest and indemnity, in the page's currency.

    :param owing: as returned by ``get_owing``
    :return: dict of ``Decimal`` by id
    """
    euro_rate = page._get_rate(scope, page.env["res.currency"]._get_dunning_euro())
    rates = {currency: page._get_rate(scope, currency) for currency in owing.currency_id}
    accruals = page.env["account.dunning.accrual"].sudo()
    owed = dict.fromkeys(owing.ids, ZERO)
    for some in page.env["account.dunning.penalty"].sudo()._split_items(owing):
        accrued = accruals._compute_items(some, scope.as_of)
        for item in some:
            found = accrued[item.id]
            owed[item.id] = found.interest * rates[item.currency_id] + found.indemnity * euro_rate
    return owed
