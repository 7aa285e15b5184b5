from odoo import models

from .letter_formats import get_written

WRITTEN_ONCE = ("date", "float", "monetary")


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_widget(self, value, expression, tag, options, values):
        """Format an amount, a date or a rate of the addon's letters once, however often it appears.

        Without the attributes that name its field: nobody edits the page of a letter. Odoo passes
        these arguments by position, never by name.
        """
        written = get_written(self.env)
        if written is None or options["widget"] not in WRITTEN_ONCE:
            return super()._get_widget(value, expression, tag, options, values)
        key = (self.env.lang, value, *map(_name_option, options.items()))
        if key not in written:
            _attributes, content, display = super()._get_widget(
                value, expression, tag, options, values
            )
            written[key] = content, display
        content, display = written[key]
        return {}, content, display


def _name_option(option):
    """Return an option of a widget as part of a key; a currency by its id."""
    name, value = option
    return (name, value.id) if name == "display_currency" else option
