from odoo import api, models

from .letter_formats import get_date_format, get_written


class IrQwebFieldDate(models.AbstractModel):
    _inherit = "ir.qweb.field.date"

    @api.model
    def value_to_html(self, value, options):
        """Format dates in the addon's letters so that day and month cannot be confused."""
        if get_written(self.env) is not None and not options.get("format"):
            options = {**options, "format": get_date_format(self.env)}
        return super().value_to_html(value, options)
