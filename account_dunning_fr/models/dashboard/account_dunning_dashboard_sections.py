from decimal import Decimal
from itertools import pairwise

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...core import forecast, ratios
from ...core.delays import AGES
from ...core.money import ZERO
from .query import results
from .query.filters import converted, kept

CHANNELS = ("send_email", "send_letter", "send_registered", "make_call")


class AccountDunningDashboard(models.AbstractModel):
    """The sections below the tiles: rows of texts, bars and actions."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_age_labels(self):
        """Return the names of the ages, from « not due » to the oldest."""
        labels = [self.env._("Not yet due")]
        for newer, last in pairwise(AGES):
            labels.append(self.env._("%(first)s–%(last)s days", first=newer + 1, last=last))
        return [*labels, self.env._("Over %s days", AGES[-1])]

    @api.model
    def _get_ages(self, scope, sums):
        """Return the aged balance, one row an age."""
        amounts = self._get_amounts_by_age(sums)
        total, longest = sum(amounts, ZERO), max(amounts)
        return [
            {
                "key": f"age_{age}",
                "label": label,
                "value": self._money(scope, amount),
                "exact": self._money(scope, amount, exact=True),
                "percent": self._percent(ratios.percent(amount, total)),
                "width": self._width(amount, longest),
                "tone": ("success", "info", "warning", "warning", "danger", "danger")[age],
                "action": self._get_items_action(scope, label, self._get_age_domain(scope, age)),
            }
            for age, (label, amount) in enumerate(zip(self._get_age_labels(), amounts, strict=True))
        ]

    @api.model
    def _get_customers(self, scope, sums):
        """Return the customers most overdue, with their share of all that is overdue."""
        rows = sums.get("top", {})
        total, not_due = self._get_owed(sums)
        longest = max((amount for amount, _late in rows.values()), default=ZERO)
        partners = self.env["res.partner"].sudo().browse([int(key) for key in rows])
        late = self._get_late_domain(scope)
        return [
            {
                "key": f"customer_{partner.id}",
                "label": partner.display_name,
                "value": self._money(scope, amount),
                "exact": self._money(scope, amount, exact=True),
                "percent": self._percent(ratios.percent(amount, total - not_due)),
                "note": self.env._("%s days", days or 0),
                "width": self._width(amount, longest),
                "tone": "warning",
                "action": self._get_items_action(
                    scope,
                    partner.display_name,
                    [("partner_id.commercial_partner_id", "=", partner.id), *late],
                ),
            }
            for partner, (amount, days) in zip(partners, rows.values(), strict=True)
        ]

    @api.model
    def _get_task_rows(self, scope):
        """Return the work that waits today; it is that of today whatever the as-of day."""
        return [
            {
                "key": task.key,
                "label": task.label,
                "count": task.count,
                "value": "" if task.amount is None else self._money(scope, task.amount),
                "tone": "danger" if task.warning else "",
                "action": task.action,
            }
            for task in self.env["account.dunning.today"]._get_tasks(scope["creditors"])
        ]

    @api.model
    def _get_holds(self, scope, sums):
        """Return what is not chased on the day, by reason."""
        rows = sums.get("held", {})
        total = self._get_total(sums, "kept")
        reasons = dict(
            self.env["account.dunning.hold"]._fields["reason"]._description_selection(self.env)
        )
        as_of = fields.Date.to_string(scope["as_of"])
        current = [
            ("date_from", "<=", as_of),
            "|",
            ("date_until", "=", False),
            ("date_until", ">=", as_of),
            "|",
            ("released_on", "=", False),
            ("released_on", ">", as_of),
        ]
        return [
            {
                "key": reason,
                "label": label,
                "count": rows[reason][1],
                "value": self._money(scope, rows[reason][0]),
                "percent": self._percent(ratios.percent(rows[reason][0], total)),
                "action": self._get_model_action(
                    scope,
                    "action_account_dunning_hold",
                    label,
                    [("reason", "=", reason), *current],
                ),
            }
            for reason, label in reasons.items()
            if reason in rows
        ]

    @api.model
    def _get_penalties(self, scope):
        """Return the penalties owed, claimed, received and waived; empty where there is none.

        What is owed and waived is that of today: only the books keep their days.
        """
        owed = waived = ZERO
        for currency_id, *sums in self.env.execute_query(results.penalties_computed(scope)):
            interest, waived_interest, indemnity, waived_indemnity = (
                Decimal(str(amount or 0)) for amount in sums
            )
            rate, euro_rate = (
                Decimal(str(self._get_rate(scope, currency)))
                for currency in (currency_id, scope["euro_id"])
            )
            owed += interest * rate + indemnity * euro_rate
            waived += waived_interest * rate + waived_indemnity * euro_rate
        [(claimed, received)] = self.env.execute_query(results.penalties_claimed(scope))
        if not (owed or claimed):
            return []
        action = "action_account_dunning_penalty"
        posted = [("line_ids.parent_state", "=", "posted")]
        rows = (
            ("owed", self.env._("Owed by law"), owed, []),
            ("claimed", self.env._("Claimed (posted)"), claimed, posted),
            ("received", self.env._("Received in payment"), received, posted),
            ("waived", self.env._("Waived penalties"), waived, [("waive_reason", "!=", False)]),
        )
        return [
            {
                "key": key,
                "label": label,
                "value": self._money(scope, amount or 0),
                "exact": self._money(scope, amount or 0, exact=True),
                "action": self._get_model_action(scope, action, label, domain),
            }
            for key, label, amount, domain in rows
        ]

    @api.model
    def _get_rate(self, scope, currency_id):
        currency = self.env["res.currency"].browse(currency_id)
        return currency._get_conversion_rate(
            currency, scope["currency"], scope["companies"][:1], scope["as_of"]
        )

    @api.model
    def _get_steps(self, scope):
        """Return what each kind of message brought in, by level and channels."""
        rows = self.env.execute_query(results.steps(scope))
        levels = self.env["account.dunning.level"].sudo()
        steps = []
        for level_id, email, letter, registered, call, claimed, collected, count in rows:
            level = levels.browse(level_id)
            ticked = dict(zip(CHANNELS, (email, letter, registered, call), strict=True))
            claimed, collected = (Decimal(str(amount or 0)) for amount in (claimed, collected))
            rate = ratios.percent(collected, claimed)
            domain = [
                ("level_id", "=", level_id),
                ("state", "=", "sent"),
                ("has_left", "=", True),
                ("date", ">", fields.Date.to_string(scope["year_ago"])),
                ("date", "<=", fields.Date.to_string(scope["as_of"])),
                *((channel, "=", bool(value)) for channel, value in ticked.items()),
            ]
            steps.append(
                {
                    "key": f"step_{len(steps)}",
                    "label": level.name,
                    "channels": level._get_channel_names(ticked),
                    "count": count,
                    "claimed": self._money(scope, claimed),
                    "collected": self._money(scope, collected),
                    "percent": self._percent(rate),
                    "width": self._width(rate or ZERO, Decimal(100)),
                    "action": self._get_notices_action(scope, level.name, domain),
                }
            )
        return steps

    @api.model
    def _get_forecast(self, scope, sums):
        """Return the receipts expected by week and certainty, with the lengths of their bars."""
        expected = []
        for key, (amount, _count) in sums.get("expected", {}).items():
            day, certainty = key.split(" ")
            expected.append(forecast.Expected(fields.Date.to_date(day), amount, certainty))
        weeks = forecast.by_week(expected, scope["as_of"])
        longest = max(sum(week.amounts.values(), ZERO) for week in weeks[:-1])
        labels = {
            "certain": self.env._("Committed"),
            "probable": self.env._("Probable"),
            "at_risk": self.env._("At risk"),
        }
        return {
            "labels": labels,
            "empty": not expected,
            "totals": {
                name: self._money(scope, sum((week.amounts[name] for week in weeks), ZERO))
                for name in labels
            },
            "weeks": [
                {
                    "key": f"week_{rank}",
                    "label": self._get_week_label(week),
                    "total": self._money(scope, week.amounts["certain"] + week.amounts["probable"]),
                    "at_risk": bool(week.amounts["at_risk"])
                    and self._money(scope, week.amounts["at_risk"]),
                    "parts": [
                        {
                            "name": name,
                            "label": f"{label}: {self._money(scope, week.amounts[name])}",
                            "width": self._width(week.amounts[name], longest),
                        }
                        for name, label in labels.items()
                        if week.amounts[name] and week.end
                    ],
                }
                for rank, week in enumerate(weeks)
            ],
        }

    @api.model
    def _get_week_label(self, week):
        if not week.end:
            return self.env._("Later")
        return format_date(self.env, week.start, date_format="d MMM")

    # -- The court files by stage and the registered letters by what became of them ----------------

    @api.model
    def _get_cases(self, scope):
        """Return the open court files, one row a stage, with what is left of their items today.

        Only the books keep their days: on a past day too, the stages are those of today.
        """
        rows = {
            state: (amount, count)
            for state, amount, count in self.env.execute_query(self._get_cases_query(scope))
        }
        labels = self.env["account.dunning.case"]._fields["state"]._description_selection(self.env)
        return [
            {
                "key": f"case_{state}",
                "label": label,
                "count": rows[state][1],
                "value": self._money(scope, rows[state][0] or 0),
                "exact": self._money(scope, rows[state][0] or 0, exact=True),
                "action": self._get_model_action(
                    scope, "action_account_dunning_case", label, [("state", "=", state)]
                ),
            }
            for state, label in labels
            if state in rows
        ]

    @api.model
    def _get_cases_query(self, scope):
        return SQL(
            """
            SELECT file.state, sum(%(residual)s), count(DISTINCT file.id)
              FROM account_dunning_case file
              JOIN res_partner partner ON partner.id = file.partner_id
              LEFT JOIN account_dunning_case_item item ON item.case_id = file.id
              LEFT JOIN account_move_line line ON line.id = item.move_line_id
             WHERE file.state <> 'closed' AND file.company_id IN %(creditors)s AND %(kept)s
             GROUP BY file.state
            """,
            residual=converted(scope, SQL("line.amount_residual"), "line"),
            creditors=scope["creditor_ids"],
            kept=kept(scope, SQL("partner"), SQL("line.currency_id")),
        )

    @api.model
    def _get_registered(self, scope):
        """Return the registered letters posted in the last twelve months, by outcome."""
        letters = self.env["account.dunning.registered"].sudo()
        posted = [
            ("posted_on", ">", fields.Date.to_string(scope["year_ago"])),
            ("posted_on", "<=", fields.Date.to_string(scope["as_of"])),
        ]
        domain = [
            ("company_id", "in", scope["creditors"].ids),
            *posted,
            *self._get_partner_domain(scope, "partner_id."),
        ]
        counts = dict(letters._read_group(domain, ["state"], ["__count"]))
        labels = letters._fields["state"]._description_selection(self.env)
        return [
            {
                "key": f"registered_{state}",
                "label": label,
                "count": counts[state],
                "value": "",
                "action": self._get_model_action(
                    scope,
                    "action_account_dunning_registered",
                    label,
                    [("state", "=", state), *posted],
                ),
            }
            for state, label in labels
            if state in counts
        ]
