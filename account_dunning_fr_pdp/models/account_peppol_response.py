import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
DONE = "done"
STATUS = "2"  # flow of the invoice's own statuses; 1, 6 and 10 answer to what was reported
# Responses of the French platform, as statuses of XP Z12-012.
CODES = {
    "submitted": "200",
    "sent": "201",
    "AB": "202",
    "made_available": "203",
    "in_hand": "204",
    "AP": "205",
    "contested": "207",
    "suspended": "208",
    "completed": "209",
    "refused": "210",
    "payment_sent": "211",
    "RE": "213",
}
# Responses of a foreign customer over the Peppol network: there « rejected » comes from him.
NETWORK_CODES = {"AB": "202", "IP": "204", "AP": "205", "UQ": "208", "CA": "207", "RE": "210"}
PAYMENT = "PD"
SENT, COLLECTED = "211", "212"
MONEY = ("MPA", "MEN")  # amount paid, amount collected; the others are discounts and remainders


class AccountPeppolResponse(models.Model):
    """Passes each response of a platform about an invoice on to dunning, once it is complete.

    ``account.move`` stores the last response as a computed field, which no ``write`` sees, so the
    rows themselves are followed: those received, which are complete when created, and ours once the
    platform has accepted them.
    """

    _inherit = "account.peppol.response"

    @api.model_create_multi
    def create(self, vals_list):
        responses = super().create(vals_list)
        responses.filtered(lambda response: response.peppol_state == DONE)._tell_dunning()
        return responses

    def write(self, vals):
        taken = self.browse()
        if vals.get("peppol_state") == DONE:
            taken = self.filtered(lambda response: response.peppol_state != DONE)
        result = super().write(vals)
        taken._tell_dunning(ours=True)
        return result

    def _tell_dunning(self, ours=False):
        """Apply these responses to the dunning of their invoices.

        A response that cannot be applied is reported on its invoice, and does not stop the
        platform's module.

        :param bool ours: whether we sent them, instead of receiving them
        """
        for response in self.sudo().sorted(
            lambda response: (response._get_dunning_day(), response.id)
        ):
            code = response._get_dunning_code(ours)
            if not code:
                continue
            move = response.move_id._in_dunning_lang()
            try:
                with self.env.cr.savepoint():
                    move._apply_dunning_einvoice_status(
                        code,
                        response._get_dunning_day(),
                        response._get_dunning_amount() if code in (SENT, COLLECTED) else 0.0,
                        " ".join((response.pdp_status_info or "").split()),
                    )
            except UserError as error:
                _logger.warning("response %s was not told to the reminders", response.id)
                body = move.env._("This status was not applied to the reminders: %s", error)
                move._message_log(body=body)

    def _get_dunning_code(self, ours):
        """Return the status of XP Z12-012 that corresponds to this response, or None."""
        self.ensure_one()
        flow = self.pdp_flow_number
        if not self.move_id or flow not in (False, STATUS):
            return None
        if self.response_code == PAYMENT:
            return COLLECTED if ours else SENT
        return (CODES if flow else NETWORK_CODES).get(self.response_code)

    def _get_dunning_day(self):
        """Return the time at which it was issued, or else received."""
        self.ensure_one()
        return self.pdp_issue_date or self.create_date

    def _get_dunning_amount(self):
        """Return the amount paid, from the payment details of the response."""
        self.ensure_one()
        told = self.pdp_payment_info or []
        return sum(
            float(each.get("amount") or 0) for each in told if each.get("type_code") in MONEY
        )
