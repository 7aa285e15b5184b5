from odoo import api, models

from ..common.private_context import passed


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _is_dunning_handed_on(self, field):
        """Let whoever may reverse an entry copy the items its lines move to the reversal."""
        reversing = field.name == "dunning_moved_item_id" and passed(self.env, "reversing")
        return bool(reversing) or super()._is_dunning_handed_on(field)

    def _copy_data_extend_business_fields(self, values):
        """Copy the moved item to a reversal, which moves the claim back; to no other copy."""
        result = super()._copy_data_extend_business_fields(values)
        if passed(self.env, "reversing"):
            values["dunning_moved_item_id"] = self.dunning_moved_item_id.id
        return result

    def _settle_dunning_moved(self):
        """Match these lines, account by account, without triggering the taxes due on payment.

        Nothing was paid: matching the invoice with its transfer would otherwise make its VAT fall
        due.
        """
        quiet = self.with_context(no_cash_basis=True, no_exchange_difference=True)
        for lines in quiet.grouped("account_id").values():
            open_lines = lines.filtered(lambda line: not line.reconciled)
            if lines.account_id.reconcile and len(open_lines) > 1:
                open_lines.reconcile()
