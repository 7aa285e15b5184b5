"""Child processes: logged, explained if they fail, and never left behind."""

import ctypes
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import SandboxError, cause_in

_PR_SET_PDEATHSIG = 1
# What Odoo goes on logging after a failure, such as the end of its server, is not its cause.
_QUIET = re.compile(r"\S+ \S+ \d+ (DEBUG|INFO) ")


def say(line: str) -> None:
    """Print one line of progress immediately."""
    print(line, flush=True)


def die_with_parent(sign: int = signal.SIGTERM) -> Callable[[], None] | None:
    """Return a ``preexec_fn`` that ends the child when this process is killed (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, sign, 0, 0, 0)


def start(argv: Sequence, env: Mapping[str, str] | None, cwd=None, output=None, **options):
    """Start a program that does not outlive this process.

    :param output: a file for all its output; by default this terminal
    :return: ``subprocess.Popen``
    """
    if output:
        kept = {"stdout": output, "stderr": subprocess.STDOUT}
        options = {"stdin": subprocess.DEVNULL, **kept, **options}
    options.setdefault("preexec_fn", die_with_parent())
    return subprocess.Popen([str(part) for part in argv], env=env, cwd=cwd, **options)


def run_shown(argv: Sequence, env: Mapping[str, str] | None, cwd=None) -> int:
    """Run a program on this terminal and return its exit code."""
    return wait_for(start(argv, env, cwd))


@contextmanager
def running(
    step: str,
    argv: Sequence,
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    advice: str = "",
    shown: bool = False,
) -> Iterator[None]:
    """Run ``argv`` while the block runs, with its output in ``log``, then wait for its end.

    If the block fails, the program is stopped.

    :param shown: whether to print its output; its standard error is only in ``log``
    :raise SandboxError: in one line, if the program is missing or fails
    """
    say(f"{step} …")
    started = time.monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        how = {"stdout": None, "stderr": output} if shown else {}
        try:
            child = start(argv, env, cwd, output, **how)
        except FileNotFoundError as error:
            raise SandboxError(f"{step}: the program {error.filename} is missing") from None
        try:
            yield
            code = wait_for(child)
        finally:
            stop(child)
    if code:
        text = log.read_text("utf-8", "replace")
        told = [line for line in text.splitlines() if line.strip() and not _QUIET.match(line)]
        lines = told or [f"exit code {code}"]
        reason = cause_in(text) or lines[-1].strip()
        advice = f"; {advice}" if advice else ""
        raise SandboxError(f"{step} failed: {reason}{advice} (details: {log})")
    say(f"{step}: {time.monotonic() - started:.0f} s")


def run_logged(step: str, argv: Sequence, log: Path, **options) -> str:
    """Run a program as ``running`` does, with nothing in parallel, and return its output."""
    with running(step, argv, log, **options):
        pass
    return log.read_text("utf-8", "replace")


def wait_for(child: subprocess.Popen) -> int:
    """Wait for ``child``; if interrupted, make sure that the child has ended before going on."""
    try:
        return child.wait()
    except KeyboardInterrupt:
        # Ctrl-C reaches the child too: let it end in its own way.
        with suppress(subprocess.TimeoutExpired):
            child.wait(10)
        raise
    finally:
        stop(child)


def stop(child: subprocess.Popen, sign: int = signal.SIGTERM, patience: float = 20) -> None:
    """Ask a process started here to end, and kill it if it does not."""
    if child.poll() is not None:
        return
    child.send_signal(sign)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def require_room(folder: Path, gigabytes: float) -> None:
    """Raise ``SandboxError`` before a long step if the disk has not enough space."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise SandboxError(
            f"the disk is full: {free:.1f} GB are free for {folder} and {gigabytes} GB are needed"
        )


def remove_tree(path: Path) -> None:
    """Delete a folder if it exists, whatever an interrupted run left in it."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def free_port(wanted: int | None = None) -> int:
    """Return an unused port of this machine: the one wanted, or any.

    :raise SandboxError: if the one wanted is in use
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except (OSError, OverflowError):
            raise SandboxError(
                f"port {wanted} is taken or not allowed: give another --port, or none for any"
            ) from None
        return probe.getsockname()[1]
