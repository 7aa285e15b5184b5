from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..common.account_dunning_facts import BOOKED
from ..common.creditors_day import creditors_day
from ..common.due import RECEIVABLE_ITEMS
from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    def get_dunning_facts(self):
        """Return what the tab « Recouvrement » of a customer shows besides stored fields.

        :return: list of groups (``account.dunning.facts``)
        """
        self.ensure_one()
        self.check_access("read")
        facts = self.env["account.dunning.facts"]
        groups = [
            facts._prepare_group(
                self,
                ["dunning_due_text", "dunning_overdue_text", "dunning_last_notice_id"],
                title=self.env._("Situation"),
                buttons=[("action_view_dunning_items", self.env._("Items due"))],
            ),
            facts._prepare_group(
                self,
                [f"dunning_penalty_{name}" for name in ("to_date", *BOOKED)],
                title=self.env._("Penalties"),
                buttons=[("action_view_dunning_penalties", self.env._("See item by item"))],
            ),
            self._get_dunning_promise_facts(),
            facts._prepare_group(
                self,
                [] if self.dunning_profile else ["dunning_profile_proposed"],
                buttons=[("action_set_dunning_profile", self.env._("Take the proposed profile"))]
                if self.has_access("write")
                else [],
            ),
            self._get_dunning_hold_facts(),
        ]
        return facts._keep_told(groups)

    def _get_dunning_promise_facts(self):
        facts = self.env["account.dunning.facts"]
        group = facts._prepare_group(
            self,
            ["dunning_promise_count"],
            title=self.env._("Promises"),
            buttons=[("action_view_dunning_promises", self.env._("See them"))],
        )
        if group["rows"]:
            [row] = group["rows"]
            row["value"] = self.env._(
                "%(percent)s%% kept, of %(count)s",
                percent=round(self.dunning_promise_rate * 100),
                count=self.dunning_promise_count,
            )
        return group

    # -- Amounts on the form of a customer: totals by currency, and their items --------------------

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

    def _get_dunning_items_domain(self):
        """Return the domain of the open items of these customers, in the user's companies."""
        return [
            ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
            *RECEIVABLE_ITEMS,
            ("reconciled", "=", False),
            ("parent_state", "=", "posted"),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_dunning_totals(self):
        today = creditors_day(self)
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

    def action_view_dunning_items(self):
        """Open the statement of this customer: what is due, item by item."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_customer_items"
        )
        action["domain"] = self._get_dunning_items_domain()
        action["display_name"] = self.env._("Items due by %s", self.display_name)
        return action

    def action_dunning_adapt_policy(self):
        """Open a policy for this customer only: changing it affects nobody else.

        A copy of the policy he follows, by choice, by rule or by default, unless it is already his
        own.
        """
        self.ensure_one()
        policies = self.env["account.dunning.policy"]
        policies.check_access("create")
        self.commercial_partner_id.check_access("write")
        creditor = self.env.company.dunning_creditor_id
        partner = self.commercial_partner_id
        rows = self.env["account.dunning.plan"].sudo()._simulate(creditor, partners=partner)
        found = policies.browse(next((row.policy_id for row in rows if row.policy_id), None))
        policy = partner.dunning_policy_id or found or creditor._get_dunning_policy()
        if not policy:
            raise UserError(self.env._("Choose the company's default policy first."))
        return policy.with_env(self.env)._adapt(partner, creditor)._get_records_action()

    def action_dunning_money(self):
        """Open the money that may be this customer's payment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_waiting_money"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}

    def action_dunning_account_statement(self):
        """Ask for the date of these customers' statement of account."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_account_statement"
        )
        customers = self.commercial_partner_id.ids
        return {**action, "context": {"default_partner_ids": customers}, "target": "new"}
