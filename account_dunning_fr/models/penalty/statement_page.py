"""What a page of a statement of penalties shows about an item: texts, as printed in its rows.

A statement has some fifty amounts, and a booking makes hundreds of statements: formatted here, each
is one call; formatted by the template, each would be a separate widget.
"""

from typing import NamedTuple

from odoo.tools import formatLang

from ..common.letter_formats import format_letter_amount, format_letter_date, write_once


class SegmentRow(NamedTuple):
    """A line of interest: texts, and ``days``."""

    start: str
    end: str
    days: int
    base: str
    rate: str
    interest: str
    reduces = False


class ReductionRow(NamedTuple):
    """What reduced the base from a day on: texts."""

    on: str
    label: str
    amount: str
    reduces = True


def write_rows(section):
    """Return the table of an item, in the language of its environment.

    :param section: ``penalty_statement.Section``
    :return: dict of ``rows`` (``SegmentRow`` and ``ReductionRow``) and of the sums below them:
        ``interest``, and ``settled``, ``booked`` and ``deducted``, which are empty if there is
        nothing to show
    """
    env, currency = section.item.env, section.item.currency_id

    def write(amount):
        return format_letter_amount(env, float(amount), currency)

    settled = section.interest - section.interest_left
    return {
        "rows": [_write_row(line, env, write) for line in section.lines],
        "interest": write(section.interest),
        "settled": write(settled) if settled else "",
        "booked": write(section.booked) if section.booked else "",
        "deducted": write(section.interest_deducted) if section.interest_deducted else "",
    }


def _write_row(line, env, write):
    """Return a line of interest, or what reduced its base from a day on.

    :param line: an element of ``Section.lines``
    :param write: function that formats an amount
    :return: ``SegmentRow`` or ``ReductionRow``
    """
    segment, reduced = line
    if reduced:
        day = format_letter_date(env, reduced.on)
        return ReductionRow(day, reduced.label, write(-reduced.amount))
    return SegmentRow(
        format_letter_date(env, segment.start),
        format_letter_date(env, segment.end),
        segment.days,
        write(segment.base),
        _write_rate(env, float(segment.annual_rate)),
        write(segment.interest),
    )


def _write_rate(env, rate):
    key = ("rate", env.lang, rate)
    return write_once(env, key, lambda: formatLang(env, rate, digits=2))
