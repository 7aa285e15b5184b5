"""The list behind each sum of the dashboard: its name, its records, and a column that adds up."""

import json
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..dashboard_common import DashboardCommon
from ..dunning_common import TODAY, day
from ..penalty_common import PenaltyCommon

# What is shown is no sum of records, but a rate, a delay or a cost: its list is named after it.
RATES = (
    *("add", "accounting_dso", "contractual_dso", "payment_time", "mean_delay", "on_time"),
    *("effectiveness", "promises", "plans", "losses"),
    *("activation", "first", "contact", "disputes", "cost", "page"),
)
MEASURES = ("age", "dso")  # of the page's figures
COLUMNS = {
    "account.dunning.case": "dunning_remaining",
    "account.dunning.insured": "dunning_remaining",
    "account.dunning.notice": "amount_total",
    "account.dunning.penalty": "dunning_waived_on",
    "account.dunning.vat.relief": "amount_vat",
}


@tagged("post_install", "-at_install")
class TestLists(DashboardCommon, PenaltyCommon):
    """A ledger in which something stands in nearly every figure of the page, with cents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env["account.dunning.dashboard"]
        cls.alpha = cls.customer("Alpha", dunning_regime="b2b", credit_limit=1000.0)
        cls.beta = cls.customer("Beta", dunning_regime="b2b", credit_limit=400.0)
        cls.gamma = cls.customer("Gamma", dunning_regime="b2c")
        cls.company.account_use_credit_limit = True
        cls.old = cls.invoice(cls.alpha, "2026-02-01", 300.55, invoice_date="2026-01-02")
        cls.disputed = cls.invoice(cls.alpha, "2026-05-01", 1000.25, invoice_date="2026-04-01")
        cls.parts = cls.instalments(cls.alpha, "2026-05-01", "2026-06-15", 2000)
        cls.beta_late = cls.invoice(cls.beta, "2026-05-10", 700, invoice_date="2026-04-10")
        cls.beta_open = cls.invoice(cls.beta, "2026-06-15", 500.4, invoice_date="2026-05-10")
        cls.ancient = cls.invoice(cls.gamma, "2023-06-01", 80.1, invoice_date="2023-05-01")
        cls.credit_note(cls.beta, 40)
        cls.payment(cls.beta, 25.35, date="2026-05-20")
        cls.hold(move_id=cls.disputed.id, reason="dispute", amount_held=300)
        cls.hold(cls.beta, reason="promise", date_until="2026-06-20")
        cls.hold(move_id=cls.beta_late.id, reason="promise", date_until="2026-06-10")
        cls.history(cls.formal_notice, "2026-05-10", cls.disputed, deadline="2026-05-31")
        cls.history(cls.firm, "2026-05-05", cls.old, deadline="2026-05-15")
        case = cls.env["account.dunning.case"].create(
            {"partner_id": cls.alpha.id, "company_id": cls.company.id}
        )
        cls.env["account.dunning.case.item"].create(
            [
                {"case_id": case.id, "move_line_id": item.id}
                for item in cls.items(cls.disputed) | cls.items(cls.old)
            ]
        )
        cls.insure()

    @classmethod
    def insure(cls):
        """Cover Alpha for a part of what he owes."""
        contract = cls.env["account.dunning.insurance"].create(
            {
                "name": "POL-1",
                "insurer_id": cls.customer("Insurer").id,
                "company_id": cls.company.id,
                "percent": 90,
                "notify_days": 10,
            }
        )
        cls.env["account.dunning.cover"].create(
            {
                "insurance_id": contract.id,
                "partner_id": cls.alpha.id,
                "date_from": "2025-01-01",
                "limit": 1500,
            }
        )
        cls.env["account.dunning.insured"]._look(cls.company, day(TODAY))

    def setUp(self):
        super().setUp()
        # To the cent: rounded to the unit, many a wrong sum would do.
        page = type(self.dashboard)
        to_the_cent = page._money
        self.startPatcher(
            patch.object(
                page,
                "_money",
                lambda page, scope, amount, exact=False: to_the_cent(page, scope, amount, True),
            )
        )

    # -- What stands behind a figure -------------------------------------------------------------

    def shown(self, **filters):
        """Return everything on the page that opens a list: ``[(section, what is shown)]``."""
        data = self.data(**filters)
        tiles = [tile for group in data["tiles"] for tile in group["tiles"]]
        sections = ("figures", "ages", "customers", "tasks", "holds", "penalties", "cases", "steps")
        found = [(name, each) for name in sections for each in data[name]]
        return [*found, *(("tiles", tile) for tile in tiles)]

    def column(self, action):
        """Return the column of a list that adds up to the figure before it."""
        if action["res_model"] != "account.move.line":
            return COLUMNS.get(action["res_model"])
        if action["context"].get("dunning_part"):
            return "dunning_part"
        return "dunning_residual_on" if "dunning_as_of" in action["context"] else "balance"

    def assert_adds_up(self, shown, amount):
        action = shown["action"]
        column = self.column(action)
        records = self.behind(action)
        total = sum(records.mapped(column))
        if column == "balance":  # of what came in, or is depreciated: on the credit side
            total = abs(total)
        self.assertAlmostEqual(total, self.figure(amount), 2, shown["key"])
        if column != "balance":
            (view_id,) = [view for view, kind in action["views"] if kind == "list"]
            view = self.env[action["res_model"]].with_context(**action["context"])
            arch = etree.fromstring(view.get_view(view_id, "list")["arch"])
            (field,) = arch.xpath(f"//field[@name='{column}']")
            self.assertTrue(field.get("sum"), shown["key"])
        if "count" in shown:
            self.assertEqual(len(records), shown["count"], shown["key"])

    def check(self, **filters):
        """Check each list; return the keys of what adds up."""
        checked = set()
        for section, each in self.shown(**filters):
            action, key = each["action"], each["key"]
            with self.subTest(section=section, key=key):
                self.assertEqual(action.get("display_name", action["name"]), action["name"])
                if section == "tiles" and key in RATES:
                    self.assertTrue(action["name"].startswith(each["label"]), key)
                elif section == "tasks":
                    self.assert_task(each)
                elif key not in MEASURES:
                    told = each.get("exact") or each.get("claimed") or self.said(each)
                    self.assert_adds_up(each, told)
                    checked.add(key)
        return checked

    def said(self, shown):
        """Return the sum that a figure tells: of a rate of recovery, what its note says first."""
        return shown["note"].partition(" of ")[0] if shown["key"] == "recovery" else shown["value"]

    def behind(self, action):
        """Return the records of a list; of an action that opens one record, this one."""
        if action.get("res_id"):
            return self.env[action["res_model"]].browse(action["res_id"])
        given = {
            key: action.get(key) or default for key, default in (("domain", []), ("context", {}))
        }
        read = {
            key: safe_eval(each) if isinstance(each, str) else each for key, each in given.items()
        }
        return super().behind({**action, **read})

    def assert_task(self, task):
        action = task["action"]
        self.assertEqual(len(self.behind(action)), task["count"], task["key"])
        if not task["key"].startswith("rate_"):  # opens a record
            self.assertEqual(action["name"], task["label"])

    # -- Tests -------------------------------------------------------------------------------------

    def test_each_list_adds_up_to_its_figure(self):
        checked = self.check()
        expected = {"receivables", "formal_notices", "credit_limit", "recovery", "limit"}
        expected |= {"insured_covered", "insured_uncovered", "insured_late", "owed"}
        expected |= {"dispute", "promise", "case_preparation"}
        self.assertFalse(expected - checked)

    def test_each_list_adds_up_once_penalties_are_booked_received_and_waived(self):
        penalties = self.Penalty
        penalties._run(self.company, day("2026-05-31"), force=True)
        claimed = penalties.search([])
        claimed.line_ids.move_id.filtered(lambda move: move.state == "draft").action_post()
        booked = claimed.filtered("line_ids")
        self.assertTrue(booked)
        self.pay(booked[:1].line_ids.move_id, 5.15)
        booked[-1:]._waive("Commercial gesture")
        self.assertLessEqual({"owed", "claimed", "received", "waived"}, self.check())

    def test_each_list_adds_up_under_filters_and_on_a_past_day(self):
        self.pay(self.old, 100.55)
        for filters in ({"regime": "b2b"}, {"as_of": "2026-05-31"}):
            with self.subTest(filters=filters):
                self.assertIn("insured_uncovered", self.check(**filters))

    def test_a_hold_of_a_part_counts_for_this_part(self):
        (row,) = (each for each in self.data()["holds"] if each["key"] == "dispute")
        (item,) = self.behind(row["action"])
        self.assertEqual((item.dunning_part, item.dunning_residual_on), (300, 1000.25))

    def test_what_is_no_sum_of_the_dashboard_is_refused(self):
        items = self.env["account.move.line"]
        known = {"name": "owed", "key": "", "filters": {}}
        for wrong in ("", "{", "[]", json.dumps({**known, "name": "salaries"})):
            if wrong:
                with self.assert_refused(UserError, "no such part"):
                    items.search([("dunning_part_of", "=", wrong)])
        self.assertFalse(items.search([("dunning_part_of", "=", "")]))
        self.assertEqual(items.search([], limit=1).dunning_part, 0)
