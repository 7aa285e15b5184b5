"""Reads e-invoice statuses as platforms transmit them: CDAR, UN/CEFACT D22B.

One message may be about several invoices (BR-FR-CDV-10 to 14): each reference has its own number
(MDT-87), status (MDT-105), reasons (MDT-113, MDT-114) and amounts (MDT-207, MDT-215). The moment is
that of the acknowledgement (MDT-78), else of the message (MDT-8), in French time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from .einvoice_file import NotStatusesError, Reading, read_lines
from .file_values import read_amount

ROOT = "CrossDomainAcknowledgementAndResponse"
SHAPES = {"204": "%Y%m%d%H%M%S", "203": "%Y%m%d%H%M", "102": "%Y%m%d"}  # UN/CEFACT 2379
# The amounts (BR-FR-CDV-CL-11) of a status: collected, paid, not approved with its tax.
AMOUNTS = {"212": "MEN", "211": "MPA", "206": "MNATTC"}


def read_message(root: Any) -> Reading:
    """Read a whole message like a list of statuses: each line is a reference.

    :param root: an element (lxml), all of them named without their namespace
    :raises NotStatusesError: it is another kind of document
    """
    if root.tag != ROOT:
        raise NotStatusesError
    return read_lines(enumerate(_references(root), 1))


def _references(root: Any) -> Iterator[dict[str, str]]:
    for answer in root.iterfind("AcknowledgementDocument"):
        moment = _moment(answer) or _moment(root.find("ExchangedDocument"))
        for reference in answer.iterfind("ReferenceReferencedDocument"):
            yield _read(reference, moment)


def _read(reference: Any, moment: str) -> dict[str, str]:
    code = _text(reference, "ProcessConditionCode")
    return {
        "invoice": _text(reference, "IssuerAssignedID"),
        "code": code,
        "date": moment,
        "amount": _amount(reference, AMOUNTS.get(code)),
        "reason": _reason(reference),
    }


def _reason(reference: Any) -> str:
    """Return the code of the first reason, then the words of all, each once."""
    statuses = reference.findall("SpecifiedDocumentStatus")
    codes = [code for each in statuses if (code := _text(each, "ReasonCode"))]
    words = [_text(each, path) for each in statuses for path in ("Reason", "IncludedNote/Content")]
    return " ".join(filter(None, [*codes[:1], *dict.fromkeys(words)]))


def _amount(reference: Any, kind: str | None) -> str:
    """Return the sum of the amounts of a kind, one per VAT rate; empty if there are none."""
    found = [
        _text(each, "ValueAmount")
        for each in reference.iterfind("SpecifiedDocumentStatus/SpecifiedDocumentCharacteristic")
        if kind and _text(each, "TypeCode") == kind
    ]
    amounts = [read_amount(text) for text in found]
    if None in amounts:
        return found[amounts.index(None)]  # reported as bad by the reader of the list
    return str(sum(amounts, Decimal(0))) if found else ""


def _moment(node: Any) -> str:
    written = node.find("IssueDateTime/DateTimeString") if node is not None else None
    if written is None or not written.text:
        return ""
    text = written.text.strip()
    try:
        moment = datetime.strptime(text, SHAPES[written.get("format", "")])  # noqa: DTZ007
    except (KeyError, ValueError):
        return text
    return moment.isoformat() if written.get("format") != "102" else moment.date().isoformat()


def _text(node: Any, path: str) -> str:
    return " ".join((node.findtext(path) or "").split())
