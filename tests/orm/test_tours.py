"""The two gestures of every day, in a real browser: chasing from an invoice, the morning page.

Without a Chromium on the machine they are skipped, and say so.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import _find_executable

from .common import DunningCommon

LOGIN = "collector"
PATIENCE = 300  # seconds: the first page of a fresh database builds its assets


@tagged("post_install", "-at_install")
class TestTours(DunningCommon, HttpCase):
    # The requests of a page wait for one another: on a busy machine, long enough for its assets.
    test_cursor_lock_timeout = PATIENCE
    freeze_time = None  # a browser lives today: it would drop the session of another day

    @classmethod
    def setUpClass(cls):
        _find_executable()  # skips the class where there is none
        super().setUpClass()
        cls.collector = cls.new_user(
            LOGIN,
            "account_dunning_fr.group_dunning_user",
            lang="en_US",
            email="c@creancier.example",
        )
        for bundle in ("web.assets_web", "web.assets_tests"):  # once for both tours
            cls.env["ir.qweb"]._get_asset_bundle(bundle, css=False).js()
        cls.today = fields.Date.context_today(cls.collector)

    def late_invoice(self, name):
        due = self.today - timedelta(days=10)
        return self.invoice(self.customer(name), due)

    def test_an_invoice_is_chased_from_its_form(self):
        move = self.late_invoice("Late")
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{move.id}",
            "account_dunning_fr_chase_from_invoice",
            login=LOGIN,
            timeout=PATIENCE,
        )
        notice = move.dunning_line_ids.notice_id
        self.assertEqual((notice.state, notice.subject), ("sent", "Our own subject"))
        self.assertEqual((notice.sent_by, notice.enclose_invoices), (self.collector, False))

    def test_the_morning_page_leads_to_what_waits(self):
        self.first.automatic = False
        move = self.late_invoice("To confirm")
        self.prepare()
        self.start_tour(
            "/odoo/dunning-today", "account_dunning_fr_morning", login=LOGIN, timeout=PATIENCE
        )
        notice = move.dunning_line_ids.notice_id
        self.assertEqual((notice.state, notice.confirmed_by), ("ready", self.collector))
