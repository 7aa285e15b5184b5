from odoo import fields, models

from ..common.mail_activity import is_there
from ..common.marks import About, on


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_not_received = fields.Boolean(
        string="Never reached the customer",
        writer="code",
        copy=False,
        help="Its e-invoice was rejected for a wrong address: no day is late until he has it.",
    )
    dunning_received_on = fields.Date(
        string="Reached the customer on",
        writer="code",
        copy=False,
        help="Where its e-invoice was rejected at first: no day before is late.",
    )

    def _get_dunning_responsible(self):
        """Return who follows this invoice: collector, salesperson, or the company's contact."""
        self.ensure_one()
        partner = self.commercial_partner_id.sudo()
        people = (
            partner.dunning_user_id
            | partner.user_id
            | self.company_id.dunning_creditor_id.sudo().dunning_user_id
        )
        return people.filtered(is_there)[:1] or self.env.user

    @on("posted", About("account.dunning.hand", "move_id"))
    def _reattach_dunning_hands(self, _before):
        """Leave items that Odoo has rewritten in the hands of whoever was in charge of them."""
        hands = self.env["account.dunning.hand"]
        self._reattach_dunning(hands._name, lambda _hand, item: not hands._get_live(item))
