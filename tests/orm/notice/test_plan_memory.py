"""A rerun plans who changed since the last plan of the day: what it leaves is what all would be."""

import random

from odoo.addons.account_dunning_fr.models.plan.query import Present, build
from odoo.addons.account_dunning_fr.models.plan.query.digest import COMMON
from odoo.tests import tagged
from odoo.tools import SQL

from ..dunning_common import TODAY, DunningCommon, day
from ..plan.test_plan_against_core import DrawnLedger

SEED = 20261128
DRAWN = 60  # changes
# Columns that a person, a program or an import may change, with values drawn for them. Each is set
# by SQL: nothing may hang on who writes.
ITEM, MOVE, PARTNER = "account_move_line", "account_move", "res_partner"
NOTICE, LINE = "account_dunning_notice", "account_dunning_notice_line"
SENT = "state = 'sent'"
LIVE = "notice_id IN (SELECT id FROM account_dunning_notice WHERE state IN ('draft', 'ready'))"
CHANGES = (
    # The item is paid in part, or less so.
    (ITEM, "amount_residual_currency", "round(amount_residual_currency * 0.9, 2)", "{open}"),
    (ITEM, "amount_residual", "round(amount_residual * 0.8, 2)", "{open}"),
    (ITEM, "amount_residual_currency", "round(amount_residual_currency * 0.7, 2)", "{credit}"),
    (ITEM, "reconciled", "NOT COALESCE(reconciled, FALSE)", "{open}"),
    (ITEM, "date_maturity", "date_maturity - 9", "{open}"),
    (ITEM, "dunning_cycle", "COALESCE(dunning_cycle, 0) + 1", "{open}"),
    (ITEM, "dunning_start_level_id", "NULL", "{open} AND dunning_start_level_id IS NOT NULL"),
    (ITEM, "no_followup", "NOT COALESCE(no_followup, FALSE)", "{open}"),
    (ITEM, "dunning_returned_on", "date", "{open}"),
    (ITEM, "partner_id", "{other}", "{open}"),
    (ITEM, "discount_date", "date_maturity", "{open}"),
    (MOVE, "payment_state", "'blocked'", "{moves}"),
    (MOVE, "payment_state", "'not_paid'", "{moves}"),
    (MOVE, "invoice_date", "date - 3", "{moves}"),
    (MOVE, "dunning_received_on", "date + 60", "{moves}"),
    (MOVE, "dunning_sent_on", "date + 50", "{moves}"),
    (MOVE, "dunning_retention", "12", "{moves}"),
    (MOVE, "name", "name || '/B'", "{moves}"),
    (PARTNER, "dunning_policy_id", "NULL", "{customers}"),
    (PARTNER, "dunning_pay_mode", "'debit'", "{customers}"),
    (PARTNER, "dunning_regime", "'b2g'", "{customers}"),
    (PARTNER, "dunning_profile", "'public'", "{customers}"),
    (NOTICE, "left_on", "left_on - 4", SENT),
    (NOTICE, "has_left", "NOT has_left", SENT),
    (NOTICE, "deadline", "deadline + 30", SENT),
    (NOTICE, "date", "date - 2", "state IN ('draft', 'ready')"),
    (LINE, "level_id", "NULL", f"{SENT} AND claimed"),
    (LINE, "amount_due", "amount_due + 1", LIVE),
    (LINE, "amount_residual", "amount_residual - 0.01", LIVE),
    (LINE, "claimed", "NOT claimed", LIVE),
    (LINE, "drop_reason", "'paid'", LIVE),
    ("account_dunning_hold", "date_until", f"DATE '{TODAY}'", "released_on IS NULL"),
    ("account_dunning_hold", "released_on", f"DATE '{TODAY}'", "released_on IS NULL"),
    ("account_dunning_hold", "amount_held", "amount_held + 20", "amount_held > 0"),
    ("account_dunning_hold", "claims_before", "claims_before + 1", "released_on IS NULL"),
)
# What concerns everybody.
SHARED = (
    ("account_dunning_level", "days", "days + 1"),
    ("account_dunning_policy", "min_interval", "min_interval + 1"),
    ("account_dunning_policy", "min_amount", "min_amount + 5"),
)


