"""What supports or prevents a court claim: facts in, findings with their reasons out.

A person may go on after a "warning", saying why. "forbidden" is what the law or common sense rules
out: an individual action after the opening of insolvency (C. com. L. 622-21), an order to pay
against a public body, a debt that is not due, not determined (CPC 1405), or in another file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from .chosen_route import closed, insolvency, interrupted_by
from .claim import CONCILIATION_MAX, ORDERS, PUBLIC_LAW, Facts, Finding
from .competent_court import is_seized
from .cross_border import FINDINGS
from .money import ZERO
from .procedure_deadlines import add_months
from .representation import representation
from .uncontested import ROUTE, conditions

OLD_NOTICE_MONTHS = 3  # practice of some courts, no text
LIMITATION_WARNING = timedelta(days=183)
ACTIVITIES_FREE_MAX = Decimal(50000)  # loi 2023-1059 art. 27, décret 2024-1225


def examine(facts: Facts) -> tuple[Finding, ...]:
    """Return every point examined, in the order in which a judge would ask.

    >>> from datetime import date
    >>> facts = Facts(date(2026, 6, 1), (), "b2g")
    >>> [finding.code for finding in examine(facts) if finding.level == "forbidden"]
    ['nothing', 'public']
    """
    checks = (_certain, _liquid, _due, _disputes, insolvency, _limitation, _notices)
    findings = [finding for check in checks for finding in check(facts)]
    own = conditions(facts) if facts.route == ROUTE else ()
    return (*findings, *_debtor(facts), *_file(facts), *closed(facts), *own)


def _of(facts: Facts, code: str, level: str, condition, source: str = "") -> Finding | None:
    """Return a finding on the items that meet a condition, or None if none does."""
    keys = tuple(item.key for item in facts.items if condition(item))
    return Finding(code, level, keys, source) if keys else None


def _certain(facts: Facts) -> Iterator[Finding]:
    if not facts.contract:
        yield Finding("no_contract", "warning", (), "CPC 1405")
    if not facts.delivery:
        yield Finding("no_delivery", "warning", (), "CPC 1405")
    if facts.contract and facts.delivery:
        yield Finding("certain", "ok", (), "CPC 1405")


def _liquid(facts: Facts) -> Iterator[Finding]:
    conditions = {
        "settled": lambda item: item.posted and not item.elsewhere and item.left <= 0,
        "unposted": lambda item: not item.posted,
        "other_customer": lambda item: item.elsewhere,
    }
    gone = [_of(facts, code, "forbidden", met) for code, met in conditions.items()]
    nothing = None if facts.items else Finding("nothing", "forbidden")
    yield from filter(None, (nothing, *gone))
    if facts.credits > 0:
        yield Finding("credits", "warning", (), "C. civ. 1342-10")
    if facts.owed > 0:  # set off only if somebody invokes it
        yield Finding("set_off", "warning", (), "C. civ. 1347")
    # A request is added up in euros: items in other currencies would be listed but not claimed.
    barred = "forbidden" if facts.route in ORDERS else "warning"
    if foreign := _of(facts, "currency", barred, lambda item: not item.in_euros, "CPC 1405"):
        yield foreign
    elif facts.items and not any(gone) and facts.credits <= 0:
        yield Finding("liquid", "ok", (), "CPC 1405")


def _due(facts: Facts) -> Iterator[Finding]:
    early = _of(facts, "not_due", "forbidden", lambda i: i.due is None or i.due >= facts.on)
    yield early or Finding("due", "ok")


def _disputes(facts: Facts) -> Iterator[Finding]:
    law = "CPC 1415" if facts.route in ORDERS else ""
    open_ones = _of(facts, "disputed", "warning", lambda item: item.disputed, law)
    yield open_ones or Finding("undisputed", "ok")


def _limitation(facts: Facts) -> Iterator[Finding]:
    over = _of(facts, "time_barred", "warning", lambda i: bool(i.limit and i.limit < facts.on))
    horizon = facts.on + LIMITATION_WARNING
    soon = _of(
        facts,
        "limit_near",
        "warning",
        lambda item: bool(item.limit and facts.on <= item.limit <= horizon),
        interrupted_by(facts.route)[1],
    )
    yield from filter(None, (over, soon))
    if not over and not soon:
        yield Finding("in_time", "ok")


def _notices(facts: Facts) -> Iterator[Finding]:
    none = _of(facts, "no_notice", "warning", lambda item: item.notice is None, "C. civ. 1344")
    conditions = {
        "notice_running": lambda notice: notice.deadline and notice.deadline >= facts.on,
        "notice_unproven": lambda notice: not notice.received,
        "notice_old": lambda notice: add_months(notice.sent_on, OLD_NOTICE_MONTHS) < facts.on,
    }
    found = [none] if none else []
    for code, condition in conditions.items():
        finding = _of(
            facts, code, "warning", lambda item, met=condition: item.notice and met(item.notice)
        )
        found += [finding] if finding else []
    yield from found or [Finding("notice", "ok", (), "C. civ. 1344")]


def _debtor(facts: Facts) -> Iterator[Finding]:
    by_regime = {
        "b2b": Finding("professional", "ok"),
        "b2c": Finding("consumer", "warning", (), "C. conso. L. 218-2"),
        "b2g": Finding("public_route", "ok", (), PUBLIC_LAW)
        if facts.route == "administrative"
        else Finding("public", "forbidden", (), PUBLIC_LAW),
    }
    yield by_regime.get(facts.regime or "", Finding("regime_unknown", "warning"))
    in_france = Finding("in_france", "ok", (), "CPC 1406")
    abroad = Finding("abroad", "warning", (), "CPC 1406")
    yield in_france if facts.place == "france" else FINDINGS.get(facts.place, abroad)


def _file(facts: Facts) -> Iterator[Finding]:
    taken = _of(facts, "in_case", "forbidden", lambda item: item.in_case)
    if taken:
        yield taken
    if facts.missing:
        yield Finding("mentions", "warning", (), "CPC 54, 57")
    principal = sum((item.left for item in facts.items), ZERO)
    # The texts refer to the demand: rules that bind below an amount look at the principal, rules
    # that bind above one at everything claimed.
    claimed = max(principal, facts.claimed)
    judicial = not facts.commercial and facts.regime != "b2g" and is_seized(facts.route)
    if judicial and principal <= CONCILIATION_MAX:
        yield Finding("conciliation", "warning", (), "CPC 750-1")
    yield from representation(facts, claimed)
    if facts.activities and claimed > ACTIVITIES_FREE_MAX:
        yield Finding("contribution", "warning", (), "décret 2024-1225")
