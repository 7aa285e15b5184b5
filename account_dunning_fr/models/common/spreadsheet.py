"""Spreadsheets (.xlsx), made in one place."""

from io import BytesIO

import xlsxwriter


def make_book(fill, *, in_order=False):
    """Return the bytes of a spreadsheet.

    :param fill: function that writes the sheets of the given ``xlsxwriter.Workbook``
    :param in_order: ``fill`` writes row after row and never goes back: each row is written to disk
        when the next one begins, since the cells of some ten thousand rows take a hundred megabytes
    """
    stream = BytesIO()
    # No cell may become a formula because of a customer's or an invoice's name.
    options = {"strings_to_formulas": False, "constant_memory": in_order}
    with xlsxwriter.Workbook(stream, options) as book:
        fill(book)
    return stream.getvalue()
