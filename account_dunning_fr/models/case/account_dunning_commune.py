from odoo import fields, models


class AccountDunningCommune(models.Model):
    """A commune at a postal code and the commercial court that serves it.

    Filled by the import of the official « référentiel communes-greffes »; empty until then.
    """

    _name = "account.dunning.commune"
    _description = "Commune and its Commercial Court"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "name, postal_code"

    code = fields.Char(string="INSEE code", required=True, readonly=True)
    postal_code = fields.Char(readonly=True, index=True)
    name = fields.Char(required=True, readonly=True)
    court_id = fields.Many2one(
        "account.dunning.court", required=True, readonly=True, index=True, ondelete="cascade"
    )

    # Both names of a commune at one postal code are kept: people still enter old names.
    _commune_once = models.UniqueIndex("(code, postal_code, name)", "This commune is listed twice.")
