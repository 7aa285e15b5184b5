"""Spreadsheets (.xlsx), made in one place."""

from io import BytesIO

import xlsxwriter


def make_book(fill):
    """Return the bytes of a spreadsheet.

    :param fill: writes the sheets of the ``xlsxwriter.Workbook`` that it is given
    """
    stream = BytesIO()
    # No cell may start a formula because of a customer's or an invoice's name.
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as book:
        fill(book)
    return stream.getvalue()
