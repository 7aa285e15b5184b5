"""Receipts after reminders: which message a receipt is counted with, and who sees it."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestReceiptReport(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer("Menuiserie")
        cls.Report = cls.env["account.dunning.receipt.report"]

    def received(self):
        self.env.flush_all()
        rows = self.Report.search([("partner_id", "=", self.partner.id)], order="date, id")
        return [(row.level_id, row.amount, row.days) for row in rows]

    def paid_on(self, text, invoice, amount):
        with self.on(text):
            self.pay(invoice, amount)

    def test_a_receipt_is_counted_with_the_last_message_before_it(self):
        invoice = self.invoice(self.partner, "2026-03-31", 100)
        self.history(self.first, "2026-04-05", invoice)
        self.history(self.firm, "2026-04-15", invoice)
        self.paid_on("2026-04-10", invoice, 30)
        self.paid_on("2026-04-15", invoice, 20)
        self.paid_on("2026-05-15", invoice, 50)
        self.assertEqual(
            self.received(), [(self.first, 30, 5), (self.firm, 20, 0), (self.firm, 50, 30)]
        )

    def test_money_received_before_any_message_and_credit_notes_do_not_count(self):
        invoice = self.invoice(self.partner, "2026-03-31", 100)
        self.paid_on("2026-04-01", invoice, 30)
        self.history(self.first, "2026-04-05", invoice)
        note = self.credit_note(self.partner, 70, invoice, invoice_date="2026-04-20")
        (self.items(note) + self.items(invoice)).reconcile()
        self.assertEqual(self.received(), [])

    def test_it_adds_up_by_level_for_the_own_companies(self):
        invoice = self.invoice(self.partner, "2026-03-31", 100)
        self.history(self.first, "2026-04-05", invoice)
        self.paid_on("2026-04-10", invoice, 30)
        reader = self.new_user("reader", "account.group_account_readonly")
        rows = self.Report.with_user(reader)._read_group(
            [("partner_id", "=", self.partner.id)], ["level_id"], ["amount:sum", "days:avg"]
        )
        self.assertEqual([(level.id, *sums) for level, *sums in rows], [(self.first.id, 30, 5)])
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account.group_account_readonly", company=other)
        self.assertFalse(self.Report.with_user(stranger).search([]))
