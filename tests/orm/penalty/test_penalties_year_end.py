"""At year end: what is booked and not received, and what was received, add up to the ledger."""

from base64 import b64decode
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"
APRIL, MAY = 9.99, 20.31  # 1 000 at 12.15 %: 30 days to 30 April, 61 to 31 May
PERIOD = {"date_from": "2026-05-01", "date_to": "2026-05-31"}


@tagged("post_install", "-at_install")
class TestPenaltiesYearEnd(PenaltyCommon):
    def year_end(self, user=None, **values):
        model = self.env["account.dunning.year.end"].with_user(user or self.env.user)
        return model.create({"company_id": self.company.id, **PERIOD, **values})

    def shown(self, wizard):
        """Return ``(part, opening, booked, received, closing)`` of the lines."""
        wizard.action_show()
        return [
            (line.part, line.opening, line.booked, line.received, line.closing)
            for line in wizard.line_ids.sorted("part", reverse=True)
        ]

    def pay_penalties(self, entry, amount, on):
        owed = entry.line_ids.filtered("dunning_penalty_id")
        paid = self.payment(self.partner, amount, date=on).move_id.line_ids.filtered(
            lambda line: line.account_id == owed.account_id
        )
        (owed + paid).reconcile()

    def test_what_was_open_booked_and_received_is_shown_by_part(self):
        self.late(MARCH, 1000)
        april = self.book("2026-04-30")
        self.book("2026-05-31")
        self.pay_penalties(april, 49.99, "2026-05-15")
        self.assertEqual(
            self.shown(self.year_end()),
            [("interest", APRIL, 10.32, APRIL, 10.32), ("indemnity", 40, 0, 40, 0)],
        )

    def test_what_is_paid_after_the_period_is_still_open_at_its_end(self):
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.pay_penalties(entry, 60.31, "2026-06-01")
        self.assertEqual(
            self.shown(self.year_end()),
            [("interest", 0, MAY, 0, MAY), ("indemnity", 0, 40, 0, 40)],
        )
        june = self.year_end(date_from="2026-06-01", date_to="2026-06-30")
        self.assertEqual(
            self.shown(june), [("interest", MAY, 0, MAY, 0), ("indemnity", 40, 0, 40, 0)]
        )

    def test_a_correction_is_no_receipt(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-04-30")
        self.credit(invoice, 1000, "2026-05-15")
        self.book("2026-05-15")
        self.assertEqual(
            self.shown(self.year_end()),
            [("interest", APRIL, -APRIL, 0, 0), ("indemnity", 40, -40, 0, 0)],
        )

    def test_the_list_adds_up_to_the_ledger(self):
        self.late(MARCH, 1000)
        self.late(MARCH, 2500)
        self.book("2026-04-30")
        self.pay_penalties(self.book("2026-05-31"), 7, "2026-05-31")
        wizard = self.year_end()
        wizard.action_show()
        owed = self.env["account.move.line"].search([("dunning_penalty_id", "!=", False)])
        self.assertAlmostEqual(
            sum(wizard.line_ids.mapped("closing")), sum(owed.mapped("amount_residual"))
        )
        for line in wizard.line_ids:
            self.assertAlmostEqual(line.opening + line.booked - line.received, line.closing)

    def test_the_spreadsheet_has_the_lines_and_their_totals(self):
        self.late(MARCH, 1000)
        self.book("2026-05-31")
        wizard = self.year_end()
        action = wizard.action_export()
        self.assertIn("2026-05-31.xlsx", action["url"])
        sheet = load_workbook(BytesIO(b64decode(wizard.xlsx_file))).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        self.assertEqual([row[7] for row in rows[:2]], [MAY, 40])
        self.assertEqual(rows[2][7], "=SUM(H2:H3)")

    def test_the_last_financial_year_is_proposed(self):
        wizard = self.env["account.dunning.year.end"].create({})
        self.assertEqual((wizard.date_from, wizard.date_to), (day("2025-01-01"), day("2025-12-31")))

    def test_a_period_without_penalties_or_upside_down_says_so(self):
        with self.assert_refused(UserError, "No penalty was booked"):
            self.year_end().action_show()
        with self.assert_refused(UserError, "ends before it starts"):
            self.year_end(date_from="2026-06-30").action_export()

    def test_readers_of_the_company_see_it_and_nobody_else(self):
        self.late(MARCH, 1000)
        self.book("2026-05-31")
        reader = self.new_user("reader", "account.group_account_readonly")
        self.assertEqual(len(self.shown(self.year_end(reader))), 2)
        self.year_end(reader).action_export()
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account.group_account_readonly", company=other)
        with self.assertRaises(AccessError):
            self.year_end(stranger).action_show()
