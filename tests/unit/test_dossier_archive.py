"""The archive of a court file, written file by file and read meanwhile."""

from datetime import date
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest

from dossier.archive import MANIFEST, Archive

DAY = date(2026, 11, 29)
SCAN, SUMS = b"%PDF-1.7 a scan " * 1000, b'{"sums": 1}' * 1000


def test_what_is_in_it_is_read_while_others_are_added():
    stream = BytesIO()
    with Archive(stream, DAY) as archive:
        sums = [archive.add("01.pdf", SCAN), archive.add("sums.json", SUMS)]
        assert archive.get("01.pdf") == SCAN
        sums.append(archive.add("02.pdf", archive.get("sums.json")))
    assert sums == [sha256(data).hexdigest() for data in (SCAN, SUMS, SUMS)]
    with ZipFile(stream) as written:
        assert written.namelist() == ["01.pdf", "sums.json", "02.pdf", MANIFEST]
        assert [written.read(name) for name in written.namelist()[:3]] == [SCAN, SUMS, SUMS]
        lines = written.read(MANIFEST).decode().splitlines()
    assert lines == [
        f"{digest}  {name}" for digest, name in zip(sums, written.namelist(), strict=False)
    ]


def test_what_is_no_longer_as_it_was_added_is_not_given():
    stream = BytesIO()
    with Archive(stream, DAY) as archive:
        archive.add("01.pdf", SCAN)
        stream.seek(stream.getvalue().index(b"a scan"))
        stream.write(b"a scam")
        with pytest.raises(BadZipFile):
            archive.get("01.pdf")


def test_an_archive_that_failed_has_no_manifest():
    stream = BytesIO()

    def add_twice():
        with Archive(stream, DAY) as archive:
            for name in ("01.pdf", "01.PDF"):
                archive.add(name, SCAN)

    with pytest.raises(ValueError, match="same name"):
        add_twice()
    with ZipFile(stream) as written:
        assert written.namelist() == ["01.pdf"]
