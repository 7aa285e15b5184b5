"""The penalty statement (« décompte ») as a value: what items owe up to a day, line by line.

Every line shows its arithmetic, base × rate × days / days of the year: it adds up on paper. The
page that prints it (``reports/penalty``), the spreadsheet (``statement_book``) and a court file
read the same value; making one writes nothing.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ...core.interest import Segment
from ...core.money import CENT, ZERO, to_decimal
from ...core.rates import Figure
from .statement_page import write_rows

# What a partial payment settles first.
IMPUTATIONS = [
    ("principal", "On the principal, as in the books"),
    ("interest", "On the interest first (C. civ. 1343-1)"),
]


class Reduced(NamedTuple):
    """What reduced the base of an item from a day on; amount in the item's currency."""

    on: date
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Section:
    """What one item owes; amounts in its currency, indemnities in euros.

    :param item: ``account.move.line``
    :param segments: segments of its interest, in order
    :param interest: interest accrued in all
    :param interest_left: the part of it that the payments received did not settle
    :param principal_left: principal not yet paid on that day
    :param indemnity: flat indemnity for recovery costs
    :param booked: interest booked so far
    :param booked_indemnity: indemnity booked so far
    :param settled: interest paid as penalties, or waived
    :param settled_indemnity: indemnity paid or waived
    :param retention: retention of guarantee, which bears no interest
    :param label: basis of the rate, in words
    :param annual_rate: rate of the last day that bore interest, in percent
    :param a_day: interest of one more day, not rounded
    :param problem: why nothing can be computed, for the user; False otherwise
    :param reductions: reductions of the base, in order
    :param figures: the published rates it uses (``core.rates.Figure``)
    """

    item: Any
    segments: tuple[Segment, ...]
    interest: Decimal
    interest_left: Decimal
    principal_left: Decimal
    indemnity: Decimal
    booked: Decimal
    booked_indemnity: Decimal
    settled: Decimal
    settled_indemnity: Decimal
    retention: Decimal
    label: str
    annual_rate: Decimal
    a_day: Decimal
    problem: str | bool
    reductions: tuple[Reduced, ...]
    figures: tuple[Figure, ...]

    @property
    def lines(self):
        """Segments and reductions of their base, by day: pairs of which one is ``None``."""
        dated = [((segment.end, 0), (segment, None)) for segment in self.segments]
        dated += [((reduced.on, 1), (None, reduced)) for reduced in self.reductions]
        return [line for _day, line in sorted(dated, key=lambda pair: pair[0])]

    def write_rows(self):
        """Return the table of this item as a page prints it (``statement_page.write_rows``)."""
        return write_rows(self)

    @property
    def interest_claimed(self):
        """Interest that is still to pay, never negative."""
        return max(self.interest_left - self.settled, ZERO)

    @property
    def indemnity_claimed(self):
        """Indemnity that is still to pay, never negative."""
        return max(self.indemnity - self.settled_indemnity, ZERO)

    @property
    def interest_deducted(self):
        """What is deducted from the interest because it was paid or waived."""
        return self.interest_left - self.interest_claimed

    @property
    def indemnity_deducted(self):
        """What is deducted from the indemnity because it was paid or waived."""
        return self.indemnity - self.indemnity_claimed


