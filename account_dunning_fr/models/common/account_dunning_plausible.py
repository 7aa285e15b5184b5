from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.checks import FIRST_YEAR, LARGEST, LAST_YEAR

MOST = 100_000  # days, months, instalments: larger numbers lead to dates beyond the calendar
OURS = "dunning_"  # prefix of the addon's fields in Odoo's own models

TEXTS = ("char", "text", "html")


class AccountDunningPlausible(models.AbstractModel):
    """Dates and numbers that a person enters are checked before anything is computed from them.

    Also in onchanges: a form computes from them before they are saved.
    """

    _name = "account.dunning.plausible"
    _description = "Plausible Dates"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_dunning_plausible(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_dunning_plausible(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        self._check_dunning_plausible(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _is_dunning_typed(self, name):
        """Return whether a field is checked: all of them, except in Odoo's own models."""
        return name != "sequence"

    @api.model
    def _check_dunning_plausible(self, vals):
        """:raise ValidationError: naming the field of an impossible year or number"""
        for name, value in vals.items():
            field = self._fields.get(name)
            if not value or not field or not self._is_dunning_typed(name):
                continue
            problem = self._get_dunning_implausible(field.type, value)
            if problem:
                raise ValidationError(problem % field._description_string(self.env))

    @api.model
    def _get_dunning_implausible(self, kind, value):
        """Return why a value is not possible (``%s``: its field), or False."""
        if kind in ("date", "datetime") and not self._is_dunning_plausible_date(value):
            return self.env._("“%s”: this date is not possible. Check the year.")
        if kind in ("float", "monetary") and not self._is_dunning_below(value, LARGEST):
            return self.env._("“%s”: this amount is not possible.")
        if kind == "integer" and not self._is_dunning_below(value, MOST):
            return self.env._("“%s”: this number is not possible.")
        if kind in TEXTS and isinstance(value, str) and "\0" in value:  # no database can store it
            return self.env._(
                "“%s”: this text holds a character that cannot be kept (NUL, often from a file "
                "that is no text). Paste the text alone."
            )
        return False

    @api.model
    def _is_dunning_below(self, value, limit):
        try:
            return bool(abs(value) < limit)
        except (ArithmeticError, TypeError):  # “not a number”, or a text
            return False

    @api.model
    def _is_dunning_plausible_date(self, value):
        try:
            return FIRST_YEAR <= fields.Date.to_date(value).year <= LAST_YEAR
        except (TypeError, ValueError):
            return False


class AccountDunningPlausibleOfOurs(models.AbstractModel):
    """The addon's fields in a model of Odoo are checked; Odoo's own are not."""

    _name = "account.dunning.plausible.ours"
    _inherit = ["account.dunning.plausible"]
    _description = "Plausible Dates of the Addon's Fields"

    @api.model
    def _is_dunning_typed(self, name):
        return name.startswith(OURS)
