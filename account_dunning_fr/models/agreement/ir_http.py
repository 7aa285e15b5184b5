from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Translate what scripts write on the pages of customers, such as where one signs."""
        return [*super()._get_translation_frontend_modules_name(), "account_dunning_fr"]
