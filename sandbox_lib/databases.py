"""Databases ready in seconds: each is copied from a template that is made once.

In layers: what the addon depends on (slow, changes rarely), the addon (quick, changes with every
edit), and what is prepared on top, such as the past of the demo. The name of a template contains a
hash of everything that determines it, so it is never stale.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from .odoo_command import OdooCommand, require_clean
from .places import ADDON, ADDONS, SHOWN, depends
from .processes import remove_tree, require_room
from .python_env import ODOO, lock_digest

# To be increased when templates are made or stored differently, so that old ones are not reused.
_RECIPE = "3"
# Gigabytes: a database, its copies and PostgreSQL's write-ahead log.
_ROOM = 1.0
_IGNORED_SUFFIXES = {".pyc", ".orig", ".rej"}


class Databases:
    """The databases of this clone on one server."""

    def __init__(self, odoo: OdooCommand):
        self.odoo = odoo
        self.prefix = f"dunning_{odoo.places.clone_id}"

    def fresh(self, name: str, **options) -> str:
        """Recreate database ``name`` from the right template and return its full name.

        :param options: as for ``_ready``
        :raise SandboxError: if an installation fails or logs a warning
        """
        return self._copy(self._ready(**options), f"{self.prefix}_{name}")

    def fresh_prepared(
        self, name: str, parts: list[str], prepare: Callable[[str], None], **options
    ) -> str:
        """Recreate database ``name`` from a template on which ``prepare`` was run once.

        :param parts: everything that determines the preparation, besides what is installed
        :param prepare: takes the full name of the database to work on
        """
        template = self._template(f"prepared{name}", self._ready(**options), parts, prepare)
        return self._copy(template, f"{self.prefix}_{name}")

    def base(self, addons: tuple[str, ...] = (ADDON,), beside: tuple[str, ...] = ()) -> str:
        """Return the template of what these addons depend on, based on one that others use, too."""
        below, modules = None, [*depends(addons), *beside]
        if fewer := next((each for each in (SHOWN, (ADDON,)) if set(each) < set(addons)), None):
            below = self.base(fewer)
            modules = [module for module in modules if module not in depends(fewer)]
        kind = f"base{len(addons)}{'beside' if beside else ''}"
        return self._template(kind, below, modules, partial(self._install, modules))

    def empty(self, name: str) -> str:
        """Drop database ``name`` if it exists, and return its full name."""
        self._drop(f"{self.prefix}_{name}")
        return f"{self.prefix}_{name}"

    def existing(self, name: str) -> str | None:
        """Return the full name of database ``name`` if it exists."""
        full_name = f"{self.prefix}_{name}"
        return full_name if full_name in self._all() else None

    def drop_all(self) -> None:
        """Drop every database of this clone."""
        for name in self._all():
            self._drop(name)

    def _ready(
        self,
        *,
        addons: tuple[str, ...] = (ADDON,),
        beside: tuple[str, ...] = (),
        installed: bool = True,
    ) -> str:
        """Return the template with these modules.

        :param addons: addons of this repository
        :param beside: applications that none of these addons needs
        :param installed: with these addons, or only with what they depend on
        """
        base = self.base(addons, beside)
        if not installed:
            return base
        digests = [files_digest(self.odoo.places.root / addon) for addon in addons]
        kind = f"addon{len(addons)}{'beside' if beside else ''}"
        return self._template(kind, base, digests, partial(self._install, addons))

    def _template(
        self, kind: str, below: str | None, parts: Sequence[str], make: Callable[[str], None]
    ) -> str:
        """Return the template of a kind, replacing one with other parts.

        :param below: the template that it is made from a copy of; None: from nothing
        :param make: takes the full name of the database to work on
        """
        family = f"{self.prefix}_{kind}_"
        source = (_RECIPE, self.odoo.tree.version, lock_digest(ODOO), below or "", *parts)
        name = family + hashlib.sha256("\n".join(source).encode()).hexdigest()[:12]
        if name in self._all():
            return name
        require_room(self.odoo.places.state, _ROOM)
        building = self.empty(f"part_{kind}")
        if below:
            self._copy(below, building)
        make(building)
        for old in self._all():
            if old.startswith(family):
                self._drop(old)
        if self._filestore(building).exists():
            remove_tree(self._filestore(name))
            os.replace(self._filestore(building), self._filestore(name))
        # Last: a database with its final name is complete.
        self.odoo.postgres.sql(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        return name

    def _install(self, modules: Sequence[str], building: str) -> None:
        ours = not set(modules).difference(ADDONS)
        what = ", ".join(modules) if ours else "what the addons depend on"
        options = ("-i", ",".join(modules), "--without-demo=1")
        name = building.rpartition("_part_")[2]
        log = self.odoo.run(f"Installing {what}", building, *options, log_name=f"install-{name}")
        if ours:
            require_clean(log, f"the installation of {what}")

    def _copy(self, template: str, name: str) -> str:
        self._drop(name)
        if self._filestore(template).exists():
            # Odoo never changes a stored file in place, so the copies can share them.
            shutil.copytree(self._filestore(template), self._filestore(name), copy_function=os.link)
        self.odoo.postgres.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _drop(self, name: str) -> None:
        self.odoo.postgres.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        remove_tree(self._filestore(name))

    def _all(self) -> list[str]:
        like = self.prefix.replace("_", r"\_")
        return self.odoo.postgres.sql(
            rf"SELECT datname FROM pg_database WHERE datname LIKE '{like}\_%' ORDER BY 1"
        )

    def _filestore(self, database: str) -> Path:
        return self.odoo.data / "filestore" / database


def files_digest(folder: Path, pattern: str = "*") -> str:
    """Return a hash of the names and contents of a folder's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.suffix not in _IGNORED_SUFFIXES:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()
