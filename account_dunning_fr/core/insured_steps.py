"""What to do next about an insured debt, by the clocks of its contract (``core.insurance``).

>>> exclusion(Contract(excludes_disputes=True), date(2026, 1, 1), date(2026, 1, 31), disputed=True)
'dispute'
"""

from __future__ import annotations

from datetime import date, timedelta

from .insurance import NOTHING_TOLD, Clocks, Contract, Told

NOTHING, NOTIFY, INTERVENE = "nothing", "notify", "intervene"
LATE, WAIT, CLAIM, EXCLUDED = "late", "wait", "claim", "excluded"
# Why a contract does not cover a debt.
TERM, DISPUTE = "term", "dispute"


def exclusion(contract: Contract, issued: date, due: date, *, disputed: bool = False) -> str:
    """Return why a contract does not cover a debt, ``term`` or ``dispute``; empty if it does.

    :param issued: day of the invoice
    :param due: the due date that it bears
    :param disputed: whether a dispute about it is open

    >>> exclusion(Contract(term_days=60), date(2026, 1, 1), date(2026, 3, 3))
    'term'
    """
    if contract.term_days is not None and due > issued + timedelta(contract.term_days):
        return TERM
    return DISPUTE if disputed and contract.excludes_disputes else ""


def next_step(limits: Clocks, today: date, told: Told = NOTHING_TOLD, excluded: str = "") -> str:
    """Return what to do next about an overdue debt.

    Once asked, the insurer examines the request; a debt that is not covered is not reported.

    :param excluded: as ``exclusion`` returns it

    >>> limits = Clocks(date(2026, 5, 30), None, date(2026, 6, 29), None, None)
    >>> told = Told(notified_on=date(2026, 5, 2))
    >>> next_step(limits, date(2026, 6, 1)), next_step(limits, date(2026, 6, 1), told)
    ('late', 'intervene')
    """
    if excluded:
        return EXCLUDED
    if told.asked_on:
        return WAIT if limits.paid_from is None or today < limits.paid_from else CLAIM
    if limits.intervene_by and today > limits.intervene_by:
        return LATE
    if not told.notified_on and limits.notify_by:
        return LATE if today > limits.notify_by else NOTIFY
    return INTERVENE if limits.intervene_by else NOTHING


def is_told_late(limits: Clocks, today: date, told: Told = NOTHING_TOLD) -> bool:
    """Whether the insurer was told of a debt after a last day of the contract, or that day is past.

    >>> limits = Clocks(date(2026, 5, 30), None, None, None, None)
    >>> is_told_late(limits, date(2026, 6, 1)), is_told_late(limits, date(2026, 5, 30))
    (True, False)
    """
    steps = ((limits.notify_by, told.notified_on), (limits.intervene_by, told.asked_on))
    return any(by is not None and (done or today) > by for by, done in steps)
