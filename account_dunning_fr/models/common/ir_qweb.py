from odoo import models

from .letter_formats import get_written

WRITTEN_ONCE = ("date", "float", "monetary")


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_widget(self, value, expression, tag, options, values):
        """Write an amount, a day or a rate of the addon's letters once, however often it comes.

        Odoo calls it with these arguments in their order, never by name.
        """
        written = get_written(self.env)
        if written is None or options["widget"] not in WRITTEN_ONCE:
            return super()._get_widget(value, expression, tag, options, values)
        key = (self.env.lang, expression, tag, value, *options.items())
        if key not in written:
            written[key] = super()._get_widget(value, expression, tag, options, values)
        attributes, content, display = written[key]
        return {**attributes}, content, display
