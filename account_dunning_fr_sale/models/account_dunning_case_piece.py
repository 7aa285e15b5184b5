from odoo import api, models


class AccountDunningCasePiece(models.Model):
    _inherit = "account.dunning.case.piece"

    @api.model
    def _get_print_reports(self):
        return super()._get_print_reports() | {"sale.order": "sale.action_report_saleorder"}
