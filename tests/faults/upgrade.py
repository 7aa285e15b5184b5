"""``./sandbox upgrade``: install, update and uninstall the addon on a ledger at scale.

One database goes through the life of the addon: filled and worked with, updated, uninstalled,
installed again on the invoices that are left. What must stay is compared row by row.
"""

import time

from sandbox_lib.errors import SandboxError
from sandbox_lib.odoo_command import require_clean
from sandbox_lib.places import ADDON, Places
from sandbox_lib.processes import require_room, say
from sandbox_lib.session import Session
from sandbox_lib.system_packages import bring

from .former import run_since

_STEPS = "tests.faults.upgrade_steps"
_ROOM, _ROOM_PER_MILLION = 2.0, 12.0
_INSTALL_AT_MOST = 60.0  # seconds more than on an empty database
_KEPT_TABLES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'r' AND relname LIKE 'account\\_dunning\\_%' ORDER BY 1
"""
# Of a shipped row an update may refresh the text, of the others it changes nothing.
_DIGEST = """
    SELECT count(*) || ' ' || COALESCE(md5(string_agg(md5((to_jsonb(kept) - 'write_date'
           - 'write_uid')::text), '' ORDER BY md5((to_jsonb(kept) - 'write_date'
           - 'write_uid')::text))), '') FROM {table} kept {where}
"""
_SHIPPED = """
    WHERE NOT EXISTS (SELECT 1 FROM ir_model_data data WHERE data.module = 'account_dunning_fr'
                      AND replace(data.model, '.', '_') = '{table}' AND data.res_id = kept.id)
"""
# What is shipped and was corrected: no update replaces it.
_CORRECTED = {
    "rates": "SELECT count(*) || ' ' || "
    "string_agg(legal_rate_other || ecb_state || legal_state || legal_source, ',') "
    "FROM account_dunning_rate WHERE corrected_here",
    "courts": "SELECT count(*) || ' ' || string_agg(seat_city, ',') FROM account_dunning_court "
    "WHERE corrected_here",
    "texts": "SELECT count(*) || ' ' || string_agg(subject::text, ',') FROM account_dunning_level "
    "WHERE corrected_here",
    "scripts": "SELECT count(*) || ' ' || string_agg(body::text, ',') "
    "FROM account_dunning_call_script WHERE corrected_here",
}
# What the books say, whatever addon is there.
_BOOKS = {
    "entries": "SELECT count(*) || md5(string_agg(concat_ws('|', id, name, state, date, "
    "amount_total, journal_id, partner_id), ',' ORDER BY id)) FROM account_move",
    "items": "SELECT count(*) || md5(string_agg(concat_ws('|', id, move_id, account_id, "
    "partner_id, balance, amount_currency, amount_residual, reconciled, date_maturity), ',' "
    "ORDER BY id)) FROM account_move_line",
    "reconciliations": "SELECT count(*) || md5(string_agg(concat_ws('|', id, debit_move_id, "
    "credit_move_id, amount, full_reconcile_id), ',' ORDER BY id)) FROM account_partial_reconcile",
    "balances": "SELECT md5(string_agg(account_id || '|' || total, ',' ORDER BY account_id)) FROM "
    "(SELECT account_id, sum(balance) AS total FROM account_move_line GROUP BY 1) sums",
}


def run_upgrade(places: Places, items: int, customers: int, since: str | None) -> int:
    """Let one database live through the addon's life; return 1 when something was lost or slow.

    :param since: the commit of a former build, whose database is updated instead
    """
    if since:
        return run_since(places, since)
    require_room(places.state, _ROOM + _ROOM_PER_MILLION * items / 1e6)
    with Session(places, "upgrade") as session:
        bring(places, "wkhtmltopdf")
        return _Life(session).run(items, customers)


class _Life:
    """The database, and what is wrong with it so far."""

    def __init__(self, session: Session):
        self.session, self.odoo = session, session.odoo
        self.database = ""
        self.wrong: list[str] = []

    def run(self, items: int, customers: int) -> int:
        empty = self._install_on_empty()
        self.database = self.session.databases.fresh("upgrade")
        self.odoo.call(f"{_STEPS}:fill", self.database, items, customers)
        self.odoo.call(f"{_STEPS}:work", self.database)
        self._update()
        self._uninstall()
        seconds = self._timed("install-full", "-i", ADDON)
        say(f"Installed on {items:,} open invoices: {seconds:.0f} s; on none: {empty:.0f} s")
        if seconds - empty > _INSTALL_AT_MOST:
            self.wrong.append(f"the installation takes {seconds - empty:.0f} s more")
        for problem in self.wrong:
            say(f"WRONG: {problem}")
        say("Installation, update and removal: " + ("see above" if self.wrong else "as they are"))
        return int(bool(self.wrong))

    def _install_on_empty(self) -> float:
        self.database = self.session.databases.fresh("upgrade", installed=False)
        return self._timed("install-empty", "-i", ADDON)

    def _update(self) -> None:
        before = self._records()
        if not any(count.split()[0] != "0" for count in before.values()):
            raise SandboxError("the database holds nothing of the addon: nothing to compare")
        corrected = {name: self._sql(sql)[0] for name, sql in _CORRECTED.items()}
        seconds = self._timed("update", "-u", ADDON)
        self._compare("the update", before, self._records())
        self._compare(
            "the update", corrected, {name: self._sql(sql)[0] for name, sql in _CORRECTED.items()}
        )
        say(f"Updated in {seconds:.0f} s: {len(before)} tables compared")

    def _uninstall(self) -> None:
        before = self._books()
        started = time.monotonic()
        log = self.odoo.call("tests.faults.beside_steps:uninstall", self.database)
        require_clean(log, f"the removal of {ADDON}")
        try:
            self.odoo.call("tests.faults.beside_steps:leftovers", self.database)
        except SandboxError as error:
            self.wrong.append(str(error))
        self._compare("the removal", before, self._books())
        say(f"Uninstalled in {time.monotonic() - started:.0f} s: the books compared")

    def _records(self) -> dict[str, str]:
        tables = [name for name in self._sql(_KEPT_TABLES) if not self._is_passing(name)]
        found = {}
        for table in tables:
            has_id = self._sql(
                "SELECT 1 FROM pg_attribute WHERE attname = 'id' AND attrelid = "
                f"'{table}'::regclass"
            )
            where = _SHIPPED.format(table=table) if has_id else ""
            found[table] = self._sql(_DIGEST.format(table=table, where=where))[0]
        return found

    def _is_passing(self, table: str) -> bool:
        """Whether a table is that of a dialog, or of a record that the update itself leaves."""
        sql = "SELECT 1 FROM ir_model WHERE replace(model, '.', '_') = '{}' AND transient"
        return bool(self._sql(sql.format(table)))

    def _books(self) -> dict[str, str]:
        return {name: self._sql(statement)[0] for name, statement in _BOOKS.items()}

    def _compare(self, what: str, before: dict[str, str], after: dict[str, str]) -> None:
        for name, digest in before.items():
            if after.get(name) != digest:
                change = f"{digest.split()[0]} before, {after.get(name, 'gone').split()[0]} after"
                self.wrong.append(f"{what} changed {name}: {change}")

    def _timed(self, name: str, *arguments: str) -> float:
        started = time.monotonic()
        self.odoo.run(name, self.database, *arguments, log_name=f"upgrade-{name}")
        return time.monotonic() - started

    def _sql(self, statement: str) -> list[str]:
        return self.session.postgres.sql(statement, self.database)
