"""Penalties paid, waived, or taken out of the books by hand; who may do it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"
MAY = 20.31  # 1 000 due on 31 March 2026, at 12.15 %, 61 days to 31 May


@tagged("post_install", "-at_install")
class TestPenaltiesWaivers(PenaltyCommon):
    # -- Payment of penalties, waivers -------------------------------------------------------------

    def test_the_payment_of_penalties_lowers_what_is_left_to_pay_and_stated(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        penalty = self.penalty(invoice)
        owed = entry.line_ids.filtered("dunning_penalty_id")
        paid = self.payment(self.partner, 50.31).move_id.line_ids.filtered(
            lambda line: line.account_id == owed.account_id
        )
        (owed + paid).reconcile()
        self.assertEqual(penalty.left_to_pay, 10)
        accrued = self.accrued(invoice, "2026-06-30")
        left = [penalty._get_left(p, getattr(accrued, p)) for p in ("interest", "indemnity")]
        self.assertAlmostEqual(sum(left), 30.29 + 40 - 50.31)
        self.assertFalse(self.book("2026-05-31"))

    def test_a_waiver_asks_for_its_reason(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        penalty = self.penalty(invoice)
        with self.assert_refused(UserError, "why these penalties are waived"):
            penalty._waive("")
        form = Form(self.env["account.dunning.waive"].with_context(default_penalty_ids=penalty.ids))
        with self.assertRaises(AssertionError):  # the reason is required
            form.save()
        form.reason = "Commercial gesture"
        form.save().action_confirm()
        self.assertEqual(penalty.waive_reason, "Commercial gesture")
        self.assertEqual(penalty.waived_by, self.env.user)
        self.assertEqual((penalty.waived_interest, penalty.waived_indemnity), (MAY, 40))

    def test_what_is_waived_is_taken_back_and_claimed_again_when_undone(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        penalty = self.penalty(invoice)
        penalty._waive("Commercial gesture")
        self.assert_booked(self.book("2026-05-31"), ("interest", -MAY), ("indemnity", -40))
        self.assertEqual(penalty.left_to_pay, 0)
        penalty.action_undo_waiver()
        self.assertFalse(penalty.waive_reason)
        self.assert_booked(self.book("2026-05-31"), ("interest", MAY), ("indemnity", 40))

    def test_a_waiver_holds_for_the_past_and_the_interest_runs_on(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.penalty(invoice)._waive("Commercial gesture")
        self.assert_booked(self.book("2026-06-30"), ("interest", -10.33), ("indemnity", -40))

    def test_an_entry_reversed_by_hand_is_a_waiver_and_is_never_booked_again(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        entry._reverse_moves(cancel=True)
        penalty = self.penalty(invoice)
        self.assertEqual((penalty.waived_interest, penalty.waived_indemnity), (MAY, 40))
        self.assertTrue(penalty.waive_reason)
        self.assertEqual(penalty.left_to_pay, 0)
        self.assertFalse(self.book("2026-05-31"))
        self.assert_booked(self.book("2026-06-30"), ("interest", 9.98))

    def test_a_copy_of_an_entry_is_no_booking(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.assertFalse(entry.copy().line_ids.dunning_penalty_id)
        self.assertFalse(self.book("2026-05-31"))
        self.assertEqual(self.penalty(invoice).booked_interest, MAY)

    def test_an_entry_replaced_by_hand_is_a_waiver(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=entry.ids
        )
        wizard.create({"journal_id": self.pen.id, "date": "2026-05-31"}).modify_moves()
        self.assertEqual(self.penalty(invoice).waived_interest, MAY)
        self.assertFalse(self.book("2026-05-31"))

    def test_an_entry_reset_to_draft_is_a_waiver_until_it_is_posted_again(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        penalty = self.penalty(invoice)
        entry.button_draft()
        self.assertEqual((penalty.waived_interest, penalty.booked_interest), (MAY, 0))
        self.assertFalse(self.book("2026-05-31"))
        entry.action_post()
        self.assertEqual((penalty.waived_interest, penalty.booked_interest), (0, MAY))
        self.assertFalse(penalty.waive_reason)
        self.assertFalse(self.book("2026-05-31"))

    def test_a_posted_entry_cancelled_by_hand_is_waived_once(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31").button_cancel()
        self.assertEqual(self.penalty(invoice).waived_interest, MAY)
        self.assertFalse(self.book("2026-05-31"))

    def test_a_prepared_entry_cancelled_by_hand_is_a_waiver_until_it_is_prepared_again(self):
        self.company.dunning_post_penalties = False
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        entry.button_cancel()
        self.assertEqual(self.penalty(invoice).waived_interest, MAY)
        self.assertFalse(self.book("2026-05-31"))
        entry.button_draft()
        self.assertEqual(self.penalty(invoice).waived_interest, 0)
        self.assertFalse(self.book("2026-05-31"))

    def test_a_correction_reversed_by_hand_is_made_again(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.credit(invoice, 1000, "2026-06-01")
        self.book("2026-06-01")._reverse_moves(cancel=True)
        penalty = self.penalty(invoice)
        self.assertEqual(penalty.booked_interest, MAY)
        self.assertTrue(self.book("2026-06-01"))
        self.assertEqual((penalty.booked_interest, penalty.booked_indemnity), (0, 0))

    # -- Rights ------------------------------------------------------------------------------------

    def test_a_billing_user_reads_penalties_and_neither_books_nor_waives(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        billing = self.new_user("billing", "account.group_account_invoice")
        penalty = self.penalty(invoice).with_user(billing)
        self.assertEqual((penalty.booked_interest, penalty.left_to_pay), (MAY, 60.31))
        for refused in (
            penalty.action_book,
            penalty.action_waive,
            penalty.action_undo_waiver,
            lambda: penalty._waive("Gesture"),
            lambda: penalty.write({"interest": 0}),
            lambda: self.env["account.dunning.waive"].with_user(billing).create({"reason": "x"}),
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_a_manager_books_and_waives(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        manager = self.new_user("manager", "account_dunning_fr.group_dunning_manager")
        penalty = self.penalty(invoice).with_user(manager)
        with self.on("2026-06-30"):
            action = self.preview(penalty).action_book()
        entry = self.env["account.move"].search(action["domain"])
        self.assert_booked(entry, ("interest", 9.98))
        penalty._waive("Commercial gesture")
        self.assertEqual(penalty.waived_by, manager)
        with self.on("2026-06-30"):
            self.preview(penalty).action_book()
            again = self.preview(penalty)
            self.assertFalse(again.can_book)
            with self.assert_refused(UserError, "at least one line"):
                again.action_book()
