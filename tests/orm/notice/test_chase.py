"""« Chase now »: another level, the same again, our own words; never refused without a way."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import format_amount

from ..dunning_common import DunningCommon, day

WORDS = {"choice": "free", "subject": "Votre commande", "body": "<p>Où en est le dossier ?</p>"}


@tagged("post_install", "-at_install")
class TestChase(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.sender = cls.new_user("sender", "account_dunning_fr.group_dunning_user")
        cls.partner = cls.customer("First", dunning_regime="b2b")
        cls.move = cls.invoice(cls.partner, 60, 250)
        cls.young = cls.invoice(cls.partner, 2, 100)
        cls.none = cls.first.browse()

    def amount(self, value):
        return format_amount(self.env, value, self.company.currency_id)

    def chase_as(self, user, records, **values):
        return self.chase(records.with_user(user), **values)

    # -- Another level -----------------------------------------------------------------------------

    def test_any_level_above_the_present_one_is_offered(self):
        dialog = self.chase_as(self.biller, self.move)
        late = self.first | self.firm | self.registered | self.formal_notice
        self.assertEqual(dialog.allowed_level_ids.sudo(), late)
        self.history(self.firm, "2026-04-20", self.move, deadline="2026-04-28")
        dialog = self.chase_as(self.biller, self.move)
        self.assertEqual(dialog.allowed_level_ids.sudo(), self.registered | self.formal_notice)
        self.assertEqual(dialog.present_level, self.firm.name)

    def test_the_dialog_says_what_it_will_do_from_its_opening_on(self):
        move = self.invoice(self.customer("Early"), 2)  # the first level is for the fifth day
        action = move.with_user(self.sender).action_dunning_chase()
        dialogs = self.env[action["res_model"]].with_user(self.sender)
        form = Form(dialogs.with_context(**action["context"]))
        self.assertEqual((form.choice, form.level_id), ("level", self.first))
        self.assertEqual((form.left_count, form.skipped_text), (1, ""))
        form.choice = "free"
        self.assertEqual((form.left_count, form.skipped_text), (1, ""))
        form.choice = "level"
        form.level_id = self.formal_notice
        self.assertEqual(form.left_count, 1)
        self.assertEqual(form.save()._prepare_messages()[0].level_id, self.formal_notice)

    def test_what_the_policy_sends_today_is_said_before_it_leaves(self):
        late, early = (self.invoice(self.customer(name), 20, 100) for name in ("Late", "Young"))
        self.invoice(early.partner_id, 6, 20)
        dialog = self.chase_as(self.sender, late)
        channels = self.first.channels
        self.assertEqual(dialog.choice, "plan")
        self.assertEqual(
            dialog.foreseen_text, f"{self.first.name} – {channels} – {self.amount(100)}"
        )
        dialog.choice = "again"
        self.assertFalse(dialog.foreseen_text)
        both = self.chase_as(self.sender, late | early).foreseen_text
        self.assertEqual(both, f"{self.first.name} – {channels} – 2 customers – {self.amount(220)}")
        notices = dialog.create({"move_ids": (late | early).ids})._prepare_messages()[0]
        self.assertEqual(sum(notices.mapped("amount_total")), 220)

    def test_the_level_chosen_is_kept_from_the_draft_to_the_record(self):
        dialog = self.chase_as(self.sender, self.move, choice="level", level_id=self.firm.id)
        dialog.action_send()
        notice = self.live(self.partner)
        self.assertEqual((notice.level_id, notice.state), (self.firm, "draft"))
        expected = [(self.move, True, self.firm), (self.young, True, self.none)]
        self.assertEqual(self.lines_of(notice), expected)
        self.run_day()  # the policy says the first level: the choice holds
        self.assertEqual((notice.level_id, notice.state), (self.firm, "draft"))
        with self.on("2026-06-02"):
            self.pay(self.young)
            notice.action_refresh()
            self.assertEqual((notice.amount_total, notice.date), (250, day("2026-06-02")))
            notice.action_send()
        self.assertEqual((notice.state, notice.chosen), ("sent", "level"))
        self.assertEqual(self.row(self.move).level_id, self.firm.id)

    def test_a_formal_notice_claims_what_was_chosen_and_lists_the_rest(self):
        values = {"choice": "level", "level_id": self.formal_notice.id}
        notice = self.chased(self.move, **values)
        lines = {line.move_id: (line.claimed, line.level_id) for line in notice.line_ids}
        self.assertEqual(
            lines, {self.move: (True, self.formal_notice), self.young: (False, self.none)}
        )

    def test_what_stops_an_item_stops_it_whatever_is_chosen(self):
        stops = {
            "hold": lambda move: self.hold(move.partner_id, reason="dispute"),
            "paid": self.pay,
            "covered": lambda move: self.payment(move.partner_id, 1000),
        }
        for name, stop in stops.items():
            move = self.invoice(self.customer(name), 60, 250)
            stop(move)
            for choice in ("level", "again", "free"):
                with self.subTest(stop=name, choice=choice):
                    dialog = self.chase_as(self.sender, move, choice=choice, force=True)
                    self.assertFalse(dialog.left_count)
                    self.assertTrue(dialog.skipped_text)
                    self.assertFalse(dialog.overridable)
                    self.assertFalse(dialog._prepare_messages()[0])

    def test_the_date_printed_binds(self):
        self.history(self.first, "2026-05-20", self.move, deadline="2026-06-10")
        dialog = self.chase_as(self.sender, self.move, choice="level", level_id=self.firm.id)
        self.assertRegex(dialog.skipped_text, "the date printed binds")
        self.assertFalse(dialog.overridable)
        self.assertEqual(self.chase_as(self.sender, self.move).choice, "again")

    # -- The interval ------------------------------------------------------------------------------

    def test_a_dunning_user_passes_over_the_interval_and_says_why(self):
        self.history(self.first, "2026-05-28", self.move)
        values = {"choice": "level", "level_id": self.firm.id}
        dialog = self.chase_as(self.sender, self.move, **values)
        self.assertRegex(dialog.skipped_text, "the interval of the policy ends")
        self.assertTrue(dialog.overridable)
        dialog.force = True
        self.assertEqual(dialog.left_count, 1)
        with self.assert_refused(UserError, "Say why"):
            dialog._prepare_messages()
        dialog.reason = "He asked for it"
        dialog._prepare_messages()
        notice = self.live(self.partner)
        self.assertEqual(notice.chosen_reason, "He asked for it")
        self.assertIn("He asked for it", "".join(notice.message_ids.mapped("body")))
        notice.action_follow_policy()
        forced = self.chase_as(self.biller, self.move, **values, force=True, reason="Me too")
        with self.assertRaises(AccessError):
            forced._prepare_messages()

    def test_in_bulk_those_who_are_skipped_are_told_and_how_many(self):
        other, held, small = map(self.customer, ("Second", "Third", "Small"))
        moves = self.invoice(other, 20, 100) | self.invoice(held, 20, 100) | self.move
        moves |= self.invoice(small, 20, 1)
        self.hold(held, reason="promise")
        dialog = self.chase_as(self.sender, moves, choice="level", level_id=self.first.id)
        self.assertEqual((dialog.left_count, dialog.customer_count), (2, 4))
        self.assertIn("Third: On hold", dialog.skipped_text)
        self.assertIn("Small: below the minimum", dialog.skipped_text)
        action = dialog.action_send()
        self.assertRegex(action["params"]["message"], "Messages sent: 2. Customers skipped: 2.")
        sent = self.Notice.search([("state", "=", "sent")])
        self.assertEqual(sent.partner_id, self.partner | other)

    # -- The same again ----------------------------------------------------------------------------

    def test_the_same_level_again_takes_no_level(self):
        self.history(self.first, "2026-05-10", self.move, deadline="2026-05-18")
        dialog = self.chase_as(self.sender, self.move, choice="again")
        dialog.action_send()
        again = self.Notice.search([("chosen", "=", "again")])
        self.assertEqual((again.state, again.level_id), ("sent", self.first))
        self.assertFalse(again.line_ids.level_id)
        self.assertEqual(again.amount_total, 350)
        self.assertEqual(self.row(self.move).next_date, day("2026-06-08"), "it is a contact")

    # -- In our own words --------------------------------------------------------------------------

    def test_a_biller_writes_and_a_dunning_user_confirms(self):
        files = self.env["ir.attachment"].with_user(self.biller)
        file = files.create({"name": "bon.pdf", "raw": b"%PDF-1.4"})
        values = {**WORDS, "attachment_ids": [Command.set(file.ids)]}
        self.chase_as(self.biller, self.move, **values).action_prepare()
        notice = self.live(self.partner)
        self.assertEqual((notice.state, notice.kind, notice.deadline), ("draft", "reminder", False))
        with self.assertRaises(AccessError):
            notice.with_user(self.biller).action_send()
        notice.with_user(self.sender).action_send()
        self.assertEqual((notice.state, notice.sent_kind), ("sent", "reminder"))
        self.assertEqual(notice.amount_total, 250, "what it was chosen for")
        self.assertIn("Où en est le dossier", notice.sent_html)
        self.assertNotIn("441-10", notice.sent_html)
        self.assertIn("bon.pdf", notice.mail_id.attachment_ids.mapped("name"))
        self.assertFalse(notice.line_ids.level_id)
        self.assertEqual(notice.sent_level["en_US"], "Free message")
        self.assertEqual(self.row(self.move).next_date, day("2026-06-08"), "it is a contact")
        self.assertTrue(notice.seal_ids)

    def test_it_says_nothing_that_only_a_level_may_say_to_a_consumer(self):
        for regime, text, passes in (
            ("b2c", "Des pénalités de retard courent.", False),
            (False, "Article L. 441-10 du code de commerce", False),
            ("b2c", "Des frais de recouvrement vous seront imputés", False),
            ("b2b", "Des pénalités de retard courent.", True),
            ("b2c", "Votre facture reste due.", True),
        ):
            with self.subTest(regime=regime, text=text):
                self.partner.sudo().dunning_regime = regime
                notice = self.chased(self.move, **{**WORDS, "body": f"<p>{text}</p>"})
                self.assertEqual(not notice._get_free_problem(), passes)
                if not passes:
                    with self.assert_refused(UserError, "Take it out"):
                        notice.action_send()

    def test_the_choice_is_taken_back(self):
        notice = self.chased(self.move, **WORDS)
        notice.with_user(self.biller).action_follow_policy()
        self.assertEqual((notice.level_id, notice.chosen), (self.first, False))
        self.assertTrue(notice.deadline)
        self.assertNotIn("dossier", str(notice.body))

    def test_a_missing_email_is_typed_where_its_absence_is_told(self):
        self.partner.email = False
        dialog = self.chase(self.move, email="compta@client.example", **WORDS)
        self.assertFalse(dialog.has_email)
        dialog.action_send()
        self.assertEqual(self.partner.email, "compta@client.example")
        sent = self.Notice.search([("partner_id", "=", self.partner.id)])
        self.assertEqual((sent.state, sent.sent_to), ("sent", "compta@client.example"))
