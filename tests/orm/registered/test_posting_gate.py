"""Paper passes the gate that e-mails pass; its posting is recorded in a dialog, and undone."""

import json
from contextlib import nullcontext
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon, day
from .test_registered import NUMBERS, RegisteredCommon


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

    def give_time(self, move):
        self.items(move).date_maturity = fields.Date.today() + timedelta(days=60)

    ENDS = ("pay_it", "pay_part", "dispute_it", "suspend", "exclude", "give_time")

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
        letter.notice_id.action_mark_posted()
        self.assertEqual(letter.state, "cancelled")
        self.check_gone(notice, move)


@tagged("post_install", "-at_install")
class TestPosting(RegisteredCommon):
    """The dialog that records a posting, and its way back on the same day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.first.write({"send_email": False, "send_letter": True})

    def simple(self, name="Client", *, confirmed=True, printed=True):
        """Prepare a letter that goes by simple post alone."""
        partner = self.customer(name)
        self.invoice(partner, 10)
        notice = self.draft(partner)
        self.assertEqual(notice.state, "ready", "its level needs no confirmation")
        if not confirmed:
            notice.action_back_to_draft()
        if printed:
            notice.action_print()
        return notice.with_user(self.clerk)

    def followed(self, name="Client"):
        """Send an e-mail whose letter is still to be posted."""
        self.first.send_email = True
        notice = self.simple(name, printed=False)
        self.first.send_email = False
        notice.action_send()
        return notice

    def registered_letter(self, name="Zoé"):
        return self.printed(self.debtor(name)).notice_id.with_user(self.clerk)

    def dialog(self, notices, **values):
        action = notices.with_user(self.clerk).action_record_posting()
        self.assertEqual(action["res_model"], "account.dunning.posting")
        model = self.env[action["res_model"]].with_user(self.clerk)
        return model.with_context(**action["context"]).create(values)

    KINDS = ("simple", "followed", "registered_letter")

    # -- One letter --------------------------------------------------------------------------------

    def test_the_dialog_records_the_day_the_number_and_the_proof(self):
        for name in self.KINDS:
            with self.subTest(name):
                notice = getattr(self, name)(f"One {name}")
                dialog = self.dialog(notice)
                self.assertEqual(dialog.posted_on, day("2026-06-01"))
                self.assertEqual(dialog.is_registered, name == "registered_letter")
                self.assertFalse(dialog.skipped)
                dialog.attachment_ids = self.file(user=self.clerk)
                if dialog.is_registered:
                    dialog.number = "1a 195 1234 56781"
                dialog.action_record()
                self.assertEqual((notice.state, str(notice.posted_on)), ("sent", "2026-06-01"))
                self.assertEqual(notice.posting_recorded_by, self.clerk)
                (proof,) = notice.proof_ids.filtered(lambda proof: proof.kind == "deposit")
                self.assertEqual(proof.attachment_id.sudo().raw, b"%PDF scan")
                self.assertEqual(proof.registered_id, notice.registered_ids)
                if dialog.is_registered:
                    letter = notice.registered_ids
                    self.assertEqual((letter.number, letter.waiting_for), (NUMBERS[0], "receipt"))

    def test_the_day_is_the_one_that_the_letter_bears(self):
        notice = self.simple()
        with self.on("2026-06-03"):
            dialog = self.dialog(notice)
            self.assertEqual(dialog.posted_on, day("2026-06-01"), "posted, and recorded later")
            for wrong, why in (
                ("2026-06-02", "bears the date of 06/01/2026"),
                ("2026-05-29", "bears the date of 06/01/2026"),
                ("2026-06-04", "in the future"),
            ):
                dialog.posted_on = wrong
                with self.subTest(wrong), self.assert_refused(UserError, why):
                    dialog.action_record()
            dialog.posted_on = "2026-06-01"
            dialog.action_record()
        self.assertEqual((notice.posted_on, notice.date), (day("2026-06-01"), day("2026-06-01")))

    def test_a_message_that_nobody_confirmed_is_never_posted(self):
        notice = self.simple(confirmed=False)
        dialog = self.dialog(notice)
        self.assertIn("not confirmed", dialog.skipped)
        letter = self.printed(self.debtor("Draft"), confirmed=False)
        self.assertEqual(letter.notice_id.state, "draft")
        entry = self.env["account.dunning.registered.entry"].with_user(self.clerk).create({})
        problem = entry._record(letter.with_user(self.clerk), NUMBERS[0], day("2026-06-01"))
        self.assertIn("not confirmed", problem)
        for what, act in (
            ("dialog", dialog.action_record),
            ("action", notice.action_mark_posted),
            ("registered", letter.notice_id.with_user(self.clerk).action_mark_posted),
            ("provider", letter.sudo()._send_by_provider),
        ):
            with self.subTest(what), self.assert_refused(UserError, "not confirmed"):
                act()
        self.assertFalse(letter.number or letter.posted_on or notice.posted_on)

    def paid_then_not(self, name):
        """Return a letter printed while a payment, cancelled since, stood in the books."""
        notice = self.simple(name, confirmed=False, printed=False)
        payment = self.pay(notice.sudo().move_ids, 10)
        self.commit()
        notice.action_confirm()
        notice.action_print()
        payment.action_draft()
        payment.action_cancel()
        return notice

    # -- Many letters ------------------------------------------------------------------------------

    def test_a_selection_records_its_simple_letters_and_names_what_it_leaves_out(self):
        done = self.simple("First") | self.simple("Second") | self.followed("Third")
        posted = self.simple("Posted")
        posted.action_mark_posted()
        late = self.simple("Late")
        late.sudo().printed_on = "2026-05-29"
        email = self.simple("Mail", printed=False)
        email.sudo().write({"send_letter": False, "send_email": True})
        left_out = {
            self.registered_letter("Registered"): "on the screen of the registered letters",
            self.simple("Unconfirmed", confirmed=False): "not confirmed",
            self.simple("Unprinted", printed=False): "not printed",
            posted: "posted already, on 06/01/2026",
            email: "goes by e-mail",
            late: "bears the date of 05/29/2026",
        }
        paid = self.simple("Paid")
        self.pay(paid.sudo().move_ids)
        self.commit()
        left_out[paid] = "cancelled"
        left_out[self.paid_then_not("Unpaid again")] = "changed since the letter was printed"
        notices = done.union(*left_out)
        dialog = self.dialog(notices, posted_on="2026-06-01")
        self.assertFalse(dialog.is_registered)
        self.assertEqual(dialog.ready_text, "Letters to record: 4", "what changed is told later")
        dialog.attachment_ids = self.file(user=self.clerk)
        dialog.action_record()
        self.assertEqual(dialog.done_text, "Letters recorded: 3")
        lines = dialog.problems.splitlines()
        self.assertEqual(len(lines), len(left_out))
        for notice, why in left_out.items():
            with self.subTest(why):
                (line,) = [line for line in lines if line.startswith(notice.partner_id.name)]
                self.assertIn(why, line)
        self.assertEqual(set(done.mapped("state")), {"sent"})
        self.assertEqual(notices.filtered("posted_on"), done | posted)
        deposits = done.proof_ids.filtered(lambda proof: proof.kind == "deposit")
        self.assertEqual(len(deposits.attachment_id), 3, "each message keeps its own copy")

    def test_a_selection_of_which_nothing_can_be_recorded_says_why(self):
        notices = self.registered_letter() | self.simple(confirmed=False)
        with self.assert_refused(UserError, "registered letters(.|\n)*not confirmed"):
            self.dialog(notices).action_record()

    # -- The way back ------------------------------------------------------------------------------

    def snapshot(self, notice):
        """Return what the way back must restore."""
        notice.invalidate_recordset()
        names = (
            "state",
            "date",
            "deadline",
            "posted_on",
            "printed_on",
            "subject",
            "body",
            "to_post",
        )
        record = notice.sudo()
        return (
            {
                name: record[name]
                for name in (*names, "sent_on", "sent_html", "sent_kind", "letter_id")
            },
            [(line.id, line.claimed, line.level_id, line.left_out) for line in record.line_ids],
            [(line.id, line.dunning_level_id) for line in record.line_ids.move_line_id],
            [(proof.kind, proof.attachment_id) for proof in record.proof_ids],
            [(letter.state, letter.posted_on, letter.address) for letter in record.registered_ids],
        )

    def test_a_posting_is_undone_on_the_same_day_and_recorded_again(self):
        for name in self.KINDS:
            with self.subTest(name):
                notice = getattr(self, name)(f"Undone {name}")
                before, seals = self.snapshot(notice), len(notice.seal_ids)
                dialog = self.dialog(notice)
                dialog.attachment_ids = self.file(user=self.clerk)
                dialog.action_record()
                self.assertTrue(notice.can_undo_posting)
                self.assertNotEqual(self.snapshot(notice), before)
                notice.action_undo_posting()
                self.assertEqual(self.snapshot(notice), before)
                self.assertFalse(notice.can_undo_posting)
                # What was sealed stays, and another seal tells it; so does the history.
                posted, undone = notice.seal_ids.sorted("id")[seals:]
                self.assertEqual(json.loads(posted.content)["record"]["posted_on"], "2026-06-01")
                record, note = (json.loads(undone.content)[key] for key in ("record", "note"))
                self.assertEqual((record["posted_on"], record["state"]), ("", notice.state))
                self.assertEqual(note["posting_undone"]["undone_by"], self.clerk.name)
                self.assertEqual(note["posting_undone"]["posted_on"], "2026-06-01")
                told = notice.message_ids | notice.registered_ids.message_ids
                history = " ".join(told.mapped("body"))
                self.assertIn("was undone by clerk", history)
                self.assertIn("Proof withdrawn: scan.pdf", history)
                notice.action_mark_posted()
                self.assertEqual((notice.state, str(notice.posted_on)), ("sent", "2026-06-01"))
        self.run_cron("seal")
        self.run_cron("verify")
        self.assertFalse(self.env["account.dunning.seal"].search([("fault", "!=", False)]))

    def test_what_was_typed_and_left_out_comes_back(self):
        partner = self.customer("Typed")
        moves = self.invoice(partner, 10) | self.invoice(partner, 12)
        notice = self.draft(partner)
        notice.subject = "Our subject"
        notice.line_ids.filtered(lambda line: line.move_id == moves[0]).action_leave_out()
        notice.action_print()
        before = self.snapshot(notice)
        self.post(notice.with_user(self.clerk))
        self.assertFalse(moves[0].line_ids.dunning_level_id)
        notice.with_user(self.clerk).action_undo_posting()
        after = self.snapshot(notice)
        self.assertEqual(after[1:], before[1:])
        self.assertEqual(after[0]["subject"], "Our subject")
        self.first.with_context(lang=notice.lang).body = "<p>Changed since</p>"
        notice.invalidate_recordset()
        self.assertIn("Changed since", notice.body, "the text of the level is the level's again")

    def test_a_letter_printed_anew_after_it_leaves_what_was_sealed(self):
        notice = self.simple()
        notice.action_mark_posted()
        sealed = notice.sudo().letter_id
        notice.action_undo_posting()
        notice.subject = "Another subject"
        self.assertFalse(notice.sudo().letter_id)
        self.assertTrue(sealed.exists())
        notice.action_confirm()
        notice.action_print()
        self.assertNotEqual(notice.sudo().letter_id, sealed)
        notice.action_mark_posted()
        self.run_cron("seal")
        self.run_cron("verify")
        self.assertFalse(self.env["account.dunning.seal"].search([("fault", "!=", False)]))

    def test_the_history_of_a_posting_that_was_undone_stays(self):
        notice = self.simple()
        notice.action_mark_posted()
        notice.action_undo_posting()
        told = notice.sudo().message_ids.filtered(lambda message: "undone" in message.body)
        for what, act in (
            ("rewritten", lambda: told.write({"body": "Nothing happened"})),
            ("deleted", told.unlink),
            ("message", notice.sudo().unlink),
            ("letter", notice.sudo().letter_id.unlink),
        ):
            with self.subTest(what), self.assertRaises(UserError), self.env.cr.savepoint():
                act()

    def test_the_invoices_tell_that_they_are_not_claimed_after_all(self):
        notice = self.simple()
        notice.action_mark_posted()
        notice.action_undo_posting()
        (move,) = notice.sudo().move_ids
        self.assertIn(f"reminder {notice.name} was undone", move.message_ids[0].body)

    def test_what_goes_on_is_not_undone(self):
        def next_day(notice):
            return self.on("2026-06-02")

        def delivered(notice):
            notice.registered_ids.sudo().delivered_on = "2026-06-01"

        def taken(notice):
            notice.registered_ids.sudo().provider_ref = "order-1"

        def other(notice):
            self.env.flush_all()
            self.env["account.dunning.notice"].sudo().create(
                {
                    "partner_id": notice.partner_id.id,
                    "company_id": self.company.id,
                    "level_id": self.first.id,
                    "state": "draft",
                }
            )

        cases = (
            ("simple", next_day, "on the day on which it was recorded"),
            ("followed", next_day, "on the day on which it was recorded"),
            ("registered_letter", next_day, "on the day on which it was recorded"),
            ("registered_letter", delivered, "recorded already"),
            ("registered_letter", taken, "provider took this letter"),
            ("simple", other, "Another message"),
        )
        for number, (kind, happens, why) in enumerate(cases):
            with self.subTest(kind=kind, why=why):
                notice = getattr(self, kind)(f"Kept {number}")
                notice.action_mark_posted()
                with happens(notice) or nullcontext(), self.assert_refused(UserError, why):
                    notice.action_undo_posting()
                self.assertTrue(notice.posted_on)

    def test_only_who_may_record_a_posting_undoes_it(self):
        notice = self.simple()
        notice.action_mark_posted()
        for user in (self.billing, self.reader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                notice.with_user(user).action_undo_posting()
        with self.assert_refused(UserError, "No posting is recorded"):
            self.simple("Other").action_undo_posting()
        notice.registered_ids.action_undo_posting()  # of a simple letter: none
        notice.with_user(self.manager).action_undo_posting()
        self.assertFalse(notice.posted_on)
