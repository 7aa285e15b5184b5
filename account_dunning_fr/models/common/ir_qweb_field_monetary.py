from odoo import api, models

from .letter_formats import format_letter_amount, is_amount_of_odoo
from .private_context import passed


class IrQwebFieldMonetary(models.AbstractModel):
    _inherit = "ir.qweb.field.monetary"

    @api.model
    def value_to_html(self, value, options):
        """Write the amounts of the addon's letters as their language does."""
        currency = options.get("display_currency")
        in_letter = passed(self.env, "letter") and currency and value is not False
        if in_letter and not is_amount_of_odoo(self.env, currency):
            return format_letter_amount(self.env, value, currency)
        return super().value_to_html(value, options)
