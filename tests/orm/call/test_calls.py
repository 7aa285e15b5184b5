"""Whom to call first, what to say, and what follows from each outcome in two clicks."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestCalls(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer(phone="+33 4 65 71 01 01")
        cls.move = cls.invoice(cls.partner, 10)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.Call = cls.env["account.dunning.call"]

    def call(self, partner=None, **values):
        return self.Call.with_user(self.biller).create(
            {"partner_id": (partner or self.partner).id, **values}
        )

    def outcome(self, call, outcome, **values):
        """Press the button of the outcome, fill in the dialog, record it."""
        action = call.action_outcome(outcome)
        form = Form(
            self.env["account.dunning.call.outcome"]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            form[name] = value
        return form.save().action_confirm()

    # -- The list ----------------------------------------------------------------------------------

    def test_a_reminder_that_asks_for_a_call_puts_the_customer_on_the_list(self):
        notice = self.send(self.partner)
        call = self.Call.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            (call.notice_id, call.state, call.date), (notice, "todo", day("2026-06-01"))
        )
        self.assertEqual((call.amount_overdue, call.days_late, call.score), (100, 10, 1000))
        self.assertEqual(call.phone, "+33 4 65 71 01 01")
        self.assertTrue(call.activity_ids)

    def test_a_second_reminder_makes_no_second_call(self):
        self.send(self.partner)
        call = self.Call.search([("partner_id", "=", self.partner.id)])
        self.firm.make_call = True
        with self.on("2026-06-10"):
            again = self.send(self.partner)
        self.assertEqual(self.Call.search([("partner_id", "=", self.partner.id)]), call)
        self.assertEqual(call.notice_id, again)

    def test_one_call_waits_for_a_customer(self):
        self.call()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.call()

    def test_the_order_is_amount_by_days_by_broken_promises(self):
        big, old, liar = self.customer("Big"), self.customer("Old"), self.customer("Liar")
        self.invoice(big, 5, 1000)
        self.invoice(old, 80, 100)
        move = self.invoice(liar, 45, 100)
        promise = self.env["account.dunning.promise"].create(
            {"partner_id": liar.id, "item_ids": self.items(move).ids, "date_promised": "2026-06-01"}
        )
        promise._close("broken")
        calls = self.call(big) | self.call(old) | self.call(liar)
        self.assertEqual(calls.mapped("score"), [5000, 8000, 9000])
        listed = self.Call.search([("id", "in", calls.ids)])
        self.assertEqual(listed.partner_id, liar | old | big)
        self.assertEqual(listed.mapped("partner_id.name"), ["Liar", "Old", "Big"])

    def test_what_is_held_or_covered_does_not_count(self):
        self.invoice(self.partner, 20, 50)
        self.hold(move_id=self.move.id, amount_held=30)
        self.payment(self.partner, 20)
        call = self.call()
        self.assertEqual((call.amount_overdue, call.days_late), (100, 20))

    def test_nobody_is_called_who_has_paid(self):
        call = self.call()
        self.pay(self.move)
        action = self.Call.with_user(self.biller).action_open_calls()
        self.assertEqual(action["res_model"], "account.dunning.call")
        self.assertEqual(call.state, "cancelled")
        self.assertFalse(call.activity_ids)

    def test_the_scheduled_action_refreshes_the_figures(self):
        call = self.call()
        with self.on("2026-06-11"):
            self.run_cron("calls")
        self.assertEqual((call.days_late, call.score), (20, 2000))

    def test_a_level_of_a_call_alone_counts_once_called(self):
        self.first.write({"send_email": False, "make_call": True})
        notice = self.draft(self.partner)
        self.assertEqual(notice.state, "ready")
        self.Call.with_user(self.biller).action_open_calls()
        call = self.Call.search([("notice_id", "=", notice.id)])
        self.assertEqual(notice.state, "ready")
        self.outcome(call.with_user(self.biller), "reached")
        self.assertEqual((notice.state, notice.sent_by), ("sent", self.biller))
        self.assertEqual(self.row(self.move).level_id, self.first.id)
        self.assertEqual(call.next_call_id.notice_id, notice)

    def test_it_is_a_task_of_today(self):
        self.call()
        tasks = {
            task.key: task for task in self.env["account.dunning.today"]._get_tasks(self.company)
        }
        self.assertEqual((tasks["calls"].count, tasks["calls"].amount), (1, 100))

    # -- What to say -------------------------------------------------------------------------------

    def test_the_script_follows_the_message_the_regime_and_the_promises(self):
        scripts = {
            name: self.env.ref(f"account_dunning_fr.call_script_{name}")
            for name in ("broken_promise", "consumer", "formal_notice", "reminder")
        }
        call = self.call()
        self.assertEqual(call.script, scripts["reminder"].body)
        call.sudo().notice_id = self.history(self.formal_notice, "2026-05-20", self.move)
        self.assertEqual(call.script, scripts["formal_notice"].body)
        self.partner.dunning_regime = "b2c"
        call.invalidate_recordset(["script"])
        self.assertEqual(call.script, scripts["consumer"].body)
        call.sudo().broken_promises = 1
        self.assertEqual(call.script, scripts["broken_promise"].body)

    def test_a_script_of_a_policy_is_for_its_customers(self):
        other = self.new_policy((5, "reminder"))
        script = self.env["account.dunning.call.script"].create(
            {"name": "Own", "sequence": 1, "policy_id": other.id, "body": "<p>Own</p>"}
        )
        call = self.call()
        self.assertNotEqual(call.script, script.body)
        self.partner.dunning_policy_id = other
        call.invalidate_recordset(["script"])
        self.assertEqual(call.script, script.body)

    def test_the_last_exchanges_are_shown(self):
        notice = self.send(self.partner)
        call = self.Call.search([("notice_id", "=", notice.id)]).with_user(self.biller)
        self.assertIn(notice.name, call.exchanges)
        self.outcome(call, "message", note="Accounts office closed")
        self.assertIn("Accounts office closed", call.next_call_id.exchanges)

    # -- What follows ------------------------------------------------------------------------------

    def test_nobody_reached_another_call_comes_three_working_days_later(self):
        for outcome in ("reached", "message", "unreachable"):
            with self.subTest(outcome=outcome):
                call = self.Call._get_waiting(self.partner, self.company) or self.call()
                call = call.with_user(self.biller)
                self.outcome(call, outcome, person="Ms Smith", note="Closed")
                self.assertEqual((call.state, call.outcome), ("done", outcome))
                self.assertEqual((call.person, call.note), ("Ms Smith", "Closed"))
                self.assertEqual(call.done_by, self.biller)
                self.assertFalse(call.activity_ids)
                self.assertEqual(call.next_call_id.date, day("2026-06-04"))
                self.assertEqual(call.next_call_id.state, "todo")

    def test_no_other_call_where_none_is_wanted(self):
        call = self.call()
        self.outcome(call, "reached", next_date=False)
        self.assertFalse(call.next_call_id)
        with self.assert_refused(UserError, "already made"):
            call.action_outcome("reached")

    def test_the_next_call_is_on_a_later_day(self):
        with self.assert_refused(UserError, "later day"):
            self.outcome(self.call(), "message", next_date="2026-06-01")

    def test_a_promise_in_two_clicks_then_broken_then_called_again(self):
        call = self.call()
        self.outcome(call, "promise")
        promise = call.promise_id
        self.assertEqual((promise.amount, promise.date_promised), (100, day("2026-06-08")))
        self.assertEqual((promise.source, promise.user_id), ("call", self.biller))
        self.assert_stopped(self.move, "hold")
        with self.on("2026-06-12"):
            notice = self.send(self.partner)
            self.assertEqual((promise.state, promise.mentioned_in_id), ("broken", notice))
            again = self.Call._get_waiting(self.partner, self.company)
            self.assertEqual((again.notice_id, again.broken_promises), (notice, 1))

    def test_a_dispute_in_two_clicks(self):
        call = self.call()
        self.outcome(call, "dispute", dispute_amount=40, dispute_reason="delivery")
        self.assertEqual(call.dispute_id.move_id, self.move)
        self.assertEqual(float(self.row(self.move).due_amount), 60)

    def test_says_paid_holds_some_days_and_asks_to_look_for_it(self):
        call = self.call()
        self.outcome(call, "paid", paid_on="2026-05-29")
        self.assert_stopped(self.move, "hold")
        self.assertIn("says that it is paid", self.move.dunning_reason)
        self.assertEqual(call.activity_ids.date_deadline, day("2026-06-08"))
        with self.on("2026-06-09"):
            self.assertEqual(self.row(self.move).reason, "claimed")

    def test_not_received_sends_the_invoice_again_and_leaves_time(self):
        sent = []
        with patch.object(
            type(self.env["account.move.send"]),
            "_generate_and_send_invoices",
            lambda _self, moves, **settings: sent.append((moves, settings)),
        ):
            call = self.call()
            self.outcome(call, "resend")
        self.assertEqual(sent, [(self.move, {"sending_methods": ["email"]})])
        self.assert_stopped(self.move, "hold")
        self.assertTrue(call.next_call_id)

    def test_an_invoice_without_address_is_not_sent_again(self):
        self.partner.email = False
        call = self.call()
        with self.assert_refused(UserError, "no valid e-mail address"):
            self.outcome(call, "resend")

    def test_refused_the_responsible_decides(self):
        call = self.call()
        self.outcome(call, "refuses", note="Says it is too dear")
        self.assertIn("Refuses to pay", call.activity_ids.summary)
        self.assertIn("too dear", call.activity_ids.note)
        self.assertEqual(self.row(self.move).reason, "claimed")

    def test_after_an_outcome_comes_the_next_call(self):
        other = self.customer("Other")
        self.invoice(other, 10)
        waiting, call = self.call(other), self.call()
        action = self.outcome(call, "promise")
        self.assertEqual((action["res_model"], action["res_id"]), (call._name, waiting.id))

    def test_put_back_on_the_list(self):
        call = self.call()
        self.outcome(call, "reached", next_date=False)
        call.action_reopen()
        self.assertEqual((call.state, call.outcome), ("todo", False))

    def test_from_the_customer_one_gets_his_call(self):
        partner = self.partner.with_user(self.biller)
        action = partner.action_dunning_call()
        self.assertEqual(partner.action_dunning_call()["res_id"], action["res_id"])
        again = self.move.with_user(self.biller).action_dunning_call()
        self.assertEqual(again["res_id"], action["res_id"])

    def test_a_reader_sees_the_list_and_records_nothing(self):
        call = self.call()
        self.Call.with_user(self.reader).action_open_calls()
        self.assertTrue(call.with_user(self.reader).amount_overdue)
        with self.assertRaises(AccessError):
            call.with_user(self.reader).action_cancel()


@tagged("post_install", "-at_install")
class TestCallsOfMessagesInTheQueue(DunningCommon):
    mails_leave = False

    def test_a_recalled_message_takes_its_call_off_the_list(self):
        partner = self.customer()
        move = self.invoice(partner, 10)
        notice = self.send(partner)
        call = self.env["account.dunning.call"].search([("notice_id", "=", notice.id)])
        self.assertEqual((notice.state, call.state), ("sent", "todo"))
        self.pay(move)
        self.hand_over(notice)
        self.assertEqual((notice.state, call.state), ("cancelled", "cancelled"))
