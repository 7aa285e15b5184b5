"""Spreadsheets (.xlsx), made in one place."""

from io import BytesIO

import xlsxwriter


def make_book(fill, *, in_order=False):
    """Return the bytes of a spreadsheet.

    :param fill: writes the sheets of the ``xlsxwriter.Workbook`` that it is given
    :param in_order: ``fill`` writes row after row and never goes back to one: each is put on the
        disk as the next begins, for the cells of some ten thousand rows take a hundred megabytes
    """
    stream = BytesIO()
    # No cell may start a formula because of a customer's or an invoice's name.
    options = {"strings_to_formulas": False, "constant_memory": in_order}
    with xlsxwriter.Workbook(stream, options) as book:
        fill(book)
    return stream.getvalue()
