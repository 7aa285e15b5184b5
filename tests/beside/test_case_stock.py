"""Deliveries, with the orders, in a court file: ``account_dunning_fr_stock``."""

from io import BytesIO
from zipfile import ZipFile

from odoo.tests import tagged

from ..orm.dunning_common import day
from .order_common import OrderCommon, signature


@tagged("post_install", "-at_install")
class TestCaseStock(OrderCommon):
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

    def test_a_quotation_signed_on_the_portal_and_a_signed_delivery_are_pieces(self):
        order = self.order()
        self.sign_on_the_portal(order)
        self.assertEqual(order.state, "sale")
        picking = self.deliver(order, signed=True)
        case = self.prepare_case(self.bill(order))
        signed, slip = self.pieces(case, "order"), self.pieces(case, "delivery")
        self.assertEqual((signed.state, slip.state), ("ready", "ready"))
        self.assertIn(f"Devis {order.name} signé par Madame Acheteuse", signed.name)
        self.assertIn(f"{picking.name}", slip.name)
        self.assertIn("signé à réception", slip.name)
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