@tagged("post_install", "-at_install")
class TestChangesAtRandom(DrawnLedger):
    def setUp(self):
        super().setUp()
        self.memory = self.env["account.dunning.plan.memory"].sudo()
        self.random = random.Random(SEED)

    def find_changed(self):
        frame = self.memory._get_frame(self.company, day(TODAY))
        return self.memory._find_changed(self.company, day(TODAY), frame)

    def read_drafts(self):
        """Return all that is being prepared, row by row."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            SELECT notice.partner_id, notice.state, notice.level_id, notice.date, notice.deadline,
                   notice.amount_total, line.move_line_id, line.level_id, line.claimed,
                   line.cycle, line.amount_residual, line.amount_held, line.amount_credit,
                   line.amount_due, line.drop_reason
              FROM account_dunning_notice notice
              JOIN account_dunning_notice_line line ON line.notice_id = notice.id
             WHERE {LIVE} ORDER BY notice.id, line.move_line_id
            """
        )
        return self.env.cr.fetchall()

    def change(self, table, column, value, where="TRUE"):
        """Change one row, drawn from those that are fit; return whether there was one."""
        receivable = self.company_data["default_account_receivable"].id
        customers = ", ".join(str(partner.id) for partner in self.partners)
        item = f"account_id = {receivable} AND reconciled IS NOT TRUE"
        names = {
            "open": f"{item} AND amount_residual_currency > 1",
            "credit": f"{item} AND amount_residual_currency < -1",
            "moves": f"id IN (SELECT move_id FROM account_move_line WHERE {item})",
            "customers": f"id IN ({customers})",
            "other": str(self.random.choice(self.partners).id),
        }
        self.env.cr.execute(f"SELECT id FROM {table} WHERE {where.format(**names)} ORDER BY id")
        found = [id_ for (id_,) in self.env.cr.fetchall()]
        if not found:
            return False
        self.env.cr.execute(
            f"UPDATE {table} SET {column} = {value.format(**names)} WHERE id = %s",
            (self.random.choice(found),),
        )
        self.env.invalidate_all()
        return True

    def assert_as_planned_whole(self, what):
        """The rerun leaves what the plan of all makes of it: that one has nothing to add."""
        self.prepare()
        drafts = self.read_drafts()
        self.memory.search([]).unlink()
        counts = self.prepare()
        self.assertEqual(counts, dict.fromkeys(counts, 0), what)
        self.assertEqual(self.read_drafts(), drafts, what)

    def test_a_rerun_leaves_what_the_plan_of_all_would(self):
        self.prepare()
        self.assertFalse(self.find_changed())
        planned_apart = 0
        for number in range(DRAWN):
            what = CHANGES[number % len(CHANGES)]
            if not self.change(*what):
                continue
            changed = self.find_changed()
            self.assertIsNotNone(changed, what)
            self.assertLess(len(changed), len(self.partners), what)
            planned_apart += bool(changed)
            self.assert_as_planned_whole(what)
        self.assertGreater(planned_apart, DRAWN / 2)

    def test_what_concerns_everybody_has_everybody_planned(self):
        self.prepare()
        for what in SHARED:
            self.assertTrue(self.change(*what))
            self.assertIsNone(self.find_changed(), what)
            self.assert_as_planned_whole(what)
        self.company.dunning_sent_days += 3
        self.assertIsNone(self.find_changed())
        self.assert_as_planned_whole("days after the first sending")

    def test_what_comes_is_planned_again(self):
        self.prepare()
        partner = self.partners[0]
        for what, come in (
            ("an invoice", lambda: self.invoice(partner, 40, 75)),
            ("a payment", lambda: self.payment(partner, 20)),
            ("a line of the bank", lambda: self.statement(partner, 15)),
            ("a hold", lambda: self.hold(partner)),
        ):
            come()
            self.assertEqual(self.find_changed(), partner, what)
            self.assert_as_planned_whole(what)

    def test_who_becomes_a_contact_of_another_has_all_planned(self):
        self.prepare()
        was = self.Notice.search([("state", "in", ("draft", "ready"))], limit=1)
        customer, other = was.partner_id, next(p for p in self.partners if p != was.partner_id)
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = %s WHERE id = %s",
            (other.id, customer.id),
        )
        self.env.invalidate_all()
        self.assertIsNone(self.find_changed())
        self.assert_as_planned_whole("a contact of another")
        self.assertFalse(self.live(customer))


