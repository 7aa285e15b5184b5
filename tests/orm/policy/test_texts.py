"""The texts of a level: a look on a customer, what they lack, the shipped ones back."""

import html
import re
from base64 import b64encode
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestTexts(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")
        cls.billing = cls.new_user("biller", "account.group_account_invoice")
        cls.partner = cls.customer()

    def texts(self, level, lang):
        """Return the three texts of a level in a language, without the space around them."""
        local = level.with_context(lang=lang)
        texts = [local.subject, local.body, local.closing]
        return [
            re.sub(r"></(strong|span)>", "/>", html.unescape(str(text)).strip()) for text in texts
        ]

    def test_the_shipped_texts_lack_nothing_in_any_language(self):
        for level in self.policy.level_ids:
            with self.subTest(level=level.name):
                self.assertFalse(level.text_warning)

    def test_a_placeholder_is_filled_in_or_refused(self):
        partner = self.customer("English", dunning_lang="en_US")
        self.invoice(partner, 10, 100)
        notice = self.draft(partner)
        level = notice.level_id.with_context(lang="en_US").with_user(self.manager)
        level.body = "<p>Pay {{ object.total_text }}, {{&nbsp;object.company_id.name }}</p>"
        self.env.invalidate_all()
        self.assertIn("100.00", str(notice.body))
        self.assertNotIn("{{", str(notice.body))
        for name, text in (
            ("subject", "Pay {{ object.total_text"),
            ("subject", "{{"),
            ("body", "<p>{{ object.total_text</p>"),
            ("closing", "<p>{{ 1 + 1 }}</p>"),
        ):
            with self.subTest(text), self.assert_refused(ValidationError, "as it stands"):
                level[name] = text
        for name, text in (
            ("subject", "{{ object.nothing }}"),
            ("body", '<p><t t-out="object.nothing"/></p>'),
            ("closing", '<p><t t-out="object."/></p>'),
        ):
            with (
                self.subTest(text),
                mute_logger("odoo.addons.mail.models.mail_render_mixin"),
                self.assert_refused(ValidationError, f"“{level.name}” cannot be filled in"),
            ):
                level.sudo()[name] = text

        for name, text in (
            ("subject", "Pay {{ object.total_text }}"),
            ("subject", "Pay {{name"),
            ("body", "<p>Pay {{&nbsp;object.total_text }}</p>"),
            ("closing", "<p>{{ company }}</p>"),
        ):
            with self.subTest(text), self.assert_refused(ValidationError, "level only"):
                notice[name] = text

    def test_a_text_with_an_image_in_it_is_sent(self):
        self.invoice(self.partner, 10, 100)
        notice = self.draft(self.partner)
        pixel = b64encode(b"GIF89a").decode()
        notice.body = f'<p>Pay.</p><p><img src="data:image/gif;base64,{pixel}"/></p>'
        notice.action_send()
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.mail_id.attachment_ids)

    def test_a_text_that_quotes_nothing_is_rendered_once_a_language(self):
        """Whatever it quotes and however, each has what it would have alone."""
        notices = self.Notice
        for number, lang in enumerate(("fr_FR", "en_US", "fr_FR", "en_US", "fr_FR")):
            partner = self.customer(f"Customer {number}", dunning_lang=lang)
            self.invoice(partner, 60, 100 + number)
            notices |= self.draft(partner)
        level, rendered = notices.level_id, []
        level.ensure_one()
        level.write({"subject": "Reminder – {{ object.partner_id.name }}"})
        level.with_context(lang="fr_FR").subject = "Y a-t-il une erreur ?"
        english, french = (level.with_context(lang=lang) for lang in ("en_US", "fr_FR"))
        english.body, french.body = "<p>Pay.</p>", '<p>Payez <t t-out="object.total_text"/>.</p>'
        english.closing, french.closing = "<p>Yours.</p>", "<p>Bien à vous.</p>"
        render = type(level)._render_field

        def count(self, field, res_ids, **options):
            rendered.append((field, len(res_ids)))
            return render(self, field, res_ids, **options)

        with patch.object(type(level), "_render_field", count):
            texts = {
                name: level._get_text(name, notices) for name in ("subject", "body", "closing")
            }
        # Three are French, two English: those that quote, and one of the others.
        self.assertEqual(rendered, [("subject", 2 + 3), ("body", 1 + 3), ("closing", 2)])
        for notice in notices:
            for name, of_all in texts.items():
                alone = level._render_field(name, notice.ids, res_ids_lang={notice.id: notice.lang})
                with self.subTest(lang=notice.lang, name=name):
                    self.assertEqual(of_all[notice.id], alone[notice.id])
        self.assertEqual(len(set(texts["body"].values())), 1 + 3)
        self.assertEqual(level._get_text("body", self.Notice), {})

    def test_a_formal_notice_that_lost_the_sum_and_the_court_says_so(self):
        level = self.formal_notice.with_user(self.manager)
        level.with_context(lang="en_US").closing = "<p>We give you formal notice.</p>"
        self.assertRegex(level.text_warning, "English.*exact sum")
        self.assertRegex(level.text_warning, "court will be seized")
        self.assertRegex(level.text_warning, "date by which to pay")

    def test_a_courtesy_that_speaks_of_lateness_says_so(self):
        self.courtesy.with_context(lang="en_US").body = "<p>Your invoice is overdue.</p>"
        self.assertRegex(self.courtesy.text_warning, "English.*speaks of lateness")

    def test_a_draft_whose_text_was_changed_by_a_person_says_what_it_lost(self):
        move = self.invoice(self.partner, 60)
        self.history(self.registered, "2026-05-01", move)
        notice = self.draft(self.partner).with_user(self.billing)
        self.assertFalse(notice.text_warning)
        notice.closing = "<p>Payez vite.</p>"
        self.assertRegex(notice.text_warning, "exact sum")
        notice.action_restore_texts()
        self.assertFalse(notice.text_warning)

    def test_the_shipped_texts_come_back_in_every_language(self):
        level = self.formal_notice.with_user(self.manager)
        before = {code: self.texts(level, code) for code in ("en_US", "fr_FR")}
        for code in before:
            level.with_context(lang=code).write(
                {"subject": f"S {code}", "body": f"<p>B {code}</p>", "closing": f"<p>C {code}</p>"}
            )
        level.action_restore_texts()
        for code, texts in before.items():
            with self.subTest(lang=code):
                self.assertEqual(self.texts(level, code), texts)

    def test_a_level_of_one_s_own_takes_the_shipped_texts_of_its_kind(self):
        level = self.new_policy((3, "reminder")).level_ids.with_user(self.manager)
        level.action_restore_texts()
        self.assertEqual(self.texts(level, "fr_FR")[1:], self.texts(self.first, "fr_FR")[1:])

    def test_only_managers_restore_the_texts_of_a_level(self):
        with self.assertRaises(AccessError):
            self.first.with_user(self.billing).action_restore_texts()

    def test_the_preview_shows_the_customer_s_figures_and_keeps_nothing(self):
        move = self.invoice(self.partner, 20, 1234.5)
        notices = self.Notice.search_count([])
        action = self.firm.with_user(self.billing).action_preview()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.partner_id, self.partner)
        self.assertIn(move.name, wizard.message_html)
        self.assertTrue(wizard.subject)
        self.assertEqual(self.Notice.search_count([]), notices)

    def test_the_preview_of_a_customer_who_owes_nothing_says_so(self):
        with self.assert_refused(UserError, "No customer owes anything"):
            self.firm.with_user(self.billing).action_preview()
        self.invoice(self.partner, 20)
        wizard = self.env["account.dunning.preview"].create(
            {"level_id": self.firm.id, "partner_id": self.customer("Other").id}
        )
        with self.assert_refused(UserError, "Other owes nothing"):
            wizard.action_show()

    def test_the_preview_shows_a_customer_who_has_a_message_being_prepared(self):
        self.invoice(self.partner, 20)
        notice = self.draft(self.partner)
        self.formal_notice.with_user(self.billing).action_preview()
        self.assertEqual((notice.state, notice.level_id), ("ready", self.first))
