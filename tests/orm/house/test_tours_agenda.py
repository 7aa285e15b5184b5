"""The agenda on a telephone, in a real browser."""

from datetime import timedelta

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestToursAgenda(TourCommon):
    browser_size = "375x667"
    touch_enabled = True

    def test_the_day_that_is_chosen_is_told_in_sight(self):
        for days in range(12):
            self.invoice(self.customer(f"Late {days}"), self.today + timedelta(days=days), 100)
        self.walk("/odoo/dunning-agenda", "agenda")
