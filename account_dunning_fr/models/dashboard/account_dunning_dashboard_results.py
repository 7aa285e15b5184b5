from odoo import api, fields, models

from ...core import efforts, ratios
from ...core.instalments import KEPT, WAITING
from ...core.money import ZERO
from .account_dunning_dashboard import PERIOD_MONTHS


class AccountDunningDashboard(models.AbstractModel):
    """The tiles of what came in, what was kept of what was promised, and what was lost."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_result_tiles(self, scope, sums):
        return [
            self._get_recovery_tile(scope, sums),
            self._get_effectiveness_tile(scope, sums),
            *self._get_promise_tiles(scope),
            *self._get_plan_tiles(scope),
            *self._get_loss_tiles(scope, sums),
        ]

    @api.model
    def _get_period_label(self):
        return self.env._("over %s months", PERIOD_MONTHS)

    @api.model
    def _get_recovery_tile(self, scope, sums):
        collected = self._get_total(sums, "collected")
        overdue = self._get_total(sums, "opening", ["true"])
        return self._prepare_tile(
            "recovery",
            self.env._("Recovery rate"),
            self._percent(ratios.recovery_rate(collected, overdue)),
            note=self.env._(
                "%(collected)s of %(overdue)s, %(period)s",
                collected=self._money(scope, collected),
                overdue=self._money(scope, overdue),
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Collected during the period on what was overdue at its opening ÷ overdue at "
                "its opening."
            ),
            action=self._get_payments_action(scope, scope["opening"]),
        )

    @api.model
    def _get_effectiveness_tile(self, scope, sums):
        total, not_due = self._get_owed(sums)
        opening_day = fields.Date.to_string(scope["opening"])
        sold = [day for day in sums.get("sales", {}) if day > opening_day]
        index = ratios.collection_effectiveness(
            self._get_total(sums, "opening"), self._get_total(sums, "sales", sold), total, not_due
        )
        return self._prepare_tile(
            "effectiveness",
            self.env._("Collection effectiveness (CEI)"),
            self._percent(index),
            note=self._get_period_label(),
            help=self.env._(
                "(opening receivables + sales − receivables) ÷ (opening receivables + sales − "
                "not yet due). It is complete when nothing collectable is left."
            ),
            action=self._get_items_action(
                scope, self.env._("Overdue"), self._get_late_domain(scope)
            ),
        )

    @api.model
    def _get_promise_tiles(self, scope):
        """Return the share of the promised money that came; nothing where none was promised."""
        promises = self._get_promises(scope)
        kept = ratios.promise_keeping_rate(promises)
        if kept is None:
            return []
        missing = sum((max(row.promised - row.paid, ZERO) for row in promises), ZERO)
        return [
            self._prepare_tile(
                "promises",
                self.env._("Promises kept"),
                self._percent(kept),
                note=self.env._(
                    "not paid: %(missing)s, %(period)s",
                    missing=self._money(scope, missing),
                    period=self._get_period_label(),
                ),
                help=self.env._(
                    "Of the money promised for the period, what was paid in time, the "
                    "tolerance included."
                ),
                action=self._get_promises_action(scope),
            )
        ]

    @api.model
    def _get_plan_tiles(self, scope):
        """Return the share of the instalments paid in time; nothing where none fell due."""
        plans = self.env["account.dunning.payment.plan"].search(self._get_plans_domain(scope))
        judged = plans._judge(scope["as_of"])
        due = plans.line_ids.filtered(
            lambda line: (
                line.id in judged
                and judged[line.id].state != WAITING
                and scope["opening"] < line.date <= scope["as_of"]
            )
        )
        kept = due.filtered(lambda line: judged[line.id].state == KEPT)
        rate = efforts.plan_keeping_rate(len(kept), len(due))
        if rate is None:
            return []
        label = self.env._("Instalments paid in time")
        return [
            self._prepare_tile(
                "plans",
                label,
                self._percent(rate),
                note=self.env._(
                    "%(kept)s of %(due)s, %(period)s",
                    kept=len(kept),
                    due=len(due),
                    period=self._get_period_label(),
                ),
                help=self.env._(
                    "Of the instalments of the payment plans that fell due in the period, those "
                    "paid by their date and the tolerance."
                ),
                action=self._get_model_action(
                    scope,
                    "action_account_dunning_payment_plan",
                    label,
                    self._get_plans_domain(scope),
                ),
            )
        ]

    @api.model
    def _get_plans_domain(self, scope):
        return [
            ("company_id", "in", scope["creditors"].ids),
            ("started_on", "!=", False),
            ("line_ids.date", ">", fields.Date.to_string(scope["opening"])),
            *self._get_partner_domain(scope, "partner_id."),
        ]

    @api.model
    def _get_loss_tiles(self, scope, sums):
        """Return the rate of loss; nothing where the chart has no account 654."""
        if scope["bad_debt_accounts"]["loss"] == (0,):
            return []
        losses = self._get_total(sums, "loss")
        rate = efforts.loss_rate(losses, self._get_total(sums, "turnover"))
        label = self.env._("Losses (654)")
        return [
            self._prepare_tile(
                "losses",
                self.env._("Rate of loss"),
                self._percent(rate),
                note=self.env._("%s written off over twelve months", self._money(scope, losses)),
                help=self.env._(
                    "Bad debts written off (accounts 654) ÷ turnover, both over twelve months and "
                    "without taxes."
                ),
                action=self._get_accounts_action(scope, label, "loss", scope["year_ago"]),
            )
        ]

    @api.model
    def _get_accounts_action(self, scope, name, section, since=None):
        """Return the action that lists the journal items of the accounts of bad debts.

        :param str section: ``loss``, ``doubtful`` or ``provision``
        :param date since: only what is dated after it
        """
        domain = [
            ("account_id", "in", scope["bad_debt_accounts"][section]),
            ("parent_state", "=", "posted"),
            ("date", "<=", fields.Date.to_string(scope["as_of"])),
            ("company_id", "in", scope["companies"].ids),
            *self._get_partner_domain(scope, "partner_id.commercial_partner_id."),
            *self._get_currency_domain(scope),
        ]
        if since:
            domain.append(("date", ">", fields.Date.to_string(since)))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [[False, "list"], [False, "pivot"]],
            "domain": domain,
            "context": {},
        }
