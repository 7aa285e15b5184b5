"""A call in a real browser that ends in a promise, which is then broken and recalled."""

from datetime import timedelta

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestTourOfACall(TourCommon):
    def test_a_call_ends_in_a_promise_that_is_broken_then_recalled(self):
        partner = self.customer("Talkative", phone="+33 4 65 71 01 01", dunning_lang="en_US")
        move = self.invoice(partner, self.today - timedelta(days=20), 250)
        self.env["account.dunning.call"].with_user(self.collector).create(
            {"partner_id": partner.id, "company_id": self.company.id}
        )
        self.walk("/odoo/dunning-calls", "call_promise")
        promise = self.env["account.dunning.promise"].search([("partner_id", "=", partner.id)])
        self.assertEqual((promise.amount, promise.state, promise.source), (100, "running", "call"))
        self.assertEqual(promise.date_promised, self.today + timedelta(days=7))
        self.assert_stopped(move, "hold")
        # Twelve days go by: the browser lives today, so the promise moves instead.
        ago = timedelta(days=12)
        promise.write(
            {"date_made": promise.date_made - ago, "date_promised": promise.date_promised - ago}
        )
        self.run_cron("agreements")
        self.assertEqual(promise.state, "broken")
        self.run_cron("prepare")
        self.walk("/odoo/dunning-promises", "broken_promise")
        self.walk("/odoo/dunning", "recalled_promise")
        notice = move.dunning_line_ids.notice_id
        self.assertEqual((notice.state, promise.mentioned_in_id), ("sent", notice))
        self.assertIn("was not kept", notice.sent_html)
