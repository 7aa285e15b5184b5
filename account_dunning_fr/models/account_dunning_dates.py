from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.checks import FIRST_YEAR, LAST_YEAR


class AccountDunningDates(models.AbstractModel):
    """Dates that a person types are plausible before anything is computed from them."""

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
        """:raise ValidationError: a date of a year that no claim bears, with the field's name"""
        for name, value in vals.items():
            field = self._fields.get(name)
            if not value or not field or field.type not in ("date", "datetime"):
                continue
            try:
                year = fields.Date.to_date(value).year
            except (TypeError, ValueError):
                year = 0
            if not FIRST_YEAR <= year <= LAST_YEAR:
                label = field._description_string(self.env)
                raise ValidationError(
                    self.env._("“%s”: this date is not possible. Check the year.", label)
                )


class AccountDunningCall(models.Model):
    _name = "account.dunning.call"
    _inherit = ["account.dunning.call", "account.dunning.dates"]


class AccountDunningCase(models.Model):
    _name = "account.dunning.case"
    _inherit = ["account.dunning.case", "account.dunning.dates"]


class AccountDunningCaseCost(models.Model):
    _name = "account.dunning.case.cost"
    _inherit = ["account.dunning.case.cost", "account.dunning.dates"]


class AccountDunningDispute(models.Model):
    _name = "account.dunning.dispute"
    _inherit = ["account.dunning.dispute", "account.dunning.dates"]


class AccountDunningHold(models.Model):
    _name = "account.dunning.hold"
    _inherit = ["account.dunning.hold", "account.dunning.dates"]


class AccountDunningInsolvency(models.Model):
    _name = "account.dunning.insolvency"
    _inherit = ["account.dunning.insolvency", "account.dunning.dates"]


class AccountDunningPaymentPlan(models.Model):
    _name = "account.dunning.payment.plan"
    _inherit = ["account.dunning.payment.plan", "account.dunning.dates"]


class AccountDunningPaymentPlanLine(models.Model):
    _name = "account.dunning.payment.plan.line"
    _inherit = ["account.dunning.payment.plan.line", "account.dunning.dates"]


class AccountDunningPromise(models.Model):
    _name = "account.dunning.promise"
    _inherit = ["account.dunning.promise", "account.dunning.dates"]


class AccountDunningRate(models.Model):
    _name = "account.dunning.rate"
    _inherit = ["account.dunning.rate", "account.dunning.dates"]


class AccountDunningRegistered(models.Model):
    _name = "account.dunning.registered"
    _inherit = ["account.dunning.registered", "account.dunning.dates"]
