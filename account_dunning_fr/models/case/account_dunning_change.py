from odoo import api, models


class AccountDunningCourt(models.Model):
    _name = "account.dunning.court"
    _inherit = ["account.dunning.court", "account.dunning.tracked"]


class AccountDunningCallScript(models.Model):
    _name = "account.dunning.call.script"
    _inherit = ["account.dunning.call.script", "account.dunning.tracked"]


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


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def write(self, vals):
        result = super().write(vals)
        if {"acc_number", "active", "currency_id", "partner_id"} & vals.keys():
            self._get_dunning_companies()._follow_dunning_account()
        return result

    def unlink(self):
        companies = self._get_dunning_companies()
        result = super().unlink()
        companies._follow_dunning_account()
        return result

    def _get_dunning_companies(self):
        """Return the companies that have a bank journal with one of these accounts."""
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search([("bank_account_id", "in", self.ids)]).company_id
