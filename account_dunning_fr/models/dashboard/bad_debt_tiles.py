"""Tiles of bad debts: doubtful, depreciated, VAT to recover; each is shown only if not zero.

Each function takes the dashboard, its ``Scope`` and its ``Situation``, and returns tiles.
"""

VAT_BACK = "action_account_dunning_vat_relief"


def make(page, scope, situation):
    """Return the tiles of bad debts.

    :param page: ``account.dunning.dashboard``
    """
    return [
        *_doubtful(page, scope, situation),
        *_provided(page, scope, situation),
        *_vat_back(page, scope, situation),
    ]


def _doubtful(page, scope, situation):
    """Return the doubtful debts (416) and the share covered by 491; nothing if there are none."""
    doubtful = situation.doubtful.amount
    if not doubtful:
        return []
    return [
        page._prepare_tile(
            "doubtful",
            page.env._("Doubtful debts (416)"),
            page._money(scope, doubtful),
            # Depreciations are rarely booked by customer: with filters, the share would be
            # meaningless.
            note=""
            if scope.is_filtered
            else page.env._("depreciated (491): %s", page._percent(situation.covered)),
            help=page.env._(
                "Balance of the doubtful customers on the day, and the part of it that the "
                "depreciations cover. Where 416 is not a receivable account, the receivables "
                "do not include it."
            ),
            action=page._get_accounts_action(scope, page.env._("Doubtful debts (416)"), "doubtful"),
        )
    ]


def _provided(page, scope, situation):
    """Return what is depreciated (491); nothing if there is none."""
    provided, label = situation.provision.amount, page.env._("Depreciated (491)")
    if not provided:
        return []
    return [
        page._prepare_tile(
            "provided",
            label,
            page._money(scope, provided),
            help=page.env._("Balance of the depreciations of customers on the day, without tax."),
            action=page._get_accounts_action(scope, label, "provision"),
        )
    ]


def _vat_back(page, scope, situation):
    """Return the VAT to recover on unpaid invoices; nothing if there is none."""
    found, label = situation.vat_back, page.env._("VAT to get back")
    if not found.amount:
        return []
    return [
        page._prepare_tile(
            "vat_back",
            label,
            page._money(scope, found.amount),
            note=page.env._("customers: %s", found.count),
            help=page.env._(
                "VAT declared on what is definitively unpaid, not taken back yet. Its ground, "
                "its duplicate and its time limit stand in the list."
            ),
            action=page._get_companies_action(scope, VAT_BACK, label, scope.vat_domain()),
            tone="warning",
        )
    ]
