from odoo import api, fields, models
from odoo.tools import format_amount

from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """What a customer owes, on his form: totals by currency, the items behind them."""

    _inherit = "res.partner"

    dunning_due_text = fields.Char(
        string="Owed",
        compute="_compute_dunning_totals",
        groups=ACCOUNTING_GROUPS,
        help="Open items less credits not yet allocated, one total per currency.",
    )
    dunning_overdue_text = fields.Char(
        string="Overdue",
        compute="_compute_dunning_totals",
        groups=ACCOUNTING_GROUPS,
        help="Open items whose due date has passed, one total per currency.",
    )
    dunning_last_notice_id = fields.Many2one(
        "account.dunning.notice",
        string="Last message",
        compute="_compute_dunning_last_notice_id",
        groups=ACCOUNTING_GROUPS,
    )

    def _get_dunning_items_domain(self):
        """Return the domain of the open items of these customers, in the user's companies."""
        return [
            ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("reconciled", "=", False),
            ("parent_state", "=", "posted"),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_dunning_totals(self):
        today = fields.Date.context_today(self)
        items = self.env["account.move.line"]
        due = items._read_group(
            self._get_dunning_items_domain(),
            ["partner_id", "currency_id"],
            ["amount_residual_currency:sum"],
        )
        overdue = items._read_group(
            items._get_dunning_domain(self.env.companies)
            & fields.Domain(
                "partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids
            )
            & fields.Domain("dunning_due", "<", today),
            ["partner_id", "currency_id"],
            ["amount_residual_currency:sum"],
        )
        due, overdue = self._sum_dunning_by_customer(due), self._sum_dunning_by_customer(overdue)
        for partner in self:
            key = partner.commercial_partner_id.id
            partner.dunning_due_text = self._format_dunning_totals(due.get(key, {}))
            partner.dunning_overdue_text = self._format_dunning_totals(overdue.get(key, {}))

    @api.model
    def _sum_dunning_by_customer(self, groups):
        totals = {}
        for contact, currency, amount in groups:
            of_customer = totals.setdefault(contact.commercial_partner_id.id, {})
            of_customer[currency] = of_customer.get(currency, 0.0) + amount
        return totals

    def _format_dunning_totals(self, totals):
        amounts = [
            format_amount(self.env, amount, currency)
            for currency, amount in totals.items()
            if not currency.is_zero(amount)
        ]
        return " + ".join(amounts)

    def _compute_dunning_last_notice_id(self):
        rows = self.env["account.dunning.notice"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "=", "sent"),
                ("has_left", "=", True),
            ],
            ["partner_id"],
            ["id:max"],
        )
        last = {partner.id: notice_id for partner, notice_id in rows}
        for partner in self:
            partner.dunning_last_notice_id = last.get(partner.commercial_partner_id.id)

    def action_view_dunning_items(self):
        """Open the statement of this customer: what is due, item by item."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_customer_items"
        )
        action["domain"] = self._get_dunning_items_domain()
        action["display_name"] = self.env._("Items due by %s", self.display_name)
        return action
