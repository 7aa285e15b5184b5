"""VAT on an unpaid invoice that the State gives back: when, on what proof, until when.

CGI 272 1 (until 31/12/2026; the CIBS takes over on 01/01/2027, its article is data); BOI-TVA-DED-
40-10-20. A depreciation alone gives no right to it. The time bar (31/12 of the second year after
the event) comes from secondary sources: it is shown « to check », never as certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .checks import check_amount, check_choice, check_date
from .money import CENT, ZERO, round_to_step

# A judgment opening or ordering the liquidation; a remission in a plan; proof of the loss.
GROUNDS = ("liquidation", "remission", "irrecoverable")


@dataclass(frozen=True)
class Eligibility:
    """Whether the VAT may be recovered, or else why not.

    :ivar problem: ``""``, ``no_event``, ``to_come``, ``not_proved``, ``nothing`` or ``time_barred``
    :ivar until: last day to recover it, to check with its source; None without an event
    """

    problem: str
    until: date | None

    @property
    def is_open(self) -> bool:
        """Whether nothing prevents it."""
        return not self.problem


def time_bar(event: date) -> date:
    """Return the last day of the second year after the year of the event.

    >>> time_bar(date(2026, 3, 4))
    datetime.date(2028, 12, 31)
    """
    check_date("event", event)
    return date(event.year + 2, 12, 31)


def eligibility(
    ground: str, event: date | None, proved: bool, amount: Decimal, today: date
) -> Eligibility:
    """Return whether the VAT on a debtor's invoices may be recovered today.

    The liquidation is eligible from the day of its judgment, even when another judgment of that day
    may still be appealed; a remission from the day of the plan; a definitive loss needs proof (a
    vanished debtor, a certificate), and counts on the day of that proof.

    :param proved: a document proves the event: the judgment, the plan, the certificate
    :param amount: VAT declared on what remains unpaid, without VAT due on payment
    """
    check_choice("ground", ground, GROUNDS)
    check_amount("amount", amount)
    check_date("today", today)
    if event is None:
        return Eligibility("no_event", None)
    until = time_bar(event)
    if event > today:
        return Eligibility("to_come", until)
    if today > until:
        return Eligibility("time_barred", until)
    if not amount:
        return Eligibility("nothing", until)
    if ground != "liquidation" and not proved:
        return Eligibility("not_proved", until)
    return Eligibility("", until)


def due_again(tax: Decimal, claim: Decimal, received: Decimal, step: Decimal = CENT) -> Decimal:
    """Return the VAT due again on what was received after it was recovered.

    What the debtor pays, tax included, contains tax in the same proportion as the claim.

    :param tax: VAT recovered on ``claim``
    :param received: received since then, tax included; anything beyond the claim does not count

    >>> due_again(Decimal("200.00"), Decimal("1200.00"), Decimal("300.00"))
    Decimal('50.00')
    """
    for name, amount in (("tax", tax), ("claim", claim), ("received", received)):
        check_amount(name, amount)
    if not claim:
        return ZERO
    return round_to_step(tax * min(received, claim) / claim, step)
