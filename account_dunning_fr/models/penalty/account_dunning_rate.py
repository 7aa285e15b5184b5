from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from ...core.half_years import ECB, LEGAL, Figure, half_year_start, half_years
from ...core.money import to_cents, to_decimal
from ...core.rates import FLOOR_MULTIPLE, HalfYearRate, RateTable
from ..common.account_dunning_run import recorded

PERCENT = (6, 2)
STATES = [("to_confirm", "To confirm"), ("confirmed", "Confirmed")]
# How certain the shipped figure is, given the source that was seen.
CERTAINTIES = [
    ("official", "Official text seen"),
    ("concordant", "Several concordant sources"),
    ("certain", "Practically certain, official text not seen"),
    ("plausible", "Plausible, one source only"),
    ("indicative", "For information only"),
]
# The fields of each figure that a person enters; changing one requires a new confirmation.
COLUMNS = {
    ECB: frozenset({"ecb_rate"}),
    LEGAL: frozenset({"legal_rate_individuals", "legal_rate_other"}),
}


RATE_TYPES = [
    ("legal", "Legal default (ECB rate + 10 points)"),
    ("fixed", "Fixed rate"),
    ("multiple", "Multiple of the legal rate"),
]


class AccountDunningRate(models.Model):
    """The rates of one half-year, as published, in percent per year.

    The central bank's rate and the legal rate are two separate figures: each has its own source,
    certainty and confirmation, and what needs one does not wait for the other. Updates of the addon
    refresh the rows they ship; those entered by a user stay. Nothing is extrapolated: what needs a
    missing half-year says so.
    """

    _name = "account.dunning.rate"
    _description = "Late-Payment Rates of a Half-Year"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
        "account.dunning.shipped",
        "account.dunning.plausible",
        "account.dunning.tracked",
    ]
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
    ecb_state = fields.Selection(
        STATES,
        string="ECB rate",
        default="to_confirm",
        required=True,
        copy=False,
        writer="code",
        tracking=True,
    )
    ecb_certainty = fields.Selection(CERTAINTIES, string="Certainty of the ECB rate")
    ecb_source = fields.Char(
        string="Source of the ECB rate",
        translate=True,
        help="Where the figure comes from: decision, page, date.",
    )
    legal_state = fields.Selection(
        STATES,
        string="Legal rate",
        default="to_confirm",
        required=True,
        copy=False,
        writer="code",
        tracking=True,
    )
    legal_certainty = fields.Selection(CERTAINTIES, string="Certainty of the legal rate")
    legal_source = fields.Char(
        string="Source of the legal rate",
        translate=True,
        help="The order that fixes it, and the Journal officiel that published it.",
    )

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

    def write(self, vals):
        """Require a new confirmation of a figure that is changed."""
        result = super().write(vals)
        typed = [kind for kind, columns in COLUMNS.items() if not columns.isdisjoint(vals)]
        if typed and not self.env.su:
            self.sudo().write({f"{kind}_state": "to_confirm" for kind in typed})
        return result

    def action_confirm_ecb(self):
        """Confirm the rate of the central bank, checked against its source."""
        self._confirm(ECB)

    def action_confirm_legal(self):
        """Confirm the legal rate, checked against the order that fixes it."""
        self._confirm(LEGAL)

    def _confirm(self, kind):
        """Confirm one figure of these half-years.

        :param str kind: ``ecb`` or ``legal``
        :raise ValidationError: if it does not say where it was checked
        """
        if any(not rate[f"{kind}_source"] for rate in self):
            raise ValidationError(
                self.env._("Say in “Source” where the figure was checked, then confirm it.")
            )
        self._owned().write({f"{kind}_state": "confirmed"})
        done = self.filtered(lambda rate: rate.ecb_state == rate.legal_state == "confirmed")
        if not self._get_warning(fields.Date.context_today(self)):
            done = self.search([("activity_ids", "!=", False)])
        done.activity_feedback(["mail.mail_activity_data_todo"])

    def _to_half_year(self):
        self.ensure_one()
        return HalfYearRate(
            self.date_from,
            to_cents(to_decimal(self.ecb_rate)),
            to_cents(to_decimal(self.legal_rate_individuals)),
            to_cents(to_decimal(self.legal_rate_other)),
        )

    @api.model
    def _get_table(self):
        """Return all known half-years in the format of the core.

        :return: ``core.rates.RateTable``
        """
        names = ["date_from", "ecb_rate", "legal_rate_individuals", "legal_rate_other"]
        rates = self.sudo().search_fetch([], names, order="id")
        return RateTable([rate._to_half_year() for rate in rates])

    @api.model
    def _get_unconfirmed(self, figures):
        """Return the figures that are not confirmed, or missing.

        :param figures: ``core.rates.Figure`` values, in any order
        :return: list of them, each once, ordered by half-year
        """
        figures = set(figures)
        rows = self.sudo().search([("date_from", "in", [figure.start for figure in figures])])
        by_start = {rate.date_from: rate for rate in rows}
        left = {
            figure
            for figure in figures
            if by_start.get(figure.start, rows.browse())[f"{figure.kind}_state"] != "confirmed"
        }
        return sorted(left, key=lambda figure: (figure.start, figure.kind))

    @api.model
    def _get_figures(self, first, last):
        """Return both figures of every half-year of a period (``core.rates.Figure``)."""
        return [Figure(kind, start) for start in half_years(first, last) for kind in COLUMNS]

    @api.model
    def _get_figure_name(self, figure):
        """Return how a sentence names a figure: which rate, of which half-year."""
        on = format_date(self.env, figure.start)
        if figure.kind == ECB:
            return self.env._("ECB rate of the half-year from %s", on)
        return self.env._("legal rate of the half-year from %s", on)

    @api.model
    def _write_figures(self, figures):
        """Return figures in the format in which a field stores them; ``_explain_kept`` reads it."""
        return [[kind, fields.Date.to_string(start)] for kind, start in sorted(set(figures))]

    @api.model
    def _explain_kept(self, kept):
        """Return which of the figures stored in a field are not confirmed, or False.

        :param list kept: result of ``_write_figures``, or False
        """
        return self._explain_unconfirmed(
            Figure(kind, fields.Date.to_date(start)) for kind, start in kept or ()
        )

    @api.model
    def _explain_unconfirmed(self, figures):
        """Return which of these figures are not confirmed, for the user, or False.

        :param figures: ``core.rates.Figure`` values, in any order
        """
        missing = self._get_unconfirmed(figures)
        return bool(missing) and self.env._(
            "Not confirmed yet: %s. Check it against the official text, then confirm it.",
            ", ".join(self._get_figure_name(figure) for figure in missing),
        )

    @api.model
    def _get_warning(self, today):
        """Return what is wrong with the rates of the current half-year, for the user, or False."""
        missing = self._get_unconfirmed(self._get_figures(today, today))
        if not missing:
            return False
        if self.sudo().search_count([("date_from", "=", missing[0].start)], 1):
            return self._explain_unconfirmed(missing)
        return self.env._(
            "The rates of the half-year from %s are missing: nothing is extrapolated, so no "
            "penalty can be computed for its days.",
            format_date(self.env, missing[0].start),
        )

    @api.model
    @recorded("rates")
    def _cron_check(self):
        """Remind users of the current half-year's rates until they are entered and confirmed."""
        # Rates belong to no creditor.
        today = self.env["res.company"]._get_dunning_french_today()
        latest = self.search([], limit=1)
        if not latest or not self._get_warning(today):
            return
        managers = self.env.ref("account_dunning_fr.group_dunning_manager").sudo().all_user_ids
        for user in managers.filtered(lambda user: user.active and not user.share):
            if latest.activity_ids.filtered(lambda todo, user=user: todo.user_id == user):
                continue
            speaking = latest.with_context(lang=user.lang)
            speaking.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                user_id=user.id,
                summary=speaking.env._("Late-payment rates of the half-year"),
                note=speaking._get_warning(today),
            )
        self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _get_floor_warning(self, percent, today):
        """Return the warning about a contractual rate below the legal floor, or False.

        The rate is kept as entered: the creditor decides, and is told what the law says.

        :param Decimal percent: the annual rate of the contract
        :param date today: the day for which the floor is looked up
        """
        row = self.sudo().search([("date_from", "=", half_year_start(today))], limit=1)
        floor = to_cents(to_decimal(row.legal_rate_other)) * FLOOR_MULTIPLE
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

    # -- Data shipped with the addon ---------------------------------------------------------------

    @api.model
    def _get_shipped_label(self):
        return self.env._("Rates shipped otherwise than corrected here")

    @api.model
    def _find_typed(self, vals):
        return self.search([("date_from", "=", vals.get("date_from"))], limit=1)


