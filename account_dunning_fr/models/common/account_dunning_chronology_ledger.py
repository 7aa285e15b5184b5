from odoo import api, models


class AccountDunningChronology(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    def _get_sources(self):
        return [
            *super()._get_sources(),
            "_get_invoice_events",
            "_get_receipt_events",
            "_get_penalty_events",
            "_get_hold_events",
        ]


class AccountDunningChronologyMail(models.AbstractModel):
    _inherit = "account.dunning.chronology"

    @api.model
    def _get_sources(self):
        return [*super()._get_sources(), "_get_message_events"]
