"""A ZIP that is identical for identical files, with the SHA-256 of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "MANIFESTE-SHA256.txt"
COMPRESSED = (".pdf", ".zip", ".xlsx", ".jpg", ".jpeg", ".png")  # compressed already
PERMISSIONS = 0o644 << 16
CHUNK = 2**18  # bytes of a file held in memory at a time


def build_zip(files: Iterable[tuple[str, bytes | Path]], on: date) -> bytes:
    """Return the archive of these files with their manifest; for small archives.

    :param files: name and content of each, or the path of the file that contains it, in the order
        of the archive
    :param on: date of every entry
    :raises ValueError: if two files have the same name, ignoring case
    """
    with TemporaryFile() as stream:
        with Archive(stream, on) as archive:
            for name, data in files:
                archive.add(name, data)
        stream.seek(0)
        return stream.read()


class Archive:
    """The ZIP being written, file by file; on exit the manifest of all files is added.

    Files already added can be read again meanwhile: a hundred scans are stored nowhere else, and
    none of them is kept in memory.

    :param stream: an empty file, opened for writing and reading
    :param on: date of every entry
    """

    def __init__(self, stream: BinaryIO, on: date) -> None:
        self._zip, self._on = ZipFile(stream, "w"), on
        self._names, self._sums = set(), []  # the lines read by ``sha256sum --check``

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, failed, *_error) -> None:
        with self._zip:
            if not failed:
                self._zip.writestr(_entry(MANIFEST, self._on), "".join(self._sums).encode())

    def add(self, name: str, data: bytes | Path) -> str:
        """Add a file, and return its SHA-256.

        :param data: its content, or the path of the file that contains it
        :raises ValueError: if another one has that name, ignoring case
        """
        if name.lower() in self._names:
            raise ValueError("two files of an archive bear the same name")
        self._names.add(name.lower())
        digest = sha256()
        with self._zip.open(_entry(name, self._on), "w") as target:
            for chunk in read_chunks(data):
                digest.update(chunk)
                target.write(chunk)
        self._sums.append(f"{digest.hexdigest()}  {name}\n")
        return digest.hexdigest()

    def get(self, name: str) -> bytes:
        """Return a file that was added, checked like on opening the archive.

        :raises BadZipFile: if it is no longer what was written
        """
        return self._zip.read(name)


def sum_file(path: Path, digest) -> str:
    """Return the checksum of a file too large to be read at once, in hexadecimal digits.

    :param digest: object that computes it: ``hashlib.sha256()``
    """
    for chunk in read_chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def read_chunks(data: bytes | Path) -> Iterator[bytes]:
    """Yield a file piece by piece; only one piece is in memory."""
    if isinstance(data, bytes):
        yield data
        return
    with data.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _entry(name: str, on: date) -> ZipInfo:
    entry = ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
    entry.compress_type = ZIP_STORED if name.endswith(COMPRESSED) else ZIP_DEFLATED
    entry.external_attr = PERMISSIONS
    entry.create_system = 3
    return entry
