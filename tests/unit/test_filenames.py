"""Names of files that Windows, old unzip programs and mailboxes accept."""

import pytest

from core.filenames import LENGTH, RESERVED, numbered_name, safe_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Œuvre d’été n° 4", "OEuvre-d-ete-n-4.pdf"),
        ('a<b>c:d"e/f\\g|h?i*j', "a-b-c-d-e-f-g-h-i-j.pdf"),
        ("tab\tnew\nline\x00", "tab-new-line.pdf"),
        ("trailing dots...   ", "trailing-dots.pdf"),
        ("con", "con-.pdf"),
        ("LPT1_invoice", "LPT1_invoice-.pdf"),
        ("console", "console.pdf"),
        ("日本", "document.pdf"),
        ("", "document.pdf"),
    ],
)
def test_a_title_becomes_a_name(title, name):
    assert safe_name(title, "pdf") == name


def test_a_name_stays_short_and_keeps_its_extension():
    name = safe_name("facture " * 50, "pdf")
    assert len(name) <= LENGTH
    assert name.endswith(".pdf")
    assert not name.startswith("-")


def test_no_reserved_name_comes_out():
    for word in RESERVED:
        assert safe_name(word, "pdf").split(".")[0].upper() not in RESERVED


def test_odd_extensions_are_not_kept():
    assert [safe_name("x", ext) for ext in ("JPG", "", "ex e", "..")] == [
        "x.jpg",
        "x.bin",
        "x.bin",
        "x.bin",
    ]


def test_numbers_sort_as_text():
    names = [numbered_name(number, "Pièce", "pdf", count=101) for number in range(102)]
    assert names == sorted(names)
