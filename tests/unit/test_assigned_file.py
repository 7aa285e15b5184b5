"""What factors and collection agencies give back, read line by line."""

from datetime import date
from decimal import Decimal

import pytest

from core.assigned_file import read_receipts, read_remittances
from core.csv_table import NotTableError

HEAD = "Quittance;Date;Facture;Montant TTC;Définancée le\n"
MONTH = "Date,Facture,Montant,Commission,Référence\n"


def refused(reading):
    return [(problem.line, problem.reason, problem.value) for problem in reading.problems]


def test_a_remittance_says_which_invoices_it_covers_and_which_came_back():
    reading = read_remittances(
        HEAD + "Q1;05/06/2026;FAC/1;1 200,00 €;\n\nQ1;2026-06-05;FAC/2;;30/06/2026\n"
    )
    assert not reading.problems
    first, second = reading.rows
    assert first[1:] == ("Q1", date(2026, 6, 5), "FAC/1", Decimal("1200.00"), None)
    assert second[:4] == (4, "Q1", date(2026, 6, 5), "FAC/2")
    assert (second.amount, second.back) == (0, date(2026, 6, 30))


def test_columns_stand_in_any_order_and_are_parted_by_what_the_first_line_shows():
    for parting in ";,\t":
        text = parting.join(("invoice", "other", "remittance", "date"))
        text += "\n" + parting.join(("F1", "x", "Q9", "20260605"))
        [row] = read_remittances("\ufeff" + text).rows
        assert (row.number, row.invoice) == ("Q9", "F1")


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        (";05/06/2026;F1;1;", "number", ""),
        ("Q1;05/06/2026;;1;", "invoice", ""),
        ("Q1;31/02/2026;F1;1;", "date", "31/02/2026"),
        ("Q1;;F1;1;", "date", ""),
        ("Q1;05/06/2026;F1;a lot;", "amount", "a lot"),
        ("Q1;05/06/2026;F1;-5;", "amount", "-5"),
        ("Q1;05/06/2026;F1;NaN;", "amount", "NaN"),
        ("Q1;05/06/2026;F1;1;soon", "back", "soon"),
        ("Q1;05/06/2026;F1;1;04/06/2026", "back", "04/06/2026"),
    ],
)
def test_a_bad_line_of_a_remittance_is_named_and_the_others_are_read(line, reason, value):
    reading = read_remittances(f"{HEAD}{line}\nQ1;05/06/2026;F2;;\n")
    assert refused(reading) == [(2, reason, value)]
    assert [row.invoice for row in reading.rows] == ["F2"]


def test_an_invoice_stands_once_in_a_remittance():
    reading = read_remittances(HEAD + "Q1;05/06/2026;F1;;\nQ1;06/06/2026;F1;;\nQ2;06/06/2026;F1;;")
    assert refused(reading) == [(3, "twice", "F1")]


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        ("05/06/2026,,10,1,", "invoice", ""),
        ("soon,F1,10,1,", "date", "soon"),
        ("05/06/2026,F1,0,0,", "amount", "0"),
        ("05/06/2026,F1,,0,", "amount", ""),
        ("05/06/2026,F1,10,much,", "commission", "much"),
        ("05/06/2026,F1,10,10.01,", "commission", "10.01"),
    ],
)
def test_a_bad_line_of_an_agency_is_named(line, reason, value):
    reading = read_receipts(f"{MONTH}{line}\n05/06/2026,F2,10,1.50,\n")
    assert refused(reading) == [(2, reason, value)]
    assert [(row.invoice, row.commission) for row in reading.rows] == [("F2", Decimal("1.50"))]


def test_the_same_receipt_twice_is_one_unless_its_reference_differs():
    text = MONTH + "05/06/2026,F1,10,1,A\n05/06/2026,F1,10,1,A\n05/06/2026,F1,10,1,B\n"
    reading = read_receipts(text)
    assert refused(reading) == [(3, "twice", "F1")]
    assert [row.reference for row in reading.rows] == ["A", "B"]


def test_a_file_of_something_else_says_what_it_lacks():
    for read, text, missing in (
        (read_remittances, "", ("number", "date", "invoice")),
        (read_remittances, "Date;Facture\n1;2", ("number",)),
        (read_receipts, "Date;Facture;Montant\n", ("commission",)),
    ):
        with pytest.raises(NotTableError) as refusal:
            read(text)
        assert refusal.value.missing == missing
    reading = read_remittances(HEAD + '"' + "x" * 200_000 + '";1;2\n')
    assert refused(reading) == [(2, "unreadable", "")]
