from odoo import models


class AccountMove(models.Model):
    """Looked at are only the fields of the addon, as in each of Odoo's models in this room."""

    _name = "account.move"
    _inherit = ["account.move", "account.dunning.plausible.ours", "account.dunning.guarded.odoo"]
