from odoo import api, fields, models
from odoo.tools import format_amount, format_date, formatLang

from ..common.account_dunning_today import Task
from ..common.sources import tells
from .states import LIVE

NOTICES = "action_account_dunning_notice"


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    @api.model
    @tells
    def _get_notice_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors, key, label, sequence, NOTICES, domain, "amount_total", warning
            )
            for key, label, sequence, domain, warning in (
                (
                    "to_confirm",
                    self.env._("Reminders to confirm"),
                    10,
                    [("state", "=", "draft")],
                    False,
                ),
                ("to_post", self.env._("Letters to post"), 20, [("to_post", "=", True)], False),
                (
                    "blocked",
                    self.env._("Reminders not sent"),
                    30,
                    self.env["account.dunning.notice"]._get_not_sent_domain(),
                    True,
                ),
            )
        ]

    @api.model
    @tells
    def _get_expiry_tasks(self, creditors, today):
        """Tell the items whose formal notice expired: somebody decides what comes next."""
        items = self.env["account.dunning.notice"]._get_expired_items(creditors, today)
        label = self.env._("Formal notices expired: to hand over")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_dunning_to_hand_over"
        )
        amount = sum(items.mapped("amount_residual"))
        return [Task("to_hand_over", label, len(items), action, amount, 40, warning=True)]

    # -- The « À faire aujourd'hui » page, in one call ---------------------------------------------

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
            "detail": task.detail,
            "button": task.button,
        }

    @api.model
    @tells
    def _get_page_tasks(self, creditors, today):
        """What leaves by itself at the next sending, and the regimes that nobody confirmed."""
        ready = self._count_task(
            creditors,
            "ready",
            self.env._("E-mails ready to leave"),
            16,
            NOTICES,
            [("state", "=", "ready"), ("send_email", "=", True)],
            "amount_total",
        )
        customers = self.env["account.dunning.notice"]._read_group(
            [
                ("company_id", "in", creditors.ids),
                ("state", "in", LIVE),
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
        return [ready, Task("regime", label, len(customers), action, None, 41)]

    @api.model
    @tells
    def _get_rate_tasks(self, creditors, today):
        """Tell the rates to confirm, each with its source and the click that confirms it."""
        figures = self.env["account.dunning.notice"]._get_figures_to_confirm(creditors, today)
        Rate = self.env["account.dunning.rate"]
        rows = Rate.search([("date_from", "in", [figure.start for figure in figures])])
        by_start = {rate.date_from: rate for rate in rows}
        return [
            self._get_rate_task(figure, by_start[figure.start])
            for figure in figures
            if figure.start in by_start
        ]

    @api.model
    def _get_rate_task(self, figure, rate):
        """Return the task of one figure to confirm.

        :param figure: ``core.rates.Figure``
        :param rate: ``account.dunning.rate`` of its half-year
        """
        kind = figure.kind
        column = {"ecb": "ecb_rate", "legal": "legal_rate_other"}[kind]
        certainties = dict(rate._fields[f"{kind}_certainty"]._description_selection(self.env))
        certainty = certainties.get(rate[f"{kind}_certainty"])
        source = rate[f"{kind}_source"] or ""
        button = None
        if self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            method = f"action_confirm_{kind}"
            label = self.env._("Confirm")
            button = {"label": label, "model": rate._name, "method": method, "ids": rate.ids}
        return Task(
            f"rate_{kind}_{figure.start}",
            self.env._(
                "To confirm: %(figure)s, %(percent)s %%",
                figure=rate._get_figure_name(figure),
                percent=formatLang(self.env, rate[column], digits=2),
            ),
            1,
            rate._get_records_action(),
            sequence=12,
            detail=". ".join(filter(None, [certainty, source[:1].upper() + source[1:]])),
            button=button,
        )
