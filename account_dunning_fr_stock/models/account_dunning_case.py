from odoo import api, models
from odoo.tools import format_date


class AccountDunningCase(models.Model):
    """The deliveries of the orders: what the customer received.

    Odoo stores a delivery note signed on receipt as a PDF attached to the delivery; an unsigned one
    has no document yet, and is printed on demand.
    """

    _inherit = "account.dunning.case"

    @api.model
    def _get_piece_sources(self):
        return ["_find_deliveries", *super()._get_piece_sources()]

    def _find_deliveries(self):
        """The delivery notes of the orders."""
        done = self._get_orders().picking_ids.filtered(lambda picking: picking.state == "done")
        found = []
        for picking in done.sorted("date_done"):
            on = self.company_id._get_dunning_day(picking.date_done)
            values = {"name": picking.name, "date": format_date(self.env, on)}
            name = (
                self.env._("Delivery note %(name)s of %(date)s, signed on receipt", **values)
                if picking.signature
                else self.env._("Delivery note %(name)s of %(date)s", **values)
            )
            found += self._find_documents_of(picking, "delivery", name, on)
        return found
