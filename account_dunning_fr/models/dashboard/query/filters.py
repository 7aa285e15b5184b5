"""What narrows the queries of the dashboard: its filters, and the currency it is shown in.

A scope is the dict of ``account.dunning.dashboard._get_scope``.
"""

from odoo.tools import SQL

# Profiles that follow from a confirmed regime, where no other one is set (as in the rules).
PROFILE_BY_REGIME = {"b2g": "public", "b2c": "consumer"}


def converted(scope, amount, alias):
    """Return an amount of a row's company in the currency of the dashboard, at the day's rate."""
    if set(scope["rates"].values()) == {1.0}:
        return amount
    cases = [SQL("WHEN %s THEN %s", company, rate) for company, rate in scope["rates"].items()]
    return SQL("%s * CASE %s.company_id %s END", amount, SQL(alias), SQL(" ").join(cases))


def kept(scope, partner, currency):
    """Return the condition of the filters.

    :param partner: ``SQL`` alias of the commercial partner
    :param currency: ``SQL`` of the row's currency
    """
    columns = {
        "salesperson_id": SQL("%s.user_id", partner),
        "collector_id": SQL("COALESCE(%(p)s.dunning_user_id, %(p)s.user_id)", p=partner),
        "currency_id": currency,
    }
    conditions = [
        SQL("%s = %s", column, scope[name]) for name, column in columns.items() if scope[name]
    ]
    for value, column in (
        (scope["regime"], SQL("%s.dunning_regime", partner)),
        (scope["profile"], _get_profile_sql(partner)),
    ):
        if value == "none":
            conditions.append(SQL("%s.id IS NOT NULL AND %s IS NULL", partner, column))
        elif value:
            conditions.append(SQL("%s = %s", column, value))
    if scope["branch_ids"]:
        conditions.append(_of_branches(scope, partner))
    return SQL("(%s)", SQL(" AND ").join(conditions)) if conditions else SQL("TRUE")


def _of_branches(scope, partner):
    """Return whether a customer was invoiced by the branches that are looked at."""
    return SQL(
        """
        %s.id IN (SELECT commercial_partner_id FROM account_move
                   WHERE company_id IN %s AND move_type IN ('out_invoice', 'out_receipt'))
        """,
        partner,
        scope["branch_ids"],
    )


def _get_profile_sql(partner):
    cases = [
        SQL("WHEN %s THEN %s", regime, profile) for regime, profile in PROFILE_BY_REGIME.items()
    ]
    return SQL(
        "COALESCE(%(p)s.dunning_profile, CASE %(p)s.dunning_regime %(cases)s END)",
        p=partner,
        cases=SQL(" ").join(cases),
    )
