"""The dashboard with its filters, and the profile of a customer, in a real browser."""

from datetime import timedelta

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestToursDashboard(TourCommon):
    groups = ("account_dunning_fr.group_dunning_user", "base.group_partner_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        due = cls.today - timedelta(days=10)
        cls.strategic = cls.customer("Strategic", dunning_profile="strategic")
        cls.usual = cls.customer("Usual")
        cls.invoice(cls.strategic, due, 1000)
        cls.invoice(cls.usual, due, 300)

    def test_the_dashboard_is_filtered_opened_and_taken_back_in_time(self):
        self.walk("/odoo/dunning-dashboard", "dashboard")

    def test_the_proposed_profile_is_taken_from_the_customer(self):
        self.walk(f"/odoo/m-res.partner/{self.usual.id}", "profile")
        self.assertEqual(self.usual.dunning_profile, "new")
