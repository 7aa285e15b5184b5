"""The dashboard with its filters, and the profile of a customer, in a real browser.

Without a Chromium on the machine they are skipped, and say so.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import _find_executable

from .common import DunningCommon

LOGIN = "accountant"
PATIENCE = 300  # seconds: the first page of a fresh database builds its assets


@tagged("post_install", "-at_install")
class TestToursDashboard(DunningCommon, HttpCase):
    # The requests of a page wait for one another: on a busy machine, long enough for its assets.
    test_cursor_lock_timeout = PATIENCE
    freeze_time = None  # a browser lives today: it would drop the session of another day

    @classmethod
    def setUpClass(cls):
        _find_executable()  # skips the class where there is none
        super().setUpClass()
        cls.user = cls.new_user(
            LOGIN,
            "account_dunning_fr.group_dunning_user",
            "base.group_partner_manager",
            lang="en_US",
            email="c@creancier.example",
        )
        for bundle in ("web.assets_web", "web.assets_tests"):  # once for both tours
            cls.env["ir.qweb"]._get_asset_bundle(bundle, css=False).js()
        due = fields.Date.context_today(cls.user) - timedelta(days=10)
        cls.strategic = cls.customer("Strategic", dunning_profile="strategic")
        cls.usual = cls.customer("Usual")
        cls.invoice(cls.strategic, due, 1000)
        cls.invoice(cls.usual, due, 300)

    def test_the_dashboard_is_filtered_opened_and_taken_back_in_time(self):
        self.start_tour(
            "/odoo/dunning-dashboard",
            "account_dunning_fr_dashboard",
            login=LOGIN,
            timeout=PATIENCE,
        )

    def test_the_proposed_profile_is_taken_from_the_customer(self):
        self.start_tour(
            f"/odoo/m-res.partner/{self.usual.id}",
            "account_dunning_fr_profile",
            login=LOGIN,
            timeout=PATIENCE,
        )
        self.assertEqual(self.usual.dunning_profile, "new")
