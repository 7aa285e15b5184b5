from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ...core.money import ZERO


class AccountDunningDashboard(models.AbstractModel):
    """The control line: the total shown is the balance of the receivable accounts."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_control(self, scope, sums):
        """Return the line that ties the dashboard to the books, with the list of any difference.

        The total of the open items is that of the whole company, whatever the filters.
        """
        kept = self._get_total(sums, "kept")
        shown = kept + self._get_total(sums, "left_out")
        ledger = self._get_ledger_total(scope)
        filtered = self._is_filtered(scope) and self._money(scope, kept, exact=True)
        return {
            **self._get_tie(scope, shown, ledger),
            **self._get_orphans(scope, sums),
            "filtered": filtered,
            "filtered_text": filtered and self.env._("Kept by the filters: %s", filtered),
            "action": self._get_ledger_action(scope),
        }

    @api.model
    def _get_ledger_total(self, scope):
        """Return the balance of the receivable accounts on the day."""
        Balance = self.env["account.dunning.balance"]
        return sum(
            (
                Decimal(str(Balance._get_ledger_balance(company, scope["as_of"])))
                * Decimal(str(scope["rates"][company.id]))
                for company in scope["companies"]
            ),
            ZERO,
        )

    @api.model
    def _get_tie(self, scope, shown, ledger):
        """Return both totals, and the sentence that says whether they agree."""
        values = {
            "day": format_date(self.env, scope["as_of"]),
            "shown": self._money(scope, shown, exact=True),
            "ledger": self._money(scope, ledger, exact=True),
            "difference": self._money(scope, shown - ledger, exact=True),
        }
        agrees = scope["currency"].is_zero(float(shown - ledger))
        text = (
            self.env._(
                "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – they agree to "
                "the cent.",
                **values,
            )
            if agrees
            else self.env._(
                "On %(day)s: open items %(shown)s, receivable accounts %(ledger)s – difference "
                "%(difference)s: compare the two lists.",
                **values,
            )
        )
        return {**values, "agrees": agrees, "text": text}

    @api.model
    def _get_orphans(self, scope, sums):
        """Return how many open items have no customer, and their list."""
        count = self._get_count(sums, "orphan")
        if not count:
            return {"orphans": 0, "orphans_action": 0}
        return {
            "orphans": self.env._("%(count)s items without a customer", count=count),
            "orphans_action": {
                **self._get_items_action(scope, self.env._("Items without a customer")),
                "domain": [
                    ("dunning_open_on", "=", fields.Date.to_string(scope["as_of"])),
                    ("company_id", "in", scope["companies"].ids),
                    ("partner_id", "=", False),
                ],
            },
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
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("date", "<=", fields.Date.to_string(scope["as_of"])),
                ("company_id", "in", scope["companies"].ids),
            ],
            "context": {"group_by": ["account_id"]},
        }
