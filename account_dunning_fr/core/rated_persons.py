"""Who may be rated and watched: legal persons; sole traders where a company says so; no consumer.

The CNIL's reference framework on unpaid debts (deliberation 2021-130) covers their follow-up, not
scoring; no more data than the purpose needs (GDPR art. 5).
"""

from __future__ import annotations

CONSUMER, SOLE_TRADER, LEGAL_PERSON = "consumer", "sole_trader", "legal_person"
SOLE_TRADER_FORM = "1000"  # « Entrepreneur individuel », INSEE's list of legal forms


def kind_of_person(regime: str | None, *, is_company: bool, legal_form: str = "") -> str:
    """Return how this rule classifies a customer: consumer, sole trader or legal person.

    :param regime: ``b2b``, ``b2g`` or ``b2c``, as confirmed, or else as proposed
    :param legal_form: code of INSEE's list, as given by the register; empty if the register was not
        asked

    >>> kind_of_person("b2b", is_company=True, legal_form="1000")
    'sole_trader'
    """
    if regime == "b2c" or not regime:
        return CONSUMER
    if legal_form == SOLE_TRADER_FORM or not is_company:
        return SOLE_TRADER
    return LEGAL_PERSON


def may_be_rated(kind: str, *, sole_traders: bool = False) -> bool:
    """Whether a customer may be rated and watched: a consumer never is.

    >>> may_be_rated("sole_trader"), may_be_rated("consumer", sole_traders=True)
    (False, False)
    """
    return kind == LEGAL_PERSON or (kind == SOLE_TRADER and sole_traders)
