"""Orders in a court file: ``account_dunning_fr_sale``."""

from base64 import b64encode

from odoo.tests import tagged

from ..orm.case_common import pdf
from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestCaseSale(OrderCommon):
    product_type = "service"

    def test_a_quotation_signed_on_the_portal_is_a_piece_without_any_delivery(self):
        order = self.order()
        self.sign_on_the_portal(order)
        case = self.prepare_case(self.bill(order))
        signed = self.pieces(case, "order")
        self.assertEqual((signed.state, signed.date), ("ready", order.signed_on.date()))
        self.assertIn(f"Devis {order.name} signé par Madame Acheteuse", signed.name)
        self.assertEqual(self.pieces(case, "delivery").mapped("key"), ["expected:delivery"])

    def test_a_quotation_signed_on_the_portal_accepts_the_general_terms_that_stand_on_it(self):
        terms = self.env["account.dunning.terms"].create(
            {
                "name": "2026",
                "date_from": "2026-01-01",
                "company_id": self.company.id,
                "file": b64encode(pdf("terms")),
            }
        )
        self.sign_on_the_portal(self.order())
        self.assertFalse(terms.acceptance_ids, "nothing says that they stand on it")
        terms.on_quotations = True
        order = self.order()
        self.sign_on_the_portal(order)
        self.sign_on_the_portal(self.order())
        acceptance = terms.acceptance_ids
        self.assertEqual((acceptance.partner_id, acceptance.how), (self.partner, "quotation"))
        self.assertEqual(
            (acceptance.reference, acceptance.date), (order.name, order.signed_on.date())
        )

    def test_an_order_confirmed_by_the_seller_is_printed_by_its_button(self):
        order = self.order()
        order.action_confirm()
        case = self.prepare_case(self.bill(order))
        piece = self.pieces(case, "order")
        self.assertEqual((piece.state, piece.mend), ("missing", "print"))
        with self.fast_print():
            piece.with_user(self.biller).action_mend()
        self.assertEqual((piece.state, piece.kind), ("ready", "pdf"))

    def test_an_invoice_without_an_order_expects_one(self):
        case = self.prepare_case(self.first_invoice)
        piece = self.pieces(case, "order")
        self.assertEqual((piece.key, piece.state), ("expected:order", "missing"))
        self.assertEqual(piece.mend, "upload")
