from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_cover_ids = fields.One2many(
        "account.dunning.cover",
        "partner_id",
        string="Decisions of the insurer",
        groups=ACCOUNTING_GROUPS,
    )
