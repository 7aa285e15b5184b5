from decimal import Decimal

from odoo import api, models
from odoo.tools import formatLang

from ...core import delays
from ...core.money import ZERO


class AccountDunningDashboard(models.AbstractModel):
    """The tiles in their groups, and how amounts, rates and days are written."""

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
            {"title": self.env._("Collection work"), "tiles": self._get_effort_tiles(scope, sums)},
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
