"""What waits is judged when something stops it, by the rule of the run, and not only by it."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TODAY, DunningCommon

JUDGED = "odoo.addons.account_dunning_fr.models.notice.account_dunning_notice_judged"


@tagged("post_install", "-at_install")
class TestJudgedAtOnce(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        (cls.first + cls.firm).automatic = False
        cls.make_once("prepare_one")

    def prepare_one(self):
        self.partner = self.customer("Judged", dunning_regime="b2b")
        self.move = self.invoice(self.partner, 10)
        self.notice = self.draft(self.partner)
        self.assertEqual(self.notice.state, "draft")

    def assert_cancelled(self, reason):
        self.commit()
        self.assertEqual((self.notice.state, self.notice.cancel_reason), ("cancelled", reason))

    def agree(self, model, **values):
        return self.env[f"account.dunning.{model}"].create(
            {"partner_id": self.partner.id, **values}
        )

    def test_a_hold_by_hand(self):
        self.hold(self.partner, reason="manual")
        self.assert_cancelled("On hold")

    def test_a_dispute(self):
        self.agree("dispute", move_id=self.move.id, reason="other")
        self.assert_cancelled("On hold")

    def test_a_promise(self):
        self.agree("promise", date_promised="2026-06-10")
        self.assert_cancelled("On hold")

    def test_an_insolvency(self):
        self.agree("insolvency", date_opening=TODAY)
        self.assert_cancelled("On hold")

    def test_a_payment_of_the_whole(self):
        self.pay(self.move)
        self.assert_cancelled("Paid or settled")

    def test_a_payment_on_account(self):
        self.payment(self.partner, 100)
        self.assert_cancelled("Covered by a credit or a payment not yet allocated")

    def test_a_credit_note(self):
        self.credit_note(self.partner, 100)
        self.assert_cancelled("Covered by a credit or a payment not yet allocated")

    def test_a_payment_in_part_is_claimed_no_more_and_confirmed_again(self):
        self.notice.action_confirm()
        self.pay(self.move, 40)
        self.commit()
        self.assertEqual((self.notice.state, self.notice.amount_total), ("draft", 60))
        self.assertFalse(self.notice.confirmed_by)

    def test_what_a_person_says_of_an_invoice(self):
        other = self.invoice(self.partner, 12)
        self.prepare()
        self.assertEqual(self.notice.amount_total, 200)
        self.hold(move_id=other.id, reason="manual")
        self.commit()
        self.assertEqual((self.notice.state, self.notice.amount_total), ("draft", 100))

    def test_a_hold_that_is_widened(self):
        other = self.invoice(self.partner, 12)
        hold = self.hold(move_id=other.id, reason="manual", date_from="2026-06-20")
        self.prepare()
        self.commit()
        self.assertEqual((self.notice.state, self.notice.amount_total), ("draft", 200))
        hold.date_from = TODAY
        self.commit()
        self.assertEqual(self.notice.amount_total, 100)
        hold.move_id = False
        self.assert_cancelled("On hold")

    def test_a_payment_that_has_no_entry_before_the_line_of_the_bank(self):
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        state = {"_get_invoice_in_payment_state": lambda _move: "in_payment"}  # full accounting's
        with patch.multiple(type(self.move), **state):
            payment = self.payment(self.partner, 100)
        self.assertEqual((payment.state, payment.move_id.id), ("in_process", False))
        self.assert_cancelled("Covered by a credit or a payment not yet allocated")

    def test_a_line_of_the_bank_in_his_name(self):
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "?",
                "partner_id": self.partner.id,
                "amount": 100,
                "date": TODAY,
            }
        )
        self.assert_cancelled("Covered by a credit or a payment not yet allocated")

    def test_a_hold_of_later_and_one_of_another_customer_change_nothing(self):
        self.hold(self.partner, reason="manual", date_from="2026-06-20")
        self.hold(self.customer("Other"), reason="manual")
        self.commit()
        self.assertEqual(self.notice.state, "draft")

    def test_the_reason_is_in_the_language_of_the_creditor_whoever_pays(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.hold(self.partner, reason="manual")
        with_lang = self.env["account.dunning.hold"].with_context(lang="fr_FR")
        with_lang.sudo().create({"company_id": self.company.id, "partner_id": self.partner.id})
        self.assert_cancelled("On hold")

    def test_who_registers_a_payment_needs_no_right_on_messages(self):
        clerk = self.new_user("clerk", "account.group_account_invoice")
        wizard = self.env["account.payment.register"].with_user(clerk)
        wizard = wizard.with_context(active_model="account.move", active_ids=self.move.ids)
        wizard.create({"journal_id": self.bank.id})._create_payments()
        self.assert_cancelled("Paid or settled")

    # -- What goes wrong is nobody's who pays ------------------------------------------------------

    def refreshing(self, function):
        return patch.object(type(self.notice), "_refresh_customer", function)

    def test_who_pays_does_not_answer_for_a_judgement_that_fails(self):
        def fail(notices):
            notices.partner_id.name = "Half done"
            self.env.flush_all()
            self.cr.execute("SELECT 1 / 0")

        with (
            self.refreshing(fail),
            mute_logger("odoo.sql_db"),
            self.assertLogs(JUDGED, "ERROR") as logs,
        ):
            payment = self.pay(self.move)
            self.commit()
        self.assertIn("were not judged", logs.output[0])
        self.assertEqual((payment.move_id.state, self.move.amount_residual), ("posted", 0))
        self.assertEqual((self.notice.state, self.partner.name), ("draft", "Judged"))
        self.prepare()
        self.assert_cancelled("Paid or settled")

    def test_what_others_do_before_a_commit_fails_as_without_us(self):
        def refuse():
            raise UserError("The books are closed")

        with self.assertRaisesRegex(UserError, "books are closed"):
            self.pay(self.move)
            self.cr.precommit.add(refuse)
            self.commit()

    def test_what_travels_with_whoever_pays_stays_with_him(self):
        """His defaults would be those of what the plan writes; a figure of before he paid, owed."""
        seen = []
        register = self.env["account.payment"].with_context(default_memo="His", tz="Asia/Tokyo")
        payment = register.create(
            {"partner_id": self.partner.id, "amount": 100, "journal_id": self.bank.id}
        )
        with self.refreshing(lambda notices: seen.append(dict(notices.env.context))):
            payment.action_post()
            self.commit()
        self.assertEqual(seen, [{"tz": "Asia/Tokyo", "lang": "en_US"}])

    def test_what_is_undone_to_a_savepoint_leaves_the_message_as_it_was(self):
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.pay(self.move)
            self.cr.flush()
            self.assertEqual(self.notice.state, "cancelled")
            raise ZeroDivisionError
        self.commit()
        self.assertEqual((self.notice.state, self.move.amount_residual), ("draft", 100))

    def test_a_run_judges_what_was_noted_itself(self):
        self.hold(self.partner, reason="manual")
        self.assertEqual(self.prepare()["cancelled"], 1)
        again = []
        with self.refreshing(again.append):
            self.commit()
        self.assertFalse(again)

    # -- What it costs -----------------------------------------------------------------------------

    def test_many_payments_are_judged_together(self):
        def settle(count):
            moves = self.invoices(
                *((self.customer(f"Judged {number}"), 10, 100) for number in range(count))
            )
            self.prepare()
            for move in moves:
                self.pay(move)
            asked = self.read_queries(self.cr.precommit.run)
            # What Odoo writes in the history of each message that is cancelled.
            return len([query for query in asked if 'INTO "mail_' not in query])

        self.commit()
        settle(2)  # what is read once
        few = settle(2)
        self.assertLessEqual(settle(8), few)
        self.assertFalse(self.Notice.search([("state", "=", "draft"), ("id", ">", self.notice.id)]))

    def test_a_new_invoice_asks_nothing(self):
        self.commit()
        move = self.invoice(self.partner, 10, post=False)
        move.action_post()
        self.assertNotIn("dunning", str(self.cr.precommit.data))

    def count_queries_of_ours(self, function):
        """Return the statements of a call, and of the end of its transaction, that name notices."""

        def act():
            function()
            self.commit()

        return [query for query in self.read_queries(act) if "account_dunning_notice" in query]

    def read_queries(self, function):
        """Return the statements of a call."""
        said, execute = [], type(self.cr).execute

        def note(cursor, query, *args, **kwargs):
            said.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.cr), "execute", note):
            function()
        return said

    def test_a_payment_in_full_asks_nothing_more_where_no_message_waits(self):
        """Whether one claims what is paid, the one statement asks that asks for all the rooms."""
        never = self.invoice(self.customer("Never written to"), 10)
        chased = self.invoice(self.customer("Written to"), 10)
        self.history(self.first, "2026-05-20", chased)
        self.commit()
        for move in (never, chased):
            asked = self.count_queries_of_ours(lambda move=move: self.pay(move))
            self.assertEqual([query.count("UNION ALL") > 0 for query in asked], [True], asked)

    def test_what_was_received_is_deleted_before_the_end(self):
        payment = self.payment(self.partner, 100)
        payment.action_draft()
        payment.unlink()
        self.commit()
        self.assertEqual(self.notice.state, "draft")

    def test_a_message_that_is_being_sent_is_left_to_its_own_gate(self):
        """Whoever sends it has its row: who pays does not wait for him."""
        locks = {"try_lock_for_update": lambda records, **_options: records.browse()}
        with patch.multiple(type(self.notice), **locks):
            self.pay(self.move)
            self.commit()
        self.assertEqual(self.notice.state, "draft")
        with self.assert_refused(UserError, "Nothing was sent to .*Paid or settled"):
            self.notice.action_send()
