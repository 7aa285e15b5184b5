from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..common.groups import ACCOUNTING_GROUPS

# What a person may change about an invoice that is not chased.
STOPS = (
    "hold",
    "blocked",
    "no_followup",
    "in_payment",
    "covered",
    "possible",
    "no_policy",
    "minimum",
)


class AccountMove(models.Model):
    """« Pourquoi cette facture n'est-elle pas relancée ? »: the sentence, and what changes it."""

    _inherit = "account.move"

    dunning_stop = fields.Char(
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
        help="What stops the dunning of this invoice, if anything does.",
    )
    dunning_hold_id = fields.Many2one(
        "account.dunning.hold", compute="_compute_dunning_plan", groups=ACCOUNTING_GROUPS
    )

    def _prepare_dunning_plan(self, row):
        return {
            **super()._prepare_dunning_plan(row),
            "dunning_stop": row and row["reason"] in STOPS and row["reason"],
            "dunning_hold_id": row and row["hold_id"],
        }

    def _get_dunning_sentence(self, row):
        sentence = super()._get_dunning_sentence(row)
        if not row or row["stop"]:
            return sentence
        currency = self.env["res.currency"].browse(row["currency_id"])
        if row["held_amount"]:
            amount = format_amount(self.env, float(row["held_amount"]), currency)
            sentence = self.env._(
                "%(sentence)s (%(amount)s disputed, not claimed)", sentence=sentence, amount=amount
            )
        if row["possible_amount"]:
            amount = format_amount(self.env, float(row["possible_amount"]), currency)
            sentence = self.env._(
                "%(sentence)s (%(amount)s not claimed: money that may be its payment)",
                sentence=sentence,
                amount=amount,
            )
        return sentence

    # -- What changes it -------------------------------------------------------------------------

    def action_dunning_end_hold(self):
        """Release the hold that stops this invoice, or open what it follows from."""
        self.ensure_one()
        hold = self.dunning_hold_id
        if not hold:
            raise UserError(self.env._("No hold stops this invoice any more."))
        if hold._get_owner():
            return hold.action_open_owner()
        hold.action_release()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_dunning_include(self):
        """Include the invoice in the follow-up again."""
        self.check_access("write")
        self.no_followup = False

    def action_dunning_credits(self):
        """Open the credits and payments of the customer that wait to be allocated."""
        self.ensure_one()
        credit_lines = self.env["account.move.line"].search(
            [
                (
                    "company_id",
                    "in",
                    self.company_id.dunning_creditor_id._get_dunning_companies().ids,
                ),
                ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
                ("account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "<", 0),
            ]
        )
        return {
            **credit_lines._get_records_action(name=self.env._("Credits to allocate")),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", credit_lines.ids)],
        }

    def action_dunning_money(self):
        """Open the money that may be this customer's payment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_money"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}

    def action_dunning_policy(self):
        """Open the customer, where the policy is chosen."""
        self.ensure_one()
        return self.commercial_partner_id._get_records_action()
