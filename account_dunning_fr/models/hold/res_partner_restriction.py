from odoo import models
from odoo.exceptions import UserError

from .res_partner import RESTRICTION


class AccountDunningHold(models.Model):
    _inherit = "account.dunning.hold"

    def action_release(self):
        """A restriction ends on the customer, for all creditors at once."""
        restricted = self.filtered(
            lambda hold: hold.reason == RESTRICTION and hold.partner_id.sudo().dunning_restricted
        )
        if restricted:
            raise UserError(
                self.env._(
                    "The processing of %s is restricted: end the restriction on the customer.",
                    restricted[0].partner_id.display_name,
                )
            )
        return super().action_release()
