from odoo import api, models
from odoo.tools import format_date


class AccountDunningCase(models.Model):
    """The orders behind the invoices: what the customer agreed to pay.

    Odoo stores an order signed on the portal as a PDF attached to it; an unsigned order has no
    document yet, and is printed on demand.
    """

    _inherit = "account.dunning.case"

    @api.model
    def _get_piece_sources(self):
        return ["_find_orders", *super()._get_piece_sources()]

    def _get_orders(self):
        """Return the sale orders behind the invoices; access is checked on the case."""
        return self.sudo().move_ids.line_ids.sale_line_ids.order_id

    def _find_orders(self):
        """The signed quotations and the orders of the invoices."""
        found = []
        for order in self._get_orders().sorted("date_order"):
            on = self.company_id._get_dunning_day(order.signed_on or order.date_order)
            if order.signature:
                name = self.env._(
                    "Quotation %(name)s signed by %(who)s on %(date)s",
                    name=order.name,
                    who=order.signed_by or order.partner_id.name,
                    date=format_date(self.env, on),
                )
            else:
                name = self.env._(
                    "Order %(name)s of %(date)s", name=order.name, date=format_date(self.env, on)
                )
            found += self._find_documents_of(order, "order", name, on)
        return found
