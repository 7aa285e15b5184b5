"""Penalties on the invoice, the customer, and in the analysis: the same figures as the ledger."""

from odoo.tests import tagged

from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"
# 1 000 due on 31 March 2026 at 12.15 %: 61 days to 31 May, 62 to 1 June, which is today.
MAY, TODAY = 20.31, 20.64


@tagged("post_install", "-at_install")
class TestPenaltiesFigures(PenaltyCommon):
    def figures(self, record):
        """Return what the fields of an invoice or a customer show."""
        record.invalidate_recordset()
        return {
            name: record[f"dunning_penalty_{name}"]
            for name in ("to_date", "booked", "paid", "waived", "left")
        }

    def pay_penalties(self, entry, amount):
        owed = entry.line_ids.filtered("dunning_penalty_id")
        paid = self.payment(self.partner, amount).move_id.line_ids.filtered(
            lambda line: line.account_id == owed.account_id
        )
        (owed + paid).reconcile()

    # -- Invoice and customer ----------------------------------------------------------------------

    def test_an_invoice_shows_what_is_owed_booked_paid_and_left(self):
        invoice = self.late(MARCH, 1000)
        self.assertEqual(self.figures(invoice)["to_date"], TODAY + 40)
        self.pay_penalties(self.book("2026-05-31"), 50)
        self.assertEqual(
            self.figures(invoice),
            {"to_date": TODAY + 40, "booked": 60.31, "paid": 50, "waived": 0, "left": 10.31},
        )
        self.assertAlmostEqual(invoice.dunning_penalty_owed, TODAY + 40 - 50)

    def test_a_waiver_shows_and_leaves_nothing_to_claim(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-06-01")
        self.penalty(invoice)._waive("Gesture")
        self.book("2026-06-01")
        self.assertEqual(
            self.figures(invoice),
            {"to_date": 60.64, "booked": 0, "paid": 0, "waived": 60.64, "left": 0},
        )
        self.assertEqual(invoice.dunning_penalty_owed, 0)

    def test_an_entry_in_draft_is_not_booked_yet(self):
        self.company.dunning_post_penalties = False
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.assertEqual(self.figures(invoice)["booked"], 0)

    def test_an_invoice_not_due_or_of_an_unknown_regime_owes_nothing(self):
        self.assertEqual(self.invoice(self.partner, "2026-07-31", 1000).dunning_penalty_to_date, 0)
        unknown = self.invoice(self.customer("Unknown"), MARCH, 1000)
        self.assertEqual((unknown.dunning_penalty_to_date, unknown.dunning_penalty_owed), (0, 0))

    def test_dollars_show_in_the_company_s_currency(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        invoice = self.late(MARCH, 1000, currency_id=usd.id)
        self.book("2026-05-31")
        self.assertEqual(self.figures(invoice)["booked"], 16.25 + 40)  # 20.31 / 1.25
        self.assertEqual(self.figures(invoice)["to_date"], 56.51)  # 20.64 / 1.25 + 40

    def test_a_customer_adds_up_his_invoices_of_the_present_company(self):
        one, two = self.late(MARCH, 1000), self.late(MARCH, 2000)
        self.pay_penalties(self.book("2026-05-31"), 60.31)
        figures = self.figures(self.partner)
        invoices = [self.figures(invoice) for invoice in (one, two)]
        for name in ("booked", "paid", "left", "waived"):
            self.assertAlmostEqual(figures[name], sum(one[name] for one in invoices), msg=name)
        self.assertAlmostEqual(figures["to_date"], 60.31 + 80.61)
        other = self.env["res.company"].create({"name": "Other company"})
        self.assertFalse(any(self.figures(self.partner.with_company(other)).values()))

    def test_a_page_of_invoices_costs_as_many_queries_as_one(self):
        invoices = self.env["account.move"]
        for amount in range(500, 4500, 500):
            invoices |= self.late(MARCH, amount)
        self.book("2026-05-31")
        one, many = (
            self.count_queries(records.mapped, "dunning_penalty_left")
            for records in (invoices[:1], invoices)
        )
        self.assertLessEqual(many, one + 1)

    def test_filters_find_what_is_booked_and_not_received(self):
        paid, due, none = (self.late(MARCH, amount) for amount in (1000, 2000, 3000))
        entries = self.book("2026-05-31", partners=self.partner)
        self.assertTrue(entries)
        self.penalty(none)._waive("Gesture")
        self.book("2026-05-31")
        lines = self.penalty(paid).line_ids
        payment = self.payment(self.partner, 60.31).move_id.line_ids.filtered(
            lambda line: line.account_id == lines.account_id
        )
        (lines + payment).reconcile()
        view = self.env["account.move"].get_view(
            self.env.ref("account.view_account_invoice_filter").id, "search"
        )
        self.assertIn("penalty_left", view["arch"])
        not_received = [
            ("dunning_penalty_ids.line_ids", "any", self.open_lines()),
            ("partner_id", "=", self.partner.id),
        ]
        self.assertIn(due, self.env["account.move"].search(not_received))
        self.assertNotIn(paid, self.env["account.move"].search(not_received))

    @staticmethod
    def open_lines():
        return [("parent_state", "=", "posted"), ("reconciled", "=", False)]

    # -- The analysis ------------------------------------------------------------------------------

    def test_the_analysis_ties_to_the_ledger(self):
        self.late(MARCH, 1000)
        corrected = self.late(MARCH, 2000)
        self.pay_penalties(self.book("2026-05-31"), 60.31)
        self.credit(corrected, 2000, "2026-06-01")
        self.book("2026-06-01")
        [(booked, paid, residual)] = self.env["account.dunning.penalty.report"]._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["booked:sum", "paid:sum", "residual:sum"],
        )
        [(income,)] = self.env["account.move.line"]._read_group(
            [("account_id", "=", self.penalty_income.id), ("parent_state", "=", "posted")],
            [],
            ["balance:sum"],
        )
        self.assertEqual(booked, -income)
        self.assertAlmostEqual(paid + residual, booked)

    def test_the_analysis_groups_by_month_customer_and_part(self):
        self.late(MARCH, 1000)
        self.book("2026-04-30")
        self.book("2026-05-31")
        rows = self.env["account.dunning.penalty.report"]._read_group(
            [("partner_id", "=", self.partner.id), ("part", "=", "interest")],
            ["date:month"],
            ["booked:sum"],
        )
        self.assertEqual([booked for _month, booked in rows], [9.99, 10.32])

    def test_the_analysis_shows_the_own_companies_to_readers(self):
        self.late(MARCH, 1000)
        self.book("2026-05-31")
        reader = self.new_user("reader", "account.group_account_readonly")
        Report = self.env["account.dunning.penalty.report"]
        self.assertEqual(len(Report.with_user(reader).search([])), 2)
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account.group_account_readonly", company=other)
        self.assertFalse(Report.with_user(stranger).search([]))
