"""Why an invoice is not chased, the button that changes it, and what sleeps."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestWhy(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer()
        cls.move = cls.invoice(cls.partner, 10)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.other = cls.new_user("other", "account.group_account_invoice")

    def stop(self, move=None):
        move = (move or self.move).with_user(self.biller)
        move.invalidate_recordset(["dunning_stop", "dunning_hold_id", "dunning_reason"])
        return move.dunning_stop

    # -- The button --------------------------------------------------------------------------------

    def test_nothing_stops_what_is_chased(self):
        self.assertFalse(self.stop())
        self.assertFalse(self.stop(self.invoice(self.partner, 10, post=False)))
        with self.assert_refused(UserError, "No hold"):
            self.move.action_dunning_end_hold()

    def test_a_hold_that_stands_alone_is_ended_at_once(self):
        hold = self.hold(move_id=self.move.id)
        self.assertEqual(self.stop(), "hold")
        self.move.with_user(self.biller).action_dunning_end_hold()
        self.assertTrue(hold.released_on)
        self.assertFalse(self.stop())

    def test_a_hold_of_a_dispute_leads_to_the_dispute(self):
        dispute = self.env["account.dunning.dispute"].create({"move_id": self.move.id})
        self.assertEqual(self.stop(), "hold")
        action = self.move.with_user(self.biller).action_dunning_end_hold()
        self.assertEqual((action["res_model"], action["res_id"]), (dispute._name, dispute.id))

    def test_the_part_disputed_is_in_the_sentence(self):
        self.env["account.dunning.dispute"].create({"move_id": self.move.id, "amount": 40})
        self.assertFalse(self.stop())
        self.assertRegex(self.move.dunning_reason, r"40\.00.*disputed, not claimed")

    def test_excluded_it_is_included_again(self):
        self.move.no_followup = True
        self.assertEqual(self.stop(), "no_followup")
        self.move.with_user(self.biller).action_dunning_include()
        self.assertFalse(self.stop())

    def test_blocked_covered_too_small_or_without_policy(self):
        self.move.action_toggle_block_payment()
        self.assertEqual(self.stop(), "blocked")
        self.move.action_toggle_block_payment()
        payment = self.payment(self.partner, 100)
        self.assertEqual(self.stop(), "covered")
        action = self.move.with_user(self.biller).action_dunning_credits()
        self.assertEqual(
            self.env["account.move.line"].search(action["domain"]).move_id, payment.move_id
        )
        small = self.invoice(self.customer("Small"), 10, 2)
        self.assertEqual(self.stop(small), "minimum")
        self.company.dunning_policy_id = False
        self.assertEqual(self.stop(small), "no_policy")
        action = small.with_user(self.biller).action_dunning_policy()
        self.assertEqual(action["res_id"], small.partner_id.id)

    def test_what_keeps_the_message_of_today_says_so_with_its_button(self):
        move = self.move.with_user(self.biller)
        self.company.dunning_active = False
        self.assertEqual(self.stop(), "switch")
        self.assertIn("sending is not switched on", self.move.dunning_reason)
        self.assertEqual(move.action_dunning_switch()["res_model"], "account.dunning.golive")
        self.company.dunning_active = True
        self.statement(self.customer("Payer"), 5, "2026-04-01")
        self.assertEqual(self.stop(), "statements")
        self.assertIn("import them", self.move.dunning_reason)
        stale = self.env["account.journal"].search(move.action_dunning_statements()["domain"])
        self.assertEqual(stale, self.bank)

    def test_a_message_that_waits_for_a_person_is_opened(self):
        self.partner.email = False
        notice = self.draft(self.partner)
        self.run_cron("send")
        self.assertEqual(self.stop(), "message")
        self.assertIn("no valid e-mail address", self.move.dunning_reason)
        action = self.move.with_user(self.biller).action_dunning_open_message()
        self.assertEqual((action["res_model"], action["res_id"]), (notice._name, notice.id))

    def test_a_payment_undone_puts_the_invoice_back_from_its_old_due_date(self):
        self.history(self.first, "2026-05-20", self.move, deadline="2026-05-25")
        payment = self.pay(self.move)
        self.assertIsNone(self.row(self.move))
        payment.action_draft()
        payment.action_cancel()
        row = self.row(self.move)
        self.assertEqual((row.cycle, row.level_id, row.stop), (1, None, None))
        self.assertEqual(row.next_level_id, self.first.id)

    # -- The e-invoice -----------------------------------------------------------------------------

    def einvoice(self, code, **values):
        self.move._apply_dunning_einvoice_status(code, **values)
        return self.row(self.move)

    def test_sent_received_or_approved_it_is_chased(self):
        for code in ("200", "203", "204", "205", "999"):
            with self.subTest(code=code):
                self.assertEqual(self.einvoice(code).reason, "claimed")

    def test_refused_disputed_or_suspended_it_is_a_dispute(self):
        for code in ("207", "208", "210"):
            with self.subTest(code=code):
                self.assertEqual(self.einvoice(code).stop, "hold")
                dispute = self.move.dunning_dispute_ids
                self.assertEqual(len(dispute), 1)
                self.assertTrue(dispute.activity_ids)
                dispute.action_reject()
                dispute.unlink()

    def test_twice_the_same_status_changes_nothing(self):
        self.einvoice("210")
        self.einvoice("210")
        self.assertEqual(len(self.move.dunning_dispute_ids), 1)
        self.move.dunning_dispute_ids.action_reject()
        self.assertEqual(self.einvoice("210").reason, "claimed")

    def test_approved_in_part_the_rest_is_claimed(self):
        self.assertEqual(float(self.einvoice("206", amount=30).due_amount), 70)

    def test_rejected_it_never_arrived(self):
        self.assertEqual(self.einvoice("213").stop, "hold")
        self.assertIn("never reached", self.move.activity_ids.summary)
        self.assertEqual(self.einvoice("203").stop, "hold")

    def test_a_payment_announced_has_some_days_then_the_status_that_follows_counts(self):
        self.assertEqual(self.einvoice("211").stop, "hold")
        with self.on("2026-06-09"):
            self.assertFalse(self.row(self.move).stop)
        self.einvoice("212")
        holds = self.env["account.dunning.hold"].search([("move_id", "=", self.move.id)])
        self.assertEqual(holds.filtered("is_current").einvoice_status, "212")

    def test_a_suspension_that_ended_in_an_approval_is_chased_again(self):
        self.einvoice("208")
        self.assertEqual(self.einvoice("205").reason, "claimed")
        self.assertEqual(self.move.dunning_dispute_ids.state, "accepted")

    # -- What sleeps -------------------------------------------------------------------------------

    def to_dos(self):
        kind = self.env.ref("account_dunning_fr.mail_activity_type_review")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def test_one_to_do_a_responsible_and_a_rerun_adds_none(self):
        self.hold(self.customer("Forever"), user_id=self.biller.id)
        self.hold(self.customer("Shortly"), user_id=self.biller.id, date_until="2026-06-05")
        forgotten = self.invoice(self.customer("Forgotten", user_id=self.other.id), 120)
        forgotten.no_followup = True
        recent = self.invoice(self.customer("Recent", user_id=self.other.id), 60)
        recent.no_followup = True
        late = self.env["account.dunning.dispute"].create(
            {"move_id": self.move.id, "user_id": self.other.id, "date_due": "2026-06-02"}
        )
        with self.on("2026-06-08"):
            self.run_cron("sleeping")
            self.run_cron("sleeping")
        to_dos = {activity.user_id: activity.note for activity in self.to_dos()}
        self.assertEqual(set(to_dos), {self.biller, self.other})
        self.assertEqual(len(self.to_dos()), 2)
        self.assertIn("Forever", to_dos[self.biller])
        self.assertNotIn("Shortly", to_dos[self.biller])
        self.assertIn(forgotten.name, to_dos[self.other])
        self.assertNotIn(recent.name, to_dos[self.other])
        self.assertIn(late.display_name, to_dos[self.other])

    def test_once_nothing_sleeps_the_to_do_goes_away(self):
        hold = self.hold(self.partner, user_id=self.biller.id)
        self.run_cron("sleeping")
        self.assertEqual(self.to_dos().date_deadline, day("2026-06-01"))
        hold.action_release()
        self.run_cron("sleeping")
        self.assertFalse(self.to_dos())

    def test_what_ends_with_something_else_does_not_sleep(self):
        self.env["account.dunning.dispute"].create({"move_id": self.move.id})
        self.run_cron("sleeping")
        self.assertFalse(self.to_dos())
