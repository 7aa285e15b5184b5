from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.creditors_day import creditors_day
from . import control_line

REPORT = "account_dunning_fr.report_monthly"


class AccountDunningDashboard(models.AbstractModel):
    """The monthly management report: the dashboard at the end of a month and of the one before.

    It has no figures of its own: the dashboard reproduces any past day from the books. A wizard
    prints it with chosen filters; a scheduled action sends it to the recipients named by a company.
    """

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_monthly_days(self, month):
        """Return the last day of a month, or today, and the last day of the month before.

        :param date month: any day of the month
        :raise UserError: if the month has not begun
        """
        today = creditors_day(self)
        first = month.replace(day=1)
        if first > today:
            raise UserError(self.env._("This month has not begun: choose an earlier one."))
        last = first + relativedelta(months=1, days=-1)
        return min(last, today), first - relativedelta(days=1)

    @api.model
    def _get_monthly_report(self, month, filters):
        """Return what is printed: the sections of the dashboard, each figure with the earlier one.

        :param date month: any day of the month
        :param dict filters: as in ``get_data``, without a day
        :raise AccessError: unless the user may see the dashboard
        :raise UserError: if the month has not begun
        """
        self._check_rights()
        last, before = self._get_monthly_days(month)
        scopes = [self._get_scope({**filters, "as_of": day}) for day in (last, before)]
        now, earlier = (self._get_month_figures(scope) for scope in scopes)
        return {
            "title": format_date(self.env, month, date_format="MMMM y"),
            "companies": ", ".join(scopes[0].companies.mapped("name")),
            "last_label": format_date(self.env, last),
            "before_label": format_date(self.env, before),
            "filters": [],
            **{name: now[name] for name in ("control", "customers")},
            "steps": self._get_steps(scopes[0]),
            "forecast": self.env["account.dunning.outlook"]._get_forecast(scopes[0]),
            "groups": [
                {"title": group["title"], "rows": self._pair(group["tiles"], then["tiles"])}
                for group, then in zip(now["tiles"], earlier["tiles"], strict=True)
            ],
            **{
                name: self._pair(now[name], earlier[name])
                for name in ("ages", "holds", "penalties")
            },
        }

    @api.model
    def _get_month_figures(self, scope):
        """Return the sections that are printed for both days."""
        situation = self._read_situation(scope, "all")
        return {
            "control": control_line.make(self, scope, situation),
            "tiles": self._get_tiles(scope, situation),
            "ages": self._get_ages(scope, situation),
            "customers": self._get_customers(scope, situation),
            "holds": self._get_holds(scope, situation),
            "penalties": self._get_penalties(scope),
        }

    @api.model
    def _pair(self, rows, earlier):
        """Return the rows, each with its value of a month before; rows of then only come last."""
        before = {row["key"]: row for row in earlier}
        paired = [{**row, "before": before.get(row["key"], {}).get("value", "–")} for row in rows]
        gone = [row for row in earlier if row["key"] not in {row["key"] for row in rows}]
        return [*paired, *({**row, "before": row["value"], "value": "–"} for row in gone)]

    # -- By e-mail ---------------------------------------------------------------------------------

    @api.model
    def _prepare_monthly_mail_vals(self, month):
        """Return the values of the e-mail that sends the user the report of his companies.

        :param date month: any day of the month
        """
        company = self.env.company
        subject = self.env._(
            "Dunning of %(month)s – %(company)s",
            month=format_date(self.env, month, date_format="MMMM y"),
            company=company.name,
        )
        text = self.env._(
            "The report of the month is enclosed: what is owed, what is late, what came in, and "
            "what is expected."
        )
        name = self.env._("Dunning report %s.pdf", fields.Date.to_string(month)[:7])
        content = self._print_monthly(self._get_monthly_report(month, {}))
        return {
            "subject": subject,
            "body_html": Markup("<p>%s</p>") % text,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "email_to": self.env.user.email_formatted,
            "attachment_ids": [
                Command.create({"name": name, "raw": content, "mimetype": "application/pdf"})
            ],
        }

    @api.model
    def _print_monthly(self, report):
        """Return a report as a PDF.

        :param dict report: as returned by ``_get_monthly_report``
        """
        printer = self.env["ir.actions.report"]
        name = printer._get_report(REPORT).report_name
        page = printer._render_template(name, {"reports": [report]})
        content, _kind = printer._print_dunning_page(REPORT, False, page)
        return content
