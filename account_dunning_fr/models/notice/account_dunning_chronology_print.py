from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_dunning_chronology(self):
        """Show what happened with the debts of this customer."""
        self.ensure_one()
        creditor = self.env.company.dunning_creditor_id
        page = self.env["account.dunning.chronology.page"]
        return page._open(self.commercial_partner_id, creditor)


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dunning_chronology(self):
        """Show what happened with these invoices of one customer."""
        partner = self.commercial_partner_id
        creditor = self.company_id.dunning_creditor_id
        if len(partner) != 1 or len(creditor) != 1:
            raise UserError(self.env._("Choose the invoices of one customer."))
        return self.env["account.dunning.chronology.page"]._open(partner, creditor, self)
