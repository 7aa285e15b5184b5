from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ..core import delays, ratios
from ..core.money import ZERO
from .account_dunning_dashboard import PERIOD_MONTHS

AT_RISK_DAYS = 90


class AccountDunningDashboard(models.AbstractModel):
    """The tiles: sums of the books, formulas of the core, texts."""

    _inherit = "account.dunning.dashboard"

    # -- Formats ---------------------------------------------------------------------------------

    @api.model
    def _money(self, scope, amount, exact=False):
        """Return an amount in the dashboard's currency; to the unit, or to the cent if exact."""
        unit = "decimals" if exact else "units"
        return formatLang(
            self.env,
            float(amount),
            currency_obj=scope["currency"],
            rounding_method="HALF-UP",
            rounding_unit=unit,
        )

    @api.model
    def _number(self, value, unit):
        """Return a number of one decimal with its unit; a dash for nothing to measure."""
        if value is None:
            return "–"
        return f"{formatLang(self.env, float(value), digits=1)}\N{NO-BREAK SPACE}{unit}"

    @api.model
    def _percent(self, value):
        return self._number(value, "%")

    @api.model
    def _days(self, value):
        return self._number(value, self.env._("days"))

    @api.model
    def _width(self, part, whole):
        """Return the length of a bar in percent of the longest, as CSS."""
        share = max(part, ZERO) / whole * 100 if whole > 0 else ZERO
        return f"{min(share, Decimal(100)):.1f}%"

    @api.model
    def _get_total(self, sums, section, keys=None):
        """Return the sum of a section; of some of its keys only."""
        rows = sums.get(section, {})
        return sum((rows[key][0] for key in (rows if keys is None else keys) if key in rows), ZERO)

    @api.model
    def _get_count(self, sums, section):
        return sum(count or 0 for _amount, count in sums.get(section, {}).values())

    @api.model
    def _get_amounts_by_age(self, sums):
        """Return what is owed by age of the aged balance, as ``core.delays.age`` counts them."""
        amounts = [ZERO] * (len(delays.AGES) + 1)
        for late, (amount, _count) in sums.get("kept", {}).items():
            amounts[delays.age(int(late))] += amount
        return amounts

    @api.model
    def _get_owed(self, sums):
        """Return what is owed in all, and what of it is not yet due."""
        amounts = self._get_amounts_by_age(sums)
        return sum(amounts, ZERO), amounts[0]

    # -- The tiles -------------------------------------------------------------------------------

    @api.model
    def _get_tiles(self, scope, sums):
        """Return the tiles in groups, each ``{"title": text, "tiles": [tile]}``."""
        return [
            {"title": self.env._("Situation"), "tiles": self._get_situation_tiles(scope, sums)},
            {"title": self.env._("Speed"), "tiles": self._get_speed_tiles(scope, sums)},
            {"title": self.env._("Results"), "tiles": self._get_result_tiles(scope, sums)},
        ]

    @api.model
    def _prepare_tile(self, key, label, value, *, note="", help="", action=None, tone=""):
        return {
            "key": key,
            "label": label,
            "value": value,
            "note": note,
            "help": help,
            "action": action,
            "tone": tone,
        }

    @api.model
    def _get_situation_tiles(self, scope, sums):
        total, not_due = self._get_owed(sums)
        overdue = total - not_due
        oldest = delays.age(AT_RISK_DAYS + 1)
        at_risk = sum(self._get_amounts_by_age(sums)[oldest:], ZERO)
        credit = self._get_total(sums, "credit")
        running, expired = (self._get_total(sums, "formal", [key]) for key in ("false", "true"))
        rate = ratios.overdue_rate(overdue, total)
        largest = [amount for amount, _days in sums.get("top", {}).values()]
        items = self._get_items_action
        late = self._get_late_domain(scope)
        formal = [("kind", "=", "formal_notice"), ("state", "=", "sent")]
        return [
            self._prepare_tile(
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
                action=items(scope, self.env._("Open items")),
            ),
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
                    rate=self._percent(rate),
                    share=self._percent(ratios.concentration(largest, overdue)),
                ),
                help=self.env._("Overdue ÷ receivables. An item is overdue after its due date."),
                action=items(scope, self.env._("Overdue"), late),
                tone="warning" if overdue > 0 else "",
            ),
            self._prepare_tile(
                "at_risk",
                self.env._("More than 90 days late"),
                self._money(scope, at_risk),
                note=self.env._(
                    "%s of the receivables",
                    self._percent(ratios.percent(at_risk, total)),
                ),
                action=items(
                    scope,
                    self.env._("More than 90 days late"),
                    self._get_late_domain(scope, AT_RISK_DAYS),
                ),
                tone="danger" if at_risk > 0 else "",
            ),
            self._prepare_tile(
                "formal_notices",
                self.env._("Under formal notice"),
                self._money(scope, running + expired),
                note=self.env._("of which expired: %s", self._money(scope, expired)),
                help=self.env._(
                    "Open items claimed in a formal notice; expired once its printed deadline is "
                    "past."
                ),
                action=self._get_notices_action(scope, self.env._("Formal notices"), formal),
                tone="danger" if expired > 0 else "",
            ),
        ]

    @api.model
    def _get_result_tiles(self, scope, sums):
        opening = {key: row[0] for key, row in sums.get("opening", {}).items()}
        collected = self._get_total(sums, "collected")
        overdue_at_opening = opening.get("true", ZERO)
        total, not_due = self._get_owed(sums)
        opening_day = fields.Date.to_string(scope["opening"])
        sold = [day for day in sums.get("sales", {}) if day > opening_day]
        sales = self._get_total(sums, "sales", sold)
        months = self.env._("over %s months", PERIOD_MONTHS)
        tiles = [
            self._prepare_tile(
                "recovery",
                self.env._("Recovery rate"),
                self._percent(ratios.recovery_rate(collected, overdue_at_opening)),
                note=self.env._(
                    "%(collected)s of %(overdue)s, %(period)s",
                    collected=self._money(scope, collected),
                    overdue=self._money(scope, overdue_at_opening),
                    period=months,
                ),
                help=self.env._(
                    "Collected during the period on what was overdue at its opening ÷ overdue at "
                    "its opening."
                ),
                action=self._get_payments_action(scope, scope["opening"]),
            ),
            self._prepare_tile(
                "effectiveness",
                self.env._("Collection effectiveness (CEI)"),
                self._percent(
                    ratios.collection_effectiveness(
                        sum(opening.values(), ZERO), sales, total, not_due
                    )
                ),
                note=months,
                help=self.env._(
                    "(opening receivables + sales − receivables) ÷ (opening receivables + sales − "
                    "not yet due). It is complete when nothing collectable is left."
                ),
                action=self._get_items_action(
                    scope, self.env._("Overdue"), self._get_late_domain(scope)
                ),
            ),
        ]
        kept = ratios.promise_keeping_rate(self._get_promises(scope))
        if kept is not None:
            tiles.append(
                self._prepare_tile(
                    "promises",
                    self.env._("Promises kept"),
                    self._percent(kept),
                    note=months,
                    help=self.env._(
                        "Of the money promised for the period, what was paid in time, the "
                        "tolerance included."
                    ),
                    action=self._get_promises_action(scope),
                )
            )
        return tiles
