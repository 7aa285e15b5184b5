from os.path import splitext

from odoo import api, fields, models
from odoo.tools import format_date

from .account_dunning_case_gathering import Found


class AccountDunningCase(models.Model):
    """Orders and deliveries, where the sale and stock applications are installed.

    An order signed on the portal and a delivery signed on reception are kept by Odoo as PDFs under
    their records; one that nobody signed has no document yet, and is printed on demand.
    """

    _inherit = "account.dunning.case"

    def _get_orders(self):
        """Return the sale orders that the invoices come from, or None without that application."""
        if "sale_line_ids" not in self.env["account.move.line"]._fields:
            return None
        return self.sudo().move_ids.line_ids.sale_line_ids.order_id

    def _find_sale_documents(self):
        """The signed quotations and the orders of the invoices."""
        orders = self._get_orders()
        found = []
        for order in orders.sorted("date_order") if orders else ():
            on = fields.Date.to_date(order.signed_on or order.date_order)
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

    def _find_deliveries(self):
        """The delivery notes of the orders."""
        orders = self._get_orders()
        if not orders or "picking_ids" not in orders._fields:
            return []
        found = []
        for picking in orders.picking_ids.filtered(lambda p: p.state == "done").sorted("date_done"):
            on = fields.Date.to_date(picking.date_done)
            values = {"name": picking.name, "date": format_date(self.env, on)}
            name = (
                self.env._("Delivery note %(name)s of %(date)s, signed on receipt", **values)
                if picking.signature
                else self.env._("Delivery note %(name)s of %(date)s", **values)
            )
            found += self._find_documents_of(picking, "delivery", name, on)
        return found

    def _find_documents_of(self, record, category, name, on):
        """Return the documents kept under a record; without any, the one that is to be printed."""
        files = self._leave_copies_out(record, self._get_attachments_of(record))
        key = f"{record._name}:{record.id}"
        if not files:
            return [Found(key, category, name, on)]
        return [
            Found(
                f"{key}:{attachment.id}",
                category,
                f"{name} – {attachment.name}" if len(files) > 1 else name,
                on,
                attachment,
            )
            for attachment in files
        ]

    @api.model
    def _leave_copies_out(self, record, files):
        """Leave the copies that Odoo sent by e-mail out, where the signed one is there.

        Odoo names the signed one by the number alone, and the others « Order - S00012 ».
        """
        stems = {attachment: splitext(attachment.name)[0] for attachment in files}
        if record.name not in stems.values():
            return files
        return files.filtered(lambda file: not stems[file].endswith(f" - {record.name}"))
