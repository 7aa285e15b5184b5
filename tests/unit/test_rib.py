"""The key of a French account in an IBAN, made here from the remainder and not from the weights."""

import pytest

from core.rib import has_wrong_key

LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789", strict=True))


def iban(bank, branch, account, country="FR", off=0):
    """Return the IBAN of an account: its key as a remainder of the whole number, plus ``off``."""
    digits = "".join(LETTERS.get(char, char) for char in f"{bank}{branch}{account}")
    key = (97 - int(digits) * 100 % 97 + off - 1) % 97 + 1
    return f"{country}76{bank}{branch}{account}{key:02}"


@pytest.mark.parametrize("country", ["FR", "MC"])
@pytest.mark.parametrize(
    "account",
    [
        ("20041", "01005", "0500013M026"),  # La Banque postale: a letter
        ("30006", "00001", "12345678901"),
        ("12548", "02998", "98765432109"),
        ("10107", "00118", "SZAJRI90123"),
        ("00000", "00000", "00000000000"),
    ],
)
def test_the_key_is_the_one_of_its_account(account, country):
    assert not has_wrong_key(iban(*account, country))
    assert all(has_wrong_key(iban(*account, country, off)) for off in (1, 5, 96))


@pytest.mark.parametrize(
    "written",
    [
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr1420041010050500013m02606",
        "FR14-2004-1010-0505-0001-3M02-606",
    ],
)
def test_spaces_and_small_letters_change_nothing(written):
    assert not has_wrong_key(written)


@pytest.mark.parametrize(
    "other",
    [
        None,
        "",
        "DE89370400440532013000",
        "BE68539007547034",
        "GP7630006000011234567890188",
        "FR7630006",
        "30006 00001 12345678901 88",
    ],
)
def test_of_others_nothing_is_said(other):
    assert not has_wrong_key(other)


def test_a_key_beyond_its_range_is_wrong():
    """98, 99 and 00 leave the remainder of 1, 2 and 97, and no bank gives them."""
    right = iban("30006", "00001", "12345678901")
    for index in range(97):
        number = f"{index:011}"
        if iban("30006", "00001", number).endswith("97"):
            assert has_wrong_key(iban("30006", "00001", number)[:-2] + "00")
    assert has_wrong_key(right[:-2] + "00")
