"""The agenda and the penalties on a telephone, in a real browser."""

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


@tagged("post_install", "-at_install")
class TestToursPenalties(TourCommon):
    browser_size = "375x667"
    touch_enabled = True
    groups = ("account_dunning_fr.group_dunning_manager",)

    def test_a_penalty_is_booked_from_its_card(self):
        customer = self.customer("Late", dunning_regime="b2b")
        move = self.invoice(customer, self.today - timedelta(days=400), 3000)
        self.env["account.dunning.penalty"].sudo().create(
            {
                "move_line_id": self.items(move).id,
                "partner_id": customer.id,
                "company_id": self.company.id,
                "currency_id": move.currency_id.id,
            }
        )
        self.walk("/odoo/dunning-penalties", "penalty_cards")
