"""Why a bank returned a direct debit, and what to do about it.

The codes are those of ISO 20022 (ExternalStatusReason1Code, ExternalReturnReason1Code) that banks
write in pain.002 and camt.054, and on the line of the statement. A reason never says whether the
debt is due: a person decides; this module only proposes.
"""

from __future__ import annotations

import re

FUNDS, CONTESTED, ACCOUNT, OTHER = "funds", "contested", "account", "other"
REASONS = {
    "AM04": FUNDS,  # insufficient funds: presented again, or claimed
    "MD01": CONTESTED,  # no mandate, or not authorised
    "MD06": CONTESTED,  # the customer asked his bank for the money back
    "MD07": OTHER,  # the customer died
    "MS02": CONTESTED,  # refused by the customer
    "SL01": CONTESTED,  # blocked by an instruction to his bank
    "AC01": ACCOUNT,  # account number wrong
    "AC04": ACCOUNT,  # account closed
    "AC06": ACCOUNT,  # account blocked
    "AC13": ACCOUNT,  # account of a consumer, for a scheme between businesses
    "AG01": ACCOUNT,  # direct debit forbidden on this account
    "BE05": ACCOUNT,  # creditor not recognised
    "MD02": ACCOUNT,  # mandate data missing
    "RC01": ACCOUNT,  # bank identifier wrong
    "MS03": OTHER,  # no reason given by the bank
    "AM05": OTHER,  # presented twice
}
_CODE = re.compile(r"\b([A-Z]{2}\d{2})\b")
# How French banks word the reason on a statement line, where they give no code.
_WORDS = (
    ("AM04", r"provision\s+insuffisante|d[ée]faut\s+de\s+provision|sans\s+provision"),
    ("AC04", r"compte\s+(?:cl[oô]tur[ée]|sold[ée])"),
    ("MD01", r"absence\s+de\s+mandat|pas\s+d.?autorisation|non\s+autoris[ée]|sans\s+mandat"),
    ("MS02", r"refus[ée]?\s+(?:du|par\s+le)\s+d[ée]biteur|opposition"),
    ("MD06", r"contest(?:ation|[ée])|demande\s+de\s+remboursement"),
)


def treatment(code: str | None) -> str:
    """Return how a reason is treated: « funds », « contested », « account » or « other ».

    >>> treatment("AM04"), treatment("MD01"), treatment("AC04"), treatment("ZZ99")
    ('funds', 'contested', 'account', 'other')
    """
    return REASONS.get(code or "", OTHER)


def find_reason(text: str | None) -> str:
    """Return the code of the reason given on a bank statement line, or an empty string.

    >>> find_reason("REJET PRLV SEPA AM04 FAC/1"), find_reason("Impayé: provision insuffisante")
    ('AM04', 'AM04')
    >>> find_reason("Virement")
    ''
    """
    text = text or ""
    for found in _CODE.findall(text.upper()):
        if found in REASONS:
            return found
    words = text.lower()
    return next((code for code, pattern in _WORDS if re.search(pattern, words)), "")
