"""What a bank's file tells of returned debits, of each kind of file; what is none is left alone."""

from decimal import Decimal

import pytest

from core.return_file import NotReturnsError, read_returns

from .samples import day
from .xml_reader import NotXmlError, parse

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


def read(content):
    return read_returns(parse(content))


def message(kind, body):
    return f'<?xml version="1.0"?><Document xmlns="{NAMESPACE}{kind}">{body}</Document>'.encode()


def rejected(end="FAC/1", amount="120.50", code="AM04", state="RJCT", more=""):
    """A transaction of a status report."""
    money = f'<Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt>' if amount else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end}</OrgnlEndToEndId><TxSts>{state}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>{more}<OrgnlTxRef>{money}"
        "<MndtRltdInf><MndtId>RUM-7</MndtId></MndtRltdInf>"
        "<RmtInf><Ustrd>Facture FAC/1</Ustrd></RmtInf>"
        "<Dbtr><Nm>Client</Nm></Dbtr>"
        "<DbtrAcct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></DbtrAcct>"
        "</OrgnlTxRef></TxInfAndSts>"
    )


def report(*told, original="pain.008.001.02", group="", batch=""):
    return message(
        "pain.002.001.03",
        "<CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-06-01T07:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><OrgnlMsgNmId>{original}</OrgnlMsgNmId>"
        f"{group}</OrgnlGrpInfAndSts>"
        + (
            f"<OrgnlPmtInfAndSts>{batch}{''.join(told)}</OrgnlPmtInfAndSts>"
            if told or batch
            else ""
        )
        + "</CstmrPmtStsRpt>",
    )


def detail(end="FAC/1", amount="120.50", reason="<Cd>MD01</Cd>", fee="", info=True):
    money = (
        f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{amount}</Amt></InstdAmt></AmtDtls>' if amount else ""
    )
    back = f"<RtrInf><Rsn>{reason}</Rsn></RtrInf>" if info else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{end}</EndToEndId><MndtId>RUM-7</MndtId></Refs>{money}{fee}"
        "<RltdPties><Dbtr><Pty><Nm>Client</Nm></Pty></Dbtr></RltdPties>"
        "<RmtInf><Strd><RfrdDocInf><Nb>FAC/1</Nb></RfrdDocInf><RfrdDocInf><Nb>AV/2</Nb></RfrdDocInf>"
        f"<CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf>{back}</TxDtls>"
    )


def entry(*told, way="DBIT", family="IDDT", sub="UPDD", state="BOOK", amount="120.50"):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>{state}</Sts>'
        "<BookgDt><Dt>2026-06-02</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        f"<Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(told)}</NtryDtls></Ntry>"
    )


def notice(*entries, kind="camt.054.001.02"):
    root, each = ("BkToCstmrStmt", "Stmt") if "053" in kind else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    return message(kind, f"<{root}><{each}>{''.join(entries)}</{each}></{root}>")


def test_a_status_report_tells_each_debit_that_was_rejected():
    [row] = read(report(rejected(), rejected("FAC/2", state="ACCP"))).rows
    assert (row.line, row.end_to_end, row.mandate, row.words) == (
        1,
        "FAC/1",
        "RUM-7",
        "Facture FAC/1",
    )
    assert (row.amount, row.currency, row.day) == (Decimal("120.5"), "EUR", day("2026-06-01"))
    assert (row.code, row.told, row.name) == ("AM04", "AM04", "Client")
    assert row.iban == "FR7630006000011234567890189"


def test_a_rejected_debit_may_be_named_without_anything_else_of_it():
    """The reference to the original transaction is optional: many banks leave it out."""
    bare = (
        "<TxInfAndSts><OrgnlEndToEndId>FAC/1</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
    )
    [row] = read(report(bare)).rows
    assert (row.end_to_end, row.amount, row.currency, row.code) == ("FAC/1", None, "", "AM04")
    assert row.day == day("2026-06-01")
    assert read(report(bare)).rows[0].key == row.key


@pytest.mark.parametrize("kind", ["camt.054.001.02", "camt.054.001.08", "camt.053.001.08"])
def test_an_entry_that_takes_a_debit_back_tells_which(kind):
    [row] = read(notice(entry(detail()), kind=kind)).rows
    assert (row.end_to_end, row.mandate, row.words, row.name) == (
        "FAC/1",
        "RUM-7",
        "RF18 FAC/1 AV/2",
        "Client",
    )
    assert (row.amount, row.day, row.code) == (Decimal("120.5"), day("2026-06-02"), "MD01")


