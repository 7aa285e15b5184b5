"""The gate: what is held, covered, paid or too small does not leave, and says why."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY, DunningCommon, day, days_ago

SENDING = "odoo.addons.account_dunning_fr.models.notice.account_dunning_notice_sending"


@tagged("post_install", "-at_install")
class TestGate(DunningCommon):
    mails_leave = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer()

    def assert_claimed(self, move, amount):
        row = self.row(move)
        self.assertEqual((row.reason, float(row.due_amount or 0)), ("claimed", amount))

    # -- Holds -------------------------------------------------------------------------------------

    def test_a_hold_on_the_customer_stops_everything_it_owes(self):
        moves = [self.invoice(self.partner, 10), self.invoice(self.partner, 20)]
        other = self.invoice(self.customer("Other"), 10)
        self.hold(self.partner, reason="dispute")
        for move in moves:
            self.assert_stopped(move, "hold")
        self.assert_claimed(other, 100)

    def test_a_hold_on_an_invoice_stops_this_invoice_only(self):
        held, other = self.invoice(self.partner, 10), self.invoice(self.partner, 20)
        self.hold(move_id=held.id)
        self.assert_stopped(held, "hold")
        self.assertEqual(self.draft(self.partner).move_ids, other)

    def test_a_hold_on_an_item_stops_this_instalment_only(self):
        move = self.instalments(self.partner, "2026-05-01", "2026-05-15")
        self.hold(move_id=move.id, move_line_id=self.items(move)[1].id)
        first, second = self.rows(move)
        self.assertEqual((first.reason, second.reason), ("claimed", "hold"))

    def test_a_hold_on_a_contact_counts_for_its_company(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.partner.id)
        move = self.invoice(self.partner, 10)
        self.hold(contact)
        self.assert_stopped(move, "hold")

    def test_a_hold_lasts_through_its_last_day(self):
        move = self.invoice(self.partner, 10)
        self.hold(self.partner, reason="promise", date_until=TODAY)
        self.assert_stopped(move, "hold")
        with self.on("2026-06-02"):
            self.assert_claimed(move, 100)

    def test_a_hold_counts_from_its_first_day(self):
        move = self.invoice(self.partner, 10)
        self.hold(self.partner, date_from="2026-06-02")
        self.assert_claimed(move, 100)
        with self.on("2026-06-02"):
            self.assert_stopped(move, "hold")

    def test_a_hold_that_was_released_counts_no_more(self):
        move = self.invoice(self.partner, 10)
        hold = self.hold(self.partner)
        hold.action_release()
        self.assertEqual((hold.released_on, hold.released_by), (day(TODAY), self.env.user))
        self.assert_claimed(move, 100)
        with self.assert_refused(UserError, "already released"):
            hold.action_release()

    def test_an_insolvency_stops_what_arose_before_the_judgment_only(self):
        before = self.invoice(self.partner, 40)  # dated 23 March
        after = self.invoice(self.partner, 10)  # dated 22 April
        self.hold(self.partner, reason="insolvency", claims_before="2026-04-22")
        self.assert_stopped(before, "hold")
        self.assert_claimed(after, 100)

    def test_a_hold_of_another_creditor_counts_for_it_only(self):
        move = self.invoice(self.partner, 10)
        other = self.env["res.company"].create({"name": "Other creditor"})
        self.hold(self.partner, company_id=other.id)
        self.assert_claimed(move, 100)

    def test_the_reason_shown_is_the_hold_that_lasts_longest(self):
        move = self.invoice(self.partner, 10)
        self.hold(self.partner, reason="promise", date_until="2026-06-05")
        longest = self.hold(move_id=move.id, reason="dispute", note="Wrong goods")
        self.hold(self.partner, reason="plan", date_until="2026-12-31")
        self.assertEqual(self.row(move).hold_id, longest.id)
        self.assertIn("Wrong goods", move.dunning_reason)

    def test_a_hold_opened_on_a_draft_drops_its_lines_with_the_reason(self):
        self.invoice(self.partner, 10)
        held = self.invoice(self.partner, 20)
        notice = self.draft(self.partner)
        self.hold(move_id=held.id)
        self.prepare()
        [dropped] = notice.line_ids.filtered("drop_reason")
        self.assertEqual((dropped.move_id, dropped.drop_reason), (held, "hold"))
        self.assertEqual(notice.amount_total, 100)

    # -- Odoo's own switches -----------------------------------------------------------------------

    def test_an_invoice_excluded_from_follow_up_is_not_chased(self):
        move = self.invoice(self.partner, 10)
        move.no_followup = True
        self.assert_stopped(move, "no_followup")
        self.assertIn("No Follow-Up", move.dunning_reason)

    def test_an_invoice_whose_payment_is_blocked_is_not_chased(self):
        move = self.invoice(self.partner, 10)
        move.action_toggle_block_payment()
        self.assert_stopped(move, "blocked")
        self.assertIn("blocked", move.dunning_reason)
        move.action_toggle_block_payment()
        self.assert_claimed(move, 100)

    def test_a_draft_or_cancelled_invoice_is_not_chased(self):
        draft = self.invoice(self.partner, 10, post=False)
        posted = self.invoice(self.partner, 10)
        self.assertIsNone(self.row(draft))
        self.assertIn("Not posted", draft.dunning_reason)
        posted.button_draft()
        posted.button_cancel()
        self.assertIsNone(self.row(posted))

    # -- Credits -----------------------------------------------------------------------------------

    def test_a_credit_note_covers_the_invoice_it_refers_to_first(self):
        old, young = self.invoice(self.partner, 40), self.invoice(self.partner, 10)
        self.credit_note(self.partner, 100, of=young)
        self.assert_stopped(young, "covered")
        self.assert_claimed(old, 100)

    def test_what_a_credit_note_leaves_covers_the_oldest_item(self):
        old, young = self.invoice(self.partner, 40), self.invoice(self.partner, 10)
        self.credit_note(self.partner, 130, of=young)
        self.assert_stopped(young, "covered")
        self.assert_claimed(old, 70)

    def test_an_unallocated_payment_covers_the_oldest_item(self):
        young, old = self.invoice(self.partner, 10), self.invoice(self.partner, 40)
        self.payment(self.partner, 120)
        self.assert_stopped(old, "covered")
        self.assert_claimed(young, 80)

    def test_an_unreconciled_line_of_the_bank_statement_counts(self):
        young, old = self.invoice(self.partner, 10), self.invoice(self.partner, 40)
        self.statement(self.partner, 120)
        self.assert_stopped(old, "covered")
        self.assert_claimed(young, 80)

    def test_a_payment_in_process_without_an_entry_counts_by_its_amount(self):
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        move = self.invoice(self.partner, 10)
        # With full accounting, Odoo writes no entry before the bank's line arrives.
        with patch.object(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda _move: "in_payment",
        ):
            payment = self.payment(self.partner, 40)
        self.assertEqual((payment.state, payment.move_id.id), ("in_process", False))
        self.assert_claimed(move, 60)

    def test_a_registered_payment_that_waits_for_the_bank_is_a_payment(self):
        move = self.invoice(self.partner, 10)
        self.pay(move)
        self.assertIsNone(self.row(move))
        self.assertIn("settled", move.dunning_reason)

    def test_an_invoice_paid_in_part_is_claimed_for_the_rest(self):
        move = self.invoice(self.partner, 10)
        self.pay(move, 30)
        self.assert_claimed(move, 70)

    def test_what_is_covered_in_part_is_claimed_net(self):
        move = self.invoice(self.partner, 10, 100)
        self.payment(self.partner, 30)
        notice = self.draft(self.partner)
        line = notice.line_ids
        self.assertEqual((line.amount_residual, line.amount_credit), (100, 30))
        self.assertEqual((line.amount_due, notice.amount_total), (70, 70))
        self.assertEqual(line.move_id, move)

    def test_a_credit_of_a_contact_counts_for_its_company(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.partner.id)
        move = self.invoice(self.partner, 10)
        self.payment(contact, 100)
        self.assert_stopped(move, "covered")

    def test_a_credit_in_another_currency_keeps_back_what_it_could_cover(self):
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        old, young = self.invoice(self.partner, 40, 1000), self.invoice(self.partner, 10)
        self.credit_note(self.partner, 500, currency_id=dollars.id)
        # 500 USD are 400 EUR, and 5 % more for what rates and fees may make of it.
        self.assert_claimed(old, 580)
        self.assert_claimed(young, 100)

    def test_a_credit_that_covers_everything_cancels_the_draft_with_its_reason(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.payment(self.partner, 100)
        self.prepare()
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.line_ids.drop_reason, "covered")
        self.assertIn("credit", notice.cancel_reason)

    # -- The minimum -------------------------------------------------------------------------------

    def test_below_the_minimum_nothing_leaves(self):
        move = self.invoice(self.partner, 10, 4.99)
        self.assertEqual(self.row(move).reason, "minimum")
        self.assertEqual(self.prepare()["created"], 0)
        self.assertIn("minimum", move.dunning_reason)

    def test_the_minimum_itself_leaves(self):
        move = self.invoice(self.partner, 10, 5)
        self.assert_claimed(move, 5)

    def test_the_minimum_counts_what_is_claimed_in_all(self):
        self.invoice(self.partner, 10, 3)
        self.invoice(self.partner, 20, 3)
        self.assertEqual(self.draft(self.partner).amount_total, 6)

    def test_the_minimum_counts_net_of_credits(self):
        self.invoice(self.partner, 10, 100)
        notice = self.draft(self.partner)
        self.payment(self.partner, 97)
        self.prepare()
        self.assertEqual((notice.state, notice.line_ids.drop_reason), ("cancelled", "minimum"))

    # -- Paid meanwhile ----------------------------------------------------------------------------

    def test_a_payment_between_draft_and_sending_cancels_the_message(self):
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.pay(move)
        self.run_cron("send")
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.line_ids.drop_reason, "paid")
        # What a scheduled action writes down is in the language of the creditor.
        self.assertEqual(notice.cancel_reason, "Réglée ou soldée")
        self.assertFalse(notice.mail_id)
        self.assertFalse(self.items(move).dunning_level_id)

    def test_a_payment_between_draft_and_sending_by_hand_cancels_the_message(self):
        self.company.partner_id.dunning_lang = "en_US"  # in which the reason is kept
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.pay(move)
        with self.assert_refused(UserError, "Nothing was sent to .*Paid or settled"):
            notice.action_send()

    def test_a_partial_payment_between_draft_and_sending_is_deducted(self):
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.pay(move, 40)
        self.run_cron("send")
        self.assertEqual((notice.state, notice.amount_total), ("sent", 60))

    def test_a_payment_before_the_hand_over_recalls_the_mail(self):
        move = self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        self.assertEqual(self.items(move).dunning_level_id, self.first)
        self.pay(move)
        self.assertEqual(self.hand_over(notice), [])
        self.assertEqual((notice.mail_id.state, notice.state), ("cancel", "cancelled"))
        self.assertFalse(self.items(move).dunning_level_id)
        self.assertTrue(notice.cancel_reason)
        self.assertFalse(notice.activity_ids)

    def test_a_hold_or_a_partial_payment_before_the_hand_over_recalls_the_mail(self):
        changes = {
            "hold": lambda move: self.hold(move_id=move.id),
            "part": lambda move: self.pay(move, 40),
            "credit": lambda move: self.credit_note(move.partner_id, 40),
            "blocked": lambda move: move.action_toggle_block_payment(),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                move = self.invoice(self.customer(name), 10)
                notice = self.send(move.partner_id)
                change(move)
                self.hand_over(notice)
                self.assertEqual(notice.mail_id.state, "cancel")

    def test_a_recalled_level_is_reached_again(self):
        move = self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        hold = self.hold(self.partner)
        self.hand_over(notice)
        hold.action_release()
        again = self.draft(self.partner)
        self.assertNotEqual(again, notice)
        self.assertEqual(self.lines_of(again), [(move, True, self.first)])

    def test_without_a_change_the_mail_is_handed_over(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        self.assertEqual(len(self.hand_over(notice)), 1)
        self.assertEqual((notice.mail_id.state, notice.state), ("sent", "sent"))

    def test_a_mail_that_left_is_not_recalled(self):
        move = self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        self.hand_over(notice)
        self.pay(move)
        self.hand_over(notice)
        self.assertEqual(notice.state, "sent")

    # -- Bank statements ---------------------------------------------------------------------------

    def send_with_statement(self, age, amount=100.0, **company):
        """Run the scheduled sending with a last statement line so many days old."""
        self.company.write(company)
        self.statement(self.customer("Payer"), amount, on=day(TODAY) - timedelta(days=age))
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        with mute_logger(SENDING):
            self.run_cron("send")
        return notice

    def test_old_bank_statements_stop_automatic_sending(self):
        notice = self.send_with_statement(age=11)  # 21 May; 6 working days, 25 May is a holiday
        self.assertEqual(notice.state, "ready")
        self.assertIn("bank statements", notice.statement_warning)
        notice.action_send()
        self.assertEqual(notice.state, "sent")

    def test_statements_of_the_last_working_days_stop_nothing(self):
        notice = self.send_with_statement(age=10)  # 22 May; 5 working days
        self.assertEqual(notice.state, "sent")

    def test_the_limit_is_the_company_s(self):
        notice = self.send_with_statement(age=11, dunning_statement_max_age=6)
        self.assertEqual(notice.state, "sent")

    def test_a_limit_of_zero_switches_the_check_off(self):
        notice = self.send_with_statement(age=300, dunning_statement_max_age=0)
        self.assertEqual(notice.state, "sent")

    def test_a_journal_that_only_pays_out_stops_nothing(self):
        notice = self.send_with_statement(age=300, amount=-50)
        self.assertEqual(notice.state, "sent")

    def test_a_company_that_imports_no_statement_is_warned_not_stopped(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.assertIn("No bank statement", notice.statement_warning)
        self.run_cron("send")
        self.assertEqual(notice.state, "sent")

    # -- One customer's failure is its own ---------------------------------------------------------

    def test_a_customer_without_an_e_mail_is_told_of_once_and_the_others_are_sent(self):
        self.partner.email = False
        self.invoice(self.partner, 10)
        other = self.customer("Other")
        self.invoice(other, 10)
        self.run_day()
        notice = self.live(self.partner)
        self.assertEqual(notice.state, "ready")
        self.assertIn("n’a pas d’adresse e-mail valide", notice.blocking_reason)
        self.assertEqual(len(notice.activity_ids), 1)
        self.assertEqual(other.env["account.dunning.notice"].search(self.to(other)).state, "sent")
        self.run_day()
        with self.on("2026-06-02"):
            self.run_day()
        self.assertEqual(len(notice.activity_ids), 1)
        self.partner.email = "found@client.example"
        with self.on("2026-06-03"):
            self.run_day()
        self.assertEqual((notice.state, notice.blocking_reason), ("sent", False))

    def test_an_unexpected_failure_is_kept_on_its_message_and_the_run_goes_on(self):
        broken, sound = self.customer("Broken"), self.customer("Sound")
        for partner in (broken, sound):
            self.invoice(partner, 10)
        self.prepare()
        notices = {partner: self.live(partner) for partner in (broken, sound)}
        leave = type(self.Notice)._freeze_and_send

        def fail(notices, user):
            leave(notices, user)
            if broken in notices.partner_id:
                raise ZeroDivisionError

        with patch.object(type(self.Notice), "_freeze_and_send", fail), mute_logger(SENDING):
            self.run_cron("send")
        self.assertEqual(notices[sound].state, "sent")
        self.assertEqual((notices[broken].state, notices[broken].name), ("ready", False))
        self.assertIn("Erreur inattendue", notices[broken].blocking_reason)

    def to(self, partner):
        return [("partner_id", "=", partner.id)]

    # -- Off until switched on ---------------------------------------------------------------------

    def test_nothing_leaves_before_the_company_switches_sending_on(self):
        self.company.dunning_active = False
        self.invoice(self.partner, 10)
        self.run_day()
        self.assertFalse(self.Notice.search(self.to(self.partner)))
        notice = self.draft(self.partner)
        self.assertEqual(notice.state, "draft")
        notice.action_confirm()
        self.run_day()
        self.assertEqual((notice.state, notice.mail_id.id), ("ready", False))
        self.company.dunning_active = True
        self.run_day()
        self.assertEqual(notice.state, "sent")

    def test_what_was_prepared_while_off_is_ready_once_switched_on(self):
        self.company.dunning_active = False
        self.invoice(self.partner, 10)
        grave = self.customer("Chez le commissaire")
        self.history(self.firm, "2026-05-01", self.invoice(grave, 60))
        automatic, to_confirm = self.draft(self.partner), self.draft(grave)
        self.company.dunning_active = True
        self.assertEqual((automatic.state, to_confirm.state), ("ready", "draft"))

    def test_an_entry_without_a_customer_is_held_for_that_of_its_item(self):
        receivable = self.company_data["default_account_receivable"]
        revenue = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.partner.id,
                            "debit": 50,
                            "date_maturity": days_ago(20),
                        }
                    ),
                    Command.create({"account_id": revenue.id, "credit": 50}),
                ],
            }
        )
        entry.action_post()
        item = entry.line_ids.filtered(lambda line: line.account_id == receivable)
        item.no_followup = False
        self.assertFalse(entry.partner_id)
        hold = self.hold(move_line_id=item.id, reason="dispute")
        self.assertEqual((hold.partner_id, hold.move_id), (self.partner, entry))
        self.assert_stopped(entry, "hold")

    def test_what_is_to_confirm_never_leaves_by_itself(self):
        move = self.invoice(self.partner, 60)
        self.history(self.firm, "2026-05-01", move)
        self.run_day()
        notice = self.live(self.partner)
        self.assertEqual((notice.state, notice.level_id), ("draft", self.registered))
        with self.on("2026-06-05"):
            self.run_day()
        self.assertEqual(notice.state, "draft")

    # -- Why ---------------------------------------------------------------------------------------

    def test_the_invoice_says_what_comes_next(self):
        move = self.invoice(self.partner, 10)
        self.assertEqual(move.dunning_next_level_id, self.first)
        self.assertIn("To be sent today", move.dunning_reason)
        self.send(self.partner)
        move.invalidate_recordset()
        self.assertEqual(move.dunning_level_id, self.first)
        self.assertEqual(
            (move.dunning_next_level_id, move.dunning_next_date), (self.firm, day("2026-06-10"))
        )
        self.assertIn("Next step: Second reminder", move.dunning_reason)
