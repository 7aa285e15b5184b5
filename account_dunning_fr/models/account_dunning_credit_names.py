from odoo import api, fields, models
from odoo.tools import format_amount

NAMED_CREDITS = 3


class AccountDunningPlan(models.AbstractModel):
    """Which credits a customer has that are not allocated: to name them to whoever asks."""

    _inherit = "account.dunning.plan"

    @api.model
    def _get_credit_names(self, creditor, partner):
        """Return the credits and payments not yet allocated, by name and amount, for the user.

        The same sources as the plan: open credits, payments in process without an entry, lines of
        bank statements that wait for their reconciliation.

        :param creditor: ``res.company``
        :param partner: commercial partner
        :rtype: str
        """
        companies = creditor._get_dunning_companies()
        mine = fields.Domain("company_id", "in", companies.ids) & fields.Domain(
            "partner_id.commercial_partner_id", "=", partner.id
        )
        items = self.env["account.move.line"].search(
            mine
            & fields.Domain("account_id", "in", self._get_scope(creditor)["account_ids"])
            & fields.Domain("reconciled", "=", False)
            & fields.Domain("parent_state", "=", "posted")
            & fields.Domain("amount_residual_currency", "<", 0)
        )
        payments = self.env["account.payment"].search(
            mine
            & fields.Domain("state", "=", "in_process")
            & fields.Domain("move_id", "=", False)
            & fields.Domain("payment_type", "=", "inbound")
            & fields.Domain("partner_type", "=", "customer")
        )
        bank_lines = self.env["account.bank.statement.line"].search(
            mine & fields.Domain("is_reconciled", "=", False) & fields.Domain("amount", ">", 0)
        )
        credits = [
            *((item.move_name, -item.amount_residual_currency, item.currency_id) for item in items),
            *((each.display_name, each.amount, each.currency_id) for each in payments),
            *((line.move_id.name, line.amount, line.currency_id) for line in bank_lines),
        ]
        names = [
            f"{name} ({format_amount(self.env, amount, currency)})"
            for name, amount, currency in credits[:NAMED_CREDITS]
        ]
        return ", ".join(names) + (", …" if len(credits) > NAMED_CREDITS else "")
