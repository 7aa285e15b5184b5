"""How far an unpaid debt may hold a customer back, and the legal sources.

Nobody is bound to enter into another contract (C. civ. 1102); an established relationship with a
professional may be ended only after due notice (C. com. L. 442-1 II), and a consumer may be refused
only for a legitimate reason (C. consom. L. 121-11). Performance already agreed may be suspended
while the other party does not perform, if the failure is serious enough (C. civ. 1219), or before
that party fails to, by a notice without delay (C. civ. 1220). In insolvency proceedings contracts
under way continue despite earlier debts, and new supplies are paid at once (C. com. L. 622-13). A
supplier of a public body has no such exception, except under a clause of the contract (CE, 8 oct.
2014, Grenke Location).

>>> [reason.source for reason in reasons("deliveries", "b2b")][-2:]
['C. civ. 1219', 'C. civ. 1220']
"""

from __future__ import annotations

from typing import NamedTuple

NONE, WARN, DEPOSIT, ORDERS, DELIVERIES = "none", "warn", "deposit", "orders", "deliveries"
BRAKES = (NONE, WARN, DEPOSIT, ORDERS, DELIVERIES)  # each also holds back what those before it do


class Reason(NamedTuple):
    """A rule that applies: its name here, and its legal source."""

    code: str
    source: str


FREEDOM = Reason("freedom", "C. civ. 1102")
RELATION = Reason("relation", "C. com. L. 442-1 II")
CONSUMER = Reason("consumer", "C. consom. L. 121-11")
EXCEPTION = Reason("exception", "C. civ. 1219")
FORETOLD = Reason("foretold", "C. civ. 1220")
INSOLVENCY = Reason("insolvency", "C. com. L. 622-13")
PUBLIC = Reason("public", "CE, 8 oct. 2014, Grenke Location")
# No text of law: the contract of credit insurance, past its longest extension.
INSURER = Reason("insurer", "Contrat d’assurance-crédit")


def reasons(
    brake: str, regime: str | None, *, insolvent: bool = False, insurer: bool = False
) -> tuple[Reason, ...]:
    """Return the sources that apply, by what is held back and from whom.

    :param brake: one of ``BRAKES``
    :param regime: ``b2b``, ``b2c`` or ``b2g``; None while nobody confirmed it: those of both
    :param insolvent: whether a debt arose before the opening of insolvency proceedings
    :param insurer: whether the contract of credit insurance asks for it
    """
    found = [INSURER] if insurer else []
    if regime == "b2g":
        return (*found, PUBLIC)
    found += [INSOLVENCY] if insolvent else []
    if BRAKES.index(brake) >= BRAKES.index(DEPOSIT):
        found += [FREEDOM]
        found += [RELATION] if regime in ("b2b", None) else []
        found += [CONSUMER] if regime in ("b2c", None) else []
    return (*found, EXCEPTION, FORETOLD) if brake == DELIVERIES else tuple(found)
