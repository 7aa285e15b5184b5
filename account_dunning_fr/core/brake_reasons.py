"""How far an unpaid debt may hold a customer back, and the texts that say so.

Nobody is bound to conclude another contract (C. civ. 1102), with a professional whom one has long
dealt with only after due notice (C. com. L. 442-1 II), with a consumer never without a legitimate
reason (C. consom. L. 121-11). What was already agreed is suspended while the other does not
perform, if that is serious enough (C. civ. 1219), or before he fails to, by a notice without delay
(C. civ. 1220). In insolvency proceedings contracts under way go on in spite of earlier debts, and
what is new is paid at once (C. com. L. 622-13). Who supplies a public body has no such exception,
but for a clause (CE, 8 oct. 2014, Grenke Location).

>>> [reason.source for reason in reasons("deliveries", "b2b")][-2:]
['C. civ. 1219', 'C. civ. 1220']
"""

from __future__ import annotations

from typing import NamedTuple

NONE, WARN, DEPOSIT, ORDERS, DELIVERIES = "none", "warn", "deposit", "orders", "deliveries"
BRAKES = (NONE, WARN, DEPOSIT, ORDERS, DELIVERIES)  # each holds back what those before it do


class Reason(NamedTuple):
    """A rule that was looked at: its name here, and the text that it stands in."""

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
    """Return the texts to be looked at, of what is held back and of whom.

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
