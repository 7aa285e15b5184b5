"""Amounts as data, with the decimals of their currency: none for the yen, three for the dinar.

Amounts for readers are formatted by Odoo, which also knows the decimals; those in files and
spreadsheets, here.
"""


def write_plain(amount, currency):
    """Return an amount as text with a decimal point, without currency symbol.

    :param amount: ``Decimal`` or float, rounded to its currency
    """
    return f"{amount:.{currency.decimal_places}f}"


def get_number_format(currency):
    """Return the number format of spreadsheet cells for amounts in a currency."""
    decimals = "0" * currency.decimal_places
    return f"#,##0.{decimals}" if decimals else "#,##0"
