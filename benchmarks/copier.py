"""Copies of the rows of one customer, each table in one statement."""

from contextlib import contextmanager, suppress

from psycopg2.errors import InsufficientPrivilege

from odoo.tools import SQL

DAYS_SPREAD = 28


class Copier:
    """Copies the rows of one customer's bundle, each table in one statement.

    Copy number ``n`` of the row of rank ``r`` (of ``size``) gets the id ``last + (n - 1) * size +
    r``, so that references between copies are computed, not looked up.
    """

    def __init__(self, cr, seed, bundles, customers):
        self.cr = cr
        self.seed = seed
        self.bundles = bundles
        self.customers = customers

    def run(self):
        self._rank("res_partner", SQL("id = %s", self.seed.id))
        # Payment entries have their partner only on the journal items.
        self._rank(
            "account_move",
            SQL(
                "id IN (SELECT move_id FROM account_move_line WHERE partner_id = %s)", self.seed.id
            ),
        )
        self._rank("account_move_line", SQL("partner_id = %s", self.seed.id))
        of_lines = SQL("(SELECT id FROM rank_account_move_line)")
        self._rank("account_partial_reconcile", SQL("debit_move_id IN %s", of_lines))
        self._rank(
            "account_full_reconcile",
            SQL("id IN (SELECT full_reconcile_id FROM account_move_line WHERE id IN %s)", of_lines),
        )
        self._copy_partners()
        self._number_copies()
        with self._without_upkeep():
            self._copy_moves()
            self._copy_full_reconciles()
            self._copy_lines()
            self._copy_partials()
        self._tidy_up()

    def _number_copies(self):
        """Give each copy its number, the days by which it is later, and its customer."""
        # The first bundle is the seed itself: it keeps its customer.
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE copy AS
                SELECT n, n %% %s AS shift,
                       CASE WHEN n %% %s = 0 THEN %s
                            ELSE %s + n %% %s END AS partner_id
                  FROM generate_series(1, %s) n
                """,
                DAYS_SPREAD,
                self.customers,
                self.seed.id,
                self.last["res_partner"],
                self.customers,
                self.bundles - 1,
            )
        )

    def _tidy_up(self):
        """Set the sequence of each table past the copies; drop the temporary tables."""
        for table in self.last:
            self.cr.execute(
                SQL(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM %s",
                    table,
                    SQL.identifier(table),
                )
            )
            self.cr.execute(SQL("DROP TABLE %s", SQL.identifier(f"rank_{table}")))
        self.cr.execute(SQL("DROP TABLE copy"))

    last: dict
    size: dict

    @contextmanager
    def _without_upkeep(self):
        """Suspend foreign keys and drop indexes while rows are copied.

        The copies are consistent, and an index is built faster at once than row by row. Unique
        indexes stay.
        """
        self.cr.execute(
            SQL(
                """
                SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid)
                  FROM pg_index index
                 WHERE NOT index.indisunique AND index.indrelid::regclass::text IN %s
                """,
                tuple(self.last),
            )
        )
        indexes = self.cr.fetchall()
        for name, _definition in indexes:
            self.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name.strip('"'))))
        with suppress(InsufficientPrivilege), self.cr.savepoint(flush=False):
            self.cr.execute("SET LOCAL session_replication_role = replica")
        yield
        self.cr.execute("SET LOCAL session_replication_role = DEFAULT")
        for _name, definition in indexes:
            self.cr.execute(definition)

    def _rank(self, table, where):
        """Number the rows to copy, and store the last id before the copies."""
        if "last" not in self.__dict__:
            self.last, self.size = {}, {}
        self.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s AS "
                "SELECT id, row_number() OVER (ORDER BY id) AS rank FROM %s WHERE %s",
                SQL.identifier(f"rank_{table}"),
                SQL.identifier(table),
                where,
            )
        )
        self.size[table] = self.cr.rowcount
        self.cr.execute(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))
        self.last[table] = self.cr.fetchone()[0] or 0

    def _new_id(self, table, column):
        """Return the id, in the copy, of the record that a column of the original refers to."""
        return SQL(
            "%s + (copy.n - 1) * %s + (SELECT rank FROM %s rank WHERE rank.id = %s)",
            self.last[table],
            self.size[table],
            SQL.identifier(f"rank_{table}"),
            column,
        )

    def _copy(self, table, source, **values):
        """Copy the ranked rows of a table; ``values`` replace the columns they name."""
        self.cr.execute(
            SQL(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                table,
            )
        )
        columns = [name for (name,) in self.cr.fetchall()]
        self.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s t JOIN %s USING (id) CROSS JOIN %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values.get(name) or SQL.identifier("t", name) for name in columns),
                SQL.identifier(table),
                SQL.identifier(f"rank_{table}"),
                source,
            )
        )

    def _copy_partners(self):
        number = SQL("(%s + copy.n)", self.last["res_partner"])
        self._copy(
            "res_partner",
            SQL("generate_series(1, %s) copy(n)", self.customers - 1),
            id=number,
            commercial_partner_id=number,
            name=SQL("'Client ' || copy.n"),
            complete_name=SQL("'Client ' || copy.n"),
            commercial_company_name=SQL("'Client ' || copy.n"),
            email=SQL("'client' || copy.n || '@client.example'"),
            email_normalized=SQL("'client' || copy.n || '@client.example'"),
        )

    def _shifted(self, *columns):
        return {name: SQL("%s - copy.shift", SQL.identifier("t", name)) for name in columns}

    def _copy_moves(self):
        number = SQL("(copy.n * %s + rank)", self.size["account_move"])
        name = SQL("'BENCH/' || lpad(%s::text, 8, '0')", number)
        self._copy(
            "account_move",
            SQL("copy"),
            id=self._new_id("account_move", SQL("t.id")),
            name=name,
            payment_reference=name,
            sequence_prefix=SQL("'BENCH/'"),
            sequence_number=number,
            invoice_partner_display_name=SQL("'Client ' || copy.n"),
            **{
                column: SQL(
                    "CASE WHEN %s IS NOT NULL THEN copy.partner_id END", SQL.identifier("t", column)
                )
                for column in ("partner_id", "commercial_partner_id", "partner_shipping_id")
            },
            **self._shifted("date", "invoice_date", "invoice_date_due"),
        )

    def _copy_full_reconciles(self):
        if self.size["account_full_reconcile"]:
            new_id = self._new_id("account_full_reconcile", SQL("t.id"))
            self._copy("account_full_reconcile", SQL("copy"), id=new_id)

    def _copy_lines(self):
        number = SQL(
            "(copy.n * %s + (SELECT rank FROM rank_account_move rank WHERE rank.id = t.move_id))",
            self.size["account_move"],
        )
        self._copy(
            "account_move_line",
            SQL("copy"),
            id=self._new_id("account_move_line", SQL("t.id")),
            move_id=self._new_id("account_move", SQL("t.move_id")),
            full_reconcile_id=self._new_id("account_full_reconcile", SQL("t.full_reconcile_id")),
            move_name=SQL("'BENCH/' || lpad(%s::text, 8, '0')", number),
            partner_id=SQL("copy.partner_id"),
            **self._shifted("date", "invoice_date", "date_maturity"),
        )

    def _copy_partials(self):
        self._copy(
            "account_partial_reconcile",
            SQL("copy"),
            id=self._new_id("account_partial_reconcile", SQL("t.id")),
            debit_move_id=self._new_id("account_move_line", SQL("t.debit_move_id")),
            credit_move_id=self._new_id("account_move_line", SQL("t.credit_move_id")),
            full_reconcile_id=self._new_id("account_full_reconcile", SQL("t.full_reconcile_id")),
            **self._shifted("max_date"),
        )
