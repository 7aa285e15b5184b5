from odoo import api, models
from odoo.tools import format_amount

from .letter_formats import format_letter_amount
from .private_context import passed


class IrQwebFieldMonetary(models.AbstractModel):
    _inherit = "ir.qweb.field.monetary"

    @api.model
    def value_to_html(self, value, options):
        """Write the amounts of the addon's letters as their language does."""
        currency = options.get("display_currency")
        if passed(self.env, "letter") and currency and value is not False:
            written = format_letter_amount(self.env, value, currency)
            if written != format_amount(self.env, value, currency):
                return written
        return super().value_to_html(value, options)
