from odoo import api, fields, models
from odoo.exceptions import UserError

CHRONOLOGY_REPORT = "account_dunning_fr.report_chronology"


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    def _render_pdf(self, partner, creditor, moves=None, until=None):
        """Return the chronology as a PDF.

        :param partner: commercial partner
        :param creditor: ``res.company``
        :param moves: only what concerns these invoices; None for everything
        :param date until: last day to tell; None for today
        :rtype: bytes
        """
        page = self.env["account.dunning.chronology.page"].create(
            {
                "partner_id": partner.id,
                "company_id": creditor.id,
                "move_ids": [fields.Command.set(moves.ids if moves else [])],
                **({"date_until": until} if until else {}),
            }
        )
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(CHRONOLOGY_REPORT, page.ids)
        return content


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