class Total(NamedTuple):
    """What is still to pay in one currency (``res.currency``)."""

    currency: Any
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True)
class PenaltyStatement:
    """The statement of one customer's items, as the books are when it is made.

    :param company: the creditor, ``res.company``; like ``partner``, the customer, in the language
        of the statement
    :param until: last day that counts
    :param sections: one per item, ordered by due date
    :param note: number of the penalty note to which it is attached, or empty
    """

    company: Any
    partner: Any
    until: date
    sections: tuple[Section, ...]
    note: str = ""

    @property
    def totals(self):
        """What is still to pay by currency, in the order of the items (list of ``Total``).

        Penalties that were paid or waived are no longer owed: they appear in the lines, not in
        totals.
        """
        totals = {}
        for section in self.sections:
            currency = section.item.currency_id
            before = totals.get(currency, Total(currency, ZERO, ZERO))
            totals[currency] = Total(
                currency,
                before.principal + section.principal_left,
                before.interest + section.interest_claimed,
            )
        return list(totals.values())

    @property
    def is_to_the_cent(self):
        """Whether the cent is the smallest unit of every currency in which interest runs."""
        bearing = [section.item.currency_id for section in self.sections if section.segments]
        return all(to_decimal(currency.rounding) == CENT for currency in bearing)

    @property
    def indemnity(self):
        """The flat indemnities of all items that are still to pay, in euros."""
        return sum((section.indemnity_claimed for section in self.sections), ZERO)


def make_statement(
    company, partner, items, until, *, imputation="principal", with_disputed=False, note=""
):
    """Return the statement of items up to a day, in the language of their environment.

    :param company: ``res.company``, the creditor
    :param partner: ``res.partner``, the customer
    :param items: ``account.move.line``, his due items
    :param date until: last day that counts
    :param str imputation: ``principal`` (as the books) or ``interest`` (C. civ. 1343-1)
    :param bool with_disputed: claim what is disputed too, as a court file does
    :param str note: number of the note to which it is attached
    :return: ``PenaltyStatement``
    """
    env = items.env
    items = items.sorted(lambda item: (item.date_maturity, item.id))
    accrued = env["account.dunning.accrual"]._compute_items(
        items, until, imputation, with_disputed=with_disputed
    )
    penalties = env["account.dunning.penalty"].sudo()._get_by_item(items)
    labels = items._get_dunning_rate_labels()
    sections = tuple(
        _make_section(item, accrued[item.id], penalties[item], labels[item]) for item in items
    )
    return PenaltyStatement(company, partner, until, sections, note)


def _make_section(item, accrued, penalty, label):
    """Return what one item owes.

    :param accrued: its ``Accrued``
    :param penalty: its ``account.dunning.penalty``, empty if nothing was booked
    :param str label: the basis of its rate, in words
    :return: ``Section``
    """
    statement = accrued.statement
    sums = penalty._get_sums()
    (booked, settled), (booked_indemnity, settled_indemnity) = sums["interest"], sums["indemnity"]
    return Section(
        item=item,
        segments=tuple(statement.segments) if statement else (),
        interest=accrued.interest,
        interest_left=statement.interest_left if statement else ZERO,
        principal_left=statement.principal_left if statement else _get_residual(item),
        indemnity=accrued.indemnity,
        booked=booked,
        booked_indemnity=booked_indemnity,
        settled=settled,
        settled_indemnity=settled_indemnity,
        retention=item._get_dunning_retention(),
        label=label,
        annual_rate=accrued.annual_rate,
        a_day=accrued.a_day,
        problem=accrued.problem,
        reductions=_name_reductions(item, accrued.events),
        figures=accrued.figures,
    )


def _get_residual(item):
    return to_decimal(item.amount_residual_currency, item.currency_id.rounding)


def _name_reductions(item, events):
    """Return what reduced the base of an item, with its name and first day.

    A credit note counts from the due date unless the creditor chose otherwise: the account
    statement lists it under its own date, so this one says why the date differs here.

    :param item: ``account.move.line``
    :param events: ``core.interest.Event``
    """
    if not events:  # the case of most items: no name to look up
        return ()
    env = item.env
    labels = {
        "payment": env._("Payment"),
        "credit_note": env._("Credit note"),
        "discount": env._("Early-payment discount"),
        "dispute": env._("Disputed or held back, not claimed"),
    }
    early = env._("Credit note, counted from the due date")
    return tuple(
        Reduced(
            event.on,
            early
            if event.kind == "credit_note" and event.on == item.date_maturity
            else labels[event.kind],
            event.amount,
        )
        for event in events
    )
