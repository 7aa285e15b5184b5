from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, format_amount

from .account_dunning_plan_credits import steps
from .account_dunning_plan_item import item

NAMED_CREDITS = 3


class AccountDunningPlan(models.AbstractModel):
    """Which credits a customer has that are not allocated: to name them to whoever asks."""

    _inherit = "account.dunning.plan"

    @api.model
    def _get_credit_names(self, creditor, partner, is_sure=True):
        """Return the credits and payments not yet allocated, by name and amount, for the user.

        :param creditor: ``res.company``
        :param partner: commercial partner
        :param bool is_sure: those that are surely his, else all of them, the unsure ones first
        :rtype: str
        """
        columns = SQL("label, amount, currency_id")
        rest = SQL("AND (is_sure OR NOT %s) ORDER BY is_sure, on_date, source_id", is_sure)
        credits = self._read_money(creditor, partner, columns, rest)
        currencies = self.env["res.currency"]
        names = [
            f"{label} ({format_amount(self.env, float(amount), currencies.browse(currency_id))})"
            for label, amount, currency_id in credits[:NAMED_CREDITS]
        ]
        return ", ".join(names) + (", …" if len(credits) > NAMED_CREDITS else "")

    @api.model
    def _get_credit_value(self, creditor, partner):
        """Return what a customer has that is not allocated, in the company's currency.

        :rtype: ``Decimal``
        """
        [(value,)] = self._read_money(creditor, partner, SQL("COALESCE(sum(value), 0)"), SQL())
        return Decimal(str(round(value, 2)))

    @api.model
    def _read_money(self, creditor, partner, columns, rest):
        """Read the money of a customer as the plan does.

        :param SQL columns: of ``account_dunning_plan_credits.kept``
        :param SQL rest: further conditions, order
        """
        self.env.flush_all()
        scope = self._get_scope(creditor, partner)
        query = SQL(
            "WITH item AS (%s), %s SELECT %s FROM kept WHERE partner_id = %s AND amount > 0 %s",
            item(scope),
            steps(scope),
            columns,
            partner.commercial_partner_id.id,
            rest,
        )
        return self.env.execute_query(query)
