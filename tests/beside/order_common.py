"""What the tests of orders and deliveries share: both applications are installed here."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from odoo import Command
from odoo.tests import HttpCase

from ..orm.case_common import CaseCommon


def signature():
    """Return a picture, as the portal sends a signature."""
    stream = BytesIO()
    Image.new("RGB", (60, 20), "navy").save(stream, "PNG")
    return b64encode(stream.getvalue()).decode()


class OrderCommon(CaseCommon, HttpCase):
    product_type = "consu"  # delivered, or a service

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.new_user(
            "case_seller",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "account.group_account_invoice",
        )
        values = {"name": "Workbench", "type": cls.product_type, "list_price": 1500}
        cls.product = cls.env["product.product"].sudo().create({**values, "taxes_id": False})

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
