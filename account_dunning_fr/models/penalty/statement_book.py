"""The statement of penalties as a spreadsheet whose sums are formulas."""

from functools import cache, partial

from odoo import fields

from ..common.amounts import get_number_format
from ..common.spreadsheet import make_book


def make_statement_book(statement):
    """Return the bytes (.xlsx) of a ``PenaltyStatement``, in its language.

    The same figures give the same bytes, whenever they are exported.
    """
    return make_book(partial(fill_book, statement), in_order=True)


def fill_book(statement, book):
    """Write a ``PenaltyStatement`` into an ``xlsxwriter.Workbook``."""
    env = statement.company.env
    book.set_properties({"created": fields.Datetime.to_datetime(statement.until)})
    sheet = book.add_worksheet(env._("Penalties"))
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    rate = book.add_format({"num_format": "0.00"})
    money = cache(lambda currency: book.add_format({"num_format": get_number_format(currency)}))
    sheet.write_row(0, 0, _get_headers(env), bold)
    sheet.set_column(0, 8, 14)
    lines = [(sec.item, segment) for sec in statement.sections for segment in sec.segments]
    for row, (item, segment) in enumerate(lines, 1):
        _write_segment(sheet, row, item, segment, day, rate, money(item.currency_id))
    _write_totals(sheet, len(lines) + 1, statement, bold, money)


def _get_headers(env):
    return [
        env._("Invoice"),
        env._("Due date"),
        env._("From"),
        env._("To"),
        env._("Days"),
        env._("Base"),
        env._("Rate (% a year)"),
        env._("Interest"),
        env._("Currency"),
    ]


def _write_segment(sheet, row, item, segment, day, rate, money):
    """Write one line of the interest on an item; its interest is a formula.

    :param int row: from 0
    :param day: format of dates; ``rate``, ``money``: of rates, and of amounts in the item's
        currency
    """
    sheet.write_string(row, 0, item.move_id.name or "")
    sheet.write_datetime(row, 1, item.date_maturity, day)
    sheet.write_datetime(row, 2, segment.start, day)
    sheet.write_datetime(row, 3, segment.end, day)
    sheet.write_number(row, 4, segment.days)
    sheet.write_number(row, 5, float(segment.base), money)
    sheet.write_number(row, 6, float(segment.annual_rate), rate)
    formula = (
        f"=ROUND(F{row + 1}*G{row + 1}/100*E{row + 1}/{segment.year},"
        f"{item.currency_id.decimal_places})"
    )
    sheet.write_formula(row, 7, formula, money, float(segment.interest))
    sheet.write_string(row, 8, item.currency_id.name)


def _write_totals(sheet, row, statement, bold, money):
    """Write the totals below the lines, one set per currency.

    :param int row: first free row, which is also the number of the last line
    :param money: function that returns the format of a currency
    """
    env, last = statement.company.env, row
    for total in statement.totals:
        for label, value, result in _get_total_lines(statement, total, last):
            sheet.write_string(row, 0, label, bold)
            if isinstance(value, str):
                sheet.write_formula(row, 7, value, money(total.currency), float(result))
            else:
                sheet.write_number(row, 7, float(value), money(total.currency))
            sheet.write_string(row, 8, total.currency.name)
            row += 1
    if statement.indemnity:
        sheet.write_string(row, 0, env._("Flat indemnity for recovery costs"), bold)
        euro = env["res.currency"]._get_dunning_euro()
        sheet.write_number(row, 7, float(statement.indemnity), money(euro))
        sheet.write_string(row, 8, "EUR")


def _get_total_lines(statement, total, last):
    """Return the totals of one currency: list of (label, amount or formula, its result).

    :param total: ``Total``
    :param int last: number of the last line of the sheet
    """
    env, name = statement.company.env, total.currency.name
    mine = [sec for sec in statement.sections if sec.item.currency_id == total.currency]
    accrued = sum(section.interest for section in mine)
    formula = f'=SUMIF(I2:I{last},"{name}",H2:H{last})' if last > 1 else "=0"
    lines = [(env._("Interest"), formula, accrued)]
    if settled := accrued - sum(section.interest_left for section in mine):
        lines.append((env._("Of which settled by the payments received"), settled, 0))
    if booked := sum(section.booked for section in mine):
        lines.append((env._("Of which already billed"), booked, 0))
    if deducted := sum(section.interest_deducted for section in mine):
        lines.append((env._("Of which already paid or waived"), deducted, 0))
    return [*lines, (env._("Principal remaining due"), total.principal, 0)]
