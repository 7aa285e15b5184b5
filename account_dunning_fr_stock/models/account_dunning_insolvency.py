from odoo import api, models
from odoo.tools import format_date


class AccountDunningInsolvency(models.Model):
    """The deliveries of goods under retention of title: which delivery note, day and lots."""

    _inherit = "account.dunning.insolvency"

    @api.model
    def _get_deliveries(self, lines):
        found = super()._get_deliveries(lines)
        for line in lines.sudo():
            moves = line.sale_line_ids.move_ids.filtered(
                lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
            )
            pickings = moves.picking_id.sorted("date_done")
            lots = moves.move_line_ids.lot_id.sorted("name")
            if moves:
                found[line] = {
                    "delivered": ", ".join(
                        f"{picking.name} ({format_date(self.env, picking.date_done)})"
                        for picking in pickings
                    ),
                    "lots": ", ".join(lots.mapped("name")),
                }
        return found
