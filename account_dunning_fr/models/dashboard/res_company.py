from datetime import timedelta

from odoo import api, fields, models

from ...core.working_days import next_working_day
from ..common.account_dunning_run import recorded

LATEST = 5  # after the first working day: later, the report has to be printed


class ResCompany(models.Model):
    """The monthly report by e-mail, to the users chosen by the company; to nobody by default."""

    _inherit = "res.company"

    dunning_monthly_user_ids = fields.Many2many(
        "res.users",
        "res_company_dunning_monthly_rel",
        string="Monthly report to",
        help="They receive the report of the past month by e-mail on the first working day, as far "
        "as their own rights show it. Empty: nobody.",
    )
    dunning_monthly_sent = fields.Date(
        readonly=True, help="Last month whose report was sent: its first day."
    )

    @api.model
    @recorded("monthly")
    def _cron_send_dunning_monthly(self):
        """Send the report of the past month, once, on the first working day of this month."""
        companies = self.search([("dunning_monthly_user_ids", "!=", False)])
        due = {company: company._get_dunning_month_to_send() for company in companies}
        companies = companies.filtered(due.get)
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            with self.env["account.dunning.run"]._working_for(company, company) as (_day, local):
                local._send_dunning_monthly(due[company])
                company.dunning_monthly_sent = due[company]
            self.env["ir.cron"]._commit_progress(1)

    def _get_dunning_month_to_send(self):
        """Return the first day of the month whose report is due today, or None."""
        self.ensure_one()
        today = self._get_dunning_today()
        first = today.replace(day=1)
        opening = next_working_day(first)
        month = fields.Date.subtract(first, months=1)
        sent = self.dunning_monthly_sent and self.dunning_monthly_sent >= month
        in_time = opening <= today <= opening + timedelta(days=LATEST)
        return month if in_time and not sent else None

    def _send_dunning_monthly(self, month):
        """Queue the e-mails of the report, one per reader, with his access rights and language."""
        self.ensure_one()
        readers = self.dunning_monthly_user_ids.filtered(
            lambda user: (
                user.active
                and user.email
                and self in user.company_ids
                and user.has_groups("account.group_account_invoice,account.group_account_readonly")
            )
        )
        for user in readers:
            context = {"allowed_company_ids": self.ids, "lang": user.lang, "tz": user.tz}
            dashboard = self.env["account.dunning.dashboard"].with_user(user)
            vals = dashboard.with_context(**context)._prepare_monthly_mail_vals(month)
            self.env["mail.mail"].sudo().create(vals)
