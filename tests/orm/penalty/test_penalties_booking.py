"""Booking converges: each run books what the items owe, less what was booked or waived."""

from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"
# 1 000 due on 31 March 2026, at 12.15 %: 30 days to 30 April, 61 to 31 May, 91 to 30 June.
APRIL, MAY, JUNE = 9.99, 20.31, 30.29


@tagged("post_install", "-at_install")
class TestPenaltiesBooking(PenaltyCommon):
    # -- The entry ---------------------------------------------------------------------------------

    def test_one_entry_a_customer_names_each_invoice_and_its_period(self):
        one, two = self.late(MARCH, 1000), self.late("2026-04-30", 2000)
        entry = self.book("2026-05-31")
        self.assertEqual((entry.journal_id, entry.state), (self.pen, "posted"))
        self.assertEqual(entry.date, day("2026-05-31"))
        # 2 000 × 12.15 % × 31 / 365 = 20.6384
        self.assert_booked(
            entry, ("interest", MAY), ("indemnity", 40), ("interest", 20.64), ("indemnity", 40)
        )
        names = entry.line_ids.filtered("dunning_penalty_id").sorted("id").mapped("name")
        for name, invoice in zip(names, (one, one, two, two), strict=True):
            self.assertIn(invoice.name, name)
        self.assertIn("du 01/04/2026 au 31/05/2026", names[0])
        self.assertIn("du 01/05/2026 au 31/05/2026", names[2])

    def test_the_entry_debits_the_customer_and_credits_the_income_without_tax(self):
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        receivable = self.partner.property_account_receivable_id
        totals = {
            account: sum(lines.mapped("balance"))
            for account, lines in entry.line_ids.grouped("account_id").items()
        }
        self.assertEqual(totals, {receivable: 60.31, self.penalty_income: -60.31})
        self.assertEqual(entry.line_ids.partner_id, self.partner)
        self.assertFalse(entry.line_ids.tax_ids | entry.line_ids.tax_line_id)
        self.assertEqual(entry.move_type, "entry")

    def test_three_entries_agree_to_the_cent_with_a_calculation_by_hand(self):
        partners = [self.customer(f"Customer {n}", dunning_regime="b2b") for n in range(3)]
        # 12 000 × 61 d at 13.15 % = 263.72, × 77 d at 12.15 % = 307.58;
        # 7 000 × 107 d and 181 d at 12.15 % = 249.32 and 421.75, × 62 d at 12.40 % = 147.44
        one = self.late("2025-04-30", 12000, partner=partners[0])
        self.pay_on("2025-09-15", one, 5000)
        # 8 400 × 16 d at 14 % = 51.55, × 182 d at 14.50 % = 607.33, × 10 d at 14.25 % = 32.79
        two = self.late("2023-12-15", 8400, partner=partners[1])
        self.pay_on("2024-07-10", two)
        # 3 800 × 91 d at 12.15 % = 115.11, × 62 d at 12.40 % = 80.04
        three = self.late("2026-03-31", 5000, partner=partners[2])
        self.credit(three, 1200, "2026-05-15")
        entries = self.book("2026-08-31")
        booked = {
            entry.line_ids.partner_id: sum(entry.line_ids.mapped("debit")) for entry in entries
        }
        self.assertEqual(booked, dict(zip(partners, (1429.81, 731.67, 235.15), strict=True)))

    def test_two_customers_have_an_entry_each(self):
        other = self.customer("Other", dunning_regime="b2b")
        self.late(MARCH, 1000)
        self.late(MARCH, 1000, partner=other)
        entries = self.book("2026-05-31")
        self.assertEqual(entries.line_ids.grouped("move_id").keys(), set(entries))
        self.assertEqual(entries.line_ids.partner_id, self.partner + other)
        self.assertEqual(len(entries), 2)

    def test_the_entry_stays_in_draft_until_posting_is_switched_on(self):
        self.company.dunning_post_penalties = False
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.assertEqual(entry.state, "draft")
        self.assertFalse(self.book("2026-05-31"))
        self.assertEqual(self.penalty(invoice).left_to_pay, 0)
        entry.action_post()
        self.assertFalse(self.book("2026-05-31"))
        self.assertEqual(self.penalty(invoice).left_to_pay, 60.31)

    def test_an_invoice_in_dollars_is_booked_at_the_rate_of_the_day(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25), ("2026-05-31", 1.1)])
        invoice = self.late(MARCH, 1000, currency_id=usd.id)
        entry = self.book("2026-05-31")
        self.assert_booked(entry, ("interest", MAY), ("indemnity", 40))
        interest, indemnity = entry.line_ids.filtered("dunning_penalty_id").sorted("id")
        self.assertEqual((interest.currency_id, interest.balance), (usd, 18.46))  # 20.31 / 1.1
        self.assertEqual((indemnity.currency_id.name, indemnity.balance), ("EUR", 40))
        self.assertEqual(self.penalty(invoice).booked_interest, MAY)
        self.assertFalse(self.book("2026-05-31"))

    def test_only_items_whose_level_books_penalties_are_booked(self):
        stated = self.invoice(self.partner, MARCH, 1000)
        self.history(self.registered, "2026-05-15", stated)
        self.assertFalse(self.book("2026-05-31"))
        self.assertFalse(self.Penalty.search([("partner_id", "=", self.partner.id)]))

    # -- Convergence -------------------------------------------------------------------------------

    def test_twenty_runs_in_a_row_book_once(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        entries = self.env["account.move"]
        for _run in range(19):
            entries |= self.book("2026-05-31")
        self.assertFalse(entries)
        self.assertEqual(self.penalty(invoice).booked_interest, MAY)

    def test_the_next_month_books_the_difference_only(self):
        self.late(MARCH, 1000)
        self.book("2026-05-31")
        entry = self.book("2026-06-30", force=False)
        self.assert_booked(entry, ("interest", 9.98))  # 30.29 − 20.31
        label = entry.line_ids.filtered("dunning_penalty_id").name
        self.assertIn("du 01/06/2026 au 30/06/2026", label)

    def test_nothing_is_booked_within_the_month(self):
        self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.assertFalse(self.book("2026-06-15", force=False))

    def test_the_payment_of_the_principal_books_once_more_within_the_month(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.pay_on("2026-06-10", invoice)
        entry = self.book("2026-06-12", force=False)
        self.assert_booked(entry, ("interest", 3.32))  # 71 days: 23.6342 − 20.31
        self.assertIn("au 10/06/2026", entry.line_ids.filtered("dunning_penalty_id").name)
        self.assertFalse(self.book("2026-06-13", force=False))
        self.assertFalse(self.book("2026-09-13", force=False))

    def test_a_debt_written_off_is_booked_monthly_and_not_each_day(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.settle_by_entry(invoice, "2026-06-10", (self.losses, 1000))
        self.assertFalse(self.book("2026-06-12", force=False))
        self.assert_booked(self.book("2026-06-30", force=False), ("interest", 9.98))

    def test_a_new_invoice_of_the_customer_does_not_wait_for_the_month(self):
        self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.late("2026-04-30", 2000)
        self.assertTrue(self.book("2026-06-15", force=False))

    def test_a_payment_recorded_late_takes_back_what_was_booked_too_much(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.pay_on("2026-04-30", invoice)
        entry = self.book("2026-06-01", force=False)
        self.assert_booked(entry, ("interest", -10.32))  # 9.99 − 20.31
        self.assertIn("Régularisation", entry.line_ids.filtered("dunning_penalty_id").name)
        self.assertEqual(self.penalty(invoice).booked_interest, APRIL)

    def test_a_payment_undone_lets_the_interest_run_again(self):
        invoice = self.late(MARCH, 1000)
        payment = self.pay_on("2026-04-30", invoice)
        self.assert_booked(self.book("2026-05-31"), ("interest", APRIL), ("indemnity", 40))
        self.item(invoice).remove_move_reconcile()
        self.assertFalse(self.book("2026-05-31"))  # the money is still there, and not claimed
        payment.action_draft()
        payment.action_cancel()
        self.assert_booked(self.book("2026-05-31"), ("interest", 10.32))

    def test_a_credit_note_takes_back_its_share_at_once(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.credit(invoice, 400, "2026-06-01")
        # 600 × 12.15 % × 61 / 365 = 12.1833, and 12.3830 for 62 days on 1 June
        self.assert_booked(self.book("2026-06-01", force=False), ("interest", -7.93))

    def test_a_full_credit_note_takes_all_of_it_back(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.credit(invoice, 1000, "2026-06-01")
        entry = self.book("2026-06-01", force=False)
        self.assert_booked(entry, ("interest", -MAY), ("indemnity", -40))
        self.assertEqual(sum(entry.line_ids.filtered("credit").mapped("credit")), 60.31)
        self.assertFalse(self.book("2026-07-31"))

    def test_the_penalties_of_an_invoice_being_corrected_wait(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        invoice.button_draft()
        self.assertFalse(self.book("2026-06-30"))
        invoice.action_post()
        self.assert_booked(self.book("2026-06-30"), ("interest", 9.98))

    def test_an_invoice_cancelled_after_the_booking_gives_its_penalties_back(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        invoice.button_draft()
        invoice.button_cancel()
        entry = self.book("2026-06-01", force=False)
        self.assert_booked(entry, ("interest", -MAY), ("indemnity", -40))
        self.assertFalse(self.book("2026-06-30"))

    def test_a_cancelled_invoice_of_an_unconfirmed_customer_gives_them_back_too(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        invoice.button_draft()
        invoice.button_cancel()
        self.partner.dunning_regime = False
        self.assertTrue(self.book("2026-06-01"))
        self.assertEqual(self.penalty(invoice).booked_interest, 0)

    def test_penalties_whose_item_is_gone_are_taken_back(self):
        invoice = self.instalments(self.partner, MARCH, "2026-04-30", 2000)
        self.history(self.formal_notice, "2026-05-15", invoice)
        self.book("2026-05-31")
        penalties = self.Penalty.search([("move_id", "=", invoice.id)])
        self.assertEqual(len(penalties), 2)
        invoice.button_draft()
        invoice.write({"invoice_payment_term_id": False, "invoice_date_due": MARCH})
        invoice.action_post()
        self.book("2026-05-31")
        # 2 000 × 12.15 % × 61 / 365 = 40.6110
        self.assertEqual(sum(penalties.mapped("booked_interest")), 40.61)
        self.assertEqual(sum(penalties.mapped("booked_indemnity")), 40)

    def test_penalties_find_the_items_that_odoo_wrote_again(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        penalty = self.penalty(invoice)
        penalty.sudo().move_line_id = False  # what the deletion of the item does
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(penalty.move_line_id, self.item(invoice))
        self.assertFalse(self.book("2026-05-31"))

    # -- Penalties bear nothing --------------------------------------------------------------------

    def test_penalties_are_neither_chased_nor_bear_penalties(self):
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        owed = entry.line_ids.filtered("dunning_penalty_id")
        rows = self.plan._simulate(self.company)
        self.assertFalse({row.move_line_id for row in rows} & set(owed.ids))
        self.assertFalse(owed.dunning_level_id)
        self.assertFalse(set(self.Penalty._get_items(self.company).ids) & set(owed.ids))
