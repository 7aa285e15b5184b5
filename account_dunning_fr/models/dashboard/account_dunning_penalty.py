from odoo import api, fields, models


class AccountDunningPenalty(models.Model):
    """Adds the column that adds up to the waived penalties of the dashboard."""

    _inherit = "account.dunning.penalty"

    dunning_waived_on = fields.Monetary(
        string="Waived penalties",
        compute="_compute_dunning_waived_on",
        currency_field="company_currency_id",
    )

    @api.depends("waived_interest", "waived_indemnity", "currency_id", "company_id")
    @api.depends_context("dunning_as_of")
    def _compute_dunning_waived_on(self):
        day = self.env["account.move.line"]._get_dunning_as_of()
        for penalty in self:
            company, currency = penalty.company_id, penalty.company_currency_id
            penalty.dunning_waived_on = sum(
                part._convert(max(amount, 0), currency, company, day)
                for part, amount in (
                    (penalty.currency_id, penalty.waived_interest),
                    (penalty.euro_id, penalty.waived_indemnity),
                )
            )
