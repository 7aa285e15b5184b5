"""A ledger at scale: a few real entries of Odoo, duplicated by set-based SQL.

A *bundle* is what one customer owes: ten open invoices due from 350 days ago to 20 days ahead, two
of them partly paid, one invoice paid late, one credit note that is not allocated yet. Odoo creates,
posts and reconciles the first bundle; the others are copies of its rows, given to other customers
and moved by up to four weeks.
"""

from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

# Days by which the open invoices of a bundle are overdue, and their amounts.
OPEN = {350: 900, 200: 450, 100: 1200, 60: 800, 40: 300, 20: 2500, 8: 640, 3: 150, -2: 500, -20: 75}
PARTLY_PAID = {350: 200, 60: 300}
PAID_LATE = (120, 700)
CREDIT_NOTE = 50
ITEMS_PER_BUNDLE = len(OPEN)
DAYS_SPREAD = 28


def fill(env, items, customers):
    """Fill the company's ledger.

    :param env: superuser's environment on a database where only the addon is installed
    :param int items: open items, rounded down to whole bundles
    :param int customers: among whom they are spread
    :return: (open items, customers) really made
    """
    company = _prepare_company(env)
    seed = _create_bundle(env, company)
    env.flush_all()
    bundles = max(items // ITEMS_PER_BUNDLE, 1)
    customers = min(customers, bundles)
    _Copier(env.cr, seed, bundles, customers).run()
    _hold_some(env, company, customers)
    env.cr.commit()
    env.invalidate_all()
    return bundles * ITEMS_PER_BUNDLE, customers


def _prepare_company(env):
    company = env.company
    if company.country_code != "FR":
        company.country_id = env.ref("base.fr")
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
    company.write(
        {
            "email": "compta@creancier.example",
            "company_registry": "552100554",
            "street": "1 rue du Banc",
            "zip": "35000",
            "city": "Rennes",
            "dunning_active": True,
        }
    )
    env["res.partner.bank"].create(
        {"acc_number": "FR7630006000011234567890189", "partner_id": company.partner_id.id}
    )
    company._create_dunning_journals()
    return company


def _create_bundle(env, company):
    """Create the first bundle as its users would and return its customer."""
    partner = env["res.partner"].create(
        {
            "name": "Client 0",
            "is_company": True,
            "email": "client0@client.example",
            "country_id": env.ref("base.fr").id,
            "street": "2 rue du Client",
            "zip": "44000",
            "city": "Nantes",
            "dunning_regime": "b2b",
        }
    )
    open_invoices = {days: _invoice(env, partner, days, OPEN[days]) for days in OPEN}
    for days, amount in PARTLY_PAID.items():
        _pay(env, company, open_invoices[days], amount, days // 2)
    _pay(env, company, _invoice(env, partner, *PAID_LATE), PAID_LATE[1], PAID_LATE[0] // 2)
    _invoice(env, partner, 15, CREDIT_NOTE, "out_refund")
    return partner


def _invoice(env, partner, days, amount, move_type="out_invoice"):
    due = fields.Date.today() - timedelta(days=days)
    line = {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
    move = env["account.move"].create(
        {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    move.action_post()
    return move


def _pay(env, company, invoice, amount, days):
    item = invoice.line_ids.filtered("date_maturity")
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    common = {"partner_id": invoice.partner_id.id, "name": "Payment"}
    entry = env["account.move"].create(
        {
            "journal_id": bank.id,
            "date": fields.Date.today() - timedelta(days=days),
            "line_ids": [
                Command.create({"account_id": account.id, "balance": balance, **common})
                for account, balance in (
                    (bank.default_account_id, amount),
                    (item.account_id, -amount),
                )
            ],
        }
    )
    entry.action_post()
    (item + entry.line_ids.filtered(lambda line: line.account_id == item.account_id)).reconcile()


def _hold_some(env, company, customers):
    """Suspend one customer out of fifty."""
    if customers < 50:
        return  # no limit at all is what a limit of zero would mean
    partners = env["res.partner"].search(
        [("email", "like", "@client.example")], limit=customers // 50, order="id"
    )
    env["account.dunning.hold"].create(
        [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "reason": "dispute",
                "date_from": fields.Date.today(),
            }
            for partner in partners
        ]
    )


class _Copier:
    """Copies the rows of one customer's bundle, each table in one statement.

    The copy number ``n`` of the row of rank ``r`` (of ``size``) gets the identifier
    ``last + (n - 1) * size + r``, so that references between copies are computed, not looked up.
    """

    def __init__(self, cr, seed, bundles, customers):
        self.cr = cr
        self.seed = seed
        self.bundles = bundles
        self.customers = customers

    def run(self):
        self._rank("res_partner", SQL("id = %s", self.seed.id))
        # Entries of payments have their partner on the journal items only.
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
        self._copy_moves()
        self._copy_full_reconciles()
        self._copy_lines()
        self._copy_partials()
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

    def _rank(self, table, where):
        """Number the rows to copy, and note from which identifier the copies start."""
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
        """Return the identifier, in the copy, of what a column of the original refers to."""
        return SQL(
            "%s + (copy.n - 1) * %s + (SELECT rank FROM %s rank WHERE rank.id = %s)",
            self.last[table],
            self.size[table],
            SQL.identifier(f"rank_{table}"),
            column,
        )

    def _copy(self, table, source, **values):
        """Copy the ranked rows of a table; ``values`` replace what is read from them."""
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
