"""One run at a time per folder. The kernel frees a lock with its process, so none goes stale."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import SandboxError
from .processes import say


@contextmanager
def only_run(folder: Path, command: str) -> Iterator[None]:
    """Hold ``folder`` for ``command``; raise ``SandboxError`` when another run holds it."""
    lock, holder = _lock(folder), folder / "holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        name = holder.read_text("utf-8") if holder.exists() else "unknown"
        raise SandboxError(
            f"another run is in progress here ({name}): wait for its end or stop it"
        ) from None
    with lock:
        holder.write_text(f"{command}, process {os.getpid()}", "utf-8")
        yield


@contextmanager
def turn_in(folder: Path) -> Iterator[None]:
    """Wait for the turn to fill a cache folder shared by all clones of this user."""
    lock = _lock(folder)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("Waiting for another run to finish its downloads")
        lock.acquire()
    with lock:
        yield


def _lock(folder: Path) -> FileLock:
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "lock")