@pytest.mark.parametrize(
    ("kind", "root", "each"),
    [
        ("camt.053.001.02", "BkToCstmrStmt", "Stmt"),
        ("camt.054.001.02", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    ],
)
def test_each_day_and_account_of_a_file_is_read(kind, root, each):
    """Banks send several statements in one file; ofxstatement-iso20022 stops after the first."""
    days = "".join(
        f"<{each}><Id>{end}</Id>{entry(detail(end))}</{each}>" for end in ("FAC/1", "FAC/2")
    )
    rows = read(message(kind, f"<{root}>{days}</{root}>")).rows
    assert [row.end_to_end for row in rows] == ["FAC/1", "FAC/2"]


@pytest.mark.parametrize(
    ("reason", "told", "code"),
    [
        *((f"<Cd>{code}</Cd>", code, code) for code in ("AM04", "MS02", "MD06", "SL01", "AC04")),
        ("<Prtry>MD01</Prtry>", "MD01", "MD01"),
        ("<Cd>FF05</Cd>", "FF05", ""),
        ("<Prtry>Compte clôturé</Prtry>", "Compte clôturé", "AC04"),
        ("", "", ""),
    ],
)
def test_the_reason_is_kept_as_told_and_known_where_it_is(reason, told, code):
    [row] = read(notice(entry(detail(reason=reason)))).rows
    assert (row.told, row.code) == (told, code)


def test_each_debit_of_an_entry_has_its_own_sum_and_fee():
    fee = '<Chrgs><Amt Ccy="EUR">6.50</Amt></Chrgs>'
    newer = '<Chrgs><Rcrd><Amt Ccy="EUR">8</Amt></Rcrd></Chrgs>'
    rows = read(notice(entry(detail(fee=fee), detail("FAC/2", "80", fee=newer), amount="215"))).rows
    assert [(row.amount, row.fee) for row in rows] == [
        (Decimal("120.5"), Decimal("6.5")),
        (80, 8),
    ]
    [alone] = read(notice(entry(detail(amount="")))).rows
    assert alone.amount == Decimal("120.5")


@pytest.mark.parametrize(
    "none",
    [
        entry(detail(), way="CRDT"),  # the collection itself, or a transfer of ours that came back
        entry(detail(), family="RDDT"),  # what we were debited ourselves
        entry(detail(), family="ICDT", sub="RRTN"),
        entry(detail(info=False), sub="ESDD"),
        entry(detail(info=False), family="RCDT", sub="ESCT"),
    ],
)
def test_what_is_no_returned_debit_is_left_alone(none):
    assert read(notice(none)) == ((), ())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (notice(entry(detail(), state="PDNG")), ("pending", "120.5 EUR")),
        (notice(entry(detail(), state="<Cd>INFO</Cd>")), ("pending", "120.5 EUR")),
        (notice(entry(amount="300")), ("batch", "300 EUR")),
        (notice(entry(detail(amount=""), detail("FAC/2", "1"))), ("amount", "FAC/1")),
        (notice(entry(detail(amount="NaN"), detail("FAC/2", "1"))), ("amount", "FAC/1")),
        (report(rejected("NOTPROVIDED", amount="")), ("amount", "NOTPROVIDED")),
        (report(rejected(amount="0")), ("amount", "FAC/1")),
        (notice(entry(detail()).replace("2026-06-02", "soon")), ("date", "FAC/1")),
        (report(group="<GrpSts>RJCT</GrpSts>"), ("batch", "M1")),
        (
            report(batch="<OrgnlPmtInfId>B1</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>"),
            ("batch", "B1"),
        ),
    ],
)
def test_what_cannot_be_used_is_named(content, expected):
    found = read(content).problems
    assert expected in [(each.reason, each.value) for each in found]


def test_a_reversal_without_its_sub_family_or_reason_is_a_return_too():
    silent = entry(detail(info=False), sub="OTHR")
    assert read(notice(silent)).rows == ()
    [row] = read(notice(silent.replace("<Sts>", "<RvslInd>true</RvslInd><Sts>", 1))).rows
    assert (row.end_to_end, row.code) == ("FAC/1", "")


def test_the_same_return_has_the_same_key_and_two_alike_have_two():
    once = read(notice(entry(detail()))).rows
    again = read(notice(entry(detail("FAC/9")), entry(detail()))).rows
    assert once[0].key == again[1].key
    twice = read(notice(entry(detail("NOTPROVIDED"), detail("NOTPROVIDED")))).rows
    assert len({row.key for row in twice}) == 2
    assert {row.end_to_end for row in twice} == {""}


BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>"
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "xml"),
        (b"Facture;Motif", "xml"),
        (b"<Document>", "xml"),
        (BOMB, "xml"),
        (b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x"><Document/>', "xml"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>', "xml"),
        (b"<d>" * 5000 + b"</d>" * 5000, "xml"),
        (b"<Document/>", "kind"),
        (message("pain.008.001.02", "<CstmrDrctDbtInitn/>"), "kind"),
        (message("camt.052.001.02", "<BkToCstmrAcctRpt/>"), "kind"),
        (report(rejected(), original="pain.001.001.09"), "transfers"),
        (b" " * 10_000_001, "size"),
    ],
)
def test_another_file_and_one_that_means_harm_are_refused(content, reason):
    with pytest.raises((NotReturnsError, NotXmlError), match=f"^{reason}$"):
        read(content)
