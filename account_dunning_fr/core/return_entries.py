"""What an entry or a transaction in a bank's message says about a returned direct debit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .debit_returns import REASONS, find_reason
from .file_values import Problem
from .money import ZERO
from .return_xml import NotReturnsError, day_of, sum_of, text_of, texts_of

COLLECTED = "IDDT"  # family of entries: direct debits that we issued
TAKEN_BACK = ("UPDD", "PRDD", "RCDD")  # of them: unpaid, reversed, recalled
SUMS = ("OrgnlTxRef/Amt/InstdAmt", "OrgnlTxRef/IntrBkSttlmAmt")  # of a debit rejected
WORDS = ("Ustrd", "CdtrRefInf/Ref", "RfrdDocInf/Nb")  # text, a reference, invoices one by one
UNNAMED = ("NOTPROVIDED", "NONREF")  # placeholders for an identifier that nobody gave


class Returned(NamedTuple):
    """One returned debit.

    ``key`` is the same whenever the same return is read again; ``told`` is the reason as given by
    the bank, ``code`` its code if it is a known one; ``fee`` is what the bank charged for it.
    ``amount`` is None if the bank repeats only the identification of the debit, as it may.
    """

    line: int
    key: str
    end_to_end: str
    mandate: str
    words: str
    iban: str
    name: str
    amount: Decimal | None
    currency: str
    day: date
    told: str
    code: str
    fee: Decimal


def read_report(report: Any) -> Iterator[Returned | Problem]:
    """Read the transactions that a status report (pain.002) reports as rejected.

    The reasons of its problems are « amount », « date » and « batch »: no debit is named.

    :raises NotReturnsError: the report is about transfers
    """
    group = report.find("OrgnlGrpInfAndSts")
    if group is not None and text_of(group, "OrgnlMsgNmId").startswith("pain.001"):
        raise NotReturnsError("transfers")
    batches = report.findall("OrgnlPmtInfAndSts")
    if group is not None and text_of(group, "GrpSts") == "RJCT" and not batches:
        yield Problem(0, "batch", text_of(group, "OrgnlMsgId"))
    on = day_of(report, "GrpHdr/CreDtTm")
    for batch in batches:
        refused = text_of(batch, "PmtInfSts") == "RJCT"
        told = batch.findall("TxInfAndSts")
        if refused and not told:
            yield Problem(0, "batch", text_of(batch, "OrgnlPmtInfId"))
        for each in told:
            if text_of(each, "TxSts") == "RJCT" or (refused and each.find("TxSts") is None):
                total = sum_of(each, *SUMS)
                if all(each.find(path) is None for path in SUMS):
                    total = _untold(text_of(each, "OrgnlEndToEndId"))
                names = "OrgnlEndToEndId", "OrgnlTxRef/MndtRltdInf//MndtId", "OrgnlTxRef"
                yield _make(each, names, "StsRsnInf", total, on, ZERO)


def _untold(end_to_end: str) -> tuple[None, str] | None:
    """Return a missing amount, for a debit with an identifier by which it can be found."""
    return None if end_to_end in ("", *UNNAMED) else (None, "")


def read_entries(entries: list[Any]) -> Iterator[Returned | Problem]:
    """Read the entries (camt) that take collected debits back."""
    for entry in entries:
        family = text_of(entry, "BkTxCd/Domn/Fmly/Cd")
        if text_of(entry, "CdtDbtInd") != "DBIT" or family not in ("", COLLECTED):
            continue
        told = entry.findall("NtryDtls/TxDtls")
        ours = family and (
            text_of(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") in TAKEN_BACK
            or text_of(entry, "RvslInd") in ("true", "1")
        )
        back = told if ours else [each for each in told if each.find("RtrInf") is not None]
        pending = text_of(entry, "Sts/Cd", "Sts") not in ("", "BOOK")
        if (ours and not told) or (back and pending):
            value = " ".join(map(str, sum_of(entry, "Amt") or ()))
            yield Problem(0, "pending" if pending else "batch", value)
            continue
        for each in back:
            if text_of(each, "CdtDbtInd") != "CRDT":
                yield _read_entry(entry, each, alone=len(told) == 1)


def _read_entry(entry: Any, told: Any, *, alone: bool) -> Returned | Problem:
    """Read one debit of an entry; if it is the only one, the entry holds its amount and fee."""
    paths = ("AmtDtls/InstdAmt/Amt", "Amt", "AmtDtls/TxAmt/Amt")
    total = sum_of(told, *paths) or (sum_of(entry, "Amt") if alone else None)
    on = day_of(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    charged = [told, entry] if alone else [told]
    fees = [sum_of(node, "Chrgs/Rcrd/Amt", "Chrgs/Amt") for node in charged]
    fee = next((each[0] for each in fees if each and total and each[1] == total[1]), ZERO)
    return _make(told, ("Refs/EndToEndId", "Refs/MndtId", "RltdPties"), "RtrInf", total, on, fee)


def _make(
    told: Any,
    names: tuple[str, str, str],
    reason: str,
    total: tuple[Decimal | None, str] | None,
    on: date | None,
    fee: Decimal,
) -> Returned | Problem:
    end_to_end, mandate, parties = names
    known = text_of(told, end_to_end)
    words = texts_of(told, *(f".//RmtInf//{path}" for path in WORDS))
    if not total or not on:
        return Problem(0, "amount" if not total else "date", known or words[:60])
    given = text_of(told, f"{reason}/Rsn/Cd", f"{reason}/Rsn/Prtry")
    more = texts_of(told, f"{reason}/AddtlInf")
    return Returned(
        line=0,
        key="",
        end_to_end="" if known in UNNAMED else known,
        mandate=text_of(told, mandate),
        words=words,
        iban=text_of(told, f"{parties}/DbtrAcct/Id/IBAN").replace(" ", ""),
        name=text_of(told, f"{parties}/Dbtr/Nm", f"{parties}/Dbtr/Pty/Nm"),
        amount=total[0],
        currency=total[1],
        day=on,
        told=given or more[:100],
        code=given if given in REASONS else find_reason(f"{given} {more}"),
        fee=fee,
    )
