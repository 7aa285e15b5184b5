"""Drafts: refreshed by each run, confirmed by people, one a customer, each level once."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import DunningCommon, day

NOTHING = {"created": 0, "refreshed": 0, "cancelled": 0}


@tagged("post_install", "-at_install")
class TestDrafts(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer()

    def postpone(self, notice, until, **values):
        wizard = self.env["account.dunning.postpone"].create(
            {"notice_ids": notice.ids, "date_until": until, **values}
        )
        wizard.action_confirm()

    # -- Refreshed ---------------------------------------------------------------------------------

    def test_a_rerun_on_the_same_day_writes_nothing(self):
        for name in ("One", "Two", "Three"):
            partner = self.customer(name)
            self.invoice(partner, 10)
            self.invoice(partner, 60)
        self.assertEqual(self.prepare(), {**NOTHING, "created": 3})
        notices = self.Notice.search([("state", "=", "ready")])
        self.env.flush_all()
        query = """
            SELECT 'notice', id, xmin::text FROM account_dunning_notice
             UNION SELECT 'line', id, xmin::text FROM account_dunning_notice_line
             UNION SELECT 'item', id, xmin::text FROM account_move_line
        """
        self.cr.execute("SAVEPOINT rerun")  # its writes would bear another transaction id
        self.cr.execute(f"{query} ORDER BY 1, 2")
        before = self.cr.fetchall()
        self.assertEqual(self.prepare(), NOTHING)
        self.env.flush_all()
        self.cr.execute(f"{query} ORDER BY 1, 2")
        self.assertEqual(self.cr.fetchall(), before)
        self.assertEqual(self.Notice.search([("state", "=", "ready")]), notices)

    def test_a_rerun_after_the_sending_prepares_nothing(self):
        self.invoice(self.partner, 10)
        self.run_day()
        self.assertEqual(self.prepare(), NOTHING)

    def test_a_draft_follows_a_partial_payment(self):
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.pay(move, 40)
        self.assertEqual(self.prepare(), {**NOTHING, "refreshed": 1})
        self.assertEqual(self.live(self.partner), notice)
        self.assertEqual((notice.amount_total, notice.line_ids.amount_due), (60, 60))

    def test_a_draft_takes_in_what_fell_due_since(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        new = self.invoice(self.partner, 3)
        self.prepare()
        self.assertIn(new, notice.move_ids)
        self.assertEqual(notice.amount_total, 200)

    def test_a_draft_climbs_with_its_items_and_speaks_of_the_present_day(self):
        self.env.ref("account_dunning_fr.level_first").automatic = False
        move = self.invoice(self.partner, 10)
        self.start(self.first, move)
        self.invoice(self.partner, 5)
        notice = self.draft(self.partner)
        self.assertEqual((notice.level_id, notice.deadline), (self.first, day("2026-06-09")))
        with self.on("2026-06-06"):
            self.assertEqual(self.draft(self.partner), notice)
            self.assertEqual(notice.level_id, self.firm)
            self.assertEqual((notice.date, notice.deadline), (day("2026-06-06"), day("2026-06-16")))
            self.assertTrue(notice.send_letter)

    def test_a_draft_left_alone_moves_its_dates_with_the_days(self):
        self.first.automatic = False
        self.invoice(self.partner, 5)
        notice = self.draft(self.partner)
        with self.on("2026-06-03"):
            self.assertEqual(self.prepare(), NOTHING)
            self.assertEqual((notice.date, notice.deadline), (day("2026-06-03"), day("2026-06-11")))

    # -- Confirmed by a person ---------------------------------------------------------------------

    def confirmed(self):
        """Return a confirmed message and the two invoices that it claims."""
        self.first.automatic = False
        moves = self.invoice(self.partner, 10), self.invoice(self.partner, 12)
        notice = self.draft(self.partner)
        notice.action_confirm()
        self.assertEqual((notice.state, notice.confirmed_by), ("ready", self.env.user))
        return notice, *moves

    def test_a_confirmed_message_leaves_with_the_next_scheduled_sending(self):
        notice, *_moves = self.confirmed()
        self.run_day()
        self.assertEqual(notice.state, "sent")

    def test_a_confirmed_message_whose_figures_changed_asks_again(self):
        notice, move, _other = self.confirmed()
        self.pay(move, 10)
        self.run_cron("send")
        self.assertEqual((notice.state, notice.confirmed_by.id), ("draft", False))
        self.assertFalse(notice.mail_id)
        self.assertEqual(notice.amount_total, 190)

    def test_a_confirmed_message_that_loses_an_item_asks_again(self):
        notice, move, _other = self.confirmed()
        self.hold(move_id=move.id)
        self.run_day()
        self.assertEqual(notice.state, "draft")

    def test_a_confirmed_message_from_which_an_item_is_left_out_asks_again(self):
        notice, *_moves = self.confirmed()
        notice.line_ids[0].action_leave_out()
        self.assertEqual(notice.state, "draft")

    def test_a_confirmed_message_can_go_back_to_confirmation(self):
        notice, *_moves = self.confirmed()
        notice.action_back_to_draft()
        self.run_day()
        self.assertEqual((notice.state, notice.confirmed_by.id), ("draft", False))

    def test_a_ready_message_is_not_confirmed_twice(self):
        notice, *_moves = self.confirmed()
        with self.assert_refused(UserError, "Only a message to confirm"):
            notice.action_confirm()

    def test_confirming_looks_at_the_books_first(self):
        self.first.automatic = False
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.pay(move)
        notice.action_confirm()
        self.assertEqual(notice.state, "cancelled")

    # -- Texts -------------------------------------------------------------------------------------

    def test_an_edited_text_survives_a_refresh_at_the_same_level(self):
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        level_closing = notice.closing
        notice.write({"subject": "Our subject", "body": "<p>Our body</p>"})
        self.pay(move, 40)
        self.prepare()
        self.assertEqual(notice.subject, "Our subject")
        self.assertIn("Our body", notice.body)
        self.assertEqual(notice.closing, level_closing)
        self.assertEqual(notice.amount_total, 60)

    def test_a_text_of_another_level_is_not_kept(self):
        move = self.invoice(self.partner, 12)
        self.start(self.first, move)
        self.invoice(self.partner, 5)
        notice = self.draft(self.partner)
        notice.subject = "Our subject"
        with self.on("2026-06-04"):
            self.prepare()
        self.assertEqual(notice.level_id, self.firm)
        self.assertNotEqual(notice.subject, "Our subject")

    def test_an_emptied_text_goes_back_to_the_level_s(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        subject = notice.subject
        notice.subject = "Our subject"
        notice.subject = False
        notice.invalidate_recordset()
        self.assertEqual(notice.subject, subject)

    def test_the_texts_of_the_level_can_be_restored(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        subject = notice.subject
        notice.write({"subject": "Our subject", "body": "<p>Our body</p>"})
        notice.action_restore_texts()
        self.assertEqual(notice.subject, subject)
        self.assertNotIn("Our body", notice.body)

    # -- Postponed ---------------------------------------------------------------------------------

    def test_postponing_opens_a_hold_and_cancels_the_message(self):
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.postpone(notice, "2026-06-05", reason="promise", note="Transfer on Friday")
        self.assertEqual((notice.state, notice.cancel_reason), ("cancelled", "Transfer on Friday"))
        hold = self.env["account.dunning.hold"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            (hold.reason, hold.date_from, hold.date_until, hold.user_id),
            ("promise", day("2026-06-01"), day("2026-06-05"), self.env.user),
        )
        self.assert_stopped(move, "hold")
        with self.on("2026-06-05"):
            self.assertEqual(self.prepare()["created"], 0)
        with self.on("2026-06-06"):
            self.assertEqual(self.draft(self.partner).move_ids, move)

    def test_what_was_sent_is_not_postponed(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        with self.assert_refused(UserError, "not sent can be postponed"):
            self.postpone(notice, "2026-06-05")

    # -- Once --------------------------------------------------------------------------------------

    def test_a_customer_has_one_live_message_for_a_creditor(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner).sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
            self.Notice.sudo().create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "level_id": self.first.id,
                }
            )
        self.assertIn("already has a message", notice._sql_error_to_message(caught.exception))

    def test_an_item_takes_a_level_once_in_a_cycle(self):
        move = self.invoice(self.partner, 40)
        self.history(self.first, "2026-05-01", move)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
            self.history(self.first, "2026-05-15", move)
        line = self.env["account.dunning.notice.line"]
        self.assertIn("already takes that level", line._sql_error_to_message(caught.exception))
        self.history(self.firm, "2026-05-15", move)

    def test_an_item_takes_the_level_again_in_a_new_cycle_or_after_a_cancelled_message(self):
        move = self.invoice(self.partner, 40)
        notice = self.history(self.first, "2026-05-01", move)
        notice.sudo().write({"state": "cancelled"})
        self.history(self.first, "2026-05-02", move)
        payment = self.pay(move)
        payment.action_draft()
        payment.action_cancel()
        self.history(self.first, "2026-05-15", move)
        self.assertEqual(self.items(move).dunning_cycle, 1)

    def test_a_message_is_not_sent_twice(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        with self.assert_refused(UserError, "already sent"):
            notice.action_send()

    # -- Items that Odoo rewrites ------------------------------------------------------------------

    def test_an_invoice_reset_to_draft_leaves_the_message_being_prepared(self):
        self.invoice(self.partner, 10)
        move = self.invoice(self.partner, 12)
        notice = self.draft(self.partner)
        move.button_draft()
        self.prepare()
        self.assertNotIn(move, notice.move_ids)
        self.assertEqual(notice.amount_total, 100)

    def test_what_was_sent_survives_its_item_and_finds_it_again(self):
        move = self.instalments(self.partner, "2026-05-01", "2026-05-15")
        term = move.invoice_payment_term_id
        notice = self.send(self.partner)
        move.button_draft()
        move.write({"invoice_payment_term_id": False, "invoice_date_due": "2026-05-30"})
        notice.invalidate_recordset()
        orphan = notice.line_ids.filtered(lambda line: not line.move_line_id)
        self.assertEqual(len(orphan), 1)
        self.assertEqual((orphan.invoice_name, orphan.amount_due), (move.name, 50))
        move.invoice_payment_term_id = term
        move.action_post()
        self.assertEqual(orphan.move_line_id.date_maturity, orphan.date_maturity)
        self.assertEqual(self.items(move).mapped("dunning_level_id"), self.first)
        self.assertEqual(notice.amount_total, 100)
        first, second = self.rows(move)
        self.assertEqual((first.level_id, second.level_id), (self.first.id, self.first.id))
