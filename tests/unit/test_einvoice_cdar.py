"""A message of the life cycle (CDAR) is read as the lines of a list are, each invoice apart."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from core.einvoice_cdar import read_message
from core.einvoice_file import NotStatusesError

from .xml_reader import parse

SPACES = " ".join(
    f'xmlns:{name}="urn:un:unece:uncefact:data:standard:{long}:100"'
    for name, long in (
        ("rsm", "CrossDomainAcknowledgementAndResponse"),
        ("ram", "ReusableAggregateBusinessInformationEntity"),
        ("udt", "UnqualifiedDataType"),
    )
)
NINE = '<udt:DateTimeString format="204">20261120090000</udt:DateTimeString>'


def time(written):
    return f"<ram:IssueDateTime>{written}</ram:IssueDateTime>"


def amount(kind, value):
    return (
        f"<ram:SpecifiedDocumentCharacteristic><ram:TypeCode>{kind}</ram:TypeCode>"
        f'<ram:ValueAmount currencyID="EUR">{value}</ram:ValueAmount>'
        "</ram:SpecifiedDocumentCharacteristic>"
    )


def reason(code="", words="", note="", amounts=""):
    return (
        "<ram:SpecifiedDocumentStatus>"
        + (f"<ram:ReasonCode>{code}</ram:ReasonCode>" if code else "")
        + (f"<ram:Reason>{words}</ram:Reason>" if words else "")
        + "<ram:SequenceNumeric>1</ram:SequenceNumeric>"
        + (
            f"<ram:IncludedNote><ram:Content>{note}</ram:Content></ram:IncludedNote>"
            if note
            else ""
        )
        + f"{amounts}</ram:SpecifiedDocumentStatus>"
    )


def about(number, code, statuses=""):
    return (
        f"<ram:ReferenceReferencedDocument><ram:IssuerAssignedID>{number}</ram:IssuerAssignedID>"
        f"<ram:TypeCode>380</ram:TypeCode><ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>"
        f"{statuses}</ram:ReferenceReferencedDocument>"
    )


def message(*references, issued=NINE, sent=NINE):
    return (
        f"<rsm:CrossDomainAcknowledgementAndResponse {SPACES}><rsm:ExchangedDocument>{time(sent)}"
        f"</rsm:ExchangedDocument><rsm:AcknowledgementDocument>{time(issued) if issued else ''}"
        f"{''.join(references)}</rsm:AcknowledgementDocument>"
        "</rsm:CrossDomainAcknowledgementAndResponse>"
    )


def read_text(text):
    return read_message(parse(text.encode()))


def read(*references, **moments):
    return read_text(message(*references, **moments))


def test_a_refusal_has_its_moment_its_reason_and_its_words():
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + message(
        about("FA-118", "210", reason("DOUBLON", "Déjà reçue", "voir FA-117"))
    )
    (row,) = read_text(text).rows
    assert (row.line, row.invoice, row.words) == (1, "FA-118", "Déjà reçue voir FA-117")
    # Nine o'clock in France.
    status = (
        "210",
        date(2026, 11, 20),
        datetime.fromisoformat("2026-11-20T08:00:00"),
        Decimal(0),
        "DOUBLON",
    )
    assert row.status == status


def test_the_reasons_of_two_invoices_stay_with_their_invoice():
    found = read(
        about("FA-118", "210", reason("DOUBLON")),
        about("FA-119", "207", reason("QTE_ERR") + reason("PU_ERR", "Trop cher")),
    )
    told = [(row.invoice, row.status.code, row.status.reason, row.words) for row in found.rows]
    assert told == [("FA-118", "210", "DOUBLON", ""), ("FA-119", "207", "QTE_ERR", "Trop cher")]


@pytest.mark.parametrize(
    ("code", "amounts", "expected"),
    [
        ("212", [("MEN", "100.00"), ("MEN", "20.50"), ("RAP", "30.00")], "120.50"),
        ("211", [("MPA", "80"), ("ESC", "2.00")], "80"),
        ("206", [("MNA", "100.00"), ("MNATTC", "120.00"), ("MAPTTC", "600.00")], "120.00"),
        ("206", [("MAPTTC", "600.00")], "0"),  # how much is refused is not said: the whole
        ("210", [("MEN", "100.00")], "0"),
    ],
)
def test_the_amount_is_that_of_the_status_over_all_rates_of_vat(code, amounts, expected):
    several = "".join(amount(*each) for each in amounts)
    (row,) = read(about("FA-118", code, reason(amounts=several))).rows
    assert row.status.amount == Decimal(expected)


@pytest.mark.parametrize(
    ("reference", "problem", "value"),
    [
        (about("", "210"), "invoice", ""),
        (about("FA-118", "999"), "code", "999"),
        (about("FA-118", ""), "code", ""),
        (about("FA-118", "212", reason(amounts=amount("MEN", "beaucoup"))), "amount", "beaucoup"),
    ],
)
def test_a_bad_reference_is_named_and_the_others_are_read(reference, problem, value):
    found = read(reference, about("FA-119", "205"))
    assert [(each.line, each.reason, each.value) for each in found.problems] == [
        (1, problem, value)
    ]
    assert [row.invoice for row in found.rows] == ["FA-119"]


def test_a_day_has_no_moment_and_the_message_speaks_for_what_has_none():
    day = '<udt:DateTimeString format="102">20261119</udt:DateTimeString>'
    assert read(about("FA-118", "205"), issued=day).rows[0].status[1:3] == (
        date(2026, 11, 19),
        None,
    )
    assert read(about("FA-118", "205"), issued="").rows[0].status.on == date(2026, 11, 20)
    wrong = NINE.replace("20261120", "20261340")
    assert read(about("FA-118", "205"), issued=wrong).problems[0].reason == "date"


@pytest.mark.parametrize(
    "text",
    [
        "<Invoice/>",
        message(about("FA-118", "210")).replace("rsm:CrossDomain", "rsm:Other"),
    ],
)
def test_another_document_is_refused_as_a_whole(text):
    with pytest.raises(NotStatusesError):
        read_text(text)
