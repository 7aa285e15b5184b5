"""One run at a time per folder. The kernel frees a lock with its process, so none goes stale."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import SandboxError
from .processes import say


@contextmanager
def hold(folder: Path, command: str = "") -> Iterator[None]:
    """Hold ``folder`` for ``command``, or wait for the turn to fill a cache that clones share.

    :raise SandboxError: when another run holds it, and a command is named
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(folder / "lock"), folder / "holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if command:
            name = holder.read_text("utf-8") if holder.exists() else "unknown"
            raise SandboxError(
                f"another run is in progress here ({name}): wait for its end or stop it"
            ) from None
        say("Waiting for another run to finish its downloads")
        lock.acquire()
    with lock:
        if command:
            holder.write_text(f"{command}, process {os.getpid()}", "utf-8")
        yield
