"""The control line: the total of the dashboard equals the balance of the receivable accounts.

It takes the dashboard, its ``Scope`` and its ``Situation``.
"""

from odoo import fields
from odoo.tools import format_date

from ...core.money import ZERO
from .scope import LEDGER
from .situation import to_decimal


def make(page, scope, situation):
    """Return the line that ties the dashboard to the books, with the lists to find a difference.

    The total of the open items is that of the whole company, whatever the filters.
    """
    filtered = scope.is_filtered and page._money(scope, situation.owed, exact=True)
    return {
        **_tie(page, scope, situation.shown, _total_of_the_ledger(page, scope)),
        **_orphans(page, scope, situation),
        "filtered": filtered,
        "filtered_text": filtered and page.env._("Kept by the filters: %s", filtered),
        "action": page._get_lines_action(
            page.env._("Receivable accounts"),
            [
                *LEDGER,
                ("date", "<=", fields.Date.to_string(scope.as_of)),
                ("company_id", "in", scope.companies.ids),
            ],
            "account_id",
        ),
    }


def _total_of_the_ledger(page, scope):
    """Return the balance of the receivable accounts on the day."""
    Balance = page.env["account.dunning.balance"]
    return sum(
        (
            to_decimal(Balance._get_ledger_balance(company, scope.as_of))
            * to_decimal(scope.rates[company.id])
            for company in scope.companies
        ),
        ZERO,
    )


def _tie(page, scope, shown, ledger):
    """Return both totals, and the sentence that says whether they agree."""
    values = {
        "day": format_date(page.env, scope.as_of),
        "shown": page._money(scope, shown, exact=True),
        "ledger": page._money(scope, ledger, exact=True),
        "difference": page._money(scope, shown - ledger, exact=True),
    }
    agrees = scope.currency.is_zero(float(shown - ledger))
    text = (
        page.env._(
            "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – they agree to "
            "the cent.",
            **values,
        )
        if agrees
        else page.env._(
            "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – difference "
            "%(difference)s: compare the two lists.",
            **values,
        )
    )
    return {**values, "agrees": agrees, "text": text}


def _orphans(page, scope, situation):
    """Return the number of open items without a customer, and their list."""
    count = situation.orphans.count
    if not count:
        return {"orphans": 0, "orphans_action": 0}
    return {
        "orphans": page.env._("%(count)s items without a customer", count=count),
        "orphans_action": {
            **page._get_items_action(scope, page.env._("Items without a customer")),
            "domain": [
                ("dunning_open_on", "=", fields.Date.to_string(scope.as_of)),
                ("company_id", "in", scope.companies.ids),
                ("partner_id", "=", False),
            ],
        },
    }
