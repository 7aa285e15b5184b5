"""Numbers of registered letters, typed, scanned or pasted."""

from datetime import date

import pytest

from core.registered import BadLine, Entry, normalize_number, parse_entries


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1A 195 123 4567 8", "1A19512345678"),
        ("2c-123.456.7890.1", "2C12345678901"),
        ("RK 473 124 829 GB", "RK473124829GB"),
        ("87001234567890A", "87001234567890A"),
        ("RR 000 000 005 FR", "RR000000005FR"),  # 11 is written 5
        ("RR 020 000 000 FR", "RR020000000FR"),
    ],
)
def test_a_number_is_kept_in_capitals_without_spaces(typed, kept):
    assert normalize_number(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "number"),
        ("1234567", "number"),
        ("ABCDEFGHIJ", "number"),
        ("1A 195 123 4567 é", "number"),
        ("1" * 31, "number"),
        ("RK 473 124 828 GB", "check_digit"),
    ],
)
def test_what_no_label_bears_is_refused(typed, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        normalize_number(typed)


@pytest.mark.parametrize("separator", ["\t", ";", ",", " "])
def test_columns_may_be_separated_in_four_ways(separator):
    text = separator.join(["REL/2026/00001", "1A 195 123 4567 8", "20/11/2026"])
    assert parse_entries(text) == (
        [Entry(1, "REL/2026/00001", "1A19512345678", date(2026, 11, 20))],
        [],
    )


def test_the_posting_date_is_optional():
    entries, bad = parse_entries("REL/1;1A19512345678\nREL/2;2C12345678901;\nREL/3 1A19512345679")
    assert ([entry.posted_on for entry in entries], bad) == ([None, None, None], [])


def test_headers_and_blank_lines_are_skipped_and_lines_keep_their_numbers():
    text = "\nRéférence;Numéro\n\nREL/1;1A19512345678\n"
    assert parse_entries(text) == ([Entry(4, "REL/1", "1A19512345678", None)], [])


def test_bad_lines_are_told_with_their_reason_and_good_ones_kept():
    text = "\n".join(
        [
            "REL/1;1A19512345678",
            "REL/2",
            ";1A19512345679",
            "REL/3;abc",
            "REL/4;RK473124828GB",
            "REL/5;1A19512345670;31/11/2026",
            "rel/1;1A19512345671",
            "REL/6;1A19512345678",
            "REL/7;1A19512345672;2026-11-20;more",
            "REL/8;1A19512345673",
            "REL/9;1A19512345674;soon",
        ]
    )
    entries, bad = parse_entries(text)
    assert [entry.reference for entry in entries] == ["REL/1", "REL/8"]
    assert [(line.line, line.reason) for line in bad] == [
        (2, "columns"),
        (3, "columns"),
        (4, "number"),
        (5, "check_digit"),
        (6, "date"),
        (7, "repeated"),
        (8, "repeated"),
        (9, "columns"),
        (11, "date"),
    ]
    assert bad[0] == BadLine(2, "REL/2", "columns")


def test_nothing_gives_nothing():
    assert parse_entries("  \n ") == ([], [])
