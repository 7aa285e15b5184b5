"""``./sandbox upgrade --since COMMIT``: a database of a former build becomes one of this build.

The addon as it was at a commit, with those for Sales and Inventory that it had, is installed with
its demonstration, in French and English; its scheduled actions run, a person corrects and confirms;
then it is updated, as a database with its demonstration is. What was kept is compared column by
column, and everything is opened in both languages.
"""

import io
import subprocess
import tarfile
from pathlib import Path

from sandbox_lib.errors import SandboxError
from sandbox_lib.odoo_command import require_clean
from sandbox_lib.places import ADDON, SHOWN, Places
from sandbox_lib.processes import remove_tree, require_room, say
from sandbox_lib.session import Session
from sandbox_lib.system_packages import bring

_STEPS = "tests.faults.former_steps"
_ROOM = 2.0
# A digest of each column that both builds have: of the addon's tables, of what it adds elsewhere.
_COLUMNS = r"""
    SELECT field.table_name || '.' || field.column_name
      FROM information_schema.columns field
      JOIN information_schema.columns key
        ON (key.table_schema, key.table_name, key.column_name)
         = (field.table_schema, field.table_name, 'id')
      JOIN information_schema.tables kept
        ON (kept.table_schema, kept.table_name) = (field.table_schema, field.table_name)
     WHERE field.table_schema = 'public' AND kept.table_type = 'BASE TABLE'
       AND (field.table_name LIKE 'account\_dunning\_%' OR field.column_name LIKE 'dunning\_%'
            OR field.table_name IN ('account_move', 'account_move_line', 'ir_attachment',
                                    'account_partial_reconcile', 'mail_message'))
       AND field.column_name NOT IN ('write_date', 'write_uid')
       AND NOT EXISTS (SELECT 1 FROM ir_model model WHERE model.transient
                        AND replace(model.model, '.', '_') = field.table_name)
     ORDER BY 1
"""
_DIGEST = """
    '{name} ' || COALESCE(md5(string_agg("{column}"::text, '|' ORDER BY id)), '')
"""
# An action that is no longer shipped goes with what was said of it.
_ONLY = {"mail_message": "AND model NOT LIKE 'ir.%'"}
# What is shipped follows what is shipped: tests/faults/upgrade.py proves what is corrected.
_SHIPPED = ("account_dunning_court", "account_dunning_level", "account_dunning_policy")
_SHIPPED += ("account_dunning_rate", "account_dunning_call_script")


def run_since(places: Places, commit: str) -> int:
    """Update a database of the build at ``commit``; return 1 when something was lost or breaks."""
    require_room(places.state, _ROOM)
    former = places.state / "former"
    with Session(places, "upgrade") as session:
        bring(places, "wkhtmltopdf")
        try:
            addons = _export(places.root, commit, former)
            return _Update(session, former, addons).run()
        finally:
            remove_tree(former)


def _export(root: Path, commit: str, former: Path) -> tuple[str, ...]:
    """Write the addons as they were at a commit, those that there were; return their names."""
    argv = ["git", "-C", str(root), "ls-tree", "--name-only", commit]
    there = subprocess.run(argv, capture_output=True, check=False, text=True).stdout.split()
    addons = tuple(name for name in SHOWN if name == ADDON or name in there)
    argv = ["git", "-C", str(root), "archive", commit, *addons]
    done = subprocess.run(argv, capture_output=True, check=False)
    if done.returncode:
        raise SandboxError(f"git has no {ADDON} at {commit}: {done.stderr.decode().strip()}")
    remove_tree(former)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(former, filter="data")
    return addons


class _Update:
    """A database of the former build, and what is wrong with it once it is updated."""

    def __init__(self, session: Session, former: Path, addons: tuple[str, ...]):
        self.session, self.former, self.addons = session, former, addons
        # With what all of them join: those that the former build had not come with the update.
        self.database = session.databases.fresh("former", addons=SHOWN, installed=False)
        self.wrong: list[str] = []

    def run(self) -> int:
        odoo, then = self.session.odoo, ("--addons-path", str(self.former))
        # An addon gets its demonstration only where all that it depends on has its own.
        self._sql("UPDATE ir_module_module SET demo = (state = 'installed')")
        install = ("-i", ",".join(self.addons), "--with-demo", *then)
        odoo.run("install-former", self.database, *install, log_name="former-install")
        odoo.call(f"{_STEPS}:work", self.database, options=then)
        self.last = {
            table: self._sql(f"SELECT max(id) FROM {table}")[0] for table in self._tables()
        }
        before = self._digests()
        new = [name for name in SHOWN if name not in self.addons]
        update = ("-u", ",".join(self.addons), *(("-i", ",".join(new)) if new else ()))
        log = odoo.run("update", self.database, *update, log_name="former-update")
        require_clean(log, "the update")
        self._compare(before, self._digests())
        try:
            odoo.call(f"{_STEPS}:look", self.database)
        except SandboxError as error:
            self.wrong.append(str(error))
        for problem in self.wrong:
            say(f"WRONG: {problem}")
        say(f"{len(before)} columns compared: " + ("see above" if self.wrong else "as they were"))
        return int(bool(self.wrong))

    def _tables(self) -> dict[str, list[str]]:
        """Return the tables to compare, with their columns; what is shipped is not kept."""
        tables: dict[str, list[str]] = {}
        for name in self._sql(_COLUMNS):
            table, _dot, column = name.partition(".")
            if table not in _SHIPPED:
                tables.setdefault(table, []).append(column)
        return tables

    def _digests(self) -> dict[str, str]:
        """Return a digest of each column, of the rows that the former build left."""
        found = {}
        for table, columns in self._tables().items():
            if last := self.last.get(table):
                parts = (_DIGEST.format(name=f"{table}.{name}", column=name) for name in columns)
                rows = self._sql(
                    f"SELECT unnest(ARRAY[{', '.join(parts)}]) FROM {table} "
                    f"WHERE id <= {last} {_ONLY.get(table, '')}"
                )
                found.update(row.split(" ") for row in rows)
        return found

    def _compare(self, before: dict[str, str], after: dict[str, str]) -> None:
        for name, digest in before.items():
            if after.get(name, "") != digest:
                what = "changed" if name in after else "removed"
                self.wrong.append(f"the update {what} {name}")

    def _sql(self, statement: str) -> list[str]:
        return self.session.postgres.sql(statement, self.database)
