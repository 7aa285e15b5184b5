"""Dates and amounts in what is written to customers.

In languages other than French, months are written in letters: 12/03/2026 is in March for a debtor
in Munich, and in December in American English. In French the currency follows the number, and a
dollar says whose it is: « 1 800,00 $ US ».
"""

import re
from datetime import date

import babel.dates

from odoo.tools import (
    babel_locale_parse,
    format_amount,
    format_date,
    formatLang,
    get_lang,
    posix_to_ldml,
)

from .private_context import pass_on, passed

WRITTEN = "d MMM y"
LETTERS = "account_dunning_fr."
NBSP = "\N{NO-BREAK SPACE}"
# Between a number and its currency, whichever comes first; not within « 1 800,00 » or « $ US ».
BESIDE_UNIT = re.compile(rf"(?<=\d){NBSP}(?=\D)|(?<=\D){NBSP}(?=\d)")
DOLLARS = {
    "USD": f"${NBSP}US",
    "CAD": f"${NBSP}CA",
    "AUD": f"${NBSP}AU",
    "NZD": f"${NBSP}NZ",
    "HKD": f"${NBSP}HK",
    "SGD": f"${NBSP}SG",
}


def write_as_letter(records):
    """Return records whose amounts and dates are formatted as in a letter, each of them once.

    :param records: any recordset; results for others in the same rendering are reused
    """
    return records if get_written(records.env) is not None else pass_on(records, letter={})


def get_written(env):
    """Return the results so far in this rendering, by key; None outside one."""
    return passed(env, "letter")


def write_once(env, key, write):
    """Compute something once per rendering, which changes no record; outside one, every time.

    :param tuple key: all that it depends on, after a word that says what it is
    :param write: computes it: a text, or what several texts of a page depend on
    """
    written = get_written(env)
    if written is None:
        return write()
    if key not in written:
        written[key] = write()
    return written[key]


def get_date_format(env):
    """Return the date format of letters in the language of ``env``; False for Odoo's own."""
    return False if (env.lang or "").startswith("fr") else WRITTEN


def format_letter_date(env, day):
    """Format a date for a letter in the language of ``env``.

    :param date day: may be empty
    """
    return write_once(env, ("day", env.lang, day), lambda: _format_day(env, day))


def _format_day(env, day):
    """Format a date like ``format_date``, looking up the format of the language once."""
    if type(day) is not date:  # empty, or of another type
        return format_date(env, day, date_format=get_date_format(env))
    locale, pattern = write_once(env, ("dates", env.lang), lambda: _find_date_pattern(env))
    return babel.dates.format_date(day, format=pattern, locale=locale)


def _find_date_pattern(env):
    """Return the locale and date pattern of the language of ``env``, for Babel."""
    lang = get_lang(env)
    locale = babel_locale_parse(lang.code)
    return locale, get_date_format(env) or posix_to_ldml(lang.date_format, locale=locale)


def format_long_date(env, day, date_format="d MMMM y"):
    """Format a date with its month in letters; in French the first of a month is « 1er ».

    :param date day: a date
    :param str date_format: starts with the day, and has the month in letters
    """
    text = format_date(env, day, date_format=date_format)
    in_french = (env.lang or "").startswith("fr")
    return text.replace("1", "1er", 1) if in_french and day.day == 1 else text


def format_labelled(env, label, value):
    """Return a label and its value; French puts a space before the colon."""
    in_french = (env.lang or "").startswith("fr")
    return f"{label}{NBSP if in_french else ''}: {value}"


def _is_amount_of_odoo(env, currency):
    """Whether letters in the language of ``env`` format amounts as Odoo does."""
    in_french = (env.lang or "").startswith("fr")
    unit = DOLLARS.get(currency.name) or currency.symbol
    return not in_french or (currency.position == "after" and unit == currency.symbol)


def format_letter_amount(env, amount, currency):
    """Format an amount for a letter in the language of ``env``."""
    return write_once(
        env,
        ("amount", env.lang, amount, currency.id),
        lambda: _format_amount(env, amount, currency),
    )


def _format_amount(env, amount, currency):
    if _is_amount_of_odoo(env, currency):
        return format_amount(env, amount, currency)
    unit = DOLLARS.get(currency.name) or currency.symbol
    return f"{formatLang(env, amount, digits=currency.decimal_places)}{NBSP}{unit}"


def let_break(amount):
    """Return an amount whose currency may go on a line of its own."""
    return BESIDE_UNIT.sub(" ", amount)
