"""Odoo's command line, cut off from the rest of the machine."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import SandboxError
from .odoo_tree import OdooTree
from .places import Places
from .postgres import PROGRAMS, PostgresClient
from .processes import run_logged

# Port 9 (discard) of this machine: nothing listens there.
NOWHERE = "http://127.0.0.1:9/"
_CONFIGURATION = """\
[options]
addons_path = {addons_path}
data_dir = {data}
db_name = {database}
db_template = template0
email_from = sandbox@example.com
http_interface = 127.0.0.1
list_db = False
max_cron_threads = 0
publisher_warranty_url = {nowhere}
screenshots = {screenshots}
smtp_port = 9
smtp_server = 127.0.0.1
"""
# Chromium's socket is some 45 bytes deeper, and its address must fit in 107.
_LONGEST_TEMPORARY_FOLDER = 60
# Modules that this Odoo does not have and that our bridges extend: only what they read from them.
_STAND_INS = Path("tests/beside/modules")
_ALARM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) |Warning: ")
_NOT_FOR_ODOO = ("OPENERP_SERVER", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")


@dataclass(frozen=True)
class OdooCommand:
    """One Odoo tree on one database server, in the Python environment of this process."""

    places: Places
    tree: OdooTree
    postgres: PostgresClient

    @property
    def data(self) -> Path:
        return self.places.state / "data" / self.postgres.name

    def argv(self, what: str, *arguments: str | int | Path) -> list[str]:
        """Return the command line of ``inside``: "odoo" or a function, and its arguments."""
        return [sys.executable, "-m", f"{__package__}.inside", what, *map(str, arguments)]

    def environment(
        self, database: str | None = None, installed: Path | None = None
    ) -> dict[str, str]:
        """Return the environment of Odoo's processes: no file is written to the user's home.

        :param database: the one to work on unless ``-d`` says otherwise
        :param installed: where the addon is installed as a package, instead of in an addons path
        """
        home, temporary = self._private_folder("home"), str(self._private_folder("tmp"))
        kept = {
            name: value
            for name, value in self.postgres.environment().items()
            if name not in _NOT_FOR_ODOO and not name.startswith("XDG_")
        }
        programs = [f"{sys.prefix}/bin", str(PROGRAMS), os.environ.get("PATH", "")]
        modules = [self.tree.path, *([installed] if installed else []), self.places.root]
        return {
            **kept,
            **compiled_elsewhere(self.places),
            "HOME": str(home),
            "ODOO_RC": str(self._configuration(database, addons_here=not installed)),
            "PATH": os.pathsep.join(programs),
            "PYTHONPATH": os.pathsep.join(map(str, modules)),
            "XDG_RUNTIME_DIR": str(home),
            **({"TMPDIR": temporary} if len(temporary) <= _LONGEST_TEMPORARY_FOLDER else {}),
        }

    def _private_folder(self, name: str) -> Path:
        folder = self.places.state / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _addons_path(self, addons_here: bool) -> str:
        """Return the module folders besides Odoo's own: ours, and stand-ins for what it lacks."""
        folder = self.places.root / _STAND_INS
        lacking = not all(self.tree.has_module(path.name) for path in folder.glob("*"))
        return ",".join(map(str, [self.places.root] * addons_here + [folder] * lacking))

    def _configuration(self, database: str | None, addons_here: bool) -> Path:
        # One per database: several may be in use at once.
        path = self.places.state / f"{database or 'odoo'}.conf"
        self.data.mkdir(parents=True, exist_ok=True)
        text = _CONFIGURATION.format(
            addons_path=self._addons_path(addons_here),
            data=self.data,
            database=database or "",
            nowhere=NOWHERE,
            screenshots=self.places.state / "screenshots",
        )
        # Replaced atomically: a run that has just been started may be reading it.
        part = path.with_suffix(".part")
        part.write_text(text, "utf-8")
        return part.replace(path)

    def run(
        self,
        step: str,
        database: str,
        *arguments: str,
        log_name: str,
        installed: Path | None = None,
    ) -> str:
        """Run Odoo's server on ``database`` until it is initialised; return its log.

        :raise SandboxError: if it fails
        """
        argv = self.argv("odoo", "server", *arguments, "--no-http", "--stop-after-init")
        log = self.places.logs / f"{log_name}.log"
        return run_logged(step, argv, log, env=self.environment(database, installed))

    def call(
        self, function: str, database: str, *arguments: str | int, options=(), shown=False
    ) -> str:
        """Run a function of a module inside Odoo on ``database``, and return its log.

        :param function: as for ``inside``, ``package.module:name``
        :param bool shown: whether to print its output
        :raise SandboxError: if it fails
        """
        argv = self.argv(function, *arguments, "-d", database, *options)
        name = function.rpartition(".")[2].replace(":", "-")
        log = self.places.logs / f"{name}.log"
        step = " ".join(map(str, (name.replace("-", ": ").replace("_", " "), *arguments)))
        return run_logged(step, argv, log, env=self.environment(database), shown=shown)


def compiled_elsewhere(places: Places) -> dict[str, str]:
    """Return variables that keep Python's compiled files in the cache.

    The Odoo tree may be read-only or somebody's checkout, and starts slowly without them.
    """
    return {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPYCACHEPREFIX": str(places.cache / "pycache"),
    }


def require_clean(log: str, what: str) -> None:
    """Fail if one of our installations logged a warning or an error, after printing them all.

    Warnings that an embedded PostgreSQL without extensions causes when a database is created are in
    the log of the first layer (``databases``), which is Odoo's own and is not checked.
    """
    found = [line for line in log.splitlines() if _ALARM.search(line)]
    if found:
        print("\n".join(found), flush=True)
        raise SandboxError(f"{what} logged {len(found)} warning(s) or error(s), shown above")
