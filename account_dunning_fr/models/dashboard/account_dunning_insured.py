from odoo import api, fields, models


class AccountDunningInsured(models.Model):
    """Adds the column that adds up to what was reported too late to the insurer."""

    _inherit = "account.dunning.insured"

    dunning_remaining = fields.Monetary(
        string="Remaining",
        help="What was not paid on the day of the dashboard, in the company's currency.",
        compute="_compute_dunning_remaining",
        currency_field="company_currency_id",
    )

    @api.depends("move_line_id.dunning_residual_on")
    @api.depends_context("dunning_as_of", "allowed_company_ids")
    def _compute_dunning_remaining(self):
        """Read the books, as the figure does: values stored on an item date from the last night."""
        for insured in self:
            insured.dunning_remaining = insured.move_line_id.dunning_residual_on
