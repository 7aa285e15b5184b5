"""Databases ready in seconds: each is copied from a template that is made once.

In layers: what the addon depends on (slow, rarely changes), the addon (quick, changes with every
edit), the demo's past. A template's name carries a hash of all that determines it, so it is never
stale.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection
from datetime import datetime, timezone
from pathlib import Path

from .install_log import require_clean
from .odoo_command import OdooCommand
from .places import ADDON, ADDONS, depends
from .processes import remove_tree, require_room
from .python_env import ODOO, lock_digest

# To be raised when templates are made or kept differently, so that old ones are not reused.
_RECIPE = "2"
# Gigabytes: a database, its copies and PostgreSQL's journal.
_ROOM = 1.0
_IGNORED_SUFFIXES = {".pyc", ".orig", ".rej"}


class Databases:
    """The databases of this clone on one server."""

    def __init__(self, odoo: OdooCommand):
        self.odoo = odoo
        self.prefix = f"dunning_{odoo.places.clone_id}"

    def fresh(
        self,
        name: str,
        *,
        demo: bool,
        addons: tuple[str, ...] = (ADDON,),
        beside: tuple[str, ...] = (),
        installed: bool = True,
    ) -> str:
        """Make database ``name`` anew from the right template and return its full name.

        :param demo: with demonstration data
        :param addons: of this repository
        :param beside: applications that none of these addons needs
        :param installed: with these addons, else only with what they depend on
        :raise SandboxError: when an installation fails or logs a warning
        """
        make = self._addon_template if installed else self._base_template
        template = make(demo, addons, beside)
        full_name = f"{self.prefix}_{name}"
        self._copy(template, full_name)
        return full_name

    def fresh_prepared(
        self,
        name: str,
        parts: list[str],
        prepare: Callable[[str], None],
        *,
        demo: bool = True,
        addons: tuple[str, ...] = (ADDON,),
    ) -> str:
        """Make database ``name`` anew from a template on which ``prepare`` was run once.

        :param parts: all that determines the preparation, beside the addon and its demo data
        :param prepare: takes the full name of the database to work on
        :param demo: with demonstration data
        :param addons: of this repository
        """
        base = self._addon_template(demo, addons)
        template, family = self._template_name("prepared", demo, [base, *parts])
        if template not in self._all():
            building = f"{self.prefix}_part"
            self._copy(base, building)
            prepare(building)
            self._adopt(building, template, family)
        full_name = f"{self.prefix}_{name}"
        self._copy(template, full_name)
        return full_name

    def existing(self, name: str) -> str | None:
        """Return the full name of database ``name`` if it is there."""
        full_name = f"{self.prefix}_{name}"
        return full_name if full_name in self._all() else None

    def drop_all(self) -> None:
        """Drop every database of this clone."""
        for name in self._all():
            self._drop(name)

    def _base_template(
        self, demo: bool, addons: tuple[str, ...], beside: tuple[str, ...] = ()
    ) -> str:
        modules = depends(addons)
        kind = _kind("base", addons, beside)
        name, family = self._template_name(kind, demo, [*modules, *beside])
        if name not in self._all():
            base = None
            if beside:  # each layer is installed on top of the one below, which others use too
                base, modules = self._base_template(demo, addons), beside
            elif addons != (ADDON,):
                base = self._base_template(demo, (ADDON,))
                modules = [module for module in modules if module not in depends((ADDON,))]
            self._build(name, family, modules, demo, base)
        return name

    def _addon_template(
        self, demo: bool, addons: tuple[str, ...], beside: tuple[str, ...] = ()
    ) -> str:
        digests = [files_digest(self.odoo.places.root / addon) for addon in addons]
        base = self._base_template(demo, addons, beside)
        # Demonstration data are counted back from the day they are made.
        day = [datetime.now(timezone.utc).date().isoformat()] if demo else []
        kind = _kind("addon", addons, beside)
        name, family = self._template_name(kind, demo, [base, *digests, *day])
        if name not in self._all():
            self._build(name, family, addons, demo, base)
        return name

    def _template_name(self, kind: str, demo: bool, parts: list[str]) -> tuple[str, str]:
        family = f"{self.prefix}_{kind}{'_demo' if demo else ''}_"
        source = "\n".join((_RECIPE, self.odoo.tree.version, lock_digest(ODOO), *parts))
        return family + hashlib.sha256(source.encode()).hexdigest()[:12], family

    def _build(
        self, name: str, family: str, modules: Collection[str], demo: bool, base: str | None
    ) -> None:
        """Build a template under a passing name, and give it its own when all went well."""
        require_room(self.odoo.places.state, _ROOM)
        building = f"{self.prefix}_part"
        self._drop(building)
        if base:
            self._copy(base, building)
        kind = "--with-demo" if demo else "--without-demo=1"
        ours = not set(modules).difference(ADDONS)
        what = ", ".join(modules) if ours else "what the addons depend on"
        log = self.odoo.run(
            f"Installing {what}{' with demonstration data' if demo else ''}",
            building,
            *("-i", ",".join(modules), kind),
            log_name=f"install-{'demo-' if demo else ''}{'addon' if ours else 'base'}",
        )
        if ours:
            require_clean(log, f"the installation of {what}")
        self._adopt(building, name, family)

    def _adopt(self, building: str, name: str, family: str) -> None:
        """Give a complete database its name as a template, in place of older ones of its family."""
        for old in self._all():
            # A family's last part is a hash: "base_" must not match "base_demo_".
            if old.startswith(family) and "_" not in old.removeprefix(family):
                self._drop(old)
        if self._filestore(building).exists():
            remove_tree(self._filestore(name))
            os.replace(self._filestore(building), self._filestore(name))
        # Last: a database that bears its final name is complete.
        self.odoo.postgres.sql(f'ALTER DATABASE "{building}" RENAME TO "{name}"')

    def _copy(self, template: str, name: str) -> None:
        self._drop(name)
        if self._filestore(template).exists():
            # Odoo never changes a stored file in place, so the copies can share them.
            shutil.copytree(self._filestore(template), self._filestore(name), copy_function=os.link)
        self.odoo.postgres.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

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


def _kind(layer: str, addons: tuple[str, ...], beside: tuple[str, ...]) -> str:
    if beside:
        return f"{layer}_beside"
    return layer if addons == (ADDON,) else f"{layer}_all"
