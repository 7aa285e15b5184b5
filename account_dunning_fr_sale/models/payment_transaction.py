from odoo import models

from .sale_order import QUOTATIONS


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Leave the quotation of a held customer unconfirmed, unless his payment lets it pass.

        The payment is processed like any other: only the order waits.
        """
        stopped = self.browse()
        for transaction in self:
            orders = transaction.sale_order_ids.filtered(lambda order: order.state in QUOTATIONS)
            if len(orders) != 1 or not orders._is_confirmation_amount_reached():
                continue
            stops, _releases = orders._get_dunning_stops()
            for order, held in stops.items():
                order._wait_for_dunning(held)
                stopped |= transaction
        return super(PaymentTransaction, self - stopped)._check_amount_and_confirm_order()
