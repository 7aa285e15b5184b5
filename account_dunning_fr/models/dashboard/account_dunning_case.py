from odoo import api, fields, models


class AccountDunningCase(models.Model):
    """Adds the column that adds up to the court files of a stage on the dashboard."""

    _inherit = "account.dunning.case"

    dunning_remaining = fields.Monetary(
        string="Remaining today",
        help="What the books leave open of its items, in the company's currency.",
        compute="_compute_dunning_remaining",
        currency_field="company_currency_id",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    @api.depends("item_ids.move_line_id.amount_residual", "item_ids.move_line_id.parent_state")
    def _compute_dunning_remaining(self):
        for case in self:
            owed = case.item_ids.move_line_id.filtered(lambda line: line.parent_state != "cancel")
            case.dunning_remaining = sum(owed.mapped("amount_residual"))
