"""A ZIP that is the same for the same files, with the SHA-256 of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ..core.seals import sha256

MANIFEST = "MANIFESTE-SHA256.txt"
COMPRESSED = (".pdf", ".zip", ".xlsx", ".jpg", ".jpeg", ".png")  # nothing to gain
PERMISSIONS = 0o644 << 16


def build_zip(files: Iterable[tuple[str, bytes]], on: date) -> bytes:
    """Return the archive of these files and of their manifest.

    The files are taken one by one: a generator that lets go of them keeps few in memory.

    :param files: name and content of each, in the order of the archive
    :param on: date written on every entry
    :raises ValueError: two files bear the same name, whatever the case of its letters
    """
    names, sums = set(), []  # the lines that ``sha256sum --check`` reads
    with TemporaryFile() as stream:
        with ZipFile(stream, "w") as archive:
            for name, data in files:
                if name.lower() in names:
                    raise ValueError("two files of an archive bear the same name")
                names.add(name.lower())
                sums.append(f"{sha256(data)}  {name}\n")
                archive.writestr(_entry(name, on), data)
            archive.writestr(_entry(MANIFEST, on), "".join(sums).encode())
        stream.seek(0)
        return stream.read()


def _entry(name: str, on: date) -> ZipInfo:
    entry = ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
    entry.compress_type = ZIP_STORED if name.endswith(COMPRESSED) else ZIP_DEFLATED
    entry.external_attr = PERMISSIONS
    entry.create_system = 3
    return entry
