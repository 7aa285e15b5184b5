"""The two gestures of every day, in a real browser: chasing from an invoice, the morning page."""

from datetime import timedelta

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestTours(TourCommon):
    def late_invoice(self, name):
        due = self.today - timedelta(days=10)
        return self.invoice(self.customer(name), due)

    def test_an_invoice_is_chased_from_its_form(self):
        move = self.late_invoice("Late")
        self.walk(
            f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "chase_from_invoice"
        )
        notice = move.dunning_line_ids.notice_id
        self.assertEqual((notice.state, notice.subject), ("sent", "Our own subject"))
        self.assertEqual((notice.sent_by, notice.enclose_invoices), (self.collector, False))

    def test_the_morning_page_leads_to_what_waits(self):
        self.first.automatic = False
        move = self.late_invoice("To confirm")
        self.prepare()
        self.walk("/odoo/dunning-today", "morning")
        notice = move.dunning_line_ids.notice_id
        self.assertEqual((notice.state, notice.confirmed_by), ("ready", self.collector))
