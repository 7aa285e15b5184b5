from datetime import timedelta

from odoo import api, fields, models

from ...core.delays import AGES
from .account_dunning_dashboard_filters import PROFILE_BY_REGIME

# Money given back to a customer: in the balance of his account, and never late.
PAID_OUT = ("move_id.origin_payment_id.payment_type", "=", "outbound")


class AccountDunningDashboard(models.AbstractModel):
    """The lists behind the figures, as window actions."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_items_action(self, scope, name, domain=()):
        """Return the action that lists the items open on the day, filtered as the dashboard is.

        :param str name: title of the list
        :param list domain: further conditions on ``account.move.line``
        """
        as_of = fields.Date.to_string(scope["as_of"])
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [
                [self.env.ref("account_dunning_fr.view_move_line_open_items_list").id, "list"],
            ],
            "search_view_id": [
                self.env.ref("account_dunning_fr.view_move_line_open_items_search").id,
                "search",
            ],
            "domain": [
                ("dunning_open_on", "=", as_of),
                ("company_id", "in", scope["companies"].ids),
                *self._get_partner_domain(scope, "partner_id.commercial_partner_id."),
                *self._get_currency_domain(scope),
                *domain,
            ],
            "context": {"dunning_as_of": as_of},
        }

    @api.model
    def _get_partner_domain(self, scope, path):
        """Return the filters on customers as a domain.

        :param str path: how to reach the commercial partner, with its dot
        """
        domain = []
        if user_id := scope["salesperson_id"]:
            domain.append((f"{path}user_id", "=", user_id))
        if user_id := scope["collector_id"]:
            domain += [
                "|",
                (f"{path}dunning_user_id", "=", user_id),
                "&",
                (f"{path}dunning_user_id", "=", False),
                (f"{path}user_id", "=", user_id),
            ]
        if regime := scope["regime"]:
            domain.append((f"{path}dunning_regime", "=", regime != "none" and regime))
        if profile := scope["profile"]:
            domain += self._get_profile_domain(profile, path)
        return domain

    @api.model
    def _get_profile_domain(self, profile, path):
        """Return the customers of a profile, set or following from their regime, as a domain."""
        unset = (f"{path}dunning_profile", "=", False)
        regime = f"{path}dunning_regime"
        if profile == "none":
            return [unset, "|", (regime, "=", False), (regime, "not in", list(PROFILE_BY_REGIME))]
        following = [key for key, value in PROFILE_BY_REGIME.items() if value == profile]
        chosen = (f"{path}dunning_profile", "=", profile)
        return ["|", chosen, "&", unset, (regime, "in", following)]

    @api.model
    def _get_currency_domain(self, scope):
        return [("currency_id", "=", scope["currency_id"])] if scope["currency_id"] else []

    @api.model
    def _get_age_domain(self, scope, age):
        """Return the items of one age of the aged balance as a domain.

        :param int age: place of the age, 0 for what is not due
        """
        as_of = scope["as_of"]
        domain = []
        if age:
            newest = as_of - timedelta(days=AGES[age - 1] + 1)
            domain.append(("dunning_due", "<=", fields.Date.to_string(newest)))
        if age < len(AGES):
            oldest = as_of - timedelta(days=AGES[age])
            domain.append(("dunning_due", ">=", fields.Date.to_string(oldest)))
        return ["!", PAID_OUT, *domain] if age else ["|", PAID_OUT, *domain]

    @api.model
    def _get_late_domain(self, scope, days=0):
        """Return the items late by more than so many days as a domain."""
        last = scope["as_of"] - timedelta(days=days)
        return [("dunning_due", "<", fields.Date.to_string(last)), "!", PAID_OUT]

    @api.model
    def _get_notices_action(self, scope, name, domain):
        """Return the action that lists reminders, those of the filtered customers only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )
        return {
            **action,
            "name": name,
            "domain": [
                ("company_id", "in", scope["creditors"].ids),
                *self._get_partner_domain(scope, "partner_id."),
                *domain,
            ],
            "context": {},
        }

    @api.model
    def _get_model_action(self, scope, xmlid, name, domain=(), context=None):
        """Return the action of another list of the addon, on the filtered customers only."""
        action = self.env["ir.actions.act_window"]._for_xml_id(f"account_dunning_fr.{xmlid}")
        return {
            **action,
            "name": name,
            "domain": [
                ("company_id", "in", scope["creditors"].ids),
                *self._get_partner_domain(scope, "partner_id."),
                *domain,
            ],
            "context": context or {},
        }
