from odoo import models
from odoo.addons.account_dunning_fr.core.brake import DELIVERY


def goes_to_customer(record):
    """Whether goods leave for a customer: from a warehouse, or straight from a supplier.

    :param record: a ``stock.move`` or a ``stock.picking``
    """
    return record.location_dest_id.usage == "customer" and record.location_id.usage != "customer"


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Refuse moves to a customer whose deliveries are stopped, however they are made.

        Moves without an order are only checked by the button of the delivery: a point of sale hands
        over what was paid.
        """
        leaving = self.filtered(
            lambda move: move.state not in ("done", "cancel") and goes_to_customer(move)
        )
        leaving.sudo().sale_line_id.order_id.with_env(self.env)._pass_dunning_brake(DELIVERY)
        return super()._action_done(cancel_backorder=cancel_backorder)
