"""``./sandbox demo``: the addon's main job on demonstration data, then Odoo to look at it."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from .databases import files_digest
from .errors import SandboxError
from .locking import only_run
from .mail_sink import MailSink
from .odoo_command import OdooCommand
from .places import SHOWN, Places
from .processes import free_port, remove_tree, run_shown, say, start, stop
from .session import Session
from .system_packages import bring

DATABASE = "demo"
_JOB = "sandbox_lib.demo_job"
# What the demo prints is French, as its customers, its letters and its pages.
LOGINS = (
    ("recouvrement", "la personne qui relance : confirme, envoie, appelle"),
    ("comptable", "la comptabilité : factures, paiements, lettrage, et les relances"),
    ("direction", "la direction financière : scénarios, pénalités, dossiers contentieux"),
    ("admin", "l’administration d’Odoo"),
)
_PATIENCE = 90


def run_demo(places: Places, port: int | None, serve: bool) -> int:
    """Install with demonstration data, run the job and, unless told otherwise, serve Odoo."""
    started = time.monotonic()
    with only_run(places.state, "demo"), Session(places) as session:
        port = _check_port(port)
        odoo = session.odoo
        bring(places, "wkhtmltopdf", "fonts-lato")
        remove_tree(places.output)
        with MailSink(places.output / "mails") as sink:

            def prepare(building: str) -> None:
                odoo.call(f"{_JOB}:prepare", building, options=demo_options(building, port, sink))

            here, suite = Path(__file__).parent, places.root / "tests" / "orm"
            digests = [files_digest(here, "demo_*.py"), files_digest(suite, "debtor_*")]
            database = session.databases.fresh_prepared(DATABASE, digests, prepare, addons=SHOWN)
            options = demo_options(database, port, sink)
            _run_job(odoo, options)
            say(f"Courriers et e-mails : {places.output}")
            minutes, seconds = divmod(round(time.monotonic() - started), 60)
            say(f"Durée : {minutes} min {seconds:02} s. La base est gardée pour la fois suivante.")
            return _serve(odoo, options, port) if serve else 0


def serve_demo(places: Places, port: int | None) -> int:
    """Serve the database of the last demo again."""
    with only_run(places.state, "serve"), Session(places) as session:
        port = _check_port(port)
        with MailSink(places.output / "mails") as sink:
            return _serve(session.odoo, demo_options(demo_database(session), port, sink), port)


def demo_database(session: Session) -> str:
    """Return the full name of the demo's database.

    :raise SandboxError: when no demo has been run yet
    """
    database = session.databases.existing(DATABASE)
    if not database:
        raise SandboxError("there is no demo database yet: run './sandbox demo' first")
    return database


def demo_options(database: str, port: int, sink: MailSink) -> list[str]:
    """Return Odoo's options for the demo: its database, a port, no mail but to the sink."""
    smtp = ["--smtp", "127.0.0.1", "--smtp-port", str(sink.port)]
    return ["-d", database, "--db-filter", f"^{database}$", "--http-port", str(port), *smtp]


def _run_job(odoo: OdooCommand, options: list[str]) -> None:
    log = odoo.places.logs / "demo-run.log"
    argv = odoo.argv(f"{_JOB}:run", odoo.places.output, _pages_file(odoo.places), *options)
    with log.open("wb") as errors:
        code = run_shown(argv, odoo.environment(), errors=errors)
    if code:
        lines = log.read_text("utf-8", "replace").strip().splitlines() or [f"exit code {code}"]
        raise SandboxError(f"the demo's job failed: {lines[-1]} (details: {log})")


def _serve(odoo: OdooCommand, options: list[str], port: int) -> int:
    try:
        with serving(odoo, options, port) as (child, address):
            say(f"\nOdoo répond à {address}. Identifiants, le mot de passe est le même :")
            for login, role in LOGINS:
                say(f"  {login:<13} {role}")
            say("Pages à ouvrir :")
            for label, path in json.loads(_pages_file(odoo.places).read_text("utf-8")):
                say(f"  {label} : {address}{path}")
            say(f"E-mails qui en partent : {odoo.places.output / 'mails'}. Ctrl-C arrête.")
            return child.wait()
    except KeyboardInterrupt:
        say("Arrêté.")
        return 0


@contextmanager
def serving(odoo: OdooCommand, options: list[str], port: int):
    """Serve Odoo while the block runs; give the server's process and its address.

    :param options: Odoo's, among them the database and the port
    :raise SandboxError: when it does not answer
    """
    log = odoo.places.logs / "serve.log"
    address = f"http://127.0.0.1:{port}"
    argv = odoo.argv("odoo", "server", *options, "--max-cron-threads", "1")
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for this process, which then stops it.
        child = start(argv, odoo.environment(), output=output, start_new_session=True)
    try:
        _wait_until_served(child, address, log)
        yield child, address
    finally:
        stop(child, signal.SIGINT)


def _wait_until_served(child, address: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/web/login", timeout=_PATIENCE):
                return
        except urllib.error.HTTPError as error:
            raise SandboxError(f"Odoo answers {error.code} (details: {log})") from None
        except OSError:
            time.sleep(0.3)
    raise SandboxError(f"Odoo does not answer at {address} (details: {log})")


def _pages_file(places: Places) -> Path:
    return places.state / "pages.json"


def _check_port(port: int | None) -> int:
    """Return the port if it is free, or a free one when none is given."""
    if port is None:
        return free_port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise SandboxError(
                f"port {port} is taken or not allowed: give another --port, or none for a free one"
            ) from None
    return port
