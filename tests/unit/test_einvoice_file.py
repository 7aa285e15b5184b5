"""A list of statuses is read whole, and each bad line is named."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from core.einvoice_file import NotStatusesError, read_statuses

HEADER = "Facture;Statut;Date;Montant;Motif"


def read(*lines, header=HEADER):
    return read_statuses("\n".join([header, *lines]))


@pytest.mark.parametrize(
    "text",
    [
        "Facture;Statut;Date;Montant;Motif\nFAC/1;206;12/11/2026;1 234,50;[PU_ERR] Trop cher",
        "invoice,code,date,amount,reason\nFAC/1,206,2026-11-12,1234.50,PU_ERR: Trop cher",
        "\ufeffNUMÉRO\tSTATUS\tDATE\tAMOUNT\tREASON\n"
        "FAC/1\t206\t20261112\t1234.5\tPU_ERR Trop cher",
        '[{"invoice": "FAC/1", "status": 206, "date": "2026-11-12", "amount": 1234.5,'
        ' "reason": "PU_ERR Trop cher"}]',
        '{"statuses": [{"facture": "FAC/1", "statut": "206", "date": "12/11/2026",'
        ' "montant": "1234,50", "motif": "[PU_ERR] Trop cher"}]}',
    ],
)
def test_csv_and_json_say_the_same(text):
    (row,) = read_statuses(text).rows
    assert (row.invoice, row.words) == ("FAC/1", "Trop cher")
    assert row.status == ("206", date(2026, 11, 12), None, Decimal("1234.5"), "PU_ERR")


@pytest.mark.parametrize(
    "text", ["2026-11-12T00:30:00+01:00", "2026-11-11T23:30:00Z", "2026-11-12T00:30:00"]
)
def test_a_moment_is_kept_in_universal_time_and_its_day_is_that_of_france(text):
    (row,) = read(f"FAC/1;205;{text}").rows
    assert row.status.on == date(2026, 11, 12)
    assert row.status.at == datetime.fromisoformat("2026-11-11T23:30:00")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";210;12/11/2026", "invoice"),
        ("FAC/1;999;12/11/2026", "code"),
        ("FAC/1;;12/11/2026", "code"),
        ("FAC/1;210;31/02/2026", "date"),
        ("FAC/1;210;", "date"),
        ("FAC/1;210;0001-01-01", "date"),
        ("FAC/1;210;12/11/2026;beaucoup", "amount"),
        ("FAC/1;210;12/11/2026;-5", "amount"),
        ("FAC/1;210;12/11/2026;nan", "amount"),
        ("FAC/1;210;12/11/2026;1e99", "amount"),
        ("FAC/1", "code"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line, reason):
    reading = read("FAC/0;205;11/11/2026", line, "FAC/2;210;13/11/2026")
    assert [problem[:2] for problem in reading.problems] == [(3, reason)]
    assert [row.invoice for row in reading.rows] == ["FAC/0", "FAC/2"]


def test_empty_lines_are_none():
    assert read("", ";;;;", "FAC/1;205;11/11/2026").problems == ()


def test_what_is_no_line_in_json_is_named():
    reading = read_statuses('[1, null, {"facture": "F", "code": "205", "date": "2026-01-02"}]')
    assert [problem[:2] for problem in reading.problems] == [(1, "unreadable"), (2, "unreadable")]
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    "text", ["", "hello", "a;b;c\n1;2;3", "Facture;Date\nF;2026-01-02", "{}", "[", '{"a": [']
)
def test_another_file_is_refused(text):
    with pytest.raises(NotStatusesError):
        read_statuses(text)
