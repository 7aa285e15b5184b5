from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ...core.rates import RateTable
from .account_dunning_rate import PERCENT, to_decimal

RATE_TYPES = [
    ("legal", "Legal default (ECB rate + 10 points)"),
    ("fixed", "Fixed rate"),
    ("multiple", "Multiple of the legal rate"),
]


class AccountDunningRateTerms(models.AbstractModel):
    """The late-payment rate that general terms or a contract state.

    Kept on the company, overridden on a customer, and written down on an invoice when it is posted:
    nobody may claim another basis than the one the invoice stated.
    """

    _name = "account.dunning.rate.terms"
    _description = "Late-Payment Rate Terms"

    dunning_rate_type = fields.Selection(RATE_TYPES, string="Late-payment rate")
    dunning_rate_percent = fields.Float(string="Rate (% a year)", digits=PERCENT)
    dunning_rate_multiple = fields.Integer(string="Times the legal rate")
    dunning_rate_warning = fields.Char(compute="_compute_dunning_rate_warning")

    _dunning_rate_percent_positive = models.Constraint(
        "CHECK (dunning_rate_percent >= 0 AND dunning_rate_percent < 100)",
        "Type the rate in percent a year, between 0 and 100.",
    )
    _dunning_rate_multiple_positive = models.Constraint(
        "CHECK (dunning_rate_multiple >= 0)",
        "The legal rate is multiplied by a positive number.",
    )

    @api.depends("dunning_rate_type", "dunning_rate_percent", "dunning_rate_multiple")
    def _compute_dunning_rate_warning(self):
        today = fields.Date.context_today(self)
        Rate = self.env["account.dunning.rate"].sudo()
        for terms in self:
            checked = terms._is_dunning_floor_checked()
            percent = terms._get_dunning_percent(Rate, today) if checked else None
            terms.dunning_rate_warning = percent is not None and Rate._get_floor_warning(
                percent, today
            )

    def _is_dunning_floor_checked(self):
        """Tell whether these terms may bind professionals, whom the legal floor protects."""
        self.ensure_one()
        return True

    @api.constrains("dunning_rate_type", "dunning_rate_percent", "dunning_rate_multiple")
    def _check_dunning_rate(self):
        for terms in self:
            if terms.dunning_rate_type == "fixed" and not terms.dunning_rate_percent:
                raise ValidationError(self.env._("Type the fixed late-payment rate."))
            if terms.dunning_rate_type == "multiple" and not terms.dunning_rate_multiple:
                raise ValidationError(
                    self.env._("Type by how much the legal rate is multiplied: 3, or more.")
                )

    def _get_dunning_percent(self, rates, today):
        """Return the contractual percentage of a day, or None under the legal default."""
        self.ensure_one()
        if self.dunning_rate_type == "fixed":
            return to_decimal(self.dunning_rate_percent)
        if self.dunning_rate_type == "multiple":
            row = rates.search([("date_from", "<=", today)], limit=1)
            return to_decimal(row.legal_rate_other) * self.dunning_rate_multiple
        return None

    def _get_dunning_rate_schedule(self, table):
        """Return the schedule of these terms between professionals, or None where none is set.

        :param table: ``core.rates.RateTable``
        """
        self.ensure_one()
        if self.dunning_rate_type == "fixed":
            return RateTable.fixed(to_decimal(self.dunning_rate_percent))
        if self.dunning_rate_type == "multiple":
            return table.legal_multiple(self.dunning_rate_multiple)
        return table.default_b2b() if self.dunning_rate_type == "legal" else None

    def _get_dunning_rate_label(self):
        """Return the basis of the rate as a letter or a statement names it."""
        self.ensure_one()
        if self.dunning_rate_type == "fixed":
            return self.env._(
                "contractual rate of %s %% a year",
                formatLang(self.env, self.dunning_rate_percent, digits=2),
            )
        if self.dunning_rate_type == "multiple":
            return self.env._("%s times the legal interest rate", self.dunning_rate_multiple)
        return self.env._(
            "main refinancing rate of the European Central Bank plus 10 points, by half-year"
        )