@tagged("post_install", "-at_install")
class TestPlanMemory(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.partner = cls.customer("Menuiserie Bihan", dunning_regime="b2b")
        cls.late = cls.invoice(cls.partner, 20, 480)
        cls.later = cls.invoice(cls.partner, 30, 300)
        cls.other = cls.customer("Charpentes Le Goff", dunning_regime="b2b")
        cls.invoice(cls.other, 20, 90)
        cls.memory = cls.env["account.dunning.plan.memory"].sudo()

    def find_changed(self, today=TODAY):
        frame = self.memory._get_frame(self.company, day(today))
        return self.memory._find_changed(self.company, day(today), frame)

    def test_who_did_not_change_is_not_planned(self):
        self.assertIsNone(self.find_changed())
        self.prepare()
        self.assertFalse(self.find_changed())
        self.payment(self.partner, 10)
        self.assertEqual(self.find_changed(), self.partner)
        self.assertEqual(self.prepare(), {"created": 0, "refreshed": 1, "cancelled": 0})
        self.assertFalse(self.find_changed())

    def test_another_day_is_planned_whole(self):
        self.prepare()
        self.assertIsNone(self.find_changed("2026-06-02"))

    def test_a_rerun_writes_nothing(self):
        """Nor where somebody is planned each time: what is kept of all is megabytes."""
        for is_somebody in (False, True):
            if is_somebody:
                self.late.dunning_retention = 24
            self.prepare()
            place = self.get_place()
            self.assertEqual(bool(self.find_changed()), is_somebody)
            self.assertEqual(self.prepare(), {"created": 0, "refreshed": 0, "cancelled": 0})
            self.assertEqual(self.get_place(), place)
        self.payment(self.other, 10)
        self.prepare()
        self.assertNotEqual(self.get_place(), place)

    def get_place(self):
        """Return where PostgreSQL keeps the row: another place once it is written."""
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid FROM account_dunning_plan_memory")
        return self.env.cr.fetchall()

    def test_items_that_exchange_what_is_open_are_planned_again(self):
        """The sum over the columns of both is the same: their hash must not be such a sum."""
        self.prepare()
        first, second = self.items(self.late), self.items(self.later)
        for item, residual in ((first, 300), (second, 480)):
            self.env.cr.execute(
                "UPDATE account_move_line SET amount_residual_currency = %s WHERE id = %s",
                (residual, item.id),
            )
        self.assertEqual(self.find_changed(), self.partner)

    def test_who_is_planned_each_time(self):
        for change in (
            lambda: self.items(self.late).write(
                {
                    "discount_date": TODAY,
                    "discount_amount_currency": 470,
                    "discount_balance": 470,
                }
            ),
            lambda: self.late.write({"dunning_retention": 24}),
        ):
            with self.env.cr.savepoint():
                change()
                self.payment(self.partner, 10)
                self.prepare()
                self.assertEqual(self.find_changed(), self.partner)
        with self.env.cr.savepoint():
            self.prepare()
            self.live(self.partner).sudo().chosen = "free"
            self.prepare()
            self.assertEqual(self.find_changed(), self.partner)

    def test_each_creditor_has_its_own(self):
        self.prepare()
        other = self.setup_other_company()["company"]
        self.prepare(other)
        self.assertFalse(self.find_changed())

    # -- Nothing that the plan reads is missing ----------------------------------------------------

    def read_columns(self, query):
        """Return what a query reads, as PostgreSQL records it: ``{(table, column)}``."""
        self.env.cr.execute(SQL("CREATE TEMPORARY VIEW looked_at AS %s", query))
        self.env.cr.execute(
            """
            SELECT used.relname, attribute.attname
              FROM pg_depend
              JOIN pg_rewrite ON pg_rewrite.oid = pg_depend.objid
              JOIN pg_class used ON used.oid = pg_depend.refobjid
              JOIN pg_attribute attribute ON attribute.attrelid = used.oid
               AND attribute.attnum = pg_depend.refobjsubid
             WHERE pg_rewrite.ev_class = 'looked_at'::regclass
               AND pg_depend.classid = 'pg_rewrite'::regclass
               AND pg_depend.refclassid = 'pg_class'::regclass AND pg_depend.refobjsubid > 0
            """
        )
        found = set(self.env.cr.fetchall())
        self.env.cr.execute("DROP VIEW looked_at")
        return found

    def get_scope(self, **present):
        """Return a scope with which no step is left out but those named."""
        self.env["account.dunning.rule"].create(
            {"policy_id": self.policy.id, "regime": "b2c", "company_id": self.company.id}
        )
        scope = self.env["account.dunning.plan"]._begin_scope(self.company)
        scope["advance_ids"] = scope["advance_ids"] or [0]
        self.assertTrue(scope["rule_ids"])
        return {**scope, "present": Present()._replace(**present)}

    def test_every_column_that_the_plan_reads_is_in_the_digest(self):
        """But those that only tell who took a discount: who may have is planned each time."""
        scope = self.get_scope()
        digest = self.read_columns(self.memory._get_digests(self.company, day(TODAY), scope))
        digest |= {
            pair for pair in self.read_columns(build(scope, day(TODAY))) if pair[0] in COMMON
        }
        without = self.get_scope(discounts=False)
        plan = self.read_columns(build(without, day(TODAY)))
        self.assertGreater(len(plan), 100)
        self.assertEqual(plan - digest, set())
        for_discounts = self.read_columns(build(scope, day(TODAY))) - plan
        self.assertIn(("account_partial_reconcile", "exchange_move_id"), for_discounts)
        self.assertNotIn("account_dunning_hold", {table for table, _column in for_discounts})

    def test_every_column_that_is_compared_is_in_the_digest(self):
        """The messages that are being prepared are read by the comparison, not by the plan."""
        drafts = self.env["account.dunning.notice.draft"]
        scope = self.get_scope()
        digest = self.read_columns(self.memory._get_digests(self.company, day(TODAY), scope))
        live = self.read_columns(drafts._get_live(self.company, None))
        self.assertIn((NOTICE, "chosen"), live)
        self.assertEqual(live - digest, set())
