"""The lists of invoices and of items: how late, at which level, on hold, to chase, reminded on."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestListed(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = cls.new_user("biller", "account.group_account_invoice")
        cls.partner, cls.other = cls.customer("First"), cls.customer("Second")
        cls.late = cls.invoice(cls.partner, 40)
        cls.held = cls.invoice(cls.other, 12)
        cls.coming = cls.invoice(cls.other, -20)
        cls.paid = cls.invoice(cls.other, 50)
        cls.pay(cls.paid)
        cls.history(cls.first, "2026-05-10", cls.late)
        cls.hold(move_id=cls.held.id, reason="dispute")
        cls.moves = cls.late | cls.held | cls.coming | cls.paid

    def found(self, *condition, model="account.move"):
        """Search as a billing user among the invoices of this class."""
        records = self.env[model].with_user(self.billing)
        among = "id" if model == "account.move" else "move_id"
        return records.search([(among, "in", self.moves.ids), condition])

    def test_the_columns_say_how_late_and_when_it_was_reminded(self):
        moves = self.moves.with_user(self.billing)
        self.assertEqual(moves.mapped("dunning_days_overdue"), [40, 12, 0, 0])
        self.assertEqual(
            moves.mapped("dunning_reminded_on"), [day("2026-05-10"), False, False, False]
        )
        self.assertEqual(moves.mapped("dunning_on_hold"), [False, True, False, False])
        self.assertEqual(moves.mapped("dunning_to_chase"), [True, False, False, False])

    def test_an_invoice_in_instalments_counts_from_the_oldest_unpaid_one(self):
        move = self.instalments(self.partner, "2026-05-12", "2026-12-31")
        self.assertEqual(move.dunning_days_overdue, 20)
        self.assertEqual(self.items(move).mapped("dunning_days_overdue"), [20, 0])

    def test_the_filters_find_what_the_columns_show(self):
        for condition, expected in (
            (("dunning_days_overdue", ">", 30), self.late),
            (("dunning_days_overdue", ">", 0), self.late | self.held),
            (("dunning_days_overdue", "=", 0), self.coming | self.paid),
            (("dunning_reminded_on", "!=", False), self.late),
            (("dunning_reminded_on", ">=", "2026-05-11"), self.env["account.move"]),
            (("dunning_on_hold", "=", True), self.held),
            (("dunning_on_hold", "=", False), self.late | self.coming | self.paid),
            (("dunning_to_chase", "=", True), self.late),
            (("dunning_level_id", "=", self.first.id), self.late),
            (("dunning_level_id", "ilike", self.first.name), self.late),
            (("dunning_level_id", "=", False), self.held | self.coming | self.paid),
            (("dunning_level_id", "!=", False), self.late),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self.found(*condition), expected)

    def test_the_items_are_filtered_in_the_same_way(self):
        for condition, expected in (
            (("dunning_days_overdue", ">", 30), self.late),
            (("dunning_on_hold", "=", True), self.held),
            (("dunning_to_chase", "=", True), self.late),
            (("dunning_reminded_on", "=", "2026-05-10"), self.late),
        ):
            with self.subTest(condition=condition):
                items = self.found(*condition, model="account.move.line")
                self.assertEqual(items, self.items(expected))

    def test_invoices_are_grouped_by_the_highest_level_of_their_items(self):
        move = self.instalments(self.partner, "2026-05-12", "2026-05-20")
        self.history(self.first, "2026-05-21", items=self.items(move))
        self.history(self.firm, "2026-05-28", items=self.items(move)[0])
        moves = self.env["account.move"].with_user(self.billing)
        domain = [("id", "in", (self.moves | move).ids)]
        groups = moves.formatted_read_group(domain, ["dunning_level_id"], ["__count"])
        counts = {
            group["dunning_level_id"] and group["dunning_level_id"][0]: group["__count"]
            for group in groups
        }
        self.assertEqual(counts, {self.first.id: 1, self.firm.id: 1, False: 3})
        self.assertTrue(moves.fields_get(["dunning_level_id"])["dunning_level_id"]["groupable"])

    def test_a_page_of_invoices_reads_their_highest_levels_at_once(self):
        move = self.instalments(self.partner, "2026-05-12", "2026-05-20")
        self.history(self.first, "2026-05-21", items=self.items(move))
        self.history(self.firm, "2026-05-28", items=self.items(move)[0])
        page = (self.moves | move).with_user(self.billing)
        read = {each.id: each.dunning_level_id for each in page}
        self.assertEqual(read.pop(move.id), self.firm)
        items = {each.id: self.items(each).dunning_level_id for each in self.moves}
        self.assertEqual(read, items)
        read_alone = self.count_queries(lambda: move.with_user(self.billing).dunning_level_id)
        self.assertEqual(self.count_queries(page.mapped, "dunning_level_id"), read_alone)
        self.items(move)[0].sudo().dunning_level_id = self.first  # not written yet
        self.assertEqual(move.with_user(self.billing).dunning_level_id, self.first)

    def test_the_lists_are_sorted_by_days_overdue(self):
        order = "dunning_days_overdue DESC NULLS LAST"
        moves = self.env["account.move"].with_user(self.billing)
        found = moves.search([("id", "in", self.moves.ids)], order=order, limit=2)
        self.assertEqual(found, self.late | self.held)
        self.assertEqual(found[0].dunning_days_overdue, 40)

    def test_a_list_sorted_by_days_overdue_sees_what_is_not_written_yet(self):
        moves = self.env["account.move"].with_user(self.billing)
        self.items(self.held).date_maturity = day("2026-01-01")
        order = "dunning_days_overdue DESC NULLS LAST"
        found = moves.search([("id", "in", self.moves.ids)], order=order, limit=2)
        self.assertEqual(found, self.held | self.late)

    def test_to_describe_the_columns_writes_nothing(self):
        """Odoo describes all fields of the items at each write of an entry."""
        names = ["dunning_days_overdue", "dunning_reminded_on"]
        items = self.env["account.move.line"].with_user(self.billing)
        self.env.flush_all()
        self.late.ref = "changed"
        self.assertTrue(items.fields_get(names)["dunning_days_overdue"]["groupable"])
        self.env.cr.execute("SELECT ref FROM account_move WHERE id = %s", (self.late.id,))
        self.assertNotIn(("changed",), self.env.cr.fetchall())

    def test_to_describe_the_columns_asks_nothing(self):
        for model in ("account.move", "account.move.line"):
            described = self.env[model].with_user(self.billing)
            described.fields_get()  # what Odoo keeps in memory is there
            before = self.env.cr.sql_log_count
            described.fields_get()
            with self.subTest(model=model):
                self.assertEqual(self.env.cr.sql_log_count, before)

    def shown(self, model, view):
        """Return the names of our columns in a list, which are read even if hidden."""
        records = self.env[model].with_user(self.billing)
        arch = records.get_views([(view.id, "list")])["views"]["list"]["arch"]
        names = {field.get("name") for field in etree.fromstring(arch).iter("field")}
        return {name for name in names if name.startswith("dunning_")}

    def test_odoo_s_own_lists_read_the_badge_and_what_is_stored(self):
        for model, view, ours in (
            (
                "account.move",
                "account.view_out_invoice_tree",
                {"dunning_standing", "dunning_standing_text", "dunning_einvoice_code"},
            ),
            ("account.move.line", "account.view_move_line_tree", {"dunning_level_id"}),
            ("res.partner", "base.view_partner_tree", set()),
        ):
            with self.subTest(model=model):
                self.assertEqual(self.shown(model, self.env.ref(view)), ours)

    def test_what_odoo_s_own_lists_leave_out_stands_in_ours(self):
        penalties = {f"dunning_penalty_{name}" for name in ("booked", "paid", "waived", "left")}
        dated = {"dunning_level_id", "dunning_days_overdue", "dunning_reminded_on"}
        links = self.env["account.dunning.shortcut"].with_user(self.billing).get_page("reports")
        offered = {link["key"] for section in links for link in section["links"]}
        for name, columns, found in (
            ("action_dunning_invoices", dated | penalties, self.moves),
            ("action_dunning_items", dated, self.items(self.late | self.held)),
            ("action_dunning_customers", penalties, self.env["res.partner"]),
        ):
            action = self.env.ref(f"account_dunning_fr.{name}")
            records = self.env[action.res_model].with_user(self.billing)
            shown = self.shown(action.res_model, action.view_id)
            listed = records.web_search_read(literal_eval(action.domain), {n: {} for n in shown})
            with self.subTest(action=name):
                self.assertIn(name, offered)
                self.assertLessEqual(columns, shown)
                self.assertLessEqual(set(found.ids), {row["id"] for row in listed["records"]})

    def test_no_column_of_a_list_of_invoices_runs_the_plan(self):
        view = self.env.ref("account_dunning_fr.view_dunning_invoice_list")
        moves = self.env["account.move"]
        computes = {moves._fields[name].compute for name in self.shown("account.move", view)}
        self.assertFalse(computes & {"_compute_dunning_situation", "_compute_dunning_plan"})

    def test_a_user_without_accounting_rights_does_not_filter_by_them(self):
        employee = self.new_user("employee")
        for name in ("dunning_days_overdue", "dunning_level_id", "dunning_on_hold"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.env["account.move"].with_user(employee).search([(name, "!=", False)])

    def test_what_is_no_trade_receivable_is_nowhere_an_item(self):
        """One definition for the plan, searches, lists, and what forms take from an invoice."""
        account = self.company_data["default_account_receivable"].copy(
            {"code": "467900", "non_trade": True}
        )
        partner = self.customer("Third", property_account_receivable_id=account.id)
        move = self.invoice(partner, 30)
        item = move.line_ids.filtered(lambda line: line.account_id == account)
        self.assertEqual(item.account_type, "asset_receivable")
        items = self.env["account.move.line"]
        self.assertFalse(item._filter_dunning_receivable())
        self.assertNotIn(item, items.search(items._get_dunning_domain()))
        self.assertNotIn(item.id, [row.move_line_id for row in self.plan._simulate(self.company)])
        self.assertFalse(move.dunning_days_overdue)
        promise = move.action_dunning_promise()["context"]["default_item_ids"]
        self.assertFalse(promise[0][2])
        self.assertFalse(items.search(partner._get_dunning_items_domain()) & item)
