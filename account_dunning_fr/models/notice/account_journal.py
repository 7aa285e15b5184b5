from odoo import api, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model_create_multi
    def create(self, vals_list):
        journals = super().create(vals_list)
        journals.filtered("bank_account_id").company_id._follow_dunning_account()
        return journals

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        if {"bank_account_id", "bank_acc_number", "active", "type"} & vals.keys():
            (companies | self.company_id)._follow_dunning_account()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        companies._follow_dunning_account()
        return result
