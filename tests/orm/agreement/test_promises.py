"""A promise leaves its items in peace; the payments tell whether it was kept."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestPromises(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer(dunning_lang="en_US")
        cls.move = cls.invoice(cls.partner, 10)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")

    def promise(self, partner=None, moves=None, on="2026-06-12", user=None, **values):
        if moves:
            values["item_ids"] = self.items(*moves).ids
        return (
            self.env["account.dunning.promise"]
            .with_user(user or self.biller)
            .create(
                {
                    "partner_id": (partner or self.partner).id,
                    "date_promised": on,
                    **values,
                }
            )
        )

    def review(self, on=None):
        if on:
            with self.on(on):
                return self.prepare()
        return self.prepare()

    # -- While it runs -----------------------------------------------------------------------------

    def test_it_is_about_all_that_is_overdue_unless_told(self):
        later = self.invoice(self.partner, 30, 50)
        self.invoice(self.partner, -5, 70)  # not due yet
        promise = self.promise()
        self.assertEqual(promise.item_ids, self.items(self.move, later))
        self.assertEqual((promise.amount, promise.state), (150, "running"))
        self.assertEqual(promise.company_id, self.company)

    def test_its_items_are_held_until_its_day_and_the_tolerance(self):
        other = self.invoice(self.partner, 10, 50)
        self.promise(moves=[self.move])
        self.assert_stopped(self.move, "hold")
        self.assertEqual(self.row(other).reason, "claimed")
        with self.on("2026-06-15"):
            self.assert_stopped(self.move, "hold")
        with self.on("2026-06-16"):
            self.assertNotEqual(self.row(self.move).stop, "hold")

    def test_the_tolerance_is_the_company_s(self):
        self.company.dunning_promise_days = 0
        self.assertEqual(self.promise().date_limit, day("2026-06-12"))

    def test_an_instalment_promised_holds_no_other(self):
        move = self.instalments(self.customer("Two"), "2026-05-10", "2026-05-25")
        first = self.items(move)[0]
        self.promise(move.partner_id, item_ids=first.ids)
        self.assertEqual([row.stop for row in self.rows(move)], ["hold", None])

    def test_another_day_moves_the_hold(self):
        promise = self.promise()
        promise.date_promised = "2026-06-20"
        with self.on("2026-06-23"):
            self.assert_stopped(self.move, "hold")

    def test_a_new_promise_takes_the_place_of_the_running_one(self):
        first, second = self.promise(), self.promise(on="2026-06-20")
        self.assertEqual((first.state, second.state), ("replaced", "running"))
        self.assertFalse(first._get_holds())

    def test_cancelled_its_items_are_chased_again(self):
        promise = self.promise()
        promise.action_cancel()
        self.assertEqual(self.row(self.move).reason, "claimed")
        with self.assert_refused(UserError, "Only a running promise"):
            promise.action_cancel()

    # -- Kept --------------------------------------------------------------------------------------

    def test_paid_in_time_it_is_kept_and_closed_at_once(self):
        promise = self.promise()
        with self.on("2026-06-05"):
            self.pay(self.move)
            self.prepare()
        self.assertEqual((promise.state, promise.closed_on), ("kept", day("2026-06-05")))
        self.assertFalse(promise.activity_ids)
        self.assertFalse(promise._get_holds())

    def test_a_part_promised_and_paid_is_kept_and_the_rest_is_claimed(self):
        promise = self.promise(amount=60)
        with self.on("2026-06-10"):
            self.pay(self.move, 60)
            self.prepare()
            self.assertEqual((promise.state, promise.amount_received), ("kept", 60))
            self.assertEqual(float(self.row(self.move).due_amount), 40)

    def test_money_not_yet_allocated_keeps_it(self):
        promise = self.promise()
        with self.on("2026-06-10"):
            self.statement(self.partner, 97, on="2026-06-10")
            self.prepare()
        self.assertEqual((promise.state, promise.amount_received), ("kept", 97))

    def test_one_payment_keeps_one_promise_only(self):
        other = self.invoice(self.partner, 20)
        first = self.promise(moves=[self.move], on="2026-06-08")
        second = self.promise(moves=[other], on="2026-06-10")
        with self.on("2026-06-08"):
            self.payment(self.partner, 100)
        self.review("2026-06-20")
        self.assertEqual((first.state, second.state), ("kept", "broken"))

    def test_a_credit_note_is_no_payment_but_nothing_due_is_kept(self):
        promise = self.promise(amount=100)
        with self.on("2026-06-03"):
            self.invoice(
                self.partner,
                "2026-06-03",
                30,
                move_type="out_refund",
                reversed_entry_id=self.move.id,
            )
            self.pay(self.move, 70)
            self.assertEqual(promise.amount_received, 70)
            self.prepare()
        self.assertEqual(promise.state, "kept")

    def test_money_not_yet_allocated_keeps_it_though_nothing_is_owed_any_more(self):
        """What was promised was paid, and set against nothing; a credit note settled the invoice.

        Whether another customer who promised owes something changes nothing.
        """
        promise = self.promise()
        with self.on("2026-06-11"):
            self.payment(self.partner, 100)
            note = self.credit_note(self.partner, 100)
            (self.items(note) + self.items(self.move)).reconcile()
        self.assertTrue(self.items(self.move).reconciled)
        self.review("2026-06-16")
        self.assertEqual((promise.state, promise.amount_received), ("kept", 100))

    def test_money_from_before_the_promise_does_not_count(self):
        with self.on("2026-05-31"):
            self.pay(self.move, 40)
        promise = self.promise(amount=60)
        self.review("2026-06-16")
        self.assertEqual((promise.amount_received, promise.state), (0, "broken"))

    def test_a_payment_recorded_late_is_judged_by_its_own_date(self):
        promise = self.promise()
        self.review("2026-06-16")
        self.assertEqual(promise.state, "broken")
        with self.on("2026-06-18"):
            self.payment(self.partner, 100, date="2026-06-12")
            self.prepare()
        self.assertEqual(promise.state, "kept")

    def test_judged_again_it_asks_once_what_comes_next(self):
        promise = self.promise()
        self.review("2026-06-16")
        asked = promise.activity_ids
        with self.on("2026-06-18"):
            self.payment(self.partner, 40, date="2026-06-12")
            self.prepare()
        self.assertEqual((promise.state, promise.amount_received), ("partly", 40))
        self.assertTrue(asked)
        self.assertEqual(len(promise.activity_ids), 1)
        with self.on("2026-06-19"):
            self.payment(self.partner, 60, date="2026-06-12")
            self.prepare()
        self.assertEqual(promise.state, "kept")
        self.assertFalse(promise.activity_ids)

    # -- Kept by money that left the books since ---------------------------------------------------

    def kept_by_a_payment(self):
        promise = self.promise()
        with self.on("2026-06-05"):
            self.pay(self.move)
            self.prepare()
        self.assertEqual(promise.state, "kept")
        return promise, self.items(self.move).matched_credit_ids.credit_move_id.move_id

    def test_its_payment_cancelled_before_its_day_it_runs_and_holds_again(self):
        promise, receipt = self.kept_by_a_payment()
        with self.on("2026-06-08"):
            receipt.origin_payment_id.action_cancel()
            self.assertEqual((promise.state, promise.closed_on), ("running", False))
            self.assertTrue(promise._get_holds())
            self.pay(self.move)
            self.prepare()
        self.assertEqual(promise.state, "kept")

    def test_its_payment_cancelled_after_its_day_it_is_broken_and_asks_what_comes_next(self):
        promise, receipt = self.kept_by_a_payment()
        with self.on("2026-07-20"):
            receipt.origin_payment_id.action_cancel()
            self.assertEqual((promise.state, promise.closed_on), ("broken", day("2026-07-20")))
            self.assertIn("not kept", promise.activity_ids.summary)

    def test_its_payment_taken_off_by_hand_it_stays_kept_until_it_leaves_the_books(self):
        promise, receipt = self.kept_by_a_payment()
        with self.on("2026-07-20"):
            self.items(self.move).remove_move_reconcile()
            self.assertEqual(promise.state, "kept")
            receipt.origin_payment_id.action_cancel()
            self.assertEqual(promise.state, "broken")

    def kept_by_money_on_account(self):
        promise = self.promise()
        with self.on("2026-06-05"):
            payment = self.payment(self.partner, 100)
            self.prepare()
        self.assertEqual(promise.state, "kept")
        return promise, payment

    def test_money_on_account_that_leaves_the_books_keeps_no_promise(self):
        promise, payment = self.kept_by_money_on_account()
        with self.on("2026-06-08"):
            payment.action_draft()
            self.assertEqual((promise.state, promise.closed_on), ("running", False))
            self.assertTrue(promise._get_holds())
            payment.action_post()
            self.assertEqual((promise.state, promise.closed_on), ("kept", day("2026-06-08")))
            self.assertFalse(promise._get_holds())
        with self.on("2026-07-20"):
            payment.action_draft()
            self.assertEqual(promise.state, "broken")
            self.assertIn("not kept", promise.activity_ids.summary)

    def test_money_on_account_is_followed_however_it_leaves(self):
        def give_back(payment):
            credit = self.items(payment.move_id)
            back = self.payment(self.partner, 100, payment_type="outbound")
            (credit + self.items(back.move_id)).reconcile()

        for name, leave in {
            "cancelled": lambda payment: payment.action_cancel(),
            "reversed": lambda payment: payment.move_id._reverse_moves(cancel=True),
            "given back": give_back,
        }.items():
            with self.subTest(name):
                self.partner = self.customer(name, dunning_lang="en_US")
                self.move = self.invoice(self.partner, 10)
                promise, payment = self.kept_by_money_on_account()
                with self.on("2026-07-20"):
                    leave(payment)
                    self.assertEqual(promise.state, "broken")

    def test_a_statement_line_on_account_that_is_deleted_keeps_no_promise(self):
        promise = self.promise()
        with self.on("2026-06-05"):
            line = self.statement(self.partner, 100, on="2026-06-05")
            _liquidity, suspense, _others = line._seek_for_lines()
            suspense.account_id = self.items(self.move).account_id
            self.prepare()
        self.assertEqual(promise.state, "kept")
        with self.on("2026-07-20"):
            line.unlink()
            self.assertEqual(promise.state, "broken")

    def test_money_set_against_another_invoice_since_is_followed_until_it_leaves(self):
        promise, payment = self.kept_by_money_on_account()
        older = self.invoice(self.partner, 40)
        (self.items(payment.move_id) + self.items(older)).reconcile()
        with self.on("2026-07-20"):
            payment.action_draft()  # its match stays, and so does the promise
            self.assertEqual(promise.state, "kept")
            payment.action_cancel()
            self.assertEqual(promise.state, "broken")

    def test_sums_that_kept_it_together_are_missed_together(self):
        """No one of them made the difference when all left at once."""
        promise = self.promise()
        with self.on("2026-06-05"):
            halves = self.payment(self.partner, 50) | self.payment(self.partner, 50)
            self.prepare()
        self.assertEqual(promise.state, "kept")
        with self.on("2026-07-20"):
            halves.action_cancel()
        self.assertEqual(promise.state, "broken")

    def test_a_small_part_given_back_of_much_that_was_received_breaks_no_promise(self):
        promise = self.promise()
        with self.on("2026-06-05"):
            credit = self.items(self.payment(self.partner, 1000).move_id)
            self.prepare()
        self.assertEqual(promise.state, "kept")
        (credit + self.items(self.invoice(self.partner, 40, 950))).reconcile()
        with self.on("2026-07-20"):
            for amount, state in ((10, "kept"), (40, "kept")):
                back = self.payment(self.partner, amount, payment_type="outbound")
                (credit + self.items(back.move_id)).reconcile()
                self.assertEqual(promise.state, state)

    def test_what_is_posted_again_asks_once_for_each_customer(self):
        promise, payment = self.kept_by_money_on_account()
        with self.on("2026-06-08"):
            payments = payment | self.payment(self.partner, 1) | self.payment(self.partner, 2)
            payments.action_draft()
            self.assertEqual(promise.state, "running")
            reviewed = []
            review = type(promise)._review

            def count(promises, creditor, today, partners=None):
                reviewed.append(partners)
                return review(promises, creditor, today, partners)

            with patch.object(type(promise), "_review", count):
                payments.action_post()
        self.assertEqual((promise.state, reviewed), ("kept", [self.partner]))

    def test_other_money_that_leaves_breaks_no_promise(self):
        promise, payment = self.kept_by_money_on_account()
        (self.items(payment.move_id) + self.items(self.invoice(self.partner, 40))).reconcile()
        other = self.customer("Other")
        with self.on("2026-05-20"):
            earlier = self.payment(self.partner, 100)
        with self.on("2026-06-06"):
            small, foreign = self.payment(self.partner, 40), self.payment(other, 100)
        with self.on("2026-07-20"):
            for payment in (earlier, small, foreign):
                payment.action_cancel()
        self.assertEqual(promise.state, "kept")

    def test_what_is_settled_since_is_no_broken_promise(self):
        promise, payment = self.kept_by_money_on_account()
        self.pay(self.move)
        with self.on("2026-07-20"):
            payment.action_cancel()
        self.assertEqual(promise.state, "kept")

    # -- Broken ------------------------------------------------------------------------------------

    def test_the_day_after_the_limit_it_is_broken_and_asks_what_comes_next(self):
        promise = self.promise()
        self.review("2026-06-15")
        self.assertEqual(promise.state, "running")
        self.review("2026-06-16")
        self.assertEqual((promise.state, promise.closed_on), ("broken", day("2026-06-16")))
        self.assertEqual(promise.activity_ids.user_id, self.biller)
        self.assertIn("not kept", promise.activity_ids.summary)
        self.review("2026-06-17")
        self.assertEqual(len(promise.activity_ids), 1)

    def test_paid_in_part_or_too_late_it_is_not_kept(self):
        other = self.customer("Late")
        move = self.invoice(other, 10)
        partly, late = self.promise(), self.promise(other)
        with self.on("2026-06-12"):
            self.pay(self.move, 50)
        with self.on("2026-06-16"):
            self.pay(move)
        self.review("2026-06-17")
        self.assertEqual(partly.state, "partly")
        self.assertEqual((late.state, late.amount_received), ("broken", 0))

    def test_dunning_resumes_at_the_level_where_it_was(self):
        self.history(self.first, "2026-05-20", self.move, deadline="2026-05-25")
        self.promise()
        with self.on("2026-06-16"):
            self.prepare()
            row = self.row(self.move)
            self.assertEqual((row.level_id, row.take_level_id), (self.first.id, self.firm.id))

    def test_the_next_message_says_so_and_the_one_after_does_not(self):
        promise = self.promise()
        with self.on("2026-06-16"):
            notice = self.send(self.partner)
            self.assertEqual(promise.mentioned_in_id, notice)
            self.assertIn("was not kept", notice.mail_id.body_html)
            self.assertIn("was not kept", notice.message_html)
            self.assertIn("12 Jun 2026", notice.message_html)
        with self.on("2026-06-26"):
            again = self.draft(self.partner)
            self.assertNotIn("was not kept", again.message_html)

    def test_no_doubt_about_the_debt_stands_beside_a_broken_promise(self):
        doubts = ("Unless we are mistaken", "Errors and omissions excepted")
        for text in doubts:
            self.first.sudo().body = f"<p>{text}, we have received nothing.</p>"
            notice = self.draft(self.invoice(self.customer(dunning_lang="en_US"), 6).partner_id)
            with self.subTest(text=text):
                self.assertIn(f"{text}, we", notice.message_html)
        self.promise()
        with self.on("2026-06-16"):
            notice = self.draft(self.partner)
            self.assertEqual(notice.level_id, self.first)
            self.assertIn("was not kept", notice.message_html)
            self.assertIn("We have received nothing.", notice.body)
            self.assertNotIn("excepted", notice.message_html)
            notice = self.send(self.partner)
            self.assertNotIn("excepted", notice.mail_id.body_html)

    def test_a_message_about_other_items_does_not_say_so(self):
        self.promise(moves=[self.move])
        self.move.no_followup = True
        other = self.invoice(self.partner, 10)
        with self.on("2026-06-16"):
            notice = self.draft(self.partner)
            self.assertEqual(notice.move_ids, other)
            self.assertNotIn("was not kept", notice.message_html)

    def test_kept_in_part_the_message_says_what_was_received(self):
        self.promise()
        with self.on("2026-06-12"):
            self.pay(self.move, 30)
        with self.on("2026-06-16"):
            html = self.draft(self.partner).message_html
            self.assertIn("kept in part only", html)
            self.assertIn("30.00", html)

    def test_the_scheduled_action_judges_where_nothing_is_sent(self):
        self.company.dunning_active = False
        promise = self.promise()
        with self.on("2026-06-16"):
            self.run_cron("agreements")
        self.assertEqual(promise.state, "broken")

    # -- The customer ------------------------------------------------------------------------------

    def test_the_kept_rate_counts_the_promises_that_were_judged(self):
        first = self.promise(on="2026-06-02")
        self.review("2026-06-08")
        self.assertEqual(first.state, "broken")
        with self.on("2026-06-08"):
            second = self.promise(on="2026-06-20")
            self.pay(self.move)
            self.prepare()
            third = self.invoice(self.partner, "2026-06-01")
            self.promise(moves=[third], on="2026-06-20")
        self.assertEqual(second.state, "kept")
        partner = self.partner.with_user(self.reader)
        self.assertEqual((partner.dunning_promise_count, partner.dunning_promise_rate), (2, 0.5))

    # -- What is refused ---------------------------------------------------------------------------

    def test_nothing_to_pay_nothing_to_promise(self):
        with self.assert_refused(ValidationError, "at least one unpaid item"):
            self.promise(self.customer("Rich"), amount=1)

    def test_a_day_that_is_past_is_refused(self):
        with self.assert_refused(ValidationError, "day that is past"):
            self.promise(on="2026-05-31")

    def test_items_of_another_customer_or_of_two_currencies_are_refused(self):
        stranger = self.invoice(self.customer("Stranger"), 10)
        with self.assert_refused(ValidationError, "of this customer"):
            self.promise(moves=[stranger])
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        foreign = self.invoice(self.partner, 10, currency_id=dollars.id)
        with self.assert_refused(ValidationError, "one currency"):
            self.promise(moves=[self.move, foreign])

    def test_what_is_proposed_is_in_one_currency(self):
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        self.invoice(self.partner, 20, currency_id=dollars.id)
        promise = self.promise()
        self.assertEqual((promise.item_ids, promise.amount), (self.items(self.move), 100))
        abroad = self.customer("Abroad")
        older = self.invoice(abroad, 20, currency_id=dollars.id)
        promise = self.promise(abroad)
        self.assertEqual((promise.item_ids, promise.currency_id), (self.items(older), dollars))

    def test_the_form_of_a_contact_is_the_company_s(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.partner.id)
        action = contact.with_user(self.biller).action_dunning_promise()
        with Form(
            self.env["account.dunning.promise"]
            .with_user(self.biller)
            .with_context(**action["context"])
        ) as form:
            self.assertEqual(form.amount, 100)
            form.date_promised = "2026-06-10"
        self.assertEqual(form.record.partner_id, self.partner)

    def test_a_reader_records_nothing(self):
        with self.assertRaises(AccessError):
            self.promise(user=self.reader)
        with self.assertRaises(AccessError):
            self.promise().with_user(self.reader).action_review()

    def test_it_is_told_in_the_chronology(self):
        promise = self.promise()
        self.review("2026-06-16")
        events = self.env["account.dunning.chronology"]._get_events(
            self.partner, self.company, moves=self.move
        )
        told = [(event.kind, event.on, event.record) for event in events if event.record == promise]
        self.assertEqual(
            told,
            [("promise", day(TODAY), promise), ("promise_end", day("2026-06-16"), promise)],
        )
