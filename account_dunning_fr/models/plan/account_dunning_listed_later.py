from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_level_id = fields.Many2one(search="_search_dunning_level_id")
