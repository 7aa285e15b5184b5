"""PostgreSQL for one run: the embedded server, or the one ``PGHOST`` names."""

import hashlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .errors import SandboxError, cause_in
from .places import Places
from .processes import die_with_parent, remove_tree, say, stop
from .python_env import PythonEnv
from .server_account import ServerAccount, client_programs, server_account

# Odoo refuses to connect as "postgres".
_OWNER = "odoo"
_START_PATIENCE = 30
# A socket's address must fit in 107 bytes.
_LONGEST_SOCKET_FOLDER = 80
# Nothing here outlives a power cut: speed matters more than surviving one.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "512MB",
    "max_connections": "60",
}


class PostgresClient:
    """Maintenance statements on a server, whichever it is, through psql."""

    def __init__(self, programs: Path, connection: dict[str, str], name: str):
        self.programs = programs
        self.connection = connection
        # Tells one server from another: the files Odoo stores belong to one server's databases.
        self.name = name

    def sql(self, statement: str, database: str = "postgres") -> list[str]:
        """Run one statement and return its rows as text.

        :raise SandboxError: when the server cannot be reached or refuses the statement
        """
        argv = [self.programs / "psql", "--no-psqlrc", "--tuples-only", "--no-align"]
        argv += ["--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", statement]
        done = subprocess.run(
            argv, capture_output=True, text=True, check=False, env=self.environment()
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no answer"]
            raise SandboxError(cause_in(done.stderr) or f"PostgreSQL: {lines[0]}")
        return done.stdout.splitlines()

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the connection to this server only."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**kept, **self.connection}


def external_server(env: PythonEnv) -> PostgresClient:
    """Return the server named by ``PGHOST`` and the other variables of libpq.

    :raise SandboxError: when it does not answer or may not create databases
    """
    connection = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    address = f"{connection['PGHOST']}:{connection.get('PGPORT', '')}"
    name = hashlib.sha256(address.encode()).hexdigest()[:8]
    client = PostgresClient(client_programs(env.site_packages), connection, name)
    try:
        allowed = client.sql(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
    except SandboxError as error:
        raise SandboxError(
            f"PGHOST={os.environ['PGHOST']}: {error}; correct it or unset PGHOST"
        ) from None
    if allowed != ["t"]:
        raise SandboxError("the user of PGHOST may not create databases: ALTER ROLE … CREATEDB")
    return client


class EmbeddedServer:
    """A PostgreSQL of our own on a Unix socket, alive for the length of one run."""

    def __init__(self, places: Places, env: PythonEnv):
        self.places = places
        self.env = env
        self._account: ServerAccount | None = None
        self._process: subprocess.Popen | None = None
        self._sockets: Path | None = None

    def start(self) -> PostgresClient:
        """Start the server, after stopping one that a killed run may have left.

        :raise SandboxError: when it does not come up
        """
        account = self._account = server_account(self.places, self.env.site_packages)
        data = account.home / "data"
        _stop_leftover(data)
        if not (data / "PG_VERSION").exists():
            self._initialise(account, data)
        self._sockets = self._socket_folder(account)
        log = self.places.logs / "postgresql.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        argv = [account.programs / "postgres", "-D", data, "-k", self._sockets]
        for name, value in _SETTINGS.items():
            argv += ["-c", f"{name}={value}"]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                argv,
                cwd=account.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for this process, which then stops the server in good order.
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
                **account.popen_options,
            )
        connection = {"PGHOST": str(self._sockets), "PGUSER": _OWNER, "PGPORT": "5432"}
        client = PostgresClient(client_programs(self.env.site_packages), connection, "embedded")
        self._wait_until_ready(client, log)
        return client

    def stop(self) -> None:
        """Stop the server this object started, if any."""
        if self._process:
            # SIGINT is PostgreSQL's "fast" shutdown: it does not wait for its clients.
            stop(self._process, signal.SIGINT, patience=30)
        if self._sockets:
            remove_tree(self._sockets)

    def _initialise(self, account: ServerAccount, data: Path) -> None:
        building = data.with_name("data.part")
        remove_tree(building)
        building.mkdir(mode=0o700)
        account.give(building)
        argv = [account.programs / "initdb", "--pgdata", building, "--username", _OWNER]
        argv += ["--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"]
        done = subprocess.run(
            argv,
            cwd=account.home,
            capture_output=True,
            text=True,
            check=False,
            **account.popen_options,
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no reason given"]
            raise SandboxError(cause_in(done.stderr) or f"PostgreSQL cannot start: {lines[-1]}")
        os.replace(building, data)

    def _socket_folder(self, account: ServerAccount) -> Path:
        folder = account.home / "run"
        if len(str(folder)) > _LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.mkdtemp(prefix="dunning-"))
        remove_tree(folder)
        # Trust is given to whoever reaches the socket: nobody else may.
        folder.mkdir(mode=0o700)
        account.give(folder)
        return folder

    def _wait_until_ready(self, client: PostgresClient, log: Path) -> None:
        argv = [client.programs / "pg_isready", "--quiet"]
        deadline = time.monotonic() + _START_PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            if subprocess.run(argv, env=client.environment(), check=False).returncode == 0:
                return
            time.sleep(0.1)
        self.stop()
        text = log.read_text("utf-8", "replace")
        reason = cause_in(text) or (text.strip().splitlines() or ["no output"])[-1]
        raise SandboxError(f"PostgreSQL did not start: {reason} (details: {log})")


def _stop_leftover(data: Path) -> None:
    """Stop the server a killed run left on ``data``; the caller holds the clone's lock."""
    try:
        pid = int((data / "postmaster.pid").read_text("utf-8").split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if str(data).encode() not in command:
        return
    say(f"Stopping the database server of a run that was killed (process {pid})")
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + _START_PATIENCE
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
