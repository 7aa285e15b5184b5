from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.party.res_partner import REGIMES
from ...models.policy.res_partner import PROFILES

REPORT = "account_dunning_fr.report_monthly"
FILTERS = ("salesperson_id", "collector_id", "currency_id")


class AccountDunningMonthly(models.TransientModel):
    """The monthly report for the management: the dashboard at a month's end, and a month before.

    It holds no figure of its own: both ends come from ``account.dunning.dashboard``, which
    reproduces any past day from the books.
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

    # -- The figures -------------------------------------------------------------------------------

    def _get_days(self):
        """Return the last day of the month, or today, and the last day of the month before."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        first = self.month.replace(day=1)
        if first > today:
            raise UserError(self.env._("This month has not begun: choose an earlier one."))
        last = first + relativedelta(months=1, days=-1)
        return min(last, today), first - relativedelta(days=1)

    def _get_report(self):
        """Return what is printed: the dashboard's sections, each figure with that before.

        :raise AccessError: unless the user may see the dashboard
        """
        last, before = self._get_days()
        now, earlier = self._read(last), self._read(before)
        return {
            "title": format_date(self.env, self.month, date_format="MMMM y"),
            "last_label": format_date(self.env, last),
            "before_label": format_date(self.env, before),
            "filters": self._get_filter_texts(),
            **{name: now[name] for name in ("control", "customers", "steps", "forecast")},
            "groups": [
                {"title": group["title"], "rows": self._pair(group["tiles"], then["tiles"])}
                for group, then in zip(now["tiles"], earlier["tiles"], strict=True)
            ],
            "ages": self._pair(now["ages"], earlier["ages"]),
            "holds": self._pair(now["holds"], earlier["holds"]),
            "penalties": self._pair(now["penalties"], earlier["penalties"]),
        }

    def _read(self, day):
        filters = {
            **{name: self[name].id for name in FILTERS},
            "as_of": fields.Date.to_string(day),
            "company_ids": self.company_ids.ids,
            "regime": self.regime,
            "profile": self.profile,
        }
        return self.env["account.dunning.dashboard"]._get_report_sections(filters)

    @api.model
    def _pair(self, rows, earlier):
        """Return the rows, each with its value of a month before; those of then only come last."""
        before = {row["key"]: row for row in earlier}
        paired = [{**row, "before": before.get(row["key"], {}).get("value", "–")} for row in rows]
        gone = [row for row in earlier if row["key"] not in {row["key"] for row in rows}]
        return [*paired, *({**row, "before": row["value"], "value": "–"} for row in gone)]

    def _get_filter_texts(self):
        """Return the filters as ``[(label, value)]``, those that filter nothing left out."""
        names = (*FILTERS, "regime", "profile")
        labels = self.fields_get(names, ["string", "selection"])
        return [
            (
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
        self._get_days()
        self.env["account.dunning.dashboard"]._check_rights()
        return self.env.ref(REPORT).report_action(self, config=False)

    def _print(self):
        """Return the report as a PDF and its file name."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids)
        month = fields.Date.to_string(self.month)[:7]
        return content, self.env._("Dunning report %s.pdf", month)

    def _prepare_mail_vals(self):
        """Return the e-mail that brings the report to its user."""
        content, name = self._print()
        company = self.env.company
        subject = self.env._(
            "Dunning of %(month)s – %(company)s",
            month=format_date(self.env, self.month, date_format="MMMM y"),
            company=company.name,
        )
        text = self.env._(
            "The report of the month is enclosed: what is owed, what is late, what came in, and "
            "what is expected."
        )
        return {
            "subject": subject,
            "body_html": Markup("<p>%s</p>") % text,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "email_to": self.env.user.email_formatted,
            "attachment_ids": [
                Command.create({"name": name, "raw": content, "mimetype": "application/pdf"})
            ],
        }
