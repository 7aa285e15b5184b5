"""A ZIP that is the same for the same files, with the SHA-256 of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "MANIFESTE-SHA256.txt"
COMPRESSED = (".pdf", ".zip", ".xlsx", ".jpg", ".jpeg", ".png")  # nothing to gain
PERMISSIONS = 0o644 << 16
CHUNK = 2**18  # bytes of a file that are in memory at a time


def build_zip(files: Iterable[tuple[str, bytes | Path]], on: date) -> bytes:
    """Return the archive that ``write_zip`` writes: for one that is not large."""
    with TemporaryFile() as stream:
        write_zip(stream, files, on)
        stream.seek(0)
        return stream.read()


def write_zip(stream: BinaryIO, files: Iterable[tuple[str, bytes | Path]], on: date) -> None:
    """Write the archive of these files and of their manifest.

    The files are taken one by one: a generator that lets go of them keeps few in memory, and none
    of those that are on disk is.

    :param stream: an empty file, to be written
    :param files: name and content of each, or the file that holds it, in the order of the archive
    :param on: date written on every entry
    :raises ValueError: two files bear the same name, whatever the case of its letters
    """
    names, sums = set(), []  # the lines that ``sha256sum --check`` reads
    with ZipFile(stream, "w") as archive:
        for name, data in files:
            if name.lower() in names:
                raise ValueError("two files of an archive bear the same name")
            names.add(name.lower())
            digest, entry = sha256(), _entry(name, on)
            with archive.open(entry, "w") as target:
                for chunk in read_chunks(data):
                    digest.update(chunk)
                    target.write(chunk)
            sums.append(f"{digest.hexdigest()}  {name}\n")
        archive.writestr(_entry(MANIFEST, on), "".join(sums).encode())


def sum_file(path: Path, digest) -> str:
    """Return the sum of a file that is too large to be read at once, in hexadecimal digits.

    :param digest: what computes it: ``hashlib.sha256()``
    """
    for chunk in read_chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def read_chunks(data: bytes | Path) -> Iterator[bytes]:
    """Yield a file piece by piece; what is in memory is one piece."""
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
