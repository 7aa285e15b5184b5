from odoo import fields, models


class ResCompany(models.Model):
    """What collecting costs: the accountant who compares his work with an agency's enters it."""

    _inherit = "res.company"

    dunning_letter_cost = fields.Monetary(
        string="A letter", help="Postage, paper and envelope, without taxes."
    )
    dunning_registered_cost = fields.Monetary(
        string="A registered letter", help="With its acknowledgement of receipt, without taxes."
    )
    dunning_call_cost = fields.Monetary(
        string="A call", help="Time of whoever calls, notes included, at its hourly cost."
    )

    _dunning_costs_positive = models.Constraint(
        "CHECK (COALESCE(dunning_letter_cost, 0) >= 0"
        " AND COALESCE(dunning_registered_cost, 0) >= 0 AND COALESCE(dunning_call_cost, 0) >= 0)",
        "What a letter or a call costs cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_letter_cost = fields.Monetary(related="company_id.dunning_letter_cost", readonly=False)
    dunning_registered_cost = fields.Monetary(
        related="company_id.dunning_registered_cost", readonly=False
    )
    dunning_call_cost = fields.Monetary(related="company_id.dunning_call_cost", readonly=False)
