"""A registered letter that came back, posted again from the same message; both are proved."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..dunning_common import day
from .test_registered import NUMBERS, RegisteredCommon


@tagged("post_install", "-at_install")
class TestPostedAgain(RegisteredCommon):
    def returned(self, field="wrong_address_on", on="2026-06-10"):
        """Post a letter on 1 June, numbered and with its proof; it comes back."""
        letter = self.posted()
        letter.with_user(self.billing).write({"number": NUMBERS[0], "deposit_ids": self.file()})
        with self.on(on):
            letter.with_user(self.billing).write({field: on})
        return letter

    def again(self, letter):
        """Correct the address and open another letter, as billing."""
        self.partner.street = "2 rue Basse"
        action = letter.with_user(self.billing).action_post_again()
        return self.Letter.browse(action["res_id"])

    def test_with_a_corrected_address_it_is_printed_posted_and_followed_again(self):
        letter = self.returned()
        notice, first, deadline = letter.notice_id, letter.sent_letter_id, letter.deadline
        with self.on("2026-06-15"):
            again = self.again(letter)
            self.assertEqual((again.state, again.waiting_for), ("to_post", "posting"))
            self.assertEqual((again.previous_id, again.notice_id), (letter, notice))
            wizard = self.env["account.dunning.registered.entry"].with_user(self.clerk).create({})
            self.assertEqual(wizard.line_ids.registered_id, again)
            notice.with_user(self.billing).action_print()
            page = notice.letter_id.raw.decode()
            for text in ("2 rue Basse", "25/06/2026"):
                self.assertIn(text, page)
            wizard.line_ids.number = NUMBERS[1]
            wizard.action_record()
            self.assertFalse(wizard.problems)
        self.assertEqual(again.posted_on, day("2026-06-15"))
        self.assertEqual((deadline, again.deadline), (day("2026-06-11"), day("2026-06-25")))
        self.assertEqual(again.address, "Zoé\n2 rue Basse\n69001 Lyon")
        # The first letter stays as it was, with its document and its proofs.
        self.assertEqual((letter.state, letter.posted_on), ("wrong_address", day("2026-06-01")))
        self.assertEqual(letter.address, "Zoé\n1 rue Haute\n69001 Lyon")
        self.assertEqual((letter.sent_letter_id, letter.number), (first, NUMBERS[0]))
        self.assertIn("1 rue Haute", first.raw.decode())
        with self.assert_refused(UserError, "evidence"):
            first.unlink()
        self.assertIn(first, notice.proof_ids.attachment_id)
        self.assertIn("As it was kept", notice.action_verify()["params"]["message"])
        # The message counts from the first letter, and its deadline is that of the last.
        self.assertEqual((notice.date, notice.deadline), (day("2026-06-01"), day("2026-06-25")))
        self.assertEqual(notice.posted_on, day("2026-06-15"))

    def test_the_chronology_shows_both_letters_with_their_proofs(self):
        letter = self.returned()
        with self.on("2026-06-15"):
            again = self.again(letter)
            again.notice_id.with_user(self.billing).action_print()
            self.post(again.notice_id.with_user(self.clerk))
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        told = [
            (event.on, event.title, event.record) for event in events if event.kind == "registered"
        ]
        self.assertEqual(
            told,
            [
                (day("2026-06-01"), "Registered letter posted", letter),
                (day("2026-06-10"), "Registered letter returned: wrong address", letter),
                (day("2026-06-15"), "Registered letter posted again", again),
            ],
        )
        proofs = next(e.proofs for e in events if e.title == "Registered letter posted")
        self.assertEqual(proofs, letter.deposit_ids | letter.sent_letter_id)

    def test_the_next_step_waits_for_the_deadline_of_the_letter_posted_again(self):
        letter = self.returned()
        move = letter.notice_id.move_ids
        with self.on("2026-06-15"):
            self.partner.street = "2 rue Basse"
            self.assert_next(move, self.formal_notice, "2026-06-12")
            self.again(letter)
            self.assert_next(move, self.formal_notice, "2026-06-26")

    def test_a_letter_refused_or_unclaimed_is_posted_again_to_the_same_address(self):
        for field in ("refused_on", "unclaimed_on"):
            with self.subTest(field=field), self.env.cr.savepoint() as savepoint:
                letter = self.returned(field)
                with self.on("2026-06-15"):
                    action = letter.with_user(self.billing).action_post_again()
                self.assertNotEqual(action["res_id"], letter.id)
                savepoint.rollback()

    def test_what_would_be_of_no_use_is_refused(self):
        letter = self.posted().with_user(self.billing)
        with self.assert_refused(UserError, "came back"):
            letter.action_post_again()
        with self.on("2026-06-10"):
            letter.wrong_address_on = "2026-06-10"
            with self.assert_refused(UserError, "correct the address first"):
                letter.action_post_again()
            again = self.again(letter)
            with self.assert_refused(UserError, "on its way"):
                letter.action_post_again()
        self.assertEqual(again.state, "to_post")

    def test_what_changed_since_is_claimed_by_another_message(self):
        letter = self.returned()
        with self.on("2026-06-15"):
            self.pay(letter.notice_id.move_ids, 40)
            with self.assert_refused(UserError, "owes changed"):
                self.again(letter)

    def test_paid_before_it_is_posted_again_the_first_letter_stands(self):
        letter = self.returned("unclaimed_on")
        notice, first = letter.notice_id, letter.sent_letter_id
        with self.on("2026-06-15"):
            again = self.Letter.browse(letter.action_post_again()["res_id"])
            notice.with_user(self.billing).action_print()
            self.assertNotEqual(notice.letter_id, first)
        with self.on("2026-06-16"):
            self.pay(notice.move_ids)
            notice.with_user(self.billing).action_print()
        self.assertEqual((again.state, again.waiting_for), ("cancelled", False))
        self.assertTrue(again.given_up_reason)
        self.assertEqual((notice.posted_on, notice.letter_id), (day("2026-06-01"), first))
        self.assertEqual((notice.deadline, notice.not_posted_reason), (letter.deadline, False))
        self.assertFalse(notice.to_post)
        self.assertIn("As it was kept", notice.action_verify()["params"]["message"])

    def test_posted_again_its_former_deadline_asks_nothing_any_more(self):
        letter = self.returned("unclaimed_on")
        notice = letter.notice_id
        notice._write({"kind": "formal_notice"})
        with self.on("2026-06-12"):
            self.run_cron("expire")
            todo = notice.expiry_activity_id
            self.assertEqual(notice.activity_ids, todo)
            self.assertTrue(todo)
        with self.on("2026-06-15"):
            self.again(letter)
            self.assertFalse(notice.expiry_activity_id)
            self.assertNotIn(todo, notice.activity_ids)
            notice.with_user(self.billing).action_print()
            self.again_posted(notice)
            self.run_cron("expire")
            self.assertFalse(notice.activity_ids)
        with self.on("2026-06-26"):
            self.run_cron("expire")
            self.assertEqual(notice.activity_ids, notice.expiry_activity_id)
            self.assertNotEqual(notice.expiry_activity_id, todo)

    def again_posted(self, notice):
        """Record the posting of the second letter."""
        wizard = self.env["account.dunning.registered.entry"].with_user(self.clerk).create({})
        (line,) = (x for x in wizard.line_ids if x.registered_id.notice_id == notice)
        line.number = NUMBERS[1]
        wizard.action_record()
        self.assertEqual(notice.registered_ids.filtered("previous_id").state, "posted")

    def test_each_letter_opens_its_own_document(self):
        letter = self.returned()
        notice = letter.notice_id
        with self.on("2026-06-15"):
            again = self.again(letter)
            with self.assert_refused(UserError, "not printed yet"):
                again.action_open_letter()
            notice.with_user(self.billing).action_print()
        self.assertTrue(letter.action_open_letter()["url"].endswith(f"/{letter.sent_letter_id.id}"))
        self.assertTrue(again.action_open_letter()["url"].endswith(f"/{notice.letter_id.id}"))

    def test_a_reader_posts_nothing_again(self):
        letter = self.returned("unclaimed_on")
        with self.assertRaises(AccessError):
            letter.with_user(self.reader).action_post_again()

    # -- Electronic letters ------------------------------------------------------------------------

    def test_an_electronic_letter_to_a_person_needs_an_agreement_given_before(self):
        letter = self.printed().with_user(self.clerk)
        letter.kind = "lre"  # a company need not agree
        letter.kind = "lrar"
        self.partner.dunning_regime = "b2c"
        with self.assert_refused(ValidationError, "Zoé is a private person who has not agreed"):
            letter.kind = "lre"
        self.partner.dunning_lre_consent_on = "2026-06-02"
        with self.assert_refused(ValidationError, "has not agreed"):
            letter.kind = "lre"
        self.partner.dunning_lre_consent_on = "2026-05-02"
        letter.kind = "lre"
        self.assertEqual(letter.kind, "lre")
