from decimal import Decimal

from odoo import api, fields, models

from ...core import ratios
from ...core.money import ZERO


class AccountDunningDashboard(models.AbstractModel):
    """The promises that fell due in the period of the dashboard."""

    _inherit = "account.dunning.dashboard"

    @api.model
    def _get_promises(self, scope):
        """Return what was promised for the period and what was paid of it, in its currency.

        :param dict scope: as ``_get_scope`` returns it
        :return: list of ``core.ratios.Promise``
        """
        promises = self.env["account.dunning.promise"].search(self._get_promises_domain(scope))
        return [
            ratios.Promise(
                promised=self._convert_promised(scope, promise, promise.amount),
                paid=max(self._convert_promised(scope, promise, promise.amount_received), ZERO),
            )
            for promise in promises
        ]

    @api.model
    def _get_promises_domain(self, scope):
        return [
            ("company_id", "in", scope["creditors"].ids),
            ("state", "in", ("kept", "partly", "broken")),
            ("date_limit", ">", fields.Date.to_string(scope["opening"])),
            ("date_limit", "<=", fields.Date.to_string(scope["as_of"])),
            *self._get_partner_domain(scope, "partner_id."),
        ]

    @api.model
    def _get_promises_action(self, scope):
        """Return the action that lists the promises counted."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_promise"
        )
        return {**action, "domain": self._get_promises_domain(scope), "context": {}}

    @api.model
    def _convert_promised(self, scope, promise, amount):
        converted = promise.currency_id._convert(
            amount, scope["currency"], promise.company_id, promise.date_promised
        )
        return Decimal(str(scope["currency"].round(converted)))
