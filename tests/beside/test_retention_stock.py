"""Goods under retention of title know their deliveries and their serial numbers."""

from odoo import Command
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestRetentionStock(OrderCommon):
    def deliver(self, order):
        (picking,) = order.picking_ids
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "quantity": 1,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "lot_name": number,
                    "lot_id": self.lot(number).id,
                }
            )
            for number in ("S-2", "S-1")
        ]
        move.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def lot(self, number):
        lots = self.env["stock.lot"].sudo()
        return lots.create({"name": number, "product_id": self.product.id})

    def test_the_list_names_delivery_notes_and_serial_numbers(self):
        self.product.write({"is_storable": True, "tracking": "serial"})
        order = self.order()
        order.action_confirm()
        picking = self.deliver(order)
        move = self.bill(order)
        record = self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.partner.id,
                "date_opening": "2026-05-15",
                "date_published": "2026-05-20",
                "retention_of_title": True,
            }
        )
        record.action_list_goods()
        good = record.good_ids.filtered(lambda good: good.move_id == move)
        self.assertEqual((good.name, good.quantity, good.lots), ("Workbench", 2, "S-1, S-2"))
        self.assertIn(picking.name, good.delivered)
        others = record.good_ids - good
        self.assertFalse(any(others.mapped("delivered")))
