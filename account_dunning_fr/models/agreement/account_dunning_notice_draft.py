from odoo import api, models


class AccountDunningNoticeDraft(models.AbstractModel):
    _inherit = "account.dunning.notice.draft"

    @api.model
    def _settle_before(self, creditor, today, partners):
        """Review plans and promises: a broken one releases its items, and is recalled."""
        self.env["account.dunning.payment.plan"].sudo()._review(creditor, today, partners)
        self.env["account.dunning.promise"].sudo()._review(creditor, today, partners)
