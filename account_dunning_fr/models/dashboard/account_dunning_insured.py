from odoo import api, fields, models


class AccountDunningInsured(models.Model):
    """The column that adds up to what the insurer was told too late, on the dashboard."""

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
        """What is kept of an item is of its last look, at night: the figure is of the books."""
        for insured in self:
            insured.dunning_remaining = insured.move_line_id.dunning_residual_on
