from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ...core import efforts
from ...core.money import ZERO
from .account_dunning_dashboard import PAID_MONTHS

# Outcomes of a call in which nobody of the customer's was spoken to.
NOT_REACHED = ("message", "unreachable")
POSTAGE = ("letter", "registered")


class AccountDunningDashboard(models.AbstractModel):
    """The tiles of what was done to collect, how soon, and at what cost."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_effort_tiles(self, scope, sums):
        return [
            self._get_activation_tile(scope, sums),
            self._get_first_tile(scope, sums),
            self._get_contact_tile(scope, sums),
            self._get_dispute_tile(scope, sums),
            self._get_cost_tile(scope, sums),
        ]

    @api.model
    def _get_activation_tile(self, scope, sums):
        rows = sums.get("debtor", {})
        active, late = rows.get("true", (ZERO, 0))[1], self._get_count(sums, "debtor")
        action = self._get_items_action(scope, self.env._("Overdue"), self._get_late_domain(scope))
        return self._prepare_tile(
            "activation",
            self.env._("Rate of activation"),
            self._percent(efforts.activation_rate(active, late)),
            note=self.env._(
                "%(active)s of %(late)s late customers, %(period)s",
                active=active,
                late=late,
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Of the customers who owe something overdue, those who were reminded or called, "
                "or who paid something, in the period."
            ),
            action={**action, "context": {**action["context"], "group_by": ["partner_id"]}},
        )

    @api.model
    def _get_first_tile(self, scope, sums):
        days, count = sums.get("first", {}).get("", (ZERO, 0))
        label = self.env._("First reminder after")
        return self._prepare_tile(
            "first",
            label,
            self._days(efforts.mean_days(int(days), count or 0)),
            note=self._get_period_label(),
            help=self.env._(
                "Mean number of days between the due date of an item and the first reminder that "
                "claims it; courtesy messages do not count."
            ),
            action=self._get_notices_action(
                scope,
                label,
                [
                    ("state", "=", "sent"),
                    ("has_left", "=", True),
                    ("kind", "!=", "courtesy"),
                    *self._get_between(scope, "date", "opening"),
                ],
            ),
        )

    @api.model
    def _get_contact_tile(self, scope, sums):
        calls = {outcome: count for outcome, (_none, count) in sums.get("call", {}).items()}
        made = sum(calls.values())
        reached = made - sum(calls.get(outcome, 0) for outcome in NOT_REACHED)
        label = self.env._("Calls made")
        return self._prepare_tile(
            "contact",
            self.env._("Reached by phone"),
            self._percent(efforts.contact_rate(reached, made)),
            note=self.env._(
                "%(reached)s of %(made)s calls, %(period)s",
                reached=reached,
                made=made,
                period=self._get_period_label(),
            ),
            help=self.env._(
                "Of the calls made in the period, those in which somebody was spoken to: neither "
                "a message left nor a customer who cannot be reached."
            ),
            action=self._get_model_action(
                scope,
                "action_account_dunning_call",
                label,
                [("state", "=", "done"), *self._get_between(scope, "done_on", "opening")],
                {"group_by": ["outcome"]},
            ),
        )

    @api.model
    def _get_dispute_tile(self, scope, sums):
        rows = sums.get("dispute", {})
        disputed, _opened = rows.get("opened", (ZERO, 0))
        days, closed = rows.get("closed", (ZERO, 0))
        since = fields.Date.to_string(scope["year_ago"])
        sold = [day for day in sums.get("sales", {}) if day > since]
        rate = efforts.dispute_rate(disputed, self._get_total(sums, "sales", sold))
        label = self.env._("Disputes")
        return self._prepare_tile(
            "disputes",
            self.env._("Days to solve a dispute"),
            self._days(efforts.mean_days(int(days), closed)),
            note=self.env._(
                "disputed: %(amount)s, %(rate)s of the sales, over twelve months",
                amount=self._money(scope, disputed),
                rate=self._percent(rate),
            ),
            help=self.env._(
                "Mean time between the opening and the end of the disputes closed in the last "
                "twelve months. Beside it, what was disputed in them ÷ sales, taxes included."
            ),
            action=self._get_model_action(
                scope,
                "action_account_dunning_dispute",
                label,
                [
                    "|",
                    *("&", *self._get_between(scope, "date_open", "year_ago")),
                    *("&", *self._get_between(scope, "closed_on", "year_ago")),
                ],
                {"group_by": ["reason"]},
            ),
        )

    @api.model
    def _get_cost_tile(self, scope, sums):
        """Return what one euro paid late cost; without any price or fee it says where to enter."""
        rows = sums.get("cost", {})
        euro = Decimal(str(self._get_rate(scope, scope["euro_id"])))
        fees = rows.get("fees", (ZERO, 0))[0] * euro
        work = sum((rows.get(kind, (ZERO, 0))[0] for kind in (*POSTAGE, "call")), ZERO)
        paid = self._get_delays(sums, "paid")
        recovered = sum((delay.amount for delay in paid if delay.days > 0), ZERO)
        spent = fees + work
        cost = efforts.cost_per_euro(spent, max(recovered, ZERO)) if spent else None
        return self._prepare_tile(
            "cost",
            self.env._("Cost per euro recovered"),
            "–" if cost is None else self._money(scope, cost, exact=True),
            note=self.env._(
                "%(work)s of post and calls, %(fees)s of fees, over %(months)s months",
                work=self._money(scope, work),
                fees=self._money(scope, fees),
                months=PAID_MONTHS,
            )
            if spent
            else self.env._("Enter what a letter and a call cost in the settings"),
            help=self.env._(
                "Letters, registered letters and calls at the prices of the settings, and the "
                "costs entered on the court files ÷ what was paid after its due date."
            ),
            action=self._get_notices_action(
                scope,
                self.env._("Letters and calls"),
                [
                    ("state", "=", "sent"),
                    *self._get_between(scope, "date", "paid_since"),
                    "|",
                    "|",
                    ("send_letter", "=", True),
                    ("send_registered", "=", True),
                    ("make_call", "=", True),
                ],
            ),
        )

    @api.model
    def _get_between(self, scope, field, since):
        """Return the days after the start of a period, up to the day, as a domain.

        :param str since: key of the scope
        """
        if field == "done_on":  # a moment: the day of the scope is counted to its end
            first, end = (scope[name] + timedelta(days=1) for name in (since, "as_of"))
            return [(field, ">=", f"{first} 00:00:00"), (field, "<", f"{end} 00:00:00")]
        first, last = (fields.Date.to_string(scope[name]) for name in (since, "as_of"))
        return [(field, ">", first), (field, "<=", last)]
