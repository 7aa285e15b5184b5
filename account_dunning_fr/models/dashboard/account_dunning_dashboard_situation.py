from odoo import api, fields, models

from ...core import delays, ratios
from ...core.money import ZERO
from .account_dunning_dashboard import LIMIT_MONTHS

AT_RISK_DAYS = 90


class AccountDunningDashboard(models.AbstractModel):
    """The tiles of what is owed on the day."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_situation_tiles(self, scope, sums):
        return [
            self._get_receivables_tile(scope, sums),
            *self._get_due_tiles(scope, sums),
            self._get_at_risk_tile(scope, sums),
            self._get_formal_tile(scope, sums),
            *self._get_credit_tiles(scope, sums),
            *self._get_limit_tiles(scope, sums),
            *self._get_doubtful_tiles(scope, sums),
        ]

    @api.model
    def _get_receivables_tile(self, scope, sums):
        total, _not_due = self._get_owed(sums)
        credit = self._get_total(sums, "credit")
        return self._prepare_tile(
            "receivables",
            self.env._("Receivables"),
            self._money(scope, total),
            note=self.env._("of which %s of credits not allocated", self._money(scope, credit))
            if credit
            else "",
            help=self.env._(
                "Everything open on the receivable accounts on the day: invoices, penalties, "
                "less credit notes and payments not yet allocated."
            ),
            action=self._get_items_action(scope, self.env._("Open items")),
        )

    @api.model
    def _get_due_tiles(self, scope, sums):
        """Return what is not due, and what is overdue with its rate and its concentration."""
        total, not_due = self._get_owed(sums)
        overdue = total - not_due
        largest = [amount for amount, _days in sums.get("top", {}).values()]
        items = self._get_items_action
        return [
            self._prepare_tile(
                "not_due",
                self.env._("Not yet due"),
                self._money(scope, not_due),
                action=items(scope, self.env._("Not yet due"), self._get_age_domain(scope, 0)),
            ),
            self._prepare_tile(
                "overdue",
                self.env._("Overdue"),
                self._money(scope, overdue),
                note=self.env._(
                    "Rate of overdue: %(rate)s – ten largest customers: %(share)s",
                    rate=self._percent(ratios.overdue_rate(overdue, total)),
                    share=self._percent(ratios.concentration(largest, overdue)),
                ),
                help=self.env._("Overdue ÷ receivables. An item is overdue after its due date."),
                action=items(scope, self.env._("Overdue"), self._get_late_domain(scope)),
                tone="warning" if overdue > 0 else "",
            ),
        ]

    @api.model
    def _get_at_risk_tile(self, scope, sums):
        total, _not_due = self._get_owed(sums)
        oldest = delays.age(AT_RISK_DAYS + 1)
        at_risk = sum(self._get_amounts_by_age(sums)[oldest:], ZERO)
        label = self.env._("More than 90 days late")
        return self._prepare_tile(
            "at_risk",
            label,
            self._money(scope, at_risk),
            note=self.env._("%s of the receivables", self._percent(ratios.percent(at_risk, total))),
            action=self._get_items_action(scope, label, self._get_late_domain(scope, AT_RISK_DAYS)),
            tone="danger" if at_risk > 0 else "",
        )

    @api.model
    def _get_formal_tile(self, scope, sums):
        running, expired = (self._get_total(sums, "formal", [key]) for key in ("false", "true"))
        formal = [("kind", "=", "formal_notice"), ("state", "=", "sent"), ("has_left", "=", True)]
        return self._prepare_tile(
            "formal_notices",
            self.env._("Under formal notice"),
            self._money(scope, running + expired),
            note=self.env._("of which expired: %s", self._money(scope, expired)),
            help=self.env._(
                "Open items claimed in a formal notice; expired once its printed deadline is past."
            ),
            action=self._get_notices_action(scope, self.env._("Formal notices"), formal),
            tone="danger" if expired > 0 else "",
        )

    @api.model
    def _get_credit_tiles(self, scope, sums):
        """Return what is owed beyond the credit limits; nothing where no limit is granted."""
        rows = sums.get("credit_limit", {})
        if not rows:
            return []
        (over_key,) = (key for key in rows if key.startswith("over "))
        over, count = rows[over_key]
        label = self.env._("Over the credit limit")
        used = ratios.percent(rows["owed"][0], rows["limit"][0])
        return [
            self._prepare_tile(
                "credit_limit",
                label,
                self._money(scope, over),
                note=self.env._(
                    "customers: %(count)s; limits used: %(used)s",
                    count=count,
                    used=self._percent(used),
                ),
                help=self.env._(
                    "What customers owe beyond the credit limit of their form, added up. Limits "
                    "used: all that these customers owe ÷ their limits. The list shows those "
                    "furthest beyond."
                ),
                action=self._get_items_action(
                    scope,
                    label,
                    [
                        (
                            "partner_id.commercial_partner_id",
                            "in",
                            [int(partner_id) for partner_id in over_key.split()[1:]],
                        )
                    ],
                ),
                tone="warning" if over > 0 else "",
            )
        ]

    @api.model
    def _get_limit_tiles(self, scope, sums):
        """Return what is soon time-barred; nothing where nothing is."""
        amount = self._get_total(sums, "limit")
        if not amount:
            return []
        label = self.env._("Soon time-barred")
        return [
            self._prepare_tile(
                "limit",
                label,
                self._money(scope, amount),
                note=self.env._("within %s months, or already", LIMIT_MONTHS),
                help=self.env._(
                    "Unpaid items whose limitation ends soon, counted from the due date, so at the "
                    "latest: it may have begun earlier, when the service was completed. Two years "
                    "for a consumer, four for a public body (full calendar years), five for all "
                    "others. What interrupts it (acknowledgement, claim in court, enforcement) is "
                    "not counted here: look into each debt."
                ),
                action=self._get_items_action(scope, label, self._get_limit_domain(scope)),
                tone="danger",
            )
        ]

    @api.model
    def _get_limit_domain(self, scope):
        """Return the debts soon time-barred as a domain, by the legal regime of the customer."""
        days = {key: fields.Date.to_string(day) for key, day in scope["limits"].items()}
        regime = "partner_id.commercial_partner_id.dunning_regime"
        special = [key for key in days if key != "b2b"]
        usual = ["&", ("dunning_due", "<=", days["b2b"])]
        domain = [*usual, "|", (regime, "=", False), (regime, "not in", special)]
        for key in special:
            domain = ["|", *domain, "&", ("dunning_due", "<=", days[key]), (regime, "=", key)]
        return [("debit", ">", 0), ("partner_id", "!=", False), *domain]

    @api.model
    def _get_doubtful_tiles(self, scope, sums):
        """Return the doubtful debts (416) and the share that 491 covers; nothing without any."""
        doubtful = self._get_total(sums, "doubtful")
        if not doubtful:
            return []
        covered = ratios.percent(self._get_total(sums, "provision"), doubtful)
        return [
            self._prepare_tile(
                "doubtful",
                self.env._("Doubtful debts (416)"),
                self._money(scope, doubtful),
                # A depreciation is rarely booked by customer: filtered, it would say nothing.
                note=""
                if self._is_filtered(scope)
                else self.env._("depreciated (491): %s", self._percent(covered)),
                help=self.env._(
                    "Balance of the doubtful customers on the day, and the part of it that the "
                    "depreciations cover. Where 416 is not a receivable account, the receivables "
                    "do not include it."
                ),
                action=self._get_accounts_action(
                    scope, self.env._("Doubtful debts (416)"), "doubtful"
                ),
            )
        ]
