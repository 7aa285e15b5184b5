from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["account.dunning.insolvency"].sudo()._warn_of_payments(partials)
        partials.debit_move_id.move_id._end_dunning_collected()
        return partials
