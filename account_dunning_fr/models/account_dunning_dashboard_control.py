from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..core.money import ZERO


class AccountDunningDashboard(models.AbstractModel):
    """The control line: the total shown is the balance of the receivable accounts."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_control(self, scope, sums):
        """Return the line that ties the dashboard to the books, with the list of any difference.

        The total of the open items is that of the whole company, whatever the filters.
        """
        Balance = self.env["account.dunning.balance"]
        shown = self._get_total(sums, "kept") + self._get_total(sums, "left_out")
        ledger = sum(
            (
                Decimal(str(Balance._get_ledger_balance(company, scope["as_of"])))
                * Decimal(str(scope["rates"][company.id]))
                for company in scope["companies"]
            ),
            ZERO,
        )
        difference = shown - ledger
        orphans = self._get_count(sums, "orphan")
        agrees = scope["currency"].is_zero(float(difference))
        values = {
            "day": format_date(self.env, scope["as_of"]),
            "shown": self._money(scope, shown, exact=True),
            "ledger": self._money(scope, ledger, exact=True),
            "difference": self._money(scope, difference, exact=True),
        }
        kept = self._get_total(sums, "kept")
        return {
            **values,
            "agrees": agrees,
            "text": self.env._(
                "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – they agree to "
                "the cent.",
                **values,
            )
            if agrees
            else self.env._(
                "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – difference "
                "%(difference)s: compare the two lists.",
                **values,
            ),
            "filtered": self._is_filtered(scope) and self._money(scope, kept, exact=True),
            "filtered_text": self._is_filtered(scope)
            and self.env._("Kept by the filters: %s", self._money(scope, kept, exact=True)),
            "orphans": orphans and self.env._("%(count)s items without a customer", count=orphans),
            "orphans_action": orphans
            and {
                **self._get_items_action(scope, self.env._("Items without a customer")),
                "domain": [
                    ("dunning_open_on", "=", fields.Date.to_string(scope["as_of"])),
                    ("company_id", "in", scope["companies"].ids),
                    ("partner_id", "=", False),
                ],
            },
            "action": self._get_ledger_action(scope),
        }

    @api.model
    def _get_ledger_action(self, scope):
        """Return the action that lists the journal items of the receivable accounts to the day."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receivable accounts"),
            "res_model": "account.move.line",
            "views": [[False, "list"], [False, "pivot"]],
            "domain": [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", fields.Date.to_string(scope["as_of"])),
                ("company_id", "in", scope["companies"].ids),
            ],
            "context": {"group_by": ["account_id"]},
        }
