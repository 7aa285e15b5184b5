from odoo import api, models
from odoo.tools import SQL


class AccountDunningDashboard(models.AbstractModel):
    """The filters that the page offers."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_filters(self, scope):
        """Return the filters: each with its choices and what is chosen."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL),
                       array_agg(DISTINCT dunning_user_id)
                           FILTER (WHERE dunning_user_id IS NOT NULL)
                  FROM res_partner WHERE user_id IS NOT NULL OR dunning_user_id IS NOT NULL
                """
            )
        )
        salespeople, collectors = (set(ids or ()) for ids in rows[0])
        currencies = self.env["res.currency"].search([("active", "=", True)])
        regimes, profiles = (
            self.env["res.partner"]._fields[name]._description_selection(self.env)
            for name in ("dunning_regime", "dunning_profile")
        )
        unconfirmed, without = self.env._("To confirm"), self.env._("Without")
        result = []
        if len(self.env.companies) > 1:
            chosen = scope["companies"]
            result.append(
                self._prepare_filter(
                    "company_ids",
                    self.env._("Company"),
                    [(company.id, company.name) for company in self.env.companies],
                    chosen.id if len(chosen) == 1 else False,
                )
            )
        for name, label, choices in (
            ("salesperson_id", self.env._("Salesperson"), self._get_user_choices(salespeople)),
            (
                "collector_id",
                self.env._("Collector"),
                self._get_user_choices(collectors | salespeople),
            ),
            ("regime", self.env._("Legal regime"), [*regimes, ("none", unconfirmed)]),
            ("profile", self.env._("Profile"), [*profiles, ("none", without)]),
            ("currency_id", self.env._("Currency"), [(c.id, c.name) for c in currencies]),
        ):
            if len(choices) > 1 or scope[name]:
                result.append(self._prepare_filter(name, label, choices, scope[name]))
        return result

    @api.model
    def _get_user_choices(self, user_ids):
        users = self.env["res.users"].sudo().browse(sorted(user_ids)).exists()
        return sorted(((user.id, user.name) for user in users), key=lambda choice: choice[1])

    @api.model
    def _prepare_filter(self, name, label, choices, chosen):
        return {
            "name": name,
            "label": label,
            "chosen": chosen,
            "choices": [{"value": value, "label": text} for value, text in choices],
        }

    @api.model
    def _is_filtered(self, scope):
        """Tell whether only a part of the customers or of the currencies is shown."""
        return any(
            scope[name]
            for name in ("salesperson_id", "collector_id", "currency_id", "regime", "profile")
        )
