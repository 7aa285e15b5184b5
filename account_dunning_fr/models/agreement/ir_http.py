from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Translate what scripts write on customers' pages, such as the signature form."""
        return [*super()._get_translation_frontend_modules_name(), "account_dunning_fr"]
