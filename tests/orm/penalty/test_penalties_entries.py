"""The life of an entry of penalties: corrections, hashed journals, analytics, 416, deletion."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"
MAY = 20.31  # 1 000 due on 31 March 2026, at 12.15 %, 61 days to 31 May


@tagged("post_install", "-at_install")
class TestPenaltiesEntries(PenaltyCommon):
    # -- Corrections -------------------------------------------------------------------------------

    def test_a_correction_settles_what_it_takes_back(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.credit(invoice, 1000, "2026-06-01")
        self.book("2026-06-01")
        lines = self.penalty(invoice).line_ids
        self.assertEqual(len(lines), 4)
        self.assertTrue(all(lines.mapped("reconciled")))
        self.assertEqual(self.penalty(invoice).left_to_pay, 0)

    def test_a_partial_correction_leaves_the_rest_to_pay(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.pay_on("2026-04-30", invoice)
        [correction] = self.book("2026-06-01").line_ids.filtered("dunning_penalty_id")
        self.assertTrue(correction.reconciled)
        self.assertEqual(self.penalty(invoice).left_to_pay, 49.99)

    def test_a_correction_of_penalties_already_paid_stays_a_credit_of_the_customer(self):
        invoice = self.late(MARCH, 1000)
        owed = self.book("2026-05-31").line_ids.filtered("dunning_penalty_id")
        paid = self.payment(self.partner, 60.31).move_id.line_ids.filtered(
            lambda line: line.account_id == owed.account_id
        )
        (owed + paid).reconcile()
        self.credit(invoice, 1000, "2026-06-01")
        corrections = self.book("2026-06-01").line_ids.filtered("dunning_penalty_id")
        self.assertEqual(sum(corrections.mapped("amount_residual")), -60.31)

    def test_penalties_paid_and_not_owed_are_set_against_what_the_customer_owes(self):
        invoice = self.late(MARCH, 1000)
        owed = self.book("2026-05-31").line_ids.filtered("dunning_penalty_id")
        paid = self.payment(self.partner, 60.31).move_id.line_ids
        (owed + paid.filtered(lambda line: line.account_id == owed.account_id)).reconcile()
        other = self.invoice(self.partner, "2026-04-30", 500)
        self.assertEqual(self.row(other).credit_amount, 0)
        late = self.pay_on("2026-04-10", invoice)
        self.book("2026-06-01")
        # 1,000 at 12.15 % for the 10 days to 10 April is 3.33: 16.98 of the 20.31 was not owed.
        self.assertEqual(self.row(other).credit_amount, 16.98)
        self.assertEqual(self.row(other).reason, "claimed")
        # The payment came back: 20.64 are owed today, of which he has paid 20.31 already.
        self.items(invoice).remove_move_reconcile()
        late.action_draft()
        late.action_cancel()
        self.book("2026-06-01")
        self.assertEqual(self.penalty(invoice).left_to_pay, 0.33)
        self.assertEqual(self.row(other).credit_amount, 0)

    def test_penalties_taken_back_and_still_to_be_paid_pay_nothing_else(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        other = self.invoice(self.partner, "2026-04-30", 500)
        self.pay_on("2026-04-10", invoice)
        self.book("2026-06-01")
        self.assertEqual(self.row(other).credit_amount, 0)
        self.penalty(invoice).line_ids.remove_move_reconcile()
        self.assertEqual(self.row(other).credit_amount, 0)

    def test_a_correction_prepared_in_draft_settles_once_it_is_posted(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.company.dunning_post_penalties = False
        self.credit(invoice, 1000, "2026-06-01")
        entry = self.book("2026-06-01")
        self.assertEqual(self.penalty(invoice).left_to_pay, 60.31)
        entry.action_post()
        self.assertEqual(self.penalty(invoice).left_to_pay, 0)

    def test_a_correction_in_dollars_settles_in_dollars(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25), ("2026-05-15", 1.1)])
        invoice = self.late(MARCH, 1000, currency_id=usd.id)
        self.book("2026-04-30")
        self.credit(invoice, 1000, "2026-06-01")
        self.book("2026-06-01")
        interest = self.penalty(invoice).line_ids.filtered(
            lambda line: line.dunning_penalty_part == "interest"
        )
        self.assertTrue(all(interest.mapped("reconciled")))

    # -- Hashed journals ---------------------------------------------------------------------------

    def test_a_hashed_journal_books_and_corrects_by_new_entries(self):
        self.pen.restrict_mode_hash_table = True
        invoice = self.late(MARCH, 1000)
        first = self.book("2026-05-31")
        first._attach_dunning_penalty_documents()
        self.assertTrue(first.inalterable_hash)
        hashed = first.inalterable_hash
        self.credit(invoice, 1000, "2026-06-01")
        second = self.book("2026-06-01")
        self.assert_booked(second, ("interest", -MAY), ("indemnity", -40))
        self.assertEqual((first.inalterable_hash, first.state), (hashed, "posted"))
        self.assertTrue(all(self.penalty(invoice).line_ids.mapped("reconciled")))
        report = self.company._check_hash_integrity()
        statuses = [
            row["status"]
            for row in report["results"]
            if row["journal_name"].startswith(self.pen.name)
        ]
        self.assertEqual(set(statuses), {"verified"})
        with self.assertRaises(UserError):
            first.button_draft()
        self.assertEqual(self.penalty(invoice).waived_interest, 0)

    # -- Analytics ---------------------------------------------------------------------------------

    def mandatory_plan(self):
        plan = self.env["account.analytic.plan"].create({"name": "Departments"})
        account = self.env["account.analytic.account"].create(
            {"name": "Sales", "plan_id": plan.id, "company_id": self.company.id}
        )
        self.env["account.analytic.applicability"].create(
            {
                "analytic_plan_id": plan.id,
                "business_domain": "general",
                "account_prefix": "763",
                "applicability": "mandatory",
            }
        )
        return account

    def test_a_mandatory_analytic_plan_is_told_with_what_to_do(self):
        self.company.partner_id.dunning_lang = "en_US"
        self.mandatory_plan()
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.assertEqual(entry.state, "draft")
        problem = self.penalty(invoice).problem
        self.assertIn("763100", problem)
        self.assertIn("Analytic Distribution Models", problem)

    def test_a_distribution_model_gives_the_analytics_of_penalties(self):
        account = self.mandatory_plan()
        self.env["account.analytic.distribution.model"].create(
            {
                "account_prefix": "763",
                "company_id": self.company.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        income = entry.line_ids.filtered(lambda line: line.account_id == self.penalty_income)
        self.assertEqual(income.analytic_distribution, {str(account.id): 100})
        self.assertEqual(sum(income.analytic_line_ids.mapped("amount")), 60.31)

    def test_an_entry_left_in_draft_waits_for_its_analytics(self):
        self.mandatory_plan()
        self.company.dunning_post_penalties = False
        self.late(MARCH, 1000)
        self.assertEqual(self.book("2026-05-31").state, "draft")

    # -- Doubtful debts ----------------------------------------------------------------------------

    def test_a_debt_moved_to_416_says_where_it_is_and_its_interest_goes_on(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        transfer = self.settle_by_entry(invoice, "2026-06-01", (self.doubtful, 1000))
        moved = transfer.line_ids.filtered(lambda line: line.account_id == self.doubtful)
        penalty = self.penalty(invoice)
        self.assertEqual(penalty.doubtful_line_id, moved)
        self.assertIn("416000", penalty.doubtful_note)
        self.assertIn("its interest goes on", invoice.dunning_reason)
        self.assert_booked(self.book("2026-06-30"), ("interest", 9.98))

    def test_a_doubtful_debt_that_was_paid_is_settled(self):
        invoice = self.late(MARCH, 1000)
        self.settle_by_entry(invoice, "2026-06-01", (self.doubtful, 1000))
        moved = self.env["account.move.line"].search([("account_id", "=", self.doubtful.id)])
        paid = self.entry(
            self.misc, "2026-06-01", self.partner, (self.outstanding, 1000), (self.doubtful, -1000)
        )
        (moved + paid.line_ids.filtered(lambda line: line.account_id == self.doubtful)).reconcile()
        self.assertIn("settled", invoice.dunning_reason)

    def test_an_invoice_never_moved_has_no_such_note(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.assertFalse(self.penalty(invoice).doubtful_line_id)
        self.assertFalse(self.penalty(invoice).doubtful_note)

    # -- Prepared entries --------------------------------------------------------------------------

    def test_a_prepared_entry_deleted_by_hand_is_a_waiver_that_can_be_undone(self):
        self.company.dunning_post_penalties = False
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31").unlink()
        penalty = self.penalty(invoice)
        self.assertEqual((penalty.waived_interest, penalty.waived_indemnity), (MAY, 40))
        self.assertEqual(penalty.waive_reason, "Prepared entry deleted")
        self.assertFalse(self.book("2026-05-31"))
        penalty.action_undo_waiver()
        self.assert_booked(self.book("2026-05-31"), ("interest", MAY), ("indemnity", 40))

    def test_an_entry_cancelled_then_deleted_is_waived_once(self):
        self.company.dunning_post_penalties = False
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        entry.button_cancel()
        entry.with_context(force_delete=True).unlink()
        self.assertEqual(self.penalty(invoice).waived_interest, MAY)

    def test_a_posted_entry_reset_then_deleted_is_waived_once(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        entry.button_draft()
        entry.with_context(force_delete=True).unlink()
        self.assertEqual(self.penalty(invoice).waived_interest, MAY)
        self.assertFalse(self.book("2026-05-31"))

    # -- Its customer ------------------------------------------------------------------------------

    def test_a_prepared_entry_names_who_owes_the_penalties(self):
        self.company.dunning_post_penalties = False
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        lines = entry.line_ids.filtered("dunning_penalty_id")
        other = self.customer("Other")
        contact = self.customer("Contact", parent_id=self.partner.id, is_company=False)
        for records in (entry, lines, lines[0]):
            for partner in (other, self.env["res.partner"]):
                with (
                    self.subTest(records=records, partner=partner.name),
                    self.assert_refused(ValidationError, "Claim again"),
                ):
                    records.partner_id = partner
        self.assertEqual((entry | lines.move_id).partner_id, self.partner)
        entry.partner_id = contact  # his own
        entry.action_post()
        self.assertEqual(self.penalty(invoice).left_to_pay, MAY + 40)

    def test_an_entry_of_who_was_corrected_since_is_reversed_in_his_name(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        other = self.customer("Other", dunning_regime="b2b")
        self.penalty(invoice).sudo().partner_id = other
        reversal = entry._reverse_moves([{"date": "2026-06-01"}])
        self.assertEqual(reversal.line_ids.partner_id, self.partner)
