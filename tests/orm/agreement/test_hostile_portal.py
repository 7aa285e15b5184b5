"""The page of a payment plan and its agreement, with hostile names."""

from lxml import html

from odoo.tests import HttpCase, tagged

from ..hostile_common import COMPUTED, HOSTILE, HostileCommon
from ..house.test_hostile_outputs import elements
from ..house.test_hostile_reports import squeeze


@tagged("post_install", "-at_install")
class TestHostilePortal(HostileCommon, HttpCase):
    freeze_time = None  # the page is served today
    test_cursor_lock_timeout = 60

    def test_the_customer_s_page_shows_hostile_texts_as_they_are(self):
        self.payment_plan.sudo()._portal_ensure_token()
        address = self.payment_plan.sudo().get_portal_url()
        for kind, text in HOSTILE.items():
            self.poison(text)
            self.env.flush_all()
            with self.subTest(text=kind):
                page = self.url_open(address, timeout=60)
                self.assertEqual(page.status_code, 200)
                (paper,) = html.fromstring(page.text).find_class("o_dunning_agreement")
                source = html.tostring(paper, encoding="unicode")
                self.assertFalse(
                    [e for e in elements(source) if "alert" in html.tostring(e).decode()]
                )
                read = squeeze(paper.text_content())
                self.assertNotIn(COMPUTED, read)
                self.assertIn(squeeze(self.second.name), read)
                self.assertIn(squeeze(self.company.name), read)

    def test_the_agreement_has_a_short_name_on_one_line(self):
        self.payment_plan.sudo()._portal_ensure_token()
        for kind in ("path", "long", "rtl", "return"):
            address = self.payment_plan.sudo().get_portal_url(suffix="/agreement")
            self.poison(HOSTILE[kind])
            self.env.flush_all()
            with self.subTest(text=kind):
                answer = self.url_open(address, timeout=60)
                self.assertEqual(answer.status_code, 200)
                name = answer.headers["Content-Disposition"]
                self.assertLess(len(name), 600)
                self.assertNotIn("/", name.split("filename", 1)[1])
