from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from ..core.half_years import half_year_start
from ..core.rates import FLOOR_MULTIPLE, HalfYearRate, RateTable
from .account_dunning_run import recorded

PERCENT = (6, 2)


def to_decimal(percent):
    """Return a percentage of the ORM as the ``Decimal`` printed in the official table."""
    return Decimal(f"{percent:.2f}")


class AccountDunningRate(models.Model):
    """The rates of one half-year, as published, in percent a year.

    Shipped rows come with their source and are refreshed by updates of the addon; those typed by a
    user stay. Nothing is extrapolated: what needs a missing half-year says so.
    """

    _name = "account.dunning.rate"
    _description = "Late-Payment Rates of a Half-Year"
    _inherit = ["mail.thread", "mail.activity.mixin", "account.dunning.guarded"]
    _order = "date_from DESC"
    _rec_name = "date_from"

    date_from = fields.Date(
        string="Half-year from", required=True, help="1 January or 1 July.", tracking=True
    )
    ecb_rate = fields.Float(
        string="ECB main refinancing rate (%)",
        digits=PERCENT,
        required=True,
        tracking=True,
        help="In force on the first day of the half-year (C. com. L. 441-10 II).",
    )
    legal_rate_individuals = fields.Float(
        string="Legal rate, creditor a private person (%)", digits=PERCENT, tracking=True
    )
    legal_rate_other = fields.Float(
        string="Legal rate, other creditors (%)",
        digits=PERCENT,
        required=True,
        tracking=True,
        help="The column follows the creditor: a company takes this one, also against a consumer.",
    )
    b2b_rate = fields.Float(
        string="Default rate between professionals (%)",
        digits=PERCENT,
        compute="_compute_rates",
        help="ECB rate + 10 points (C. com. L. 441-10 II).",
    )
    b2g_rate = fields.Float(
        string="Public debtors (%)",
        digits=PERCENT,
        compute="_compute_rates",
        help="ECB rate + 8 points, frozen when the interest begins (CCP R. 2192-31).",
    )
    floor_rate = fields.Float(
        string="Lowest contractual rate (%)",
        digits=PERCENT,
        compute="_compute_rates",
        help="Three times the legal rate (C. com. L. 441-10 II).",
    )
    state = fields.Selection(
        [("to_confirm", "To confirm"), ("confirmed", "Confirmed")],
        default="to_confirm",
        required=True,
        writer="code",
        tracking=True,
    )
    source = fields.Char(translate=True, help="Where the figures come from: decree, page, date.")

    _date_from_uniq = models.Constraint(
        "UNIQUE (date_from)", "There is already a row for this half-year."
    )
    _half_year = models.Constraint(
        "CHECK (extract(day FROM date_from) = 1 AND extract(month FROM date_from) IN (1, 7))",
        "A half-year starts on 1 January or on 1 July.",
    )

    @api.depends("date_from")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = rate.date_from and self.env._(
                "Half-year from %s", format_date(self.env, rate.date_from)
            )

    @api.depends("date_from", "ecb_rate", "legal_rate_individuals", "legal_rate_other")
    def _compute_rates(self):
        for rate in self:
            rate.b2b_rate = rate.b2g_rate = rate.floor_rate = 0
            if rate.date_from and rate.date_from == half_year_start(rate.date_from):
                table = RateTable([rate._to_half_year()])
                later = fields.Date.add(rate.date_from, months=5)
                rate.floor_rate = table.legal_floor(rate.date_from)
                if rate.date_from.year >= 2013:
                    rate.b2b_rate = table.default_b2b().at(rate.date_from)
                    rate.b2g_rate = table.default_b2g(later).at(later)

    @api.constrains("ecb_rate", "legal_rate_individuals", "legal_rate_other")
    def _check_percent(self):
        for rate in self:
            legal = (rate.legal_rate_individuals, rate.legal_rate_other)
            if not all(0 <= percent < 100 for percent in legal) or abs(rate.ecb_rate) >= 100:
                raise ValidationError(
                    self.env._(
                        "Type the rates in percent a year, as published: for instance 2.75 for "
                        "2.75 %."
                    )
                )

    def action_confirm(self):
        """Confirm figures that were checked against their official source."""
        if any(not rate.source for rate in self):
            raise ValidationError(
                self.env._("Say in “Source” where the figures were checked, then confirm them.")
            )
        self._owned().write({"state": "confirmed"})
        asked = self.search([("activity_ids", "!=", False)])
        done = self if self._get_warning(fields.Date.context_today(self)) else asked
        done.activity_feedback(["mail.mail_activity_data_todo"])

    def _to_half_year(self):
        self.ensure_one()
        return HalfYearRate(
            self.date_from,
            to_decimal(self.ecb_rate),
            to_decimal(self.legal_rate_individuals),
            to_decimal(self.legal_rate_other),
        )

    @api.model
    def _get_table(self):
        """Return all known half-years as the core takes them.

        :return: ``core.rates.RateTable``
        """
        return RateTable([rate._to_half_year() for rate in self.sudo().search([], order="id")])

    @api.model
    def _get_unconfirmed(self, first_day, last_day):
        """Return the half-years of a period that are missing or not confirmed.

        :return: list of the first days of those half-years
        """
        confirmed = self.sudo().search(
            [
                ("state", "=", "confirmed"),
                ("date_from", ">=", half_year_start(first_day)),
                ("date_from", "<=", last_day),
            ]
        )
        known = set(confirmed.mapped("date_from"))
        days, day = [], half_year_start(first_day)
        while day <= last_day:
            days.append(day)
            day = fields.Date.add(day, months=6)
        return [day for day in days if day not in known]

    @api.model
    def _get_warning(self, today):
        """Return what is wrong with the rates of the present half-year, for the user, or False."""
        missing = self._get_unconfirmed(today, today)
        if not missing:
            return False
        if self.sudo().search_count([("date_from", "in", missing)], 1):
            return self.env._(
                "The rates of the half-year from %s are not confirmed: check them against the "
                "official decree, then confirm them.",
                format_date(self.env, missing[0]),
            )
        return self.env._(
            "The rates of the half-year from %s are missing: nothing is extrapolated, so no "
            "penalty can be computed for its days.",
            format_date(self.env, missing[0]),
        )

    @api.model
    @recorded("rates")
    def _cron_check(self):
        """Ask for the rates of the present half-year until they are there and confirmed."""
        today = fields.Date.context_today(self)
        warning = self._get_warning(today)
        latest = self.search([], limit=1)
        if not warning or not latest:
            return
        managers = self.env.ref("account_dunning_fr.group_dunning_manager").sudo().all_user_ids
        for user in managers.filtered(lambda user: user.active and not user.share):
            if latest.activity_ids.filtered(lambda todo, user=user: todo.user_id == user):
                continue
            latest.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Late-payment rates of the half-year"),
                note=warning,
            )
        self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _get_floor_warning(self, percent, today):
        """Return the warning on a contractual rate under the legal floor, or False.

        The rate stays as typed: the creditor decides, and is told what the law says.

        :param Decimal percent: the annual rate of the contract
        :param date today: the day whose floor counts
        """
        row = self.sudo().search([("date_from", "=", half_year_start(today))], limit=1)
        floor = to_decimal(row.legal_rate_other) * FLOOR_MULTIPLE
        if not row or percent >= floor:
            return False
        return self.env._(
            "%(rate)s %% is below three times the legal rate (%(floor)s %% in this half-year), "
            "the lowest rate that article L. 441-10 II of the commercial code allows between "
            "professionals. A rate that does not comply exposes the creditor to an administrative "
            "fine of up to 2 million euros (article L. 441-16).",
            rate=formatLang(self.env, float(percent), digits=2),
            floor=formatLang(self.env, float(floor), digits=2),
        )
