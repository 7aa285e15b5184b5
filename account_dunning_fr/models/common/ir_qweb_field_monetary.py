from odoo import api, models

from .letter_formats import format_letter_amount, get_written, is_amount_of_odoo


class IrQwebFieldMonetary(models.AbstractModel):
    _inherit = "ir.qweb.field.monetary"

    @api.model
    def value_to_html(self, value, options):
        """Write the amounts of the addon's letters as their language does."""
        currency = options.get("display_currency")
        in_letter = get_written(self.env) is not None and currency and value is not False
        if in_letter and not is_amount_of_odoo(self.env, currency):
            return format_letter_amount(self.env, value, currency)
        return super().value_to_html(value, options)
