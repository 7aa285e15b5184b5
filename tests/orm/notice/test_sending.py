"""How a message leaves: to whom, in which words, with which papers, and what is kept of it."""

import hashlib
import html
from unittest.mock import patch

from lxml.html import fromstring

from odoo.addons.account_dunning_fr.models.common.private_context import pass_on
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon, day

FLAT_INDEMNITY_ARTICLE = "D. 441-5"  # C. com., as the French message quotes it


@tagged("post_install", "-at_install")
class TestSending(DunningCommon):
    prints_invoices = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer()
        cls.clerk = cls.new_user("clerk", "account_dunning_fr.group_dunning_user", lang="en_US")

    def letter(self):
        """Prepare a registered letter to the customer, as a dunning user."""
        move = self.invoice(self.partner, 60)
        self.history(self.firm, "2026-05-01", move)
        return self.draft(self.partner).with_user(self.clerk)

    def words(self, notice):
        """Return the message as text whose spaces are all plain."""
        text = html.unescape(notice.message_html)
        return text.replace("\u202f", " ").replace("\xa0", " ")

    # -- To whom -----------------------------------------------------------------------------------

    def test_the_dunning_contact_comes_before_the_invoice_contact_and_the_company(self):
        invoice_contact = self.customer(
            "Invoices", parent_id=self.partner.id, is_company=False, type="invoice"
        )
        dunning_contact = self.customer(
            "Dunning", parent_id=self.partner.id, is_company=False, type="contact"
        )
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        steps = [
            (dunning_contact, {}),
            (invoice_contact, {"dunning_contact_id": False}),
        ]
        self.partner.dunning_contact_id = dunning_contact
        for recipient, values in steps:
            with self.subTest(recipient=recipient.name):
                self.partner.write(values)
                notice.invalidate_recordset()
                self.assertEqual(notice.recipient_id, recipient)
        invoice_contact.active = False
        notice.invalidate_recordset()
        self.assertEqual(notice.recipient_id, self.partner)

    def test_a_contact_without_an_e_mail_gives_way_to_the_next(self):
        self.partner.dunning_contact_id = self.customer(
            "Dunning", parent_id=self.partner.id, is_company=False, email=False
        )
        self.invoice(self.partner, 10)
        self.assertEqual(self.draft(self.partner).recipient_id, self.partner)

    def test_the_mail_goes_from_the_creditor_to_the_recipient_alone(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        notice.with_user(self.clerk).action_send()
        (message,) = self.hand_over(notice)
        self.assertIn("compta@creancier.example", message["From"])
        self.assertIn(self.partner.email, message["To"])
        self.assertEqual(notice.sent_to, self.partner.email)
        self.assertEqual(notice.mail_id.recipient_ids, self.partner)
        self.assertEqual(notice.message_ref, message["Message-Id"])

    def test_a_recipient_chosen_by_a_person_is_kept(self):
        other = self.customer("Other", parent_id=self.partner.id, is_company=False, type="contact")
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        notice.recipient_id = other
        self.prepare()
        notice.action_send()
        self.assertEqual((notice.sent_to, notice.mail_id.recipient_ids), (other.email, other))

    def test_a_creditor_without_an_e_mail_sends_nothing(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.company.email = False
        with self.assert_refused(UserError, "no e-mail address to write from"):
            notice.action_send()

    # -- In which words ----------------------------------------------------------------------------

    def test_a_debtor_in_france_is_written_to_in_french_whatever_the_user_s_language(self):
        self.partner.lang = "en_US"
        self.first.with_context(lang="fr_FR").subject = "Sujet en français"
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner).with_user(self.clerk).with_context(lang="en_US")
        notice.action_send()
        self.assertEqual((notice.lang, notice.sent_lang), ("fr_FR", "fr_FR"))
        self.assertEqual(notice.mail_id.subject, "Sujet en français")

    def test_a_debtor_abroad_is_written_to_in_its_contact_s_language(self):
        self.partner.write({"country_id": self.env.ref("base.be").id, "lang": "en_US"})
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.assertEqual(notice.lang, "en_US")
        self.partner.dunning_lang = "fr_FR"
        self.assertEqual(notice.lang, "fr_FR")

    def test_the_message_shows_figures_deadline_and_reference(self):
        move = self.invoice(self.partner, 10, 1234.56)
        self.pay(move, 234.5)
        notice = self.draft(self.partner)
        for part in (move.name, "1 000,06", "09/06/2026"):
            self.assertIn(part, self.words(notice))

    def test_the_formal_notice_quotes_the_sum_and_the_deadline(self):
        move = self.invoice(self.partner, 60, 1234.5)
        self.history(self.registered, "2026-05-01", move)
        text = self.words(self.draft(self.partner))
        self.assertRegex(text, r"<strong>1 234,50 €</strong>.*<strong>11/06/2026</strong>")

    def test_the_message_recalls_the_previous_ones(self):
        move = self.invoice(self.partner, 30)
        self.history(self.first, "2026-05-10", move)
        self.assertEqual(self.draft(self.partner).previous_notice_ids.level_id, self.first)

    # -- What the regime allows --------------------------------------------------------------------

    def test_penalties_are_stated_once_the_regime_is_confirmed_only(self):
        notice = self.letter()
        self.assertNotIn(FLAT_INDEMNITY_ARTICLE, self.words(notice))
        self.assertTrue(notice.regime_missing)
        notice.action_confirm_regime()
        notice.invalidate_recordset()
        self.assertEqual(notice.regime, "b2b")
        self.assertIn(FLAT_INDEMNITY_ARTICLE, self.words(notice))
        self.assertFalse(notice.regime_missing)

    def test_a_message_that_states_no_penalty_needs_no_regime(self):
        self.partner.dunning_regime = "b2b"
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.assertFalse(notice.regime_missing)
        self.assertNotIn(FLAT_INDEMNITY_ARTICLE, self.words(notice))

    def test_a_consumer_never_owes_an_indemnity_and_interest_from_the_formal_notice_only(self):
        self.partner.dunning_regime = "b2c"
        letter = self.letter()
        self.assertEqual(letter.kind, "registered")
        for article in (FLAT_INDEMNITY_ARTICLE, "1231-6"):
            self.assertNotIn(article, self.words(letter))
        letter.action_print()
        self.post(letter)
        with self.on("2026-06-12"):
            notice = self.draft(self.partner)
        self.assertEqual(notice.kind, "formal_notice")
        self.assertNotIn(FLAT_INDEMNITY_ARTICLE, self.words(notice))
        self.assertIn("1231-6", self.words(notice))

    def test_a_public_body_is_told_of_its_own_articles(self):
        self.partner.dunning_regime = "b2g"
        text = self.words(self.letter())
        self.assertIn("D. 2192-35", text)
        self.assertNotIn(FLAT_INDEMNITY_ARTICLE, text)

    # -- With which papers -------------------------------------------------------------------------

    def test_the_original_invoices_are_attached(self):
        stored = self.invoice(self.partner, 10)
        printed = self.invoice(self.partner, 12)
        pdf = self.env["ir.attachment"].create(
            {
                "name": "original.pdf",
                "raw": b"%PDF-1.4 the original",
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": stored.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        stored.invalidate_recordset()
        self.assertEqual(stored.invoice_pdf_report_id, pdf)
        notice = self.send(self.partner)
        self.assertEqual(len(notice.mail_id.attachment_ids), 2)
        self.assertIn(pdf, notice.mail_id.attachment_ids)
        other = notice.mail_id.attachment_ids - pdf
        self.assertEqual(other.name, printed._get_invoice_report_filename())

    def test_only_what_is_claimed_is_attached(self):
        self.invoice(self.partner, 10)
        left = self.invoice(self.partner, 12)
        notice = self.draft(self.partner)
        notice.line_ids.filtered(lambda line: line.move_id == left).action_leave_out()
        notice.action_send()
        self.assertEqual(len(notice.mail_id.attachment_ids), 1)

    def test_a_level_with_a_letter_attaches_it_to_the_mail(self):
        move = self.invoice(self.partner, 30)
        self.history(self.first, "2026-05-10", move)
        notice = self.send(self.partner)
        self.assertEqual(notice.level_id, self.firm)
        self.assertIn(notice.letter_id, notice.mail_id.attachment_ids)
        self.assertTrue(notice.to_post)
        self.post(notice)
        self.assertEqual((notice.posted_on, notice.to_post), (day("2026-06-01"), False))

    # -- What is kept ------------------------------------------------------------------------------

    def test_what_was_sent_is_frozen_whoever_writes(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        manager = self.new_user("m_frozen", "account_dunning_fr.group_dunning_manager")
        changes = {
            "state": "draft",
            "amount_total": 1,
            "date": "2026-01-01",
            "deadline": "2026-12-31",
            "level_id": self.firm.id,
            "custom_subject": "Other",
            "subject": "Other",
            "body": "<p>Other</p>",
            "recipient_id": self.company.partner_id.id,
            "sent_to": "other@client.example",
            "partner_id": self.company.partner_id.id,
            "send_letter": True,
        }
        for name, value in changes.items():
            with self.subTest(field=name), self.assert_refused(AccessError, "not written by hand"):
                notice.with_user(manager).write({name: value})
        with self.assert_refused(UserError, "evidence"):
            notice.sudo().unlink()

    def test_the_lines_of_what_was_sent_are_frozen(self):
        self.invoice(self.partner, 10)
        line = self.send(self.partner).line_ids
        manager = self.new_user("m_lines", "account_dunning_fr.group_dunning_manager")
        for values in ({"amount_due": 1}, {"level_id": False}, {"claimed": False}):
            with self.subTest(**values), self.assertRaises(AccessError):
                line.with_user(manager).write(values)
        with self.assertRaises(UserError):
            line.sudo().unlink()

    def test_the_letter_that_was_sent_cannot_be_deleted(self):
        notice = self.letter()
        notice.action_print()
        self.post(notice)
        with self.assert_refused(UserError, "evidence of a message that was sent"):
            notice.letter_id.sudo().unlink()

    def test_a_draft_can_be_deleted_by_nobody_but_the_system(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        with self.assertRaises(UserError):
            notice.with_user(self.clerk).unlink()
        notice.sudo().unlink()

    def test_what_was_sent_says_who_sent_it_when_and_to_whom(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        notice.with_user(self.clerk).action_send()
        self.assertEqual(notice.sent_by, self.clerk)
        self.assertEqual(notice.date, day("2026-06-01"))
        self.assertEqual(notice.partner_name, self.partner.name)
        self.assertTrue(notice.name.startswith("REL/2026/"))
        subject, body = notice.subject, notice.body
        self.partner.name = "Renamed"
        self.first.write({"subject": "New subject", "body": "<p>New</p>"})
        notice.invalidate_recordset()
        self.assertEqual((notice.subject, notice.body), (subject, body))
        self.assertEqual(notice.partner_name, "Client")

    def test_the_history_shows_all_that_left_and_cleans_what_a_person_typed(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self.invoice(self.partner, 12, 1234.5)
        self.invoice(self.partner, 10, 250, currency_id=dollar.id)
        notice = self.draft(self.partner)
        notice.sudo().line_ids[:1].invoice_name = "<i>F1</i>"
        notice.body = "<p>Bonjour<style>p {color: red}</style></p>"
        notice.action_send()
        mail, history = notice.mail_id, notice.mail_id.mail_message_id.body
        self.assertIn("<style>", mail.body_html)
        self.assertNotIn("<style>", history)
        cells = self.cells(history)
        self.assertIn("<i>F1</i>", cells)
        self.assertIn("250.00", " ".join(cells).replace(",", "."))
        self.assertEqual(cells, self.cells(mail.body_html))

    def test_the_history_shows_the_items_after_what_looks_like_a_signature_or_a_quote(self):
        """Odoo marks all that follows those: what is to be shown stays."""
        for number, typed in enumerate(
            (
                "<p>Bonjour,</p><p>--<br>Le service comptable</p>",
                '<div class="gmail_extra">Le 3 mai, vous écriviez</div>',
                '<hr id="stopSpelling"><p>De : Client</p>',
                "<blockquote>Je paierai</blockquote>",
            )
        ):
            with self.subTest(typed=typed):
                partner = self.customer(f"Client {number}")
                move = self.invoice(partner, 12, 1234.5)
                notice = self.draft(partner)
                notice.body = typed
                notice.action_send()
                mail = notice.mail_id
                cells = self.cells(mail.mail_message_id.body)
                self.assertIn(move.name, cells)
                self.assertEqual(cells, self.cells(mail.body_html))

    def test_the_history_says_what_an_edited_template_prints(self):
        """Twice or not at all; nothing that a name holds is taken for HTML."""
        view = self.env.ref("account_dunning_fr.notice_table")
        arch, noted = view.arch_db, '<t t-out="notice._note_table(table)"/>'
        self.assertIn(noted, arch)
        for times, printed in enumerate(
            (f'<t t-set="unused" t-value="{noted[10:-3]}"/>', noted, noted + noted)
        ):
            with self.subTest(times=times):
                view.arch_db = arch.replace(noted, printed)
                partner = self.customer(f"<img src=x onerror=alert({times})>")
                partner.email = "client@client.example"
                self.invoice(partner, 12, 1234.5)
                notice = self.draft(partner)
                notice.sudo().line_ids.invoice_name = "<script>alert(1)</script>"
                notice.action_send()
                mail, history = notice.mail_id, notice.mail_id.mail_message_id.body
                cells = self.cells(history)
                self.assertEqual(cells.count("<script>alert(1)</script>"), times)
                self.assertEqual(cells, self.cells(mail.body_html))
                self.assertEqual(fromstring(history).xpath("//script | //*[@onerror]"), [])
                self.assertFalse(fromstring(mail.body_html).xpath("//script | //*[@onerror]"))

    def cells(self, page):
        """Return the texts of the cells of the tables of a page."""
        return [cell.text_content().strip() for cell in fromstring(page).iter("td")]

    def test_the_e_mail_says_what_a_person_wrote_in_its_template(self):
        """Ours is put in by Odoo without being compiled; his is compiled, whatever it quotes."""
        template = self.env.ref("account_dunning_fr.mail_template_notice")
        ours = template.body_html
        for typed, said in (
            (ours, ""),
            (f"<p>Above the message</p>{ours}", "Above the message"),
            (
                f'{ours}<p t-if="object.line_ids">Items: <t t-out="len(object.line_ids)"/></p>',
                "Items: 1",
            ),
        ):
            with self.subTest(typed=typed):
                for lang in ("en_US", "fr_FR"):
                    template.with_context(lang=lang).body_html = typed
                partner = self.customer(f"Client {said}")
                partner.email = "client@client.example"
                move = self.invoice(partner, 12, 1234.5)
                notice = self.draft(partner)
                notice.action_send()
                mail = notice.mail_id
                self.assertIn(said, fromstring(mail.body_html).text_content())
                self.assertIn(str(notice.sent_html), mail.body_html)
                self.assertIn(move.name, self.cells(mail.body_html))
                self.assertEqual(mail.subject, notice.subject)

    def test_only_the_e_mail_quotes_a_whole_message(self):
        """A text of a level would quote itself: it is code, as ever."""
        level = self.env["account.dunning.level"]
        quotes = '<p><t t-out="object.message_html"/></p>'
        sending = pass_on(level, mail_vals={})
        for records, unsafe in ((level, True), (sending, False)):
            self.assertIs(
                bool(records._has_unsafe_expression_template_qweb(quotes, self.Notice._name)),
                unsafe,
            )
        asked = level.with_context(dunning_passed={"mail_vals": {}}, mail_vals={})
        self.assertTrue(asked._has_unsafe_expression_template_qweb(quotes, self.Notice._name))

    def test_each_invoice_bears_a_note(self):
        claimed = self.invoice(self.partner, 10) | self.invoice(self.partner, 12)
        counts = {move: len(move.message_ids) for move in claimed}
        notice = self.send(self.partner)
        for move in claimed:
            note = move.message_ids.sorted("id")[-1]
            self.assertEqual(len(move.message_ids), counts[move] + 1)
            self.assertIn(notice.name, note.body)
            self.assertIn(f'data-oe-id="{notice.id}"', note.body)

    def test_the_note_speaks_the_language_of_the_creditor(self):
        """The scheduled sending has a language of nobody who reads the invoice."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.dunning_lang = "fr_FR"
        move = self.invoice(self.partner, 10)
        level = self.draft(self.partner).level_id
        level.with_context(lang="fr_FR").name = "Rappel du soir"
        self.send(self.partner)
        note = move.message_ids.sorted("id")[-1]
        self.assertIn("Rappel du soir", note.body)

    def test_an_invoice_listed_apart_bears_no_note(self):
        listed = self.invoice(self.partner, 10)
        count = len(listed.message_ids)
        notice = self.letter()
        [line] = notice.line_ids.filtered(lambda line: line.move_id == listed)
        self.assertEqual((line.claimed, line.drop_reason), (False, False))
        notice.action_print()
        self.post(notice)
        self.assertEqual(len(listed.message_ids), count)

    def test_a_call_becomes_an_activity_of_the_person_in_charge(self):
        collector = self.new_user("collector", "account_dunning_fr.group_dunning_user")
        self.partner.dunning_user_id = collector
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        self.assertEqual(notice.user_id, collector)
        call = self.env["account.dunning.call"].search([("notice_id", "=", notice.id)])
        self.assertEqual((call.user_id, call.state), (collector, "todo"))
        self.assertEqual(call.activity_ids.user_id, collector)
        self.assertEqual(
            call.activity_ids.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )

    def test_without_a_sequence_a_message_leaves_without_a_number(self):
        """Archived, it numbers nothing: neither a letter that is printed nor a message."""
        self.env["ir.sequence"].search([("code", "=", self.Notice._name)]).active = False
        self.invoice(self.partner, 10)
        self.assertFalse(self.send(self.partner).name)

    def test_a_failure_half_way_leaves_neither_mail_nor_record(self):
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        mails = self.env["mail.mail"].sudo().search_count([])
        with (
            patch.object(type(self.Notice), "_tell_invoices", side_effect=UserError("Broken")),
            self.assertRaises(UserError),
        ):
            notice.action_send()
        notice.invalidate_recordset()
        self.assertEqual((notice.state, notice.mail_id.id), ("ready", False))
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)

    # -- By post -----------------------------------------------------------------------------------

    def test_a_letter_is_printed_then_recorded_as_posted(self):
        notice = self.letter()
        self.assertFalse(notice.send_email)
        with self.assert_refused(UserError, "does not go by e-mail"):
            notice.action_send()
        with self.assert_refused(UserError, "print it again"):
            self.post(notice)
        self.assertEqual(notice.action_print()["type"], "ir.actions.report")
        self.assertEqual(notice.state, "draft")
        self.post(notice)
        self.assertEqual((notice.state, notice.posted_on), ("sent", day("2026-06-01")))
        self.assertEqual(notice.deadline, day("2026-06-11"))
        self.assertEqual(notice.line_ids.move_line_id.dunning_level_id, self.registered)

    def test_a_letter_printed_on_another_day_is_refused(self):
        notice = self.letter()
        notice.action_print()
        with self.on("2026-06-02"):
            with self.assert_refused(UserError, "deadline of another day"):
                self.post(notice)
            notice.action_print()
            self.post(notice)
        self.assertEqual(
            (notice.posted_on, notice.deadline), (day("2026-06-02"), day("2026-06-12"))
        )

    def test_a_payment_between_printing_and_posting_stops_the_letter(self):
        notice = self.letter()
        notice.action_confirm()
        notice.action_print()
        self.pay(notice.move_ids)
        with self.assert_refused(UserError, "was cancelled: nothing is to be posted"):
            notice.action_mark_posted()
        self.assertEqual(notice.state, "cancelled")

    def test_a_payment_cancelled_between_printing_and_posting_stops_the_letter(self):
        notice = self.letter()
        payment = self.pay(notice.move_ids, 10)
        self.commit()
        notice.action_confirm()
        notice.action_print()
        payment.action_draft()
        payment.action_cancel()
        with self.assert_refused(UserError, "owes changed since the letter was printed"):
            notice.action_mark_posted()
        self.assertNotEqual(notice.state, "sent")

    def test_time_given_between_printing_and_posting_stops_the_letter(self):
        notice = self.letter()
        notice.action_confirm()
        notice.action_print()
        notice.line_ids.move_line_id.date_maturity = "2026-07-31"
        with self.assert_refused(UserError, "owes changed since the letter was printed"):
            notice.action_mark_posted()
        self.assertNotEqual(notice.state, "sent")

    def test_a_letter_that_changed_since_it_was_printed_is_refused(self):
        changes = {
            "figures": lambda notice: (self.pay(notice.move_ids, 10), self.prepare()),
            "text": lambda notice: notice.write({"subject": "Our subject"}),
            "recipient": lambda notice: notice.write({"recipient_id": self.partner.id}),
            "item left out": lambda notice: notice.line_ids[0].action_leave_out(),
        }
        notice = self.letter()
        for name, change in changes.items():
            with self.subTest(change=name):
                notice.action_print()
                change(notice)
                with self.assert_refused(UserError, "print it again"):
                    self.post(notice)

    def test_a_mail_that_another_worker_sent_is_not_sent_again(self):
        self.invoice(self.partner, 12)
        notice = self.draft(self.partner)
        notice.action_send()
        mail = notice.mail_id
        self.assertTrue(mail._take_dunning_for_sending())
        mail.sudo().state = "sent"
        self.assertFalse(mail._take_dunning_for_sending())

    def test_the_letter_kept_is_the_one_whose_sum_is_recorded(self):
        notice = self.letter()
        notice.action_print()
        self.post(notice)
        letter = notice.letter_id
        self.assertEqual(hashlib.sha256(letter.raw).hexdigest(), notice.letter_sha256)
        text = letter.raw.decode()
        for part in (notice.name, notice.partner_name, notice.move_ids.name, self.company.name):
            self.assertIn(part, text)
        self.assertIn("11/06/2026", text)
