from odoo import api, models

from ..common.private_context import passed


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _is_dunning_handed_on(self, field):
        """Whoever may reverse an entry copies what its lines move to their reversals."""
        reversing = field.name == "dunning_moved_item_id" and passed(self.env, "reversing")
        return bool(reversing) or super()._is_dunning_handed_on(field)

    def _copy_data_extend_business_fields(self, values):
        """The reversal of a transfer moves the claim back; another copy moves nothing."""
        result = super()._copy_data_extend_business_fields(values)
        if passed(self.env, "reversing"):
            values["dunning_moved_item_id"] = self.dunning_moved_item_id.id
        return result

    def _settle_dunning_moved(self):
        """Match these lines, account by account, without a word to the taxes due on payment.

        Nothing was paid: a match of the invoice with its transfer would make its VAT fall due.
        """
        quiet = self.with_context(no_cash_basis=True, no_exchange_difference=True)
        for lines in quiet.grouped("account_id").values():
            open_lines = lines.filtered(lambda line: not line.reconciled)
            if lines.account_id.reconcile and len(open_lines) > 1:
                open_lines.reconcile()