class AccountDunningRateTerms(models.AbstractModel):
    """The late-payment rate that general terms or a contract state.

    Set on the company, overridden on a customer, and stored on an invoice when it is posted: nobody
    may claim on another basis than the one the invoice stated.
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
        for terms in self:
            # Most customers have no terms of their own.
            agreed = terms.dunning_rate_type and terms._is_dunning_floor_checked()
            terms.dunning_rate_warning = agreed and terms._warn_of_dunning_floor()

    def _warn_of_dunning_floor(self):
        """Return a warning if the rate is below the legal floor today, or False."""
        today = fields.Date.context_today(self)
        Rate = self.env["account.dunning.rate"].sudo()
        percent = self._get_dunning_percent(Rate, today)
        return percent is not None and Rate._get_floor_warning(percent, today)

    def _is_dunning_floor_checked(self):
        """Whether these terms may bind professionals, whom the legal floor protects."""
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
            return to_cents(to_decimal(self.dunning_rate_percent))
        if self.dunning_rate_type == "multiple":
            row = rates.search([("date_from", "<=", today)], limit=1)
            return to_cents(to_decimal(row.legal_rate_other)) * self.dunning_rate_multiple
        return None

    def _get_dunning_rate_schedule(self, table):
        """Return the schedule of these terms between professionals, or None if none is set.

        :param table: ``core.rates.RateTable``
        """
        self.ensure_one()
        if self.dunning_rate_type == "fixed":
            return RateTable.fixed(to_cents(to_decimal(self.dunning_rate_percent)))
        if self.dunning_rate_type == "multiple":
            return table.legal_multiple(self.dunning_rate_multiple)
        return table.default_b2b() if self.dunning_rate_type == "legal" else None

    def _get_dunning_rate_label(self):
        """Return the basis of the rate as a letter or statement names it."""
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
