from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_representative = fields.Char(
        related="company_id.dunning_representative", readonly=False
    )
    dunning_civil_status = fields.Char(related="company_id.dunning_civil_status", readonly=False)
    dunning_terms_file = fields.Binary(related="company_id.dunning_terms_file", readonly=False)
    dunning_terms_file_name = fields.Char(
        related="company_id.dunning_terms_file_name", readonly=False
    )
    dunning_creditor_file = fields.Binary(
        related="company_id.dunning_creditor_file", readonly=False
    )
    dunning_creditor_file_name = fields.Char(
        related="company_id.dunning_creditor_file_name", readonly=False
    )
    dunning_bank_file = fields.Binary(related="company_id.dunning_bank_file", readonly=False)
    dunning_bank_file_name = fields.Char(
        related="company_id.dunning_bank_file_name", readonly=False
    )
    dunning_uncontested = fields.Boolean(related="company_id.dunning_uncontested", readonly=False)
    dunning_uncontested_decree = fields.Char(
        related="company_id.dunning_uncontested_decree", readonly=False
    )
    group_dunning_cases = fields.Boolean(
        string="Court files", implied_group="account_dunning_fr.group_use_cases"
    )
    dunning_cases_open = fields.Integer(
        string="Court files in progress", compute="_compute_dunning_cases_open"
    )

    @api.depends("company_id")
    def _compute_dunning_cases_open(self):
        cases = self.env["account.dunning.case"]
        self.dunning_cases_open = cases.search_count([("state", "!=", "closed")])
