"""Reads a bank's messages on returned direct debits: pain.002, camt.053 and camt.054.

From a pain.002, the rejected transactions of a collection (pain.008); from a camt, the booked
entries that take a collected debit back. Returned transfers, debits of our own account and entries
not yet booked are ignored.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from .file_values import Problem
from .return_entries import Returned, read_entries, read_report
from .return_xml import NotReturnsError

MOST_LINES = 20_000


class Reading(NamedTuple):
    """What a file says: its returned debits and its bad lines."""

    rows: tuple[Returned, ...]
    problems: tuple[Problem, ...]


def read_returns(root: Any) -> Reading:
    """Read a whole message, without writing anything.

    :param root: its element (lxml), all of them named without their namespace
    :raises NotReturnsError: with the reason as its text
    """
    report = root.find("CstmrPmtStsRpt")
    if report is not None:
        found = read_report(report)
    elif root.find("BkToCstmrDbtCdtNtfctn") is not None or root.find("BkToCstmrStmt") is not None:
        found = read_entries([*root.iterfind("*/Ntfctn/Ntry"), *root.iterfind("*/Stmt/Ntry")])
    else:
        raise NotReturnsError("kind")
    rows, problems, seen = [], [], Counter()
    for line, told in enumerate(found, 1):
        if line > MOST_LINES:
            raise NotReturnsError("size")
        if isinstance(told, Problem):
            problems.append(told._replace(line=line))
            continue
        same = (told.end_to_end, told.mandate, told.iban, told.amount, told.currency, told.day)
        seen[same] += 1
        key = "|".join(map(str, (*same, seen[same])))
        rows.append(told._replace(line=line, key=key))
    return Reading(tuple(rows), tuple(problems))
