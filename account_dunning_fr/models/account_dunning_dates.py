from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.checks import FIRST_YEAR, LARGEST, LAST_YEAR


class AccountDunningDates(models.AbstractModel):
    """Dates and amounts that a person types are plausible before anything is computed of them."""

    _name = "account.dunning.dates"
    _description = "Plausible Dates"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_plausible(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_plausible(vals)
        return super().write(vals)

    @api.model
    def _check_plausible(self, vals):
        """:raise ValidationError: a year or an amount that no claim bears, with the field's name"""
        for name, value in vals.items():
            field = self._fields.get(name)
            label = field and value and field._description_string(self.env)
            if not label:
                continue
            if field.type in ("date", "datetime") and not self._is_plausible_date(value):
                raise ValidationError(
                    self.env._("“%s”: this date is not possible. Check the year.", label)
                )
            if field.type in ("float", "monetary") and not abs(value) < LARGEST:
                raise ValidationError(self.env._("“%s”: this amount is not possible.", label))

    @api.model
    def _is_plausible_date(self, value):
        try:
            return FIRST_YEAR <= fields.Date.to_date(value).year <= LAST_YEAR
        except (TypeError, ValueError):
            return False
