"""``./sandbox demo``: the addon's main job on demonstration data, then Odoo to look at it."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path

import psutil
import requests

from .databases import files_digest
from .errors import SandboxError
from .mail_sink import MailSink
from .odoo_command import OdooCommand, require_clean
from .places import SHOWN, Places
from .processes import free_port, remove_tree, say, start, stop
from .session import Session
from .system_packages import bring

DATABASE = "demo"
_JOB = "sandbox_lib.demo_job"
# What the demo prints is in French, like its customers, letters and pages.
LOGINS = (
    ("recouvrement", "la personne qui relance : confirme, envoie, appelle"),
    ("comptable", "la comptabilité : factures, paiements, lettrage, et les relances"),
    ("direction", "la direction financière : scénarios, pénalités, dossiers contentieux"),
    ("admin", "l’administration d’Odoo"),
)
_PATIENCE = 90


def run_demo(places: Places, port: int | None, serve: bool) -> int:
    """Install with demonstration data, run the job and, unless told otherwise, serve Odoo."""
    with Session(places, "demo") as session:
        port = free_port(port)
        odoo = session.odoo
        with ThreadPoolExecutor(1) as beside:
            brought = beside.submit(bring, places, "wkhtmltopdf", "fonts-lato")
            session.databases.base(SHOWN)
            brought.result()
        remove_tree(places.output)
        with MailSink(places.output / "mails") as sink:
            database = _make_database(session, port, sink)
            options = demo_options(database, port, sink)
            odoo.call(f"{_JOB}:run", database, options=options, shown=True)
            say(f"Courriers et e-mails : {places.output}")
            # Of the whole command: this process is the one that first made its own environment.
            minutes, seconds = divmod(round(time.time() - psutil.Process().create_time()), 60)
            say(f"Durée : {minutes} min {seconds:02} s. La base est gardée pour la fois suivante.")
            return _serve(odoo, options, port) if serve else 0


def _make_database(session: Session, port: int, sink: MailSink) -> str:
    """Recreate the demo's database: the addons with their demonstration data, and its past.

    Demonstration data of Odoo itself would double the time, and the addons need none of them.
    """
    root, suite = session.places.root, session.places.root / "tests" / "orm"

    def prepare(building: str) -> None:
        # An addon gets its demonstration data only if all its dependencies have theirs.
        session.postgres.sql("UPDATE ir_module_module SET demo = (state = 'installed')", building)
        options = ["-i", ",".join(SHOWN), "--with-demo", *demo_options(building, port, sink)]
        log = session.odoo.call(f"{_JOB}:prepare", building, options=options)
        require_clean(log, f"the installation of {', '.join(SHOWN)}")

    made_by = [(Path(__file__).parent, "demo_job.py"), (suite, "*_story.py")]
    made_by += [(suite, "debtor_*.csv"), *((root / addon, "*") for addon in SHOWN)]
    # The dates of demonstration data are relative to the day they are made.
    parts = [datetime.now(timezone.utc).date().isoformat()]
    parts += [files_digest(*files) for files in made_by]
    return session.databases.fresh_prepared(DATABASE, parts, prepare, addons=SHOWN, installed=False)


def serve_demo(places: Places, port: int | None) -> int:
    """Serve the database of the last demo again."""
    with Session(places, "serve") as session:
        port = free_port(port)
        with MailSink(places.output / "mails") as sink:
            return _serve(session.odoo, demo_options(demo_database(session), port, sink), port)


def demo_database(session: Session) -> str:
    """Return the full name of the demo's database.

    :raise SandboxError: if no demo has been run yet
    """
    database = session.databases.existing(DATABASE)
    if not database:
        raise SandboxError("there is no demo database yet: run './sandbox demo' first")
    return database


def demo_options(database: str, port: int, sink: MailSink) -> list[str]:
    """Return Odoo's options for the demo: its database, a port, e-mail only to the sink."""
    smtp = ["--smtp", "127.0.0.1", "--smtp-port", str(sink.port)]
    return ["-d", database, "--db-filter", f"^{database}$", "--http-port", str(port), *smtp]


def _serve(odoo: OdooCommand, options: list[str], port: int) -> int:
    try:
        with serving(odoo, options, port) as (child, address):
            say(f"\nOdoo répond à {address}. Identifiants, le mot de passe est le même :")
            for login, role in LOGINS:
                say(f"  {login:<13} {role}")
            say("Pages à ouvrir :")
            for label, path in json.loads(odoo.places.pages.read_text("utf-8")):
                say(f"  {label} : {address}{path}")
            say(f"E-mails qui en partent : {odoo.places.output / 'mails'}. Ctrl-C arrête.")
            return child.wait()
    except KeyboardInterrupt:
        say("Arrêté.")
        return 0


@contextmanager
def serving(odoo: OdooCommand, options: list[str], port: int):
    """Serve Odoo while the block runs; yield the server's process and its address.

    :param options: Odoo's options, including the database and the port
    :raise SandboxError: if it does not answer
    """
    log = odoo.places.logs / "serve.log"
    address = f"http://127.0.0.1:{port}"
    argv = odoo.argv("odoo", "server", *options, "--max-cron-threads", "1")
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C goes to this process, which then stops the server.
        child = start(argv, odoo.environment(), output=output, start_new_session=True)
    try:
        _wait_until_served(child, address, log)
        yield child, address
    finally:
        stop(child, signal.SIGINT)


def _wait_until_served(child, address: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        with suppress(requests.RequestException):
            answer = requests.get(f"{address}/web/login", timeout=_PATIENCE)
            if answer.ok:
                return
            raise SandboxError(f"Odoo answers {answer.status_code} (details: {log})")
        time.sleep(0.3)
    raise SandboxError(f"Odoo does not answer at {address} (details: {log})")
