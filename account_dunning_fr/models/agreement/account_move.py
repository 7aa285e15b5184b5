from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_dispute import OPEN


class AccountMove(models.Model):
    """Disputes and credit notes: what an invoice contributes to its agreements."""

    _inherit = "account.move"

    dunning_dispute_ids = fields.One2many(
        "account.dunning.dispute", "move_id", string="Disputes", groups=ACCOUNTING_GROUPS
    )

    def action_dunning_dispute(self):
        """Open the form that records a dispute on this invoice, or the dispute that is open."""
        self.ensure_one()
        disputes = self.env["account.dunning.dispute"]
        known = disputes.search([("move_id", "=", self.id), ("state", "in", OPEN)], limit=1)
        if known:
            return known._get_records_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispute"),
            "res_model": disputes._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_move_id": self.id,
                "default_company_id": self.company_id.dunning_creditor_id.id,
            },
        }

    def action_dunning_promise(self):
        """Record a promise about these invoices."""
        action = self.commercial_partner_id.action_dunning_promise()
        items = self.line_ids._filter_dunning_receivable().filtered(
            lambda line: not line.reconciled and not line.dunning_penalty_id
        )
        action["context"].update(
            {
                "default_item_ids": [fields.Command.set(items.ids)],
                "default_company_id": self.company_id.dunning_creditor_id.id,
            }
        )
        return action

    def action_dunning_call(self):
        """Open the call to the customer of this invoice."""
        self.ensure_one()
        return self.commercial_partner_id.with_company(self.company_id).action_dunning_call()

    def _post(self, soft=True):
        posted = super()._post(soft)
        # The credit note that a dispute waited for is there: what remains due is claimed again.
        corrected = posted.filtered(lambda move: move.move_type == "out_refund").reversed_entry_id
        if corrected:
            waiting = (
                self.env["account.dunning.dispute"]
                .sudo()
                .search([("move_id", "in", corrected.ids), ("state", "=", "credit_note")])
            )
            waiting._close("accepted")
        return posted
