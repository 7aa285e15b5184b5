"""What a creditor may claim, give up and agree on, by the regime of the debtor.

The same answer for every letter, e-mail, agreement, request and page. The rate is in
``rate_by_regime``, the limitation in ``limitation``. Until somebody confirms the regime, nothing is
claimed beyond the principal.

>>> allowed("b2c").indemnity.possible, allowed("b2c").penalties.when
(False, 'formal_notice')
>>> allowed("b2g").waiver.source
'CCP L. 2192-14'
"""

from __future__ import annotations

from typing import NamedTuple

ALWAYS, JUSTIFIED, NEVER = "always", "justified", "never"
FORMAL_NOTICE, REASONABLE_NOTICE = "formal_notice", "reasonable_notice"
PENALTIES, INTEREST = "penalties", "interest"


class Right(NamedTuple):
    """When something may be done, and under which article.

    :param when: ``always``; ``justified``, on proof of what was spent; ``formal_notice``, from the
        formal notice on; ``reasonable_notice``, after a message that leaves a reasonable time;
        ``never``
    """

    when: str
    source: str

    @property
    def possible(self) -> bool:
        """Whether it may be done at all."""
        return self.when != NEVER

    @property
    def at_once(self) -> bool:
        """Whether it may be done without a prior message or proof."""
        return self.when == ALWAYS


class Allowed(NamedTuple):
    """The rights of a creditor: late-payment interest, flat indemnity, recovery costs, giving
    interest up, and ending the term of a plan when an instalment is missed.
    """

    penalties: Right
    indemnity: Right
    costs: Right
    waiver: Right
    acceleration: Right

    @property
    def term(self) -> str:
        """What the law calls the interest added to the principal.

        ``penalties`` (pénalités de retard) or ``interest`` (intérêts moratoires, au taux légal).
        """
        return PENALTIES if self.penalties.source.startswith("C. com.") else INTEREST


_BY_REGIME = {
    "b2b": Allowed(
        penalties=Right(ALWAYS, "C. com. L. 441-10 II"),
        indemnity=Right(ALWAYS, "C. com. L. 441-10 II, D. 441-5"),
        costs=Right(JUSTIFIED, "C. com. L. 441-10 II"),
        waiver=Right(ALWAYS, "C. civ. 1103"),
        acceleration=Right(ALWAYS, "C. civ. 1103, 1305-4"),
    ),
    "b2g": Allowed(
        penalties=Right(ALWAYS, "CCP L. 2192-13, R. 2192-31"),
        indemnity=Right(ALWAYS, "CCP L. 2192-13, D. 2192-35"),
        costs=Right(JUSTIFIED, "CCP L. 2192-13"),
        waiver=Right(NEVER, "CCP L. 2192-14"),
        acceleration=Right(ALWAYS, "C. civ. 1103"),
    ),
    # Ending a consumer's term at once: settled for loans, our reading for other agreements.
    "b2c": Allowed(
        penalties=Right(FORMAL_NOTICE, "C. civ. 1231-6, 1344-1"),
        indemnity=Right(NEVER, "C. com. L. 441-10 II"),
        costs=Right(NEVER, "CPCE L. 111-8, C. conso. L. 121-21"),
        waiver=Right(ALWAYS, "C. civ. 1103"),
        acceleration=Right(
            REASONABLE_NOTICE, "C. conso. L. 212-1 ; Cass. 1re civ. 22/03/2023 n° 21-16.044"
        ),
    ),
}
# No article: nobody knows yet which applies.
_UNCONFIRMED = Allowed(
    penalties=Right(NEVER, ""),
    indemnity=Right(NEVER, ""),
    costs=Right(NEVER, ""),
    waiver=Right(NEVER, ""),
    acceleration=Right(REASONABLE_NOTICE, ""),
)


def allowed(regime: str | None) -> Allowed:
    """Return what may be claimed from a debtor, each right with its article.

    :param regime: "b2b", "b2g", "b2c", or None (or False) while nobody confirmed it
    :raises ValueError: another regime

    >>> allowed(None).penalties.possible
    False
    """
    if not regime:
        return _UNCONFIRMED
    if regime not in _BY_REGIME:
        raise ValueError(f"regime must be one of {', '.join(_BY_REGIME)}: {regime}")
    return _BY_REGIME[regime]


def may_state_penalties(regime: str | None, kind: str) -> bool:
    """Whether a message of this kind may mention late-payment interest.

    :param kind: of the message: ``courtesy``, ``reminder``, ``registered``, ``formal_notice``

    >>> [may_state_penalties("b2c", kind) for kind in ("reminder", "formal_notice")]
    [False, True]
    """
    right = allowed(regime).penalties
    return right.at_once or (right.when == FORMAL_NOTICE and kind == "formal_notice")


def plan_penalties(regime: str | None) -> tuple[str, ...]:
    """Return what a payment plan may say about penalties, the one proposed first.

    :return: among ``running`` (they go on), ``suspended`` (given up once the plan is kept) and
        ``none`` (nothing is added to the instalments)

    >>> plan_penalties("b2b"), plan_penalties("b2g"), plan_penalties("b2c")
    (('running', 'suspended'), ('running',), ('none',))
    """
    rights = allowed(regime)
    if not rights.penalties.at_once:
        return ("none",)
    return ("running", "suspended") if rights.waiver.possible else ("running",)
