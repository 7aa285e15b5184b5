"""A customer reads and signs the agreement on his page, in a real browser, signed in as nobody."""

from odoo import fields
from odoo.tests import tagged

from ..tour_common import PATIENCE, TourCommon


@tagged("post_install", "-at_install")
class TestToursSignature(TourCommon):
    def test_a_customer_signs_with_his_name_and_his_capacity(self):
        customer = self.customer("Debtor", is_company=True, dunning_lang="en_US")
        self.company.partner_id.dunning_lang = "en_US"
        self.invoice(customer, fields.Date.subtract(self.today, days=40), 300)
        first = fields.Date.add(self.today, days=10)
        plan = self.env["account.dunning.payment.plan"].create(
            {"partner_id": customer.id, "company_id": self.company.id, "first_date": first}
        )
        plan._portal_ensure_token()
        address = plan.get_portal_url()
        self.start_tour(address, "account_dunning_fr_plan_signature", login=None, timeout=PATIENCE)
        plan.invalidate_recordset()
        self.assertEqual(
            (plan.signer, plan.signer_capacity), ("Jeanne Martin", "Managing director")
        )
        self.assertEqual((plan.state, plan.seal), ("running", "intact"))
        self.assertGreater(len(plan.signature), 500)
