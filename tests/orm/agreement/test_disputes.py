"""What a customer contests is not claimed, what he does not contest is, and dunning goes on."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestDisputes(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer(dunning_lang="en_US")
        cls.move = cls.invoice(cls.partner, 10)
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.solver = cls.new_user("solver", "account.group_account_invoice")

    def dispute(self, move=None, **values):
        move = move or self.move
        return (
            self.env["account.dunning.dispute"]
            .with_user(self.biller)
            .create({"move_id": move.id, "user_id": self.solver.id, **values})
        )

    def due(self, move=None):
        row = self.row(move or self.move)
        return row.reason, float(row.held_amount), float(row.due_amount or 0)

    # -- What is held ------------------------------------------------------------------------------

    def test_the_whole_invoice_is_held_and_its_sentence_says_so(self):
        dispute = self.dispute(reason="price")
        self.assertEqual((dispute.partner_id, dispute.company_id), (self.partner, self.company))
        self.assert_stopped(self.move, "hold")
        self.assertIn("Dispute", self.move.dunning_reason)
        self.assertIn("Price", self.move.dunning_reason)

    def test_the_rest_of_a_part_disputed_is_claimed_and_shown(self):
        self.dispute(amount=40)
        self.assertEqual(self.due(), ("claimed", 40, 60))
        notice = self.draft(self.partner)
        line = notice.line_ids
        self.assertEqual((line.amount_residual, line.amount_held, line.amount_due), (100, 40, 60))
        self.assertEqual(notice.amount_total, 60)
        self.assertIn("Disputed", notice.message_html)

    def test_the_tab_of_the_invoice_says_where_all_of_it_is_disputed(self):
        first = self.dispute(amount=40)
        first.action_reject()
        self.env.flush_all()  # as between two requests: one dispute is open at a time
        self.dispute()
        [told] = [
            group["table"]
            for group in self.move.with_user(self.reader).get_dunning_facts()
            if group.get("table") and group["table"]["model"] == first._name
        ]
        column = [head["name"] for head in told["columns"]].index("amount")
        cells = {row["cells"][column].replace("\xa0", " ") for row in told["rows"]}
        self.assertEqual(cells, {"The whole invoice", "40.00 €"})

    def test_what_a_dispute_leaves_behind_is_in_the_language_of_the_creditor(self):
        self.company.partner_id.dunning_lang = "fr_FR"
        dispute = self.dispute(reason="goods")
        self.assertEqual(dispute.activity_ids.summary, "Résoudre le litige")
        self.assertEqual(dispute._get_holds().note, "Marchandise ou prestation")

    def test_a_message_without_dispute_has_no_such_column(self):
        self.assertNotIn("Disputed", self.draft(self.partner).message_html)

    def test_a_dispute_opened_on_a_draft_changes_its_total_and_asks_again(self):
        notice = self.draft(self.partner)
        notice.action_back_to_draft()
        notice.action_confirm()
        self.dispute(amount=40)
        self.prepare()
        self.assertEqual((notice.state, notice.amount_total), ("draft", 60))

    def test_a_part_is_set_aside_before_the_credits(self):
        self.dispute(amount=40)
        self.payment(self.partner, 50)
        self.assertEqual(self.due(), ("claimed", 40, 10))

    def test_once_the_rest_is_paid_only_the_dispute_is_left(self):
        self.dispute(amount=40)
        self.pay(self.move, 60)
        self.assert_stopped(self.move, "hold")

    def test_a_part_of_an_invoice_is_held_on_the_instalment_due_first(self):
        move = self.instalments(self.customer("Two"), "2026-05-10", "2026-05-25")
        self.dispute(move, amount=70)
        held = [float(row.held_amount) for row in self.rows(move)]
        self.assertEqual(held, [50, 20])
        self.assertEqual([row.reason for row in self.rows(move)], ["hold", "claimed"])

    def test_a_dispute_on_an_instalment_holds_no_other(self):
        move = self.instalments(self.customer("Two"), "2026-05-10", "2026-05-25")
        second = self.items(move)[1]
        self.dispute(move, move_line_id=second.id)
        self.assertEqual([row.reason for row in self.rows(move)], ["claimed", "hold"])

    def test_changing_the_amount_changes_what_is_claimed(self):
        dispute = self.dispute(amount=40)
        dispute.amount = 90
        self.assertEqual(self.due(), ("claimed", 90, 10))
        self.assertEqual(dispute.amount_company, 90)

    # -- How it ends -------------------------------------------------------------------------------

    def test_a_rejected_dispute_resumes_where_it_was(self):
        self.history(self.first, "2026-05-20", self.move, deadline="2026-05-25")
        self.assert_next(self.move, self.firm, "2026-06-06")
        dispute = self.dispute()
        with self.on("2026-07-01"):
            dispute.action_reject()
            self.assertEqual((dispute.closed_on, dispute.days_open), (day("2026-07-01"), 30))
            row = self.row(self.move)
            self.assertEqual((row.level_id, row.take_level_id), (self.first.id, self.firm.id))

    def test_a_credit_note_expected_holds_until_it_is_posted(self):
        dispute = self.dispute(amount=40)
        dispute.action_expect_credit_note()
        self.assertEqual(self.due(), ("claimed", 40, 60))
        credit = self.invoice(
            self.partner, 0, 40, move_type="out_refund", reversed_entry_id=self.move.id
        )
        self.assertEqual((dispute.state, dispute.closed_by), ("accepted", self.env.user))
        self.assertEqual(credit.payment_state, "paid")
        self.assertEqual(self.due(), ("claimed", 0, 60))

    def test_its_credit_note_reset_or_cancelled_it_waits_for_it_again(self):
        dispute = self.dispute()
        dispute.action_expect_credit_note()
        note = self.credit_note(self.partner, 40, of=self.move)
        self.assertEqual((dispute.state, dispute.credit_note_id), ("accepted", note))
        note.button_draft()
        self.assertEqual((dispute.state, dispute.closed_on), ("credit_note", False))
        self.assert_stopped(self.move, "hold")
        note.action_post()
        self.assertEqual((dispute.state, dispute.closed_on), ("accepted", day(TODAY)))
        self.assertFalse(self.row(self.move).stop)
        note.button_cancel()
        self.assertEqual(dispute.state, "credit_note")
        self.assert_stopped(self.move, "hold")

    def test_a_dispute_that_a_person_solved_does_not_follow_a_credit_note(self):
        dispute = self.dispute()
        note = self.credit_note(self.partner, 40, of=self.move)
        dispute.action_accept()
        note.button_draft()
        self.assertEqual(dispute.state, "accepted")

    def test_nor_does_one_that_a_person_opened_again_and_solved(self):
        dispute = self.dispute()
        dispute.action_expect_credit_note()
        note = self.credit_note(self.partner, 40, of=self.move)
        dispute.action_reopen()
        dispute.action_accept()
        note.button_draft()
        self.assertEqual(dispute.state, "accepted")

    def test_where_another_dispute_is_open_by_then_it_stays_solved(self):
        dispute = self.dispute()
        dispute.action_expect_credit_note()
        note = self.credit_note(self.partner, 40, of=self.move)
        other = self.dispute()
        note.button_draft()
        self.assertEqual((dispute.state, other.state), ("accepted", "open"))

    def test_a_credit_note_closes_no_dispute_that_did_not_wait_for_it(self):
        dispute = self.dispute(amount=40)
        self.credit_note(self.partner, 40, of=self.move)
        self.assertEqual(dispute.state, "open")

    def test_what_is_disputed_credited_its_end_is_asked_for(self):
        proposal = "What is disputed was credited: close the dispute?"
        for name, amount, credited, asked in (
            ("all of it", 40, (40,), True),
            ("in two notes", 40, (15, 25), True),
            ("a part", 40, (39,), False),
            ("the whole invoice", 0, (100,), True),
            ("a part of the whole", 0, (40,), False),
        ):
            with self.subTest(name):
                move = self.invoice(self.partner, 40)
                dispute = self.dispute(move, amount=amount)
                for each in credited:
                    note = self.credit_note(self.partner, each)  # refers to no invoice
                    (self.items(note) + self.items(move)).reconcile()
                todo = dispute.activity_ids
                self.assertEqual(len(todo), 1)
                self.assertEqual((dispute.state, todo.summary == proposal), ("open", asked))
                self.assertEqual(todo.date_deadline == day(TODAY), asked)
                self.assertEqual(todo.user_id, self.solver)

    def test_the_end_of_the_dispute_of_a_cancelled_invoice_is_asked_for(self):
        move = self.invoice(self.partner, 40)
        dispute = self.dispute(move, amount=40)
        move.button_draft()
        asked = "The disputed invoice was cancelled: close the dispute?"
        self.assertNotEqual(dispute.activity_ids.summary, asked, "it may only be corrected")
        move.button_cancel()
        self.assertEqual(dispute.activity_ids.summary, asked)
        self.assertEqual((dispute.state, dispute.activity_ids.date_deadline), ("open", day(TODAY)))

    def test_its_end_that_is_put_off_is_not_asked_for_again_by_the_next_payment(self):
        move = self.invoice(self.partner, 40)
        dispute = self.dispute(move, amount=40)
        note = self.credit_note(self.partner, 40)
        (self.items(note) + self.items(move)).reconcile()
        dispute.activity_ids.date_deadline = "2026-07-01"
        self.pay(move, 10)
        self.assertEqual(dispute.activity_ids.date_deadline, day("2026-07-01"))

    def test_neither_money_nor_a_note_from_before_asks_for_its_end(self):
        move = self.invoice(self.partner, 40)
        note = self.credit_note(self.partner, 40)
        (self.items(note) + self.items(move)).reconcile()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = create_date - interval '1 day'"
            " WHERE debit_move_id = %s",
            self.items(move).ids,
        )
        self.env.invalidate_all()
        dispute = self.dispute(move, amount=40)
        self.pay(move, 40)
        self.assertEqual(dispute.activity_ids.summary, "Solve the dispute")

    def test_solved_releases_the_hold_and_the_to_do(self):
        dispute = self.dispute()
        self.assertEqual(dispute.activity_ids.user_id, self.solver)
        self.assertEqual(dispute.activity_ids.date_deadline, day("2026-06-16"))
        dispute.action_accept()
        self.assertFalse(dispute.activity_ids)
        self.assertEqual(self.due(), ("claimed", 0, 100))
        hold = self.env["account.dunning.hold"].search([("dispute_id", "=", dispute.id)])
        self.assertEqual((hold.released_on, hold.released_by), (day(TODAY), self.biller))

    def test_opened_again_it_holds_again(self):
        dispute = self.dispute(amount=40)
        dispute.action_reject()
        dispute.action_reopen()
        self.assertEqual(self.due(), ("claimed", 40, 60))
        with self.assert_refused(UserError, "is open"):
            dispute.action_reopen()

    def test_a_closed_one_is_not_closed_twice(self):
        dispute = self.dispute()
        dispute.action_reject()
        with self.assert_refused(UserError, "closed already"):
            dispute.action_accept()

    def test_its_hold_ends_with_it_only(self):
        hold = self.dispute()._get_holds()
        with self.assert_refused(RedirectWarning, "close it"):
            hold.with_user(self.biller).action_release()
        self.assertEqual(hold.action_open_owner()["res_model"], "account.dunning.dispute")

    # -- Who, and what is refused ------------------------------------------------------------------

    def test_the_date_and_the_person_of_the_to_do_follow(self):
        dispute = self.dispute()
        dispute.write({"date_due": "2026-06-30", "user_id": self.biller.id})
        self.assertEqual(dispute.activity_ids.date_deadline, day("2026-06-30"))
        self.assertEqual(dispute.activity_ids.user_id, self.biller)

    def test_a_late_one_is_found(self):
        dispute = self.dispute(date_due="2026-06-10")
        late = [("is_late", "=", True)]
        self.assertNotIn(dispute, dispute.search(late))
        with self.on("2026-06-11"):
            self.assertIn(dispute, dispute.search(late))
            tasks = self.env["account.dunning.today"]._get_tasks(self.company)
            self.assertIn("disputes_late", [task.key for task in tasks])
            dispute.action_reject()
            self.assertNotIn(dispute, dispute.search(late))

    def test_from_the_invoice_one_gets_the_form_then_the_dispute(self):
        move = self.move.with_user(self.biller)
        action = move.action_dunning_dispute()
        with Form(
            self.env["account.dunning.dispute"]
            .with_user(self.biller)
            .with_context(**action["context"])
        ) as form:
            form.amount = 12
        self.assertEqual(self.due(), ("claimed", 12, 88))
        self.assertEqual(move.action_dunning_dispute()["res_id"], form.record.id)

    def test_more_than_the_invoice_or_a_strange_instalment_is_refused(self):
        with self.assert_refused(ValidationError, "More is disputed"):
            self.dispute(amount=100.01)
        other = self.invoice(self.partner, 5)
        with self.assert_refused(ValidationError, "not part of"):
            self.dispute(move_line_id=self.items(other).id)
        with self.assert_refused(UserError, "Only a posted customer invoice"):
            self.dispute(self.invoice(self.partner, 5, post=False))

    def test_one_open_dispute_an_invoice(self):
        self.dispute()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.dispute()

    def test_a_reader_sees_and_changes_nothing(self):
        dispute = self.dispute().with_user(self.reader)
        self.assertEqual(dispute.reason, "goods")
        with self.assertRaises(AccessError):
            dispute.action_reject()

    def test_it_is_told_in_the_chronology(self):
        dispute = self.dispute(amount=40)
        dispute.action_reject()
        events = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        told = [
            (event.kind, event.amount, event.record) for event in events if event.record == dispute
        ]
        self.assertEqual(told, [("dispute", 40, dispute), ("dispute_end", 40, dispute)])
