"""What is wrong with the terms of an invoice when it is posted: values in, findings out.

Red rests on a legal text that was seen; orange on a reading, an unseen text, or a house rule.

For consumers only the account is examined: nobody can pay into a missing or wrong account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .longest_term import GENERAL, PERISHABLE, TRANSPORT, longest_term

RED, ORANGE = "red", "orange"


class Finding(NamedTuple):
    """One thing that is wrong with an invoice.

    :param rule: which rule
    :param level: ``red`` or ``orange``
    :param source: the article; empty for a house rule
    :param limit: the last day that the rule allows, if it sets one: to pay, or to invoice
    """

    rule: str
    level: str
    source: str
    limit: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an invoice when it is posted.

    :param regime: ``b2b``, ``b2g``, ``b2c``
    :param issued: date of the invoice
    :param due: its last due date
    :param kind: passed to ``longest_term``, as are ``end_of_month`` and ``delivered``
    :param abroad: the customer is established in another country
    :param rate_under_floor: the contractual rate is under three times the legal rate
    :param other_rate: the invoice states another rate than will be claimed
    :param silent: nothing on it states the penalties
    :param no_siren: the SIREN of a French customer is missing or wrong
    :param no_order: it comes from a customer's order, but does not bear the order number
    :param no_place: the goods go elsewhere, and the delivery address is incomplete
    :param not_accepted: the customer has not accepted the general terms in force
    :param no_deposit: the amount requires a deposit, and none was requested
    :param no_operation: a line states neither goods nor services
    :param no_due: it bears no due date
    :param no_account: it names no account to be paid into; the next four concern that account too
    :param other_account: the letters will not give the account that it bears
    :param no_iban: it is in euros, and its account is not a valid IBAN
    :param wrong_key: the RIB key in its IBAN is wrong
    :param other_currency: its account is kept in another currency
    :param invoice_by: day by which the company invoices what was delivered, None if it sets none
    """

    regime: str
    issued: date
    due: date
    kind: str = GENERAL
    end_of_month: bool = False
    delivered: date | None = None
    abroad: bool = False
    rate_under_floor: bool = False
    other_rate: bool = False
    silent: bool = False
    no_siren: bool = False
    no_order: bool = False
    no_place: bool = False
    not_accepted: bool = False
    no_deposit: bool = False
    no_operation: bool = False
    no_due: bool = False
    no_account: bool = False
    other_account: bool = False
    no_iban: bool = False
    wrong_key: bool = False
    other_currency: bool = False
    invoice_by: date | None = None


def examine(facts: Facts) -> list[Finding]:
    """Return what is wrong with an invoice, red findings first.

    >>> late = Facts(regime="b2b", issued=date(2026, 1, 1), due=date(2026, 3, 3))
    >>> [(found.rule, found.level, str(found.limit)) for found in examine(late)]
    [('term', 'red', '2026-03-02')]
    """
    found = _examine_account(facts)
    if facts.regime in ("b2b", "b2g"):
        found = [*_examine_term(facts), *_examine_contents(facts), *found]
    return sorted(found, key=lambda finding: finding.level != RED)


def _examine_term(facts: Facts) -> list[Finding]:
    term = longest_term(
        facts.regime,
        facts.issued,
        facts.kind,
        end_of_month=facts.end_of_month,
        delivered=facts.delivered,
    )
    if facts.due <= term.sure:
        return []
    if facts.due <= term.most:
        return [Finding("term_reading", ORANGE, term.source, term.sure)]
    unsure = facts.kind in (TRANSPORT, PERISHABLE) or facts.abroad
    return [Finding("term", ORANGE if unsure else RED, term.source, term.most)]


def _examine_contents(facts: Facts) -> list[Finding]:
    private, french = facts.regime == "b2b", not facts.abroad
    told = (
        (facts.rate_under_floor and private, "rate_floor", RED, "C. com. L. 441-10 II"),
        (facts.other_rate, "other_rate", RED, "C. com. L. 441-9 I" if private else ""),
        (facts.no_due, "no_due", ORANGE, "C. com. L. 441-9 I" if private else ""),
        (facts.silent and private, "silent", ORANGE, "C. com. L. 441-9 I"),
        (facts.no_siren and french, "no_siren", ORANGE, "CGI ann. II 242 nonies A"),
        (facts.no_order, "no_order", ORANGE, "C. com. L. 441-9 I"),
        (facts.no_place, "no_place", ORANGE, "CGI ann. II 242 nonies A"),
        (facts.not_accepted, "not_accepted", ORANGE, "C. civ. 1119"),
        (facts.no_deposit, "no_deposit", ORANGE, ""),
        (facts.no_operation and french, "no_operation", ORANGE, "BR-FR-08"),
    )
    found = [Finding(rule, level, source) for is_so, rule, level, source in told if is_so]
    if facts.invoice_by and facts.issued > facts.invoice_by:
        found.append(Finding("late_invoice", ORANGE, "", facts.invoice_by))
    return found


def _examine_account(facts: Facts) -> list[Finding]:
    rules = ("no_account", "other_account", "no_iban", "wrong_key", "other_currency")
    return [Finding(rule, ORANGE, "") for rule in rules if getattr(facts, rule)]
