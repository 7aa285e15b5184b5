from odoo import api, models

from .letter_formats import format_letter_amount, get_written


class IrQwebFieldMonetary(models.AbstractModel):
    _inherit = "ir.qweb.field.monetary"

    @api.model
    def value_to_html(self, value, options):
        """Format amounts in the addon's letters as in their language.

        As plain text: in the text version of an e-mail, Odoo's ``span`` around the number would
        produce a second space before the currency.
        """
        currency = options.get("display_currency")
        in_letter = get_written(self.env) is not None and currency and value is not False
        if in_letter:
            return format_letter_amount(self.env, value, currency)
        return super().value_to_html(value, options)
