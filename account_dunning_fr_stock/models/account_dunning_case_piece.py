from odoo import api, models


class AccountDunningCasePiece(models.Model):
    _inherit = "account.dunning.case.piece"

    @api.model
    def _get_print_reports(self):
        return super()._get_print_reports() | {"stock.picking": "stock.action_report_delivery"}
