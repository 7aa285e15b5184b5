"""Several workers in parallel: how much faster they send, and that nobody is written to twice."""

import re
import subprocess
import time
from collections import Counter
from pathlib import Path

from sandbox_lib.errors import SandboxError
from sandbox_lib.mail_sink import MailSink
from sandbox_lib.processes import remove_tree, say
from sandbox_lib.session import Session

# As in ``benchmarks.sending``, which prepares the notices and cannot be imported without Odoo.
SHARED = 100
WORKERS = (1, 2, 4)
_LATER = "2100-01-01"
_RELEASE = f"""
    UPDATE account_dunning_notice SET wait_until = NULL WHERE id IN (
        SELECT id FROM account_dunning_notice WHERE state = 'ready' AND send_email
           AND wait_until = '{_LATER}' ORDER BY id LIMIT {SHARED})
"""
_MESSAGE_ID = re.compile(r"(?im)^Message-Id:\s*(\S+)")


def measure_workers(session: Session, database: str) -> list[dict]:
    """Send the same number of notices with one, two and four workers, up to the mail server.

    :return: a dict for each number of workers
    :raise SandboxError: if an e-mail was sent twice, or not at all
    """
    return [_measure(session, database, number) for number in WORKERS]


def _measure(session: Session, database: str, number: int) -> dict:
    folder = session.places.state / "bench-mails"
    remove_tree(folder)
    session.postgres.sql(_RELEASE, database)
    with MailSink(folder) as sink:
        children = [_start(session, database, sink.port) for _number in range(number)]
        for child in children:
            child.stdout.readline()
        started = time.monotonic()
        for child in children:
            child.stdin.write("go\n")
            child.stdin.flush()
        outputs = [child.communicate()[0] for child in children]
        seconds = round(time.monotonic() - started, 2)
    if any(child.returncode for child in children):
        raise SandboxError(f"a worker failed: {outputs}")
    _check_each_once(folder)
    spent = [float(output.split()[-1]) for output in outputs]
    say(f"{number} workers: {SHARED} messages in {seconds} s, processor time {spent}")
    return {"workers": number, "messages": SHARED, "seconds": seconds, "cpu_seconds": spent}


def _check_each_once(folder: Path) -> None:
    texts = [path.read_text("utf-8", "replace") for path in folder.iterdir()]
    sent = Counter(_MESSAGE_ID.search(text).group(1) for text in texts)
    twice = [reference for reference, count in sent.items() if count > 1]
    if twice or len(sent) != SHARED:
        raise SandboxError(f"{len(sent)} messages of {SHARED} were sent, {len(twice)} twice")


def _start(session: Session, database: str, port: int) -> subprocess.Popen:
    options = ["-d", database, "--smtp", "127.0.0.1", "--smtp-port", port]
    return subprocess.Popen(
        session.odoo.argv("benchmarks.sending:work", *options, "--log-level", "error"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=session.odoo.environment(database),
        cwd=session.places.root,
    )
