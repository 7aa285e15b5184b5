"""A customer on his page, on a telephone: what he does is on the accountant's pages at once."""

from odoo import fields
from odoo.tests import tagged

from ..tour_common import PATIENCE, TourCommon


@tagged("post_install", "-at_install")
class TestToursDebtor(TourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def owe(self, partner, name, days, amount):
        due = fields.Date.subtract(self.today, days=days)
        move = self.invoice(partner, due, amount, post=False)
        move.name = name
        move.action_post()
        return move

    def test_he_pays_promises_contests_and_signs_and_it_is_seen_at_once(self):
        self.env["ir.config_parameter"].set_param(
            "web.base.url", "https://pay.creditor.example.com"
        )
        self.company.sudo().dunning_debtor_page = True
        self.company.partner_id.dunning_lang = "en_US"
        self.policy.write({"debtor_promise": "apply", "debtor_plan": "apply"})
        customer = self.customer("Pocket", dunning_lang="en_US")
        large = self.owe(customer, "LARGE/1", 40, 1200)
        middle = self.owe(customer, "MIDDLE/1", 30, 450)
        small = self.owe(customer, "SMALL/1", 12, 100)
        links = self.env["account.dunning.link"].sudo()
        links.create(
            {
                "company_id": self.company.id,
                "partner_id": customer.id,
                "channel": "letter",
                "token_hash": links._hash("p" * 32),
                "until": "2099-01-01",
            }
        )
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        tour = "account_dunning_fr_debtor_page"
        page = f"/dunning/account/{'p' * 32}"
        self.start_tour(page, tour, login=None, timeout=PATIENCE)
        self.env.invalidate_all()
        requests = self.env["account.dunning.request"].search([("partner_id", "=", customer.id)])
        self.assertEqual(
            {request.kind: request.state for request in requests},
            {"promise": "applied", "dispute": "new", "plan": "applied"},
        )
        plan = requests.payment_plan_id
        self.assertEqual((plan.state, plan.signer, plan.count), ("running", "Jeanne Martin", 4))
        rows = self.plan._simulate(self.company, self.today, customer)
        self.assertEqual(
            {row.move_id: row.stop for row in rows},
            dict.fromkeys((large.id, middle.id, small.id), "hold"),
        )
        self.browser_size, self.touch_enabled = "1366x768", False
        self.walk("/odoo/dunning-requests", "debtor_requests")
        self.env.invalidate_all()
        self.assertEqual(requests.dispute_id.move_id, middle)
