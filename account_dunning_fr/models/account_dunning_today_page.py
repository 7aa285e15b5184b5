from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from .account_dunning_today import NOTICES, Task


class AccountDunningToday(models.AbstractModel):
    """The « À faire aujourd'hui » page, in one call."""

    _inherit = "account.dunning.today"

    @api.model
    def _get_sources(self):
        return [*super()._get_sources(), "_get_page_tasks"]

    @api.model
    def get_page(self):
        """Return the page of the user's companies, ready to be shown.

        :return: dict: ``date``, ``company``, ``tasks`` (cards), ``inactive`` (names of the
            creditors that send nothing by themselves), ``may_prepare`` and ``may_switch``
        :raise AccessError: unless the user reads the reminders
        """
        self.env["account.dunning.notice"].check_access("read")
        today = fields.Date.context_today(self)
        creditors = self.env.companies.dunning_creditor_id
        user = self.env.user
        return {
            "date": format_date(self.env, today, date_format="EEEE d MMMM y"),
            "company": ", ".join(creditors.mapped("name")),
            "tasks": [self._get_card(task, creditors) for task in self._get_tasks(creditors)],
            "inactive": creditors.sudo().filtered(lambda c: not c.dunning_active).mapped("name"),
            "may_prepare": user.has_group("account.group_account_invoice"),
            "may_switch": user.has_group("account_dunning_fr.group_dunning_manager"),
        }

    @api.model
    def _get_card(self, task, creditors):
        currencies = creditors.currency_id
        amount = None
        if task.amount is not None and len(currencies) == 1:
            amount = format_amount(self.env, task.amount, currencies)
        return {
            "key": task.key,
            "label": task.label,
            "count": task.count,
            "amount": amount,
            "warning": task.warning,
            "action": task.action,
        }

    @api.model
    def _get_page_tasks(self, creditors, today):
        """What leaves by itself at the next sending, and the regimes that nobody confirmed."""
        ready = self._count_task(
            creditors,
            "ready",
            self.env._("E-mails ready to leave"),
            15,
            NOTICES,
            [("state", "=", "ready"), ("send_email", "=", True)],
            "amount_total",
        )
        customers = self.env["account.dunning.notice"]._read_group(
            [
                ("company_id", "in", creditors.ids),
                ("state", "in", ("draft", "ready")),
                ("level_id.penalties", "!=", "none"),
                ("partner_id.dunning_regime", "=", False),
            ],
            ["partner_id"],
        )
        label = self.env._("Legal regimes to confirm")
        action = {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": "res.partner",
            "view_mode": "list,form",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", [partner.id for (partner,) in customers])],
        }
        return [ready, Task("regime", label, len(customers), action, None, 40)]
