"""Orders and deliveries in a court file, with the sale and stock applications really installed.

Where they are not, these tests are skipped; ``./sandbox beside sale_stock`` runs them.
"""

import unittest
from base64 import b64encode
from io import BytesIO
from zipfile import ZipFile

from PIL import Image

from odoo import Command
from odoo.tests import HttpCase, tagged

from ..case_common import CaseCommon
from ..dunning_common import day


def signature():
    """Return a picture, as the portal sends a signature."""
    stream = BytesIO()
    Image.new("RGB", (60, 20), "navy").save(stream, "PNG")
    return b64encode(stream.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestCaseSale(CaseCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale.order" not in cls.env or "stock.picking" not in cls.env:
            raise unittest.SkipTest(
                "sale and stock are not installed here: ./sandbox beside sale_stock runs these"
            )
        cls.seller = cls.new_user(
            "case_seller",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "account.group_account_invoice",
        )
        cls.product = (
            cls.env["product.product"]
            .sudo()
            .create({"name": "Workbench", "type": "consu", "list_price": 1500, "taxes_id": False})
        )

    def order(self, **values):
        """Create a quotation that was sent."""
        return (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "date_order": "2026-02-10",
                    "state": "sent",
                    "order_line": [
                        Command.create({"product_id": self.product.id, "product_uom_qty": 2})
                    ],
                    **values,
                }
            )
        )

    def sign_on_the_portal(self, order):
        """Accept a quotation as the customer does: over HTTP, by the link that was sent."""
        order.require_signature = True
        order._portal_ensure_token()
        self.env.flush_all()
        with self.fast_print():
            answer = self.make_jsonrpc_request(
                f"/my/orders/{order.id}/accept",
                {
                    "access_token": order.access_token,
                    "name": "Madame Acheteuse",
                    "signature": signature(),
                },
            )
        self.assertTrue(answer.get("force_refresh"), answer)
        order.invalidate_recordset()

    def deliver(self, order, signed=False):
        """Deliver all of an order; the customer signs on the screen, or does not."""
        (picking,) = order.picking_ids
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.button_validate()
        if signed:
            with self.fast_print():
                picking.signature = signature()
        self.assertEqual(picking.state, "done")
        return picking

    def bill(self, order):
        """Invoice an order; it fell due three months ago."""
        move = order._create_invoices()
        move.write(
            {
                "invoice_date": "2026-02-15",
                "invoice_payment_term_id": False,
                "invoice_date_due": "2026-02-28",
            }
        )
        move.action_post()
        return self.env["account.move"].browse(move.id)

    def pieces(self, case, category):
        return case.piece_ids.filtered(lambda piece: piece.category == category)

    def test_a_quotation_signed_on_the_portal_and_a_signed_delivery_are_pieces(self):
        order = self.order()
        self.sign_on_the_portal(order)
        self.assertEqual(order.state, "sale")
        picking = self.deliver(order, signed=True)
        case = self.prepare_case(self.bill(order))
        signed, slip = self.pieces(case, "order"), self.pieces(case, "delivery")
        self.assertEqual((signed.state, slip.state), ("ready", "ready"))
        self.assertIn(f"{order.name} signed by Madame Acheteuse", signed.name)
        self.assertIn(f"{picking.name}", slip.name)
        self.assertIn("signed on receipt", slip.name)
        self.assertEqual(signed.date, order.signed_on.date())
        self.assertIn("certain", self.codes(case, "ok"))
        self.assertEqual(signed.sudo().attachment_id.name, f"{order.name}.pdf", "the signed copy")

    def test_what_nobody_signed_is_red_and_printed_by_its_button(self):
        order = self.order()
        order.action_confirm()
        self.deliver(order)
        case = self.prepare_case(self.bill(order))
        pieces = self.pieces(case, "order") + self.pieces(case, "delivery")
        self.assertEqual(pieces.mapped("state"), ["missing", "missing"])
        self.assertEqual(pieces.mapped("mend"), ["print", "print"])
        self.assertIn("no_contract", self.codes(case, "warning"))
        with self.fast_print():
            for piece in pieces:
                piece.with_user(self.biller).action_mend()
        self.assertEqual(pieces.mapped("state"), ["ready", "ready"])
        self.assertEqual(pieces.mapped("kind"), ["pdf", "pdf"])
        self.assertIn("certain", self.codes(case, "ok"))
        with self.fast_print():
            case.action_gather()
        self.assertEqual(pieces.mapped("state"), ["ready", "ready"], "gathering keeps them")

    def test_they_lead_the_archive_in_the_order_of_a_bordereau(self):
        first, second = self.order(), self.order(date_order="2026-02-11")
        self.sign_on_the_portal(first)
        second.action_confirm()
        self.deliver(first, signed=True)
        self.deliver(second)
        moves = self.bill(first) + self.bill(second)
        case = self.prepare_case(moves)
        with self.fast_print():
            for piece in case.piece_ids.filtered(lambda piece: piece.mend == "print"):
                piece.action_mend()
        case = self.complete(case)
        with ZipFile(BytesIO(self.generate(case))) as archive:
            names = archive.namelist()
        for name, number, record in (
            (names[1], "01", first.name),
            (names[2], "02", second.name),
            (names[4], "04", first.picking_ids.name),
            (names[5], "05", second.picking_ids.name),
            (names[6], "06", moves[0].name),
        ):
            self.assertRegex(name, rf"^{number}_.*{record.replace('/', '-')}.*\.pdf$")
        categories = case._get_included_pieces().mapped("category")
        self.assertEqual(
            categories[:7],
            ["order", "order", "terms", "delivery", "delivery", "invoice", "invoice"],
        )

    def test_the_orders_of_other_invoices_stay_out(self):
        order, other = self.order(), self.order()
        for one in (order, other):
            one.action_confirm()
            self.deliver(one)
        case = self.prepare_case(self.bill(order))
        self.bill(other)
        with self.fast_print():
            case.action_gather()
        names = " ".join(case.piece_ids.mapped("name"))
        self.assertIn(order.name, names)
        self.assertNotIn(other.name, names)
        self.assertEqual(
            self.pieces(case, "order").date, day("2026-06-01"), "confirmed on this day"
        )
