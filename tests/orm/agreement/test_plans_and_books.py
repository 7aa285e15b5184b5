"""What the books do to the invoices of a running plan or promise: the plan claims what is owed."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestPlansAndBooks(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer(dunning_lang="en_US", dunning_regime="b2b")
        cls.other = cls.customer("Other", dunning_lang="en_US", dunning_regime="b2b")
        cls.old, cls.young = cls.invoices((cls.partner, 40, 100), (cls.partner, 10, 200))

    def running(self, *moves, signed_on=TODAY, **values):
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "partner_id": self.partner.id,
                "first_date": "2026-06-10",
                "item_ids": [Command.set(self.items(*(moves or (self.old, self.young))).ids)],
                **values,
            }
        )
        plan.write({"signed_on": signed_on, "signer": "The manager"})
        plan.action_start()
        return plan

    def promise(self, *moves, on="2026-06-12"):
        items = [Command.set(self.items(*moves).ids)]
        return self.env["account.dunning.promise"].create(
            {"partner_id": self.partner.id, "date_promised": on, "item_ids": items}
        )

    def follow(self, on, cron="plans"):
        with self.on(on):
            self.run_cron(cron)
            self.env.invalidate_all()

    def told(self, plan):
        """Return the text of the last e-mail about a plan."""
        mails = self.env["mail.mail"].sudo()
        return mails.search([("model", "=", plan._name), ("res_id", "=", plan.id)])[:1].body_html

    def credit(self, move, amount):
        """Post a credit note reconciled with an invoice."""
        note = self.credit_note(move.partner_id, amount, of=move)
        (self.items(note) | self.items(move)).reconcile()

    def cancel(self, *moves):
        for move in moves:
            move.button_draft()
            move.button_cancel()

    def correct(self, move, **values):
        move.button_draft()
        move.write(values)
        move.action_post()

    # -- Less is owed than was signed --------------------------------------------------------------

    def test_a_credit_note_shortens_the_plan_from_its_end(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.credit(self.young, 150)
        self.assertEqual(plan.line_ids.mapped("left"), [100, 50, 0])
        self.assertEqual(plan.amount_left, 150)
        self.follow("2026-06-07")
        self.assertIn("100.00", self.told(plan))
        self.assertIn("50.00", self.told(plan), "what will remain")
        with self.on("2026-06-10"):
            self.payment(self.partner, 100)
        self.follow("2026-07-08")
        self.assertIn("50.00", self.told(plan))
        self.assertNotIn("100.00", self.told(plan))
        with self.on("2026-07-10"):
            self.payment(self.partner, 50)
        self.follow("2026-07-11")
        self.assertEqual(plan.state, "kept")

    def test_the_end_of_a_plan_asks_for_what_is_still_owed(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.credit(self.young, 150)
            self.payment(self.partner, 30)
        self.follow("2026-06-14")
        self.assertEqual((plan.state, plan.amount_left), ("broken", 120))
        self.assertIn("120.00", self.told(plan))
        self.assertIn("70.00", self.told(plan), "what is left of the instalment")
        self.assertNotIn("100.00", self.told(plan))

    def test_a_cancelled_invoice_is_asked_for_no_more(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.cancel(self.young)
        self.assertEqual((plan.line_ids.mapped("left"), plan.amount_left), ([100, 0, 0], 100))
        with self.on("2026-06-10"):
            self.pay(self.old)
        self.follow("2026-06-11")
        self.assertEqual(plan.state, "kept")

    def test_a_plan_of_which_nothing_is_owed_is_called_off_not_kept(self):
        cancelled = self.running(penalties="suspended")
        deleted = self.running(self.invoice(self.partner, 20, 60), penalties="suspended")
        with self.on("2026-06-05"):
            self.cancel(self.old, self.young)
            gone = deleted.item_ids.move_id
            gone.button_draft()
            gone.with_context(force_delete=True).unlink()
        self.follow("2026-06-08")
        for plan in cancelled | deleted:
            self.assertEqual((plan.state, plan.amount_left), ("cancelled", 0))
            self.assertIn("None of its invoices", plan.close_reason)
            self.assertFalse(self.told(plan))
            self.assertFalse(plan._get_holds())

    def test_what_is_another_customer_s_by_now_leaves_the_plan(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.correct(self.young, partner_id=self.other.id)
        self.assertEqual(plan.amount_left, 100)
        self.follow("2026-06-06")
        self.assertEqual(plan._get_holds().move_id, self.old)
        self.assertEqual(self.row(self.young).reason, "claimed")
        with self.on("2026-06-07"):
            self.correct(self.old, partner_id=self.other.id)
        self.follow("2026-06-08")
        self.assertEqual(plan.state, "cancelled")
        self.assertFalse(self.told(plan))

    def test_while_an_invoice_is_in_draft_nothing_is_decided_nor_asked_for(self):
        plan = self.running()
        with self.on("2026-06-07"):
            self.young.button_draft()
        self.follow("2026-06-08")
        self.follow("2026-06-20")
        self.assertEqual(plan.state, "running")
        self.assertFalse(self.told(plan))
        with self.on("2026-06-20"):
            self.young.action_post()
        self.follow("2026-06-21")
        self.assertEqual(plan.state, "broken")

    # -- Lost, or moved to doubtful customers ------------------------------------------------------

    def test_what_is_moved_to_416_or_lost_is_not_paid(self):
        third = self.invoice(self.partner, 10, 50)
        moved = self.running(self.old, count=1, penalties="suspended")
        lost = self.running(self.young, count=2, penalties="suspended")
        promise = self.promise(third)
        with self.on("2026-06-05"):
            doubtful = self.give_up(self.old, "416000", 100)
            self.give_up(self.young, "654000", 200)
            self.give_up(third, "654000", 50, match=False)
        self.follow("2026-06-06", "agreements")
        self.follow("2026-06-06")
        self.assertEqual((moved | lost).mapped("state"), ["running", "running"])
        self.assertEqual((moved | lost).mapped("amount_received"), [0, 0])
        self.assertEqual((moved | lost).mapped("amount_left"), [100, 200])
        self.assertEqual((promise.state, promise.amount_received), ("running", 0))
        self.assertEqual(
            (moved | lost)._foresee_ends(day("2026-06-06")),
            dict.fromkeys(moved | lost, day("2026-06-14")),
        )
        with self.on("2026-06-08"):
            bank = self.bank.default_account_id
            paid = self.post_entry(self.partner, (bank, 100), (doubtful.account_id, -100))
            (paid[1] | doubtful).reconcile()
        self.env.invalidate_all()
        self.assertEqual((moved.amount_received, moved.amount_left), (100, 0))
        self.follow("2026-06-20", "agreements")
        self.follow("2026-06-20")
        self.assertEqual((moved | lost).mapped("state"), ["kept", "broken"])
        self.assertEqual(promise.state, "broken")
        self.assertIn("200.00", self.told(lost))

    def test_a_credit_note_after_a_loss_shortens_the_plan(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.give_up(self.young, "654000", 50)
            self.credit(self.young, 150)
        self.assertEqual(plan.amount_left, 150)
        with self.on("2026-06-06"):
            self.payment(self.partner, 100)
        self.env.invalidate_all()
        self.assertEqual(plan.line_ids.mapped("state"), ["kept", "waiting", "kept"])
        self.assertEqual(plan.line_ids.mapped("left"), [0, 50, 0])

    # -- Disputed meanwhile ------------------------------------------------------------------------

    def test_what_is_disputed_is_not_asked_for_nor_given_up(self):
        plan = self.running(penalties="suspended")
        with self.on("2026-06-05"):
            dispute = self.env["account.dunning.dispute"].create(
                {"move_id": self.young.id, "amount": 150}
            )
            self.assertEqual((plan.amount_disputed, plan.amount_left), (150, 150))
            self.assertEqual(plan.line_ids.mapped("left"), [100, 50, 0])
        with self.on("2026-06-10"):
            self.payment(self.partner, 100)
        self.follow("2026-07-08")
        self.assertIn("50.00", self.told(plan))
        self.assertNotIn("100.00", self.told(plan))
        with self.on("2026-07-10"):
            self.payment(self.partner, 50)
        before = self.told(plan)
        self.follow("2026-08-08")
        self.follow("2026-08-20")
        self.assertEqual(plan.state, "running", "neither kept nor missed")
        self.assertEqual(self.told(plan), before)
        with self.on("2026-08-20"):
            self.assertEqual(plan.line_ids.mapped("state"), ["kept", "waiting", "waiting"])
            self.assertEqual((plan.amount_left, plan.next_date), (0, False))
            self.assertEqual(plan._foresee_ends(day("2026-08-20")), {plan: None})
            dispute.action_reject()
        self.follow("2026-08-21")
        self.assertEqual((plan.state, plan.amount_left), ("broken", 150))

    def test_the_end_of_a_plan_asks_for_nothing_disputed(self):
        plan = self.running()
        with self.on("2026-06-05"):
            self.env["account.dunning.dispute"].create({"move_id": self.young.id})
        self.follow("2026-06-14")
        self.assertEqual(plan.state, "broken")
        self.assertIn("100.00", self.told(plan))
        self.assertNotIn("300.00", self.told(plan))

    # -- The same money counts once ----------------------------------------------------------------

    def test_what_was_paid_between_the_signature_and_the_start_is_in_the_amount_already(self):
        with self.on("2026-05-25"):
            self.pay(self.young, 100)
        plan = self.running(signed_on="2026-05-20", count=2)
        self.assertEqual((plan.amount, plan.amount_received, plan.amount_left), (200, 0, 200))
        with self.on("2026-06-10"):
            self.payment(self.partner, 100)
        self.follow("2026-06-11")
        self.assertEqual((plan.state, plan.amount_left), ("running", 100))

    def test_money_on_account_counts_for_one_plan(self):
        first = self.running(self.old)
        second = self.running(self.young, count=1, first_date="2026-06-12")
        with self.on("2026-06-05"):
            self.payment(self.partner, 100)
        self.assertEqual((first.amount_received, second.amount_received), (100, 0))
        self.follow("2026-06-06")
        self.assertEqual((first.state, second.state), ("kept", "running"))
        self.follow("2026-06-20")
        self.assertEqual((second.state, second.amount_left), ("broken", 200))

    def test_money_on_account_keeps_one_promise(self):
        third = self.invoice(self.partner, 10, 100)
        first, second = self.promise(self.old), self.promise(third, on="2026-06-20")
        with self.on("2026-06-05"):
            self.payment(self.partner, 100)
        self.assertEqual((first.amount_received, second.amount_received), (100, 0))
        self.follow("2026-06-06", "agreements")
        self.assertEqual((first.state, second.state), ("kept", "running"))
        self.follow("2026-06-07", "agreements")
        self.assertEqual(second.state, "running")
        self.follow("2026-06-24", "agreements")
        self.assertEqual(second.state, "broken")

    def test_only_what_a_customer_owes_can_be_chosen(self):
        draft = self.invoice(self.partner, 10, 30, post=False)
        paid = self.invoice(self.partner, 10, 30)
        self.pay(paid)
        credit = self.credit_note(self.partner, 20)
        for wrong in (
            self.items(draft),
            self.items(paid),
            self.items(credit),
            self.old.line_ids - self.items(self.old),
        ):
            with self.assert_refused(ValidationError, "no unpaid item"):
                self.promise(self.old).item_ids |= wrong
            for model in ("account.dunning.promise", "account.dunning.payment.plan"):
                with self.assert_refused(ValidationError, "no unpaid item"):
                    self.env[model].create(
                        {
                            "partner_id": self.partner.id,
                            "item_ids": [Command.set((self.items(self.old) | wrong).ids)],
                        }
                    )

    # -- Promises ----------------------------------------------------------------------------------

    def test_a_promise_lacks_nothing_of_a_cancelled_invoice(self):
        promise = self.promise(self.old, self.young)
        with self.on("2026-06-05"):
            self.cancel(self.young)
        with self.on("2026-06-10"):
            self.pay(self.old)
        self.follow("2026-06-11", "agreements")
        self.assertEqual(promise.state, "kept")

    def test_a_promise_of_which_nothing_is_owed_is_no_broken_one(self):
        promise = self.promise(self.old, self.young)
        with self.on("2026-06-05"):
            self.cancel(self.old)
            self.correct(self.young, partner_id=self.other.id)
        self.follow("2026-06-20", "agreements")
        self.assertEqual((promise.state, promise.closed_on), ("cancelled", day("2026-06-20")))
        self.assertFalse(promise.activity_ids)
