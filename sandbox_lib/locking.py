"""One run at a time per folder. The kernel releases a lock with its process, so none goes stale."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import SandboxError
from .processes import say


@contextmanager
def hold(folder: Path, command: str = "") -> Iterator[None]:
    """Hold ``folder`` for ``command``, or wait for the turn to fill a cache shared by clones.

    :raise SandboxError: if another run holds it, and a command is named
    """
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / "holder"
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if command:
                name = holder.read_text("utf-8") if holder.exists() else "unknown"
                told = f"another run is in progress here ({name}): wait for its end or stop it"
                raise SandboxError(told) from None
            say("Waiting for another run to finish its downloads")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if command:
            holder.write_text(f"{command}, process {os.getpid()}", "utf-8")
        yield
