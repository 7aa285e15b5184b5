"""Tiles of credit insurance: what is owed, covered, not covered, and reported too late.

They are shown on the page and in the monthly report if there is an insurance contract.
"""

from . import parts

INSURED = "action_account_dunning_insured"


def make(page, scope, situation):
    """Return the group of tiles, as a list: empty if there is no contract.

    :param page: ``account.dunning.dashboard``
    """
    if not situation.uninsured:
        return []
    tiles = [
        page._prepare_tile(
            "insured_outstanding",
            page.env._("Outstanding"),
            page._money(scope, situation.owed),
            help=page.env._("All that customers owe on the day, less credits not allocated."),
            action=page._get_items_action(scope, page.env._("Open items")),
        ),
        _covered(page, scope, situation),
        _uncovered(page, scope, situation),
        _late(page, scope, situation),
    ]
    return [{"title": page.env._("Credit insurance"), "tiles": tiles}]


def _covered(page, scope, situation):
    label = page.env._("Covered by the insurer")
    return page._prepare_tile(
        "insured_covered",
        label,
        page._money(scope, situation.insured_amount),
        note=page.env._("%s of the receivables", page._percent(situation.insured_share)),
        help=page.env._(
            "What is owed of the invoices issued under a cover, within the limit on each customer. "
            "The insurer pays his share of it; what exceeds the longest term or is disputed is "
            "left out where the contract says so."
        ),
        action=parts.make_action(page, scope, label, "covered"),
    )


def _uncovered(page, scope, situation):
    label = page.env._("Not covered")
    alone = situation.uninsured["alone"].amount
    return page._prepare_tile(
        "insured_uncovered",
        label,
        page._money(scope, situation.uninsured_amount),
        note=page.env._("of which customers without a cover: %s", page._money(scope, alone)),
        help=page.env._(
            "The rest of what is owed: customers without a cover, what exceeds the limits, and "
            "what the contracts leave out."
        ),
        action=parts.make_action(page, scope, label, "uncovered"),
    )


def _late(page, scope, situation):
    label = page.env._("Told to the insurer too late")
    late = situation.told_late_amount
    return page._prepare_tile(
        "insured_late",
        label,
        page._money(scope, late),
        note=page.env._("items: %s", len(situation.told_late)),
        help=page.env._(
            "Insured items still owed that were declared, or whose intervention was asked for, "
            "after a day of the contract, or not yet. Whether the insurer refuses is his decision."
        ),
        action=page._get_model_action(
            scope,
            INSURED,
            label,
            [("id", "in", [*situation.told_late])],
            {"dunning_as_of": scope.as_of.isoformat()},
        ),
        tone="danger" if late else "",
    )
