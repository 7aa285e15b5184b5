"""Amounts as data: with the decimals of their own currency, none for the yen, three for the dinar.

What a person reads is written by Odoo, which knows them too; files and spreadsheets, here.
"""


def write_plain(amount, currency):
    """Return an amount as a text with a point, without the sign of its currency.

    :param amount: ``Decimal`` or float, rounded as its currency is
    """
    return f"{amount:.{currency.decimal_places}f}"


def get_number_format(currency):
    """Return how the cells of a spreadsheet write the amounts of a currency."""
    decimals = "0" * currency.decimal_places
    return f"#,##0.{decimals}" if decimals else "#,##0"
