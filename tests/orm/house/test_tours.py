"""The gestures of every day, in a real browser: an invoice, the page of the day, a customer."""

from datetime import timedelta

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestTours(TourCommon):
    def late_invoice(self, name, amount=100):
        due = self.today - timedelta(days=10)
        return self.invoice(self.customer(name), due, amount)

    def test_an_invoice_is_chased_from_its_form(self):
        move = self.late_invoice("Late")
        self.walk(
            f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "chase_from_invoice"
        )
        notice = move.dunning_line_ids.notice_id
        self.assertEqual((notice.state, notice.subject), ("sent", "Our own subject"))
        self.assertEqual((notice.sent_by, notice.enclose_invoices), (self.collector, False))

    def test_the_tab_of_an_invoice_leads_to_its_messages(self):
        move = self.late_invoice("Late")
        self.send(move.partner_id)
        self.walk(f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "invoice_tab")
        self.assertTrue(move.partner_id.dunning_hold_ids)

    def test_what_was_only_looked_at_is_not_saved_as_the_page_is_closed(self):
        move = self.late_invoice("Late")
        self.walk(f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "looked_at")
        promises = self.env["account.dunning.promise"].search(
            [("partner_id", "=", move.partner_id.id)]
        )
        self.assertFalse(promises)
        self.assertFalse(move.partner_id.dunning_hold_ids)

    def test_what_is_being_typed_is_saved_as_the_page_is_closed(self):
        move = self.late_invoice("Late")
        self.walk(f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "being_typed")
        promise = self.env["account.dunning.promise"].search(
            [("partner_id", "=", move.partner_id.id)]
        )
        self.assertEqual(promise.mapped("amount"), [60])

    def test_what_was_only_looked_at_is_not_saved_as_another_tab_is_opened(self):
        move = self.late_invoice("Late")
        self.collector.sudo().group_ids += self.env.ref("account_dunning_fr.group_use_plans")
        self.walk(f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "another_tab")
        plan = self.env["account.dunning.payment.plan"].search(
            [("partner_id", "=", move.partner_id.id)]
        )
        self.assertEqual(plan.mapped("count"), [4])

    def test_the_day_is_dealt_with_on_its_page(self):
        self.first.automatic = False
        moves = [
            self.late_invoice(name, amount)
            for name, amount in (("Small", 100), ("Middle", 200), ("Large", 300))
        ]
        self.prepare()
        self.walk("/odoo/dunning-today", "morning")
        notices = moves[0].union(*moves).dunning_line_ids.notice_id
        self.assertEqual(set(notices.mapped("state")), {"ready"})
        self.assertEqual(notices.confirmed_by, self.collector)

    def test_a_customer_is_worked_on_from_his_page(self):
        self.first.automatic = False
        move = self.late_invoice("Late payer", 100)
        self.prepare()
        self.walk("/odoo/dunning-today", "customer")
        self.assertEqual(move.dunning_dispute_ids.state, "open")
