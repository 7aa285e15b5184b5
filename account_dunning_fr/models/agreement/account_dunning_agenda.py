from odoo import api, models

from ...core.promises import RUNNING


class AccountDunningAgenda(models.AbstractModel):
    _inherit = "account.dunning.agenda"

    @api.model
    def _get_assumed_ends(self, creditor, first):
        """Agreements end as their review will find: kept by the money received, or missed."""
        domain = [("company_id", "=", creditor.id), ("state", "=", RUNNING)]
        plans = self.env["account.dunning.payment.plan"].sudo().search(domain)
        promises = self.env["account.dunning.promise"].sudo().search(domain)
        ends = {**plans._foresee_ends(first), **promises._foresee_ends(first)}
        found = {hold.id: on for record, on in ends.items() if on for hold in record._get_holds()}
        return super()._get_assumed_ends(creditor, first) | found
