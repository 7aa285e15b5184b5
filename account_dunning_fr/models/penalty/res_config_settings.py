from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_book_penalties = fields.Boolean(
        related="company_id.dunning_book_penalties", readonly=False
    )
    dunning_post_penalties = fields.Boolean(
        related="company_id.dunning_post_penalties", readonly=False
    )
    dunning_send_unconfirmed = fields.Boolean(
        related="company_id.dunning_send_unconfirmed", readonly=False
    )
    dunning_journal_id = fields.Many2one(related="company_id.dunning_journal_id", readonly=False)
    dunning_penalty_account_id = fields.Many2one(
        related="company_id.dunning_penalty_account_id", readonly=False
    )
    dunning_day_basis = fields.Selection(related="company_id.dunning_day_basis", readonly=False)
    dunning_indemnity_per = fields.Selection(
        related="company_id.dunning_indemnity_per", readonly=False
    )
    dunning_credit_note_date = fields.Selection(
        related="company_id.dunning_credit_note_date", readonly=False
    )
    dunning_rate_type = fields.Selection(related="company_id.dunning_rate_type", readonly=False)
    dunning_rate_percent = fields.Float(related="company_id.dunning_rate_percent", readonly=False)
    dunning_rate_multiple = fields.Integer(
        related="company_id.dunning_rate_multiple", readonly=False
    )
    dunning_rate_warning = fields.Char(related="company_id.dunning_rate_warning")
