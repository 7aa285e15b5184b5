"""Paper that follows its e-mail passes the gate that the e-mail passed."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestPostingGate(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.new_user("clerk", "account_dunning_fr.group_dunning_user", lang="en_US")
        cls.first.send_letter = True
        cls.company.partner_id.dunning_lang = "en_US"  # in which the reasons are noted

    def followed(self, name="Client"):
        """Send an e-mail whose letter is still to be posted."""
        partner = self.customer(name)
        move = self.invoice(partner, 10)
        notice = self.draft(partner)
        notice.action_send()
        self.assertTrue(notice.to_post)
        return notice.with_user(self.clerk), move

    def pay_it(self, move):
        self.pay(move)

    def pay_part(self, move):
        self.pay(move, 40)

    def sign_a_plan(self, move):
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "company_id": self.company.id,
                "partner_id": move.partner_id.id,
                "item_ids": self.items(move).ids,
            }
        )
        plan.write(
            {
                "line_ids": [
                    fields.Command.clear(),
                    *(
                        fields.Command.create(
                            {
                                "date": fields.Date.today() + timedelta(days=days),
                                "amount": move.amount_residual / 2,
                            }
                        )
                        for days in (30, 60)
                    ),
                ]
            }
        )
        plan.action_start()

    def dispute_it(self, move):
        self.env["account.dunning.dispute"].create({"move_id": move.id, "reason": "goods"})

    def suspend(self, move):
        self.hold(move.partner_id)

    def exclude(self, move):
        move.no_followup = True

    ENDS = ("pay_it", "pay_part", "dispute_it", "suspend", "exclude")

    def check_gone(self, notice, move):
        self.assertFalse(notice.to_post)
        self.assertTrue(notice.not_posted_reason)
        self.assertFalse(notice.posted_on)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.sudo().line_ids.filtered("claimed").level_id, self.first)
        self.assertNotIn(notice, notice.search([("to_post", "=", True)]))

    def test_a_letter_that_is_no_longer_due_is_not_recorded_as_posted(self):
        for number, end in enumerate(self.ENDS):
            with self.subTest(end):
                notice, move = self.followed(f"Posted {number}")
                getattr(self, end)(move)
                action = notice.action_mark_posted()
                self.assertIn(notice.partner_id.name, action["params"]["message"])
                self.check_gone(notice, move)

    def test_a_letter_that_is_no_longer_due_is_not_printed_again(self):
        for number, end in enumerate(self.ENDS):
            with self.subTest(end):
                notice, move = self.followed(f"Printed {number}")
                notice.action_print()
                getattr(self, end)(move)
                action = notice.action_print()
                self.assertEqual(action["tag"], "display_notification")
                self.check_gone(notice, move)

    def test_a_batch_leaves_out_what_is_no_longer_due_and_does_the_others(self):
        gone, move = self.followed("Gone")
        kept, _move = self.followed("Kept")
        self.pay(move)
        (gone | kept).action_mark_posted()
        self.check_gone(gone, move)
        self.assertEqual(str(kept.posted_on), "2026-06-01")

    def test_letters_printed_together_pass_the_gate(self):
        notice, move = self.followed()
        self.pay(move)
        letters = self.env["account.dunning.letters"].with_user(self.clerk)
        letters.create({"notice_ids": notice.ids}).action_print()
        self.check_gone(notice, move)

    def test_each_morning_what_is_no_longer_due_leaves_the_list(self):
        notice, move = self.followed()
        self.pay(move)
        self.run_cron("prepare")
        self.check_gone(notice, move)

    def test_a_letter_that_is_still_due_is_printed_and_posted(self):
        notice, _move = self.followed()
        notice.action_print()
        notice.action_mark_posted()
        self.assertEqual(str(notice.posted_on), "2026-06-01")
        self.assertFalse(notice.not_posted_reason)

    def test_the_reason_says_what_happened(self):
        notice, move = self.followed()
        self.pay(move)
        notice.action_mark_posted()
        self.assertIn("Paid or settled", notice.not_posted_reason)

    def test_the_registered_letters_of_the_day_pass_the_gate(self):
        self.first.write({"send_letter": False, "send_registered": True})
        notice, move = self.followed()
        letter = notice.sudo().registered_ids.with_user(self.clerk)
        self.pay(move)
        letter.action_mark_posted()
        self.assertEqual(letter.state, "cancelled")
        self.check_gone(notice, move)
