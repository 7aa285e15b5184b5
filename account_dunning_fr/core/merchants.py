"""Whether a debtor owes as a merchant, by what is known of it: a proposal, which a person corrects.

A company is commercial by its form (SARL, SAS, SA, SNC, SCA: C. com. L. 210-1). An association, a
foundation, a trade union, a syndicat of co-owners or a civil company is not, whatever its size: the
judicial court is competent for what it owes (C. com. L. 721-3). Of a sole trader, the form does not
say whether he is a trader, a craftsman or of a liberal profession.
"""

from __future__ import annotations

import re

from .claimant import is_natural_person

_CIVIL = re.compile(
    r"(?<!\w)(?:associations?|fondations?|fonds de dotation|syndicats?|copropri\w+|mutuelles?"
    r"|congr[ée]gations?|comit[ée]s?|soci[ée]t[ée]s? civiles?|groupements? (?:agricole|foncier)s?"
    r"|loi (?:de )?1901|s\.?c\.?i\.?|s\.?c\.?p\.?|s\.?c\.?m\.?|s\.?c\.?e\.?a\.?|sccv|scpi"
    r"|g\.?a\.?e\.?c\.?|e\.?a\.?r\.?l\.?|g\.?f\.?a\.?)(?!\w)",
    re.IGNORECASE,
)


def merchant(regime: str | None, *, is_company: bool, legal_form: str | None) -> str:
    """Return "yes", "no" or "unknown".

    :param regime: "b2b", "b2c", "b2g", or None while nobody confirmed it
    :param legal_form: as a user typed it

    >>> [merchant("b2b", is_company=True, legal_form=form) for form in ("SARL", None, "SCIC SAS")]
    ['yes', 'yes', 'yes']
    >>> forms = ("Association loi 1901", "SCI", "Société civile", "E.A.R.L.", "Fondation")
    >>> {merchant("b2b", is_company=True, legal_form=form) for form in forms}
    {'no'}
    >>> merchant("b2b", is_company=True, legal_form="EI")
    'unknown'
    """
    if regime in ("b2c", "b2g"):
        return "no"
    if regime != "b2b" or not is_company or is_natural_person(legal_form):
        return "unknown"
    return "no" if _CIVIL.search(legal_form or "") else "yes"
