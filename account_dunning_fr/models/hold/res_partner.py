from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_hold import RESTRICTION


class ResPartner(models.Model):
    """Restriction of processing (GDPR art. 18): what is held is kept, and used for nothing."""

    _inherit = "res.partner"

    dunning_restricted = fields.Boolean(
        string="Processing restricted",
        tracking=True,
        groups=ACCOUNTING_GROUPS,
        help="The person contests what is held, or how it is used (GDPR art. 18): nothing is sent "
        "and nobody is asked to call until this is ended. What is held stays.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "dunning_restricted" in vals:
            self._sync_dunning_restriction()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get("dunning_restricted") for vals in vals_list):
            partners._sync_dunning_restriction()
        return partners

    def _sync_dunning_restriction(self):
        """Suspend what concerns these customers with every creditor, or end that suspension.

        :raise UserError: unless the user may prepare messages
        """
        if not self.env.su and not self.env["account.dunning.hold"].has_access("write"):
            raise UserError(self.env._("Only billing users restrict the processing."))
        holds = self.env["account.dunning.hold"].sudo()
        customers = self.commercial_partner_id.sudo()
        held = holds.search(
            [
                ("partner_id", "in", customers.ids),
                ("reason", "=", RESTRICTION),
                ("released_on", "=", False),
            ]
        )
        restricted = customers.filtered("dunning_restricted")
        held.filtered(lambda hold: hold.partner_id not in restricted)._release()
        known = {(hold.partner_id, hold.company_id) for hold in held}
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        creditors = companies.filtered(lambda company: company.dunning_creditor_id == company)
        holds.create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": creditor.id,
                    "reason": RESTRICTION,
                    "user_id": self.env.uid,
                }
                for customer in restricted
                for creditor in creditors
                if (customer, creditor) not in known
            ]
        )
