from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...models.common.letter_formats import format_labelled
from ...models.dashboard.account_dunning_dashboard_monthly import REPORT
from ...models.party.res_partner import REGIMES
from ...models.policy.res_partner import PROFILES

FILTERS = ("salesperson_id", "collector_id", "currency_id")


class AccountDunningMonthly(models.TransientModel):
    """The options of a monthly report: its month, its companies and its filters.

    Its figures come from ``account.dunning.dashboard``.
    """

    _name = "account.dunning.monthly"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Monthly Dunning Report"

    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month. The present month is shown up to today.",
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        default=lambda self: self.env.companies,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    salesperson_id = fields.Many2one("res.users", help="Empty: all of them.")
    collector_id = fields.Many2one("res.users", help="Empty: all of them.")
    regime = fields.Selection(REGIMES, string="Legal regime", help="Empty: all of them.")
    profile = fields.Selection(PROFILES, string="Customer profile", help="Empty: all of them.")
    currency_id = fields.Many2one("res.currency", help="Empty: all of them.")

    @api.model
    def _default_month(self):
        return fields.Date.context_today(self).replace(day=1) - relativedelta(days=1)

    # -- What is printed ---------------------------------------------------------------------------

    def _get_report(self):
        """Return the report of the chosen month, with its filters in words.

        :raise AccessError: unless the user may see the dashboard
        :raise UserError: if the month has not begun
        """
        self.ensure_one()
        filters = {
            **{name: self[name].id for name in FILTERS},
            "company_ids": self.company_ids.ids,
            "regime": self.regime,
            "profile": self.profile,
        }
        report = self.env["account.dunning.dashboard"]._get_monthly_report(self.month, filters)
        return {**report, "filters": self._get_filter_texts()}

    def _get_dunning_foot(self):
        return ", ".join((self.company_ids or self.env.companies).mapped("name"))

    def _get_filter_texts(self):
        """Return the filters that are set, with their values."""
        names = (*FILTERS, "regime", "profile")
        labels = self.fields_get(names, ["string", "selection"])
        return [
            format_labelled(
                self.env,
                labels[name]["string"],
                dict(labels[name]["selection"])[self[name]]
                if "selection" in labels[name]
                else self[name].display_name,
            )
            for name in names
            if self[name]
        ]

    # -- Actions -----------------------------------------------------------------------------------

    def action_print(self):
        """Print the report."""
        self.ensure_one()
        dashboard = self.env["account.dunning.dashboard"]
        dashboard._get_monthly_days(self.month)
        dashboard._check_rights()
        return self.env.ref(REPORT).report_action(self, config=False)
