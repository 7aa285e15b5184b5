from odoo import api, fields, models

from ...core.einvoice import (
    COLLECTED,
    DISPUTE,
    DISPUTE_PART,
    GRACE,
    NEVER_RECEIVED,
    PROOF,
    STOPS,
    treatment,
)
from ...core.working_days import add_working_days
from ..common.groups import ACCOUNTING_GROUPS
from ..common.sources import on
from .account_dunning_dispute import OPEN

GRACE_DAYS = 5  # working days for a payment that the customer's platform announced


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

    @on("posted")
    def _close_dunning_disputes(self, _before):
        """The credit note that a dispute waited for is there: what remains due is claimed again."""
        corrected = self.filtered(lambda move: move.move_type == "out_refund").reversed_entry_id
        if corrected:
            waiting = (
                self.env["account.dunning.dispute"]
                .sudo()
                .search([("move_id", "in", corrected.ids), ("state", "=", "credit_note")])
            )
            waiting._close("accepted")

    # -- The life cycle of the e-invoice, where a module of a platform brings it -------------------

    @api.model
    def _get_dunning_einvoice_status_field(self):
        """Return the name of the field that holds the status code (« 210 »), or False.

        The module of a platform answers it; without one, nothing happens.
        """
        return False

    def write(self, vals):
        result = super().write(vals)
        name = self._get_dunning_einvoice_status_field()
        if name and name in vals:
            for move in self.filtered(lambda move: move.state == "posted" and move[name]):
                move._apply_dunning_einvoice_status(move[name])
        return result

    def _apply_dunning_einvoice_status(self, code, amount=0.0):
        """Stop or resume the dunning of an invoice as its e-invoice's status says.

        Twice the same status changes nothing; what an earlier status held is released.

        :param str code: status of XP Z12-012
        :param float amount: the part refused, for an invoice approved in part
        """
        self.ensure_one()
        meaning = treatment(code)
        if meaning in (None, PROOF):
            return
        holds = self.env["account.dunning.hold"].sudo()
        earlier = holds.search(
            [
                ("move_id", "=", self.id),
                ("einvoice_status", "not in", (False, code)),
                ("released_on", "=", False),
            ]
        )
        earlier.dispute_id._close("accepted")
        earlier._release()
        if meaning not in STOPS or holds.search_count(
            [("move_id", "=", self.id), ("einvoice_status", "=", code)], limit=1
        ):
            return
        if meaning in (DISPUTE, DISPUTE_PART):
            self._open_dunning_einvoice_dispute(code, amount if meaning == DISPUTE_PART else 0.0)
        else:
            self._open_dunning_einvoice_hold(code, meaning)

    def _open_dunning_einvoice_dispute(self, code, amount):
        disputes = self.env["account.dunning.dispute"].sudo()
        known = disputes.search([("move_id", "=", self.id), ("state", "in", OPEN)])
        if known:
            return
        dispute = disputes.create(
            {
                "company_id": self.company_id.dunning_creditor_id.id,
                "move_id": self.id,
                "amount": amount,
                "reason": "other",
                "user_id": self._get_dunning_responsible().id,
                "note": self._get_dunning_einvoice_note(code),
            }
        )
        dispute._get_holds().einvoice_status = code

    def _open_dunning_einvoice_hold(self, code, meaning):
        today = fields.Date.context_today(self)
        grace = meaning == GRACE
        self.env["account.dunning.hold"].sudo().create(
            {
                "company_id": self.company_id.dunning_creditor_id.id,
                "move_id": self.id,
                "reason": "postponed" if meaning in (GRACE, COLLECTED) else "einvoice_refused",
                "date_until": add_working_days(today, GRACE_DAYS) if grace else False,
                "note": self._get_dunning_einvoice_note(code),
                "einvoice_status": code,
            }
        )
        if meaning in (COLLECTED, NEVER_RECEIVED):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self._get_dunning_responsible().id,
                summary=(
                    self.env._("Collected, says the platform: record the payment")
                    if meaning == COLLECTED
                    else self.env._("Rejected: it never reached the customer. Send it again")
                ),
            )

    def _get_dunning_einvoice_note(self, code):
        return self.env._("Status %s of the e-invoice", code)
