"""One run at a time per folder. The kernel frees a lock with its process, so none goes stale."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import SandboxError
from .processes import say


@contextmanager
def only_run(folder: Path, command: str) -> Iterator[None]:
    """Hold ``folder`` for ``command``; raise ``SandboxError`` when another run holds it."""
    with _open(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.read().strip() or "unknown"
            raise SandboxError(
                f"another run is in progress here ({holder}): wait for its end or stop it"
            ) from None
        _sign(lock, command)
        yield


@contextmanager
def turn_in(folder: Path) -> Iterator[None]:
    """Wait for the turn to fill a cache folder shared by all clones of this user."""
    with _open(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another run to finish its downloads ({lock.read().strip()})")
            fcntl.flock(lock, fcntl.LOCK_EX)
        _sign(lock, "downloads")
        yield


def _open(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    # Opened without truncation: the name of the present holder must stay readable.
    return os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644), "r+")


def _sign(lock, command: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{command}, process {os.getpid()}")
    lock.flush()
