"""Where in France days are counted: the territories whose holidays or periods differ.

The common holidays are those of C. trav. L. 3133-1. Two more count in Alsace-Moselle (C. trav.
L. 3134-13), and the day of the abolition of slavery overseas (C. trav. L. 3422-2, as read in the
version of May 2019). Saint-Martin: that article says 27 May, a circular of 2018 and usage 28 May;
both count here, which can only postpone the end of other people's periods. Local usage (Victor
Schœlcher on 21 July, mid-Lent, Good Friday in the Antilles) is in no article seen: not counted.

New Caledonia, French Polynesia and Wallis and Futuna have labour codes of their own, not seen here:
their calendar is reported as unknown, and a person decides.
"""

from __future__ import annotations

from typing import NamedTuple

from .departments import department

MAINLAND = "mainland"
ALSACE_MOSELLE = "alsace_moselle"
GOOD_FRIDAY = -2  # days after Easter Sunday


class Calendar(NamedTuple):
    """What a territory adds to the common holidays.

    :param days: (month, day) of each
    :param after_easter: days after Easter Sunday
    :param known: false if a calendar other than the common one applies and no source was seen
    """

    days: tuple[tuple[int, int], ...] = ()
    after_easter: tuple[int, ...] = ()
    source: str = "C. trav. L. 3133-1"
    known: bool = True


_ABOLITION = "C. trav. L. 3422-2"
_NOT_SEEN = Calendar(source="", known=False)
CALENDARS = {
    MAINLAND: Calendar(),
    ALSACE_MOSELLE: Calendar(((12, 26),), (GOOD_FRIDAY,), "C. trav. L. 3134-13"),
    "mayotte": Calendar(((4, 27),), (), _ABOLITION),
    "martinique": Calendar(((5, 22),), (), _ABOLITION),
    "guadeloupe": Calendar(((5, 27),), (), _ABOLITION),
    "saint_martin": Calendar(((5, 27), (5, 28)), (), _ABOLITION),
    "guyane": Calendar(((6, 10),), (), _ABOLITION),
    "saint_barthelemy": Calendar(((10, 9),), (), _ABOLITION),
    "reunion": Calendar(((12, 20),), (), _ABOLITION),
    "saint_pierre_et_miquelon": Calendar(),
    "wallis_et_futuna": _NOT_SEEN,
    "polynesie": _NOT_SEEN,
    "nouvelle_caledonie": _NOT_SEEN,
}
# Postal codes say more than departments: two islands write 971.
_BY_POSTAL_CODE = {"97133": "saint_barthelemy", "97150": "saint_martin"}
_BY_DEPARTMENT = dict.fromkeys(("57", "67", "68"), ALSACE_MOSELLE) | {
    "971": "guadeloupe",
    "972": "martinique",
    "973": "guyane",
    "974": "reunion",
    "975": "saint_pierre_et_miquelon",
    "976": "mayotte",
    "986": "wallis_et_futuna",
    "987": "polynesie",
    "988": "nouvelle_caledonie",
}
_BY_COUNTRY = {
    "GP": "guadeloupe",
    "MQ": "martinique",
    "GF": "guyane",
    "RE": "reunion",
    "PM": "saint_pierre_et_miquelon",
    "YT": "mayotte",
    "BL": "saint_barthelemy",
    "MF": "saint_martin",
    "WF": "wallis_et_futuna",
    "PF": "polynesie",
    "NC": "nouvelle_caledonie",
}
_COUNTRIES = {place: code for code, place in _BY_COUNTRY.items()}


def territory(postal_code: str, country_code: str = "") -> str:
    """Return the territory of an address; the mainland if nothing says otherwise.

    :param country_code: ISO 3166-1; an overseas address may have its own

    >>> territory("97200"), territory("97133"), territory("67000"), territory("69002")
    ('martinique', 'saint_barthelemy', 'alsace_moselle', 'mainland')
    >>> territory("", "NC")
    'nouvelle_caledonie'
    """
    if country_code.upper() in _BY_COUNTRY:
        return _BY_COUNTRY[country_code.upper()]
    if country_code.upper() not in ("", "FR"):
        return MAINLAND
    code = postal_code.replace(" ", "")
    return _BY_POSTAL_CODE.get(code) or _BY_DEPARTMENT.get(department(code), MAINLAND)


def is_french(country_code: str) -> bool:
    """Whether a country code is that of France or of one of its territories.

    >>> is_french("FR"), is_french("NC"), is_french("DK")
    (True, True, False)
    """
    return country_code in ("FR", "TF") or country_code in _BY_COUNTRY


def country(place: str) -> str:
    """Return a territory's own country code (ISO 3166-1), or that of France.

    >>> country("reunion"), country("alsace_moselle")
    ('RE', 'FR')
    """
    return _COUNTRIES.get(place, "FR")


def is_overseas(place: str) -> bool:
    """Whether periods of opposition may be longer there, by distance (CPC 643, 644).

    >>> is_overseas("martinique"), is_overseas("alsace_moselle")
    (True, False)
    """
    return place not in (MAINLAND, ALSACE_MOSELLE)


def cautions(debtor: str, court: str) -> tuple[str, ...]:
    """Return what a person must check before relying on the end of the debtor's period.

    :param debtor: territory where the debtor lives
    :param court: territory of the court seized
    :return: among ``calendar`` (holidays of the place not known) and ``distance``: one month more
        for a debtor overseas before a court of the mainland, or on the mainland or in another
        collectivity before one overseas (CPC 643, 644)

    >>> cautions("nouvelle_caledonie", "mainland")
    ('calendar', 'distance')
    """
    found = [] if CALENDARS[debtor].known and CALENDARS[court].known else ["calendar"]
    apart = debtor != court and (is_overseas(debtor) or is_overseas(court))
    return (*found, "distance") if apart else tuple(found)
