from odoo import api, fields, models
from odoo.tools import SQL

from .account_dunning_dashboard_filters import converted, kept


class AccountDunningDashboard(models.AbstractModel):
    """The court files by stage and the registered letters by what became of them."""

    _inherit = "account.dunning.dashboard"

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
