from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models

from ...core.einvoice import (
    COLLECTED,
    DISPUTES,
    GRACE,
    NEVER_RECEIVED,
    dispute_reason,
    split_reason,
    treatment,
)
from ...core.einvoice_standing import Status, standing
from ...core.file_values import french_day
from ...core.money import to_decimal
from ...core.working_days import add_working_days
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.groups import ACCOUNTING_GROUPS
from ..common.marks import About, on
from .account_dunning_dispute import OPEN
from .account_dunning_einvoice_status import CODES

GRACE_DAYS = 5  # working days for a payment announced by the customer's platform
COLLECTED_CODE = "212"
TO_DO = "account_dunning_fr.mail_activity_type_einvoice"
EINVOICE_TONES = {
    **dict.fromkeys(("206", "207", "208", "210", "213", "221", "501"), "danger"),
    **dict.fromkeys(("205", "212"), "success"),
}
STATUSES = About("account.dunning.einvoice.status", "move_id")
HOLDS = About("account.dunning.hold", "move_id")


class AccountMove(models.Model):
    """Disputes, credit notes, e-invoice statuses: what an invoice contributes to its agreements."""

    _inherit = "account.move"

    dunning_dispute_ids = fields.One2many(
        "account.dunning.dispute", "move_id", string="Disputes", groups=ACCOUNTING_GROUPS
    )

    def action_dunning_dispute(self):
        """Open the open dispute on this invoice, or the form that records one."""
        self.ensure_one()
        disputes = self.env["account.dunning.dispute"]
        known = disputes.search([("move_id", "=", self.id), ("state", "in", OPEN)], limit=1)
        if known:
            return known._get_records_action()
        return open_dialog(
            disputes._name,
            self.env._("Dispute"),
            {
                "default_move_id": self.id,
                "default_company_id": self.company_id.dunning_creditor_id.id,
            },
        )

    def action_dunning_promise(self):
        """Record a promise about these invoices."""
        partner, creditor = self._get_dunning_parties()
        action = partner._open_dunning_promise(creditor)
        items = self.line_ids._filter_dunning_receivable().filtered(
            lambda line: not line.reconciled and not line.dunning_penalty_id
        )
        action["context"]["default_item_ids"] = [fields.Command.set(items.ids)]
        return action

    def action_dunning_payment_plan(self):
        """Prepare a payment plan for the customer of these invoices.

        It is for all that he owes their creditor.
        """
        partner, creditor = self._get_dunning_parties()
        return partner._open_dunning_payment_plan(creditor)

    @on(
        "posted",
        About("account.dunning.dispute", "move_id", "reversed_entry_id"),
        HOLDS._replace(path="reversed_entry_id"),
    )
    def _close_dunning_disputes(self, _before):
        """Close disputes that waited for these credit notes: the rest is claimed again."""
        corrected = self.filtered(lambda move: move.move_type == "out_refund").reversed_entry_id
        if corrected:
            waiting = (
                self.env["account.dunning.dispute"]
                .sudo()
                .search([("move_id", "in", corrected.ids), ("state", "=", "credit_note")])
            )
            for dispute in waiting:
                notes = self.filtered(lambda note, on=dispute.move_id: note.reversed_entry_id == on)
                dispute._owned().credit_note_id = notes[:1]
            waiting._close("accepted")
            corrected._answer_dunning_einvoice()

    @on("reset", About("account.dunning.dispute", "credit_note_id"))
    def _await_dunning_credit_notes(self, _before):
        solved = [("credit_note_id", "in", self.ids), ("state", "=", "accepted")]
        self.env["account.dunning.dispute"].sudo().search(solved)._await_credit_note()

    @on("cancelled", About("account.dunning.dispute", "move_id", states=OPEN))
    def _ask_about_dunning_disputes(self, _before):
        """Ask about the disputes of cancelled invoices: nothing is claimed of these any more."""
        disputes = self.env["account.dunning.dispute"].sudo()
        disputes.search([("move_id", "in", self.ids), ("state", "in", OPEN)])._propose_end()

    def _answer_dunning_einvoice(self):
        """End the hold of an e-invoice status once credit notes cover all that it contests."""
        for hold in self._get_dunning_einvoice_holds():
            move = hold.move_id
            credited = sum(
                move.reversal_move_ids.filtered(lambda note: note.state == "posted").mapped(
                    "amount_total"
                )
            )
            contested = hold.amount_held or move.amount_total
            if move.currency_id.compare_amounts(credited, contested) >= 0:
                move._end_dunning_einvoice_stop()

    # -- The life cycle of the e-invoice -----------------------------------------------------------

    dunning_einvoice_ids = fields.One2many(
        "account.dunning.einvoice.status",
        "move_id",
        string="E-invoice statuses",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_einvoice_code = fields.Selection(
        CODES,
        string="E-invoice status",
        writer="code",
        copy=False,
        index="btree_not_null",
        help="The last status that says more than that the e-invoice left and arrived.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_einvoice_text = fields.Char(
        string="E-invoice", compute="_compute_dunning_einvoice_text", groups=ACCOUNTING_GROUPS
    )

    @api.depends("dunning_einvoice_code", "dunning_einvoice_ids", "dunning_not_received")
    @api.depends_context("lang")
    def _compute_dunning_einvoice_text(self):
        """Describe the standing of the e-invoice, and what it suspends."""
        # An e-invoice without any status suspends nothing.
        holds = self.filtered("dunning_einvoice_code")._get_dunning_einvoice_holds()
        none = self.env["account.dunning.einvoice.status"].sudo()
        for move in self:
            code = move.dunning_einvoice_code
            statuses = move.sudo().dunning_einvoice_ids if code else none
            last = statuses.filtered(lambda status, code=code: status.code == code)[:1]
            hold = holds.filtered(lambda hold, move=move: hold.move_id == move._origin)[:1]
            parts = [last._get_sentence()] if last else []
            if hold.dispute_id:
                parts.append(self.env._("dispute open, not claimed meanwhile"))
            elif move.dunning_not_received:
                parts.append(self.env._("the customer never had it: no reminder, no penalties"))
            elif hold:
                parts.append(self.env._("reminders suspended"))
            move.dunning_einvoice_text = " – ".join(parts)

    def get_dunning_facts(self):
        """Add the disputes of the invoice, and the statuses of its e-invoice."""
        facts = self.env["account.dunning.facts"]
        disputes = facts._prepare_table(
            self.dunning_dispute_ids,
            ["date_open", "reason", "amount", "date_due", "state", "closed_on"],
            title=self._fields["dunning_dispute_ids"]._description_string(self.env),
            opened="id",
            tones=lambda dispute: "warning" if dispute.state in OPEN else "muted",
            words={"amount": self.env._("The whole invoice")},
        )
        statuses = facts._prepare_table(
            self.dunning_einvoice_ids,
            ["day", "code", "amount", "reason_code", "reason", "source"],
            title=self._fields["dunning_einvoice_ids"]._description_string(self.env),
            tones=lambda status: EINVOICE_TONES.get(status.code, ""),
        )
        return super().get_dunning_facts() + facts._keep_told([disputes, statuses])

    def _apply_dunning_einvoice_status(
        self, code, on=None, amount=0.0, reason="", *, source="platform"
    ):
        """Apply a status of this invoice's e-invoice: the single entry point for every platform.

        Its consequences for dunning are applied in the same transaction, from all known statuses
        and the day on which each was issued: one that arrives late, or twice, changes nothing.
        Codes of XP Z12-012: 200 deposited, 201 issued, 202 received, 203 made available (proofs of
        sending and receipt; 200 with the reason ``NON_TRANSMISE``: never received), 204 taken in
        charge, 205 approved (normal), 206 approved in part (dispute of ``amount``), 207 disputed,
        208 suspended, 210 refused, 501 not admissible (dispute), 209 completed (ends 207 and 208),
        211 payment sent (some days), 212 collected (``amount``, or all: not claimed), 213 rejected
        and 221 routing error (because of the address, or without a reason: never received;
        otherwise dispute).

        :param str code: one of these; any other code has no effect and is ignored
        :param on: the day on which it was issued, or the moment (``datetime`` in UTC); today by
            default
        :param float amount: the part concerned, in the invoice's currency; 0 for the whole
        :param str reason: the code of its reason (BR-FR-CDV-CL-09), its words, or both
        :param str source: ``platform``, ``import`` or ``hand``
        :return: the new ``account.dunning.einvoice.status``; empty if nothing is new
        """
        self.ensure_one()
        at = on if isinstance(on, datetime) else None
        day = french_day(at) if at else (on or self.company_id._get_dunning_today())
        reason_code, words = split_reason(reason)
        status = Status(code, day, at, to_decimal(amount, self.currency_id.rounding), reason_code)
        return self._record_dunning_einvoice_status(status, words, source)

    def _record_dunning_einvoice_status(self, status, words, source):
        """Record a status (``core.einvoice_standing.Status``) and apply what it changes."""
        self.ensure_one()
        self = self.company_id._in_dunning_day(self)  # a platform may report it at any hour
        statuses = self.env["account.dunning.einvoice.status"].sudo()
        if treatment(status.code) is None or not self.is_sale_document(include_receipts=True):
            return statuses
        before = self._get_dunning_einvoice_standing()
        new = statuses._record(self, status, words, source)
        if new:
            self.sudo()._follow_dunning_einvoice(before)
        return new

    def _get_dunning_einvoice_standing(self):
        """Return the standing of the e-invoice (``core.einvoice_standing.Standing``)."""
        self.ensure_one()
        statuses = self.sudo().dunning_einvoice_ids
        return standing(statuses._get_values(), self._get_dunning_exact("amount_total"))

    def _get_dunning_exact(self, name):
        """Return an amount of this entry as a ``Decimal``, rounded to its currency."""
        return to_decimal(self[name], self.currency_id.rounding)

    def _get_dunning_einvoice_holds(self):
        """Return the current holds opened by the e-invoices of these entries."""
        holds = self.env["account.dunning.hold"].sudo()
        if not self:
            return holds
        return holds.search(
            [
                ("move_id", "in", self.ids),
                ("einvoice_status", "!=", False),
                ("released_on", "=", False),
            ]
        )

    def _follow_dunning_einvoice(self, before):
        """Suspend or resume dunning as the statuses now require; repeating it changes nothing.

        :param before: the standing until now, as returned by ``_get_dunning_einvoice_standing``
        """
        self.ensure_one()
        self.invalidate_recordset(["dunning_einvoice_ids"])
        now = self._get_dunning_einvoice_standing()
        self.write(
            {
                "dunning_einvoice_code": now.last.code,
                "dunning_not_received": now.not_received,
                "dunning_received_on": now.received_on,
            }
        )
        if now.stop == before.stop:
            return
        if now.stop and now.stop.meaning in DISPUTES and self._go_on_with_dunning_dispute(now.stop):
            return
        self._end_dunning_einvoice_stop()
        claimed = self.state == "posted" and self.move_type != "out_refund"
        if now.stop and claimed and not self.currency_id.is_zero(self.amount_residual):
            self._open_dunning_einvoice_stop(now.stop)

    def _end_dunning_einvoice_stop(self):
        """Close the disputes and end the holds that the e-invoices of these entries opened."""
        holds = self._get_dunning_einvoice_holds()
        holds.dispute_id._close("accepted")
        holds.filtered(lambda hold: not hold.released_on)._release()
        self.sudo().activity_feedback([TO_DO])

    def _go_on_with_dunning_dispute(self, stop):
        """Update the dispute opened by an earlier status from this one: it is the same dispute.

        :return: whether there is one
        """
        hold = self._get_dunning_einvoice_holds().filtered("dispute_id")[:1]
        if hold:
            hold.dispute_id.write(self._prepare_dunning_einvoice_dispute(stop))
            hold.einvoice_status = stop.status.code
        return bool(hold)

    def _open_dunning_einvoice_stop(self, stop):
        if stop.meaning in DISPUTES:
            self._open_dunning_einvoice_dispute(stop)
        elif vals := self._prepare_dunning_einvoice_hold(stop):
            self.env["account.dunning.hold"].create(vals)
            if stop.meaning in (COLLECTED, NEVER_RECEIVED):
                self._ask_about_dunning_einvoice(stop)

    def _open_dunning_einvoice_dispute(self, stop):
        disputes = self.env["account.dunning.dispute"]
        if disputes.search_count([("move_id", "=", self.id), ("state", "in", OPEN)], limit=1):
            return  # already recorded by a person
        dispute = disputes.create(
            {
                "move_id": self.id,
                "date_open": min(stop.status.on, creditors_day(self)),
                "user_id": self._get_dunning_responsible().id,
                **self._prepare_dunning_einvoice_dispute(stop),
            }
        )
        dispute._get_holds().einvoice_status = stop.status.code

    def _prepare_dunning_einvoice_dispute(self, stop):
        """Return the values of a dispute after a status: its reason, and the contested part."""
        # A part larger than the invoice is the whole invoice.
        amount = (
            float(stop.amount) if stop.amount < self._get_dunning_exact("amount_total") else 0.0
        )
        return {
            "amount": amount,
            "reason": dispute_reason(stop.status.code, stop.status.reason),
            "note": self._get_dunning_einvoice_note(stop),
        }

    def _prepare_dunning_einvoice_hold(self, stop):
        """Return the values of the hold for a status that opens no dispute; None if there is none.

        Of a collected amount, the part not yet in the books is not claimed.
        """
        today = creditors_day(self)
        residual = self._get_dunning_exact("amount_residual")
        until, held = None, stop.amount
        if stop.meaning == GRACE:
            until = add_working_days(stop.status.on, GRACE_DAYS)
            if until < today:
                return None
        elif stop.meaning == COLLECTED and held:
            held -= self._get_dunning_exact("amount_total") - residual
            if held <= 0:
                return None
        return {
            "move_id": self.id,
            "reason": "einvoice_refused" if stop.meaning == NEVER_RECEIVED else "postponed",
            "date_from": min(stop.status.on, today),
            "date_until": until,
            "amount_held": float(held) if held < residual else 0.0,
            "note": self._get_dunning_einvoice_note(stop),
            "einvoice_status": stop.status.code,
        }

    def _ask_about_dunning_einvoice(self, stop):
        """Create an activity for whoever follows the invoice, in the language of its creditor."""
        lang = self.company_id.dunning_creditor_id.partner_id._get_dunning_lang()
        speaking = self.with_context(lang=lang, mail_activity_quick_update=True)
        speaking.activity_schedule(
            TO_DO,
            user_id=self._get_dunning_responsible().id,
            summary=(
                speaking.env._("Collected, says the platform: record the payment")
                if stop.meaning == COLLECTED
                else speaking.env._("Rejected: it never reached the customer. Send it again")
            ),
            note=speaking._get_dunning_einvoice_note(stop),
        )

    def _get_dunning_einvoice_note(self, stop):
        lang = self.company_id.dunning_creditor_id.partner_id._get_dunning_lang()
        statuses = self.with_context(lang=lang).dunning_einvoice_ids
        status = statuses.filtered(
            lambda each: (each.code, each.day) == (stop.status.code, stop.status.on)
        )
        return status.env._("E-invoice: %s", status[:1]._get_sentence())

    def _retell_dunning_einvoice(self):
        """Rewrite the reasons for which the statuses suspend dunning, in the current wording."""
        for move in self:
            stop = move._get_dunning_einvoice_standing().stop
            if stop and (holds := move._get_dunning_einvoice_holds()):
                note = move._get_dunning_einvoice_note(stop)
                holds.dispute_id.note = note
                holds.filtered(lambda hold: not hold.dispute_id).note = note
                move.activity_search([TO_DO]).note = note

    @on("cancelled", STATUSES, HOLDS)
    def _forget_dunning_einvoice(self, _before):
        """Stop waiting for answers about a cancelled invoice: it is claimed from nobody."""
        self.filtered(lambda move: move.state == "cancel")._end_dunning_einvoice_stop()

    def _end_dunning_collected(self):
        """Stop waiting for a collected payment that is now in the books."""
        holds = self._get_dunning_einvoice_holds()
        if collected := holds.filtered(lambda hold: hold.einvoice_status == COLLECTED_CODE):
            collected._release()
            collected.move_id.activity_feedback([TO_DO])

    # -- Money that had kept an agreement, and leaves the books ------------------------------------

    def unlink(self):
        lost = self._get_dunning_receipts()
        result = super().unlink()
        self.env["account.dunning.money.received"]._tell_lost(lost)
        return result

    @on("reset")
    def _lose_dunning_receipts(self, _before):
        """What is reconciled with an invoice stays so in draft: only money on account is lost."""
        lost = self._get_dunning_receipts(lambda line: -to_decimal(line.amount_residual_currency))
        self.env["account.dunning.money.received"]._tell_lost(lost)

    @on("cancelled")
    def _lose_dunning_receipts_cancelled(self, _before):
        lost = self._get_dunning_receipts()
        self.env["account.dunning.money.received"]._tell_lost(lost)

    @on("posted")
    def _find_dunning_receipts(self, before):
        """Let reposted money keep what it had kept before."""
        again = self.filtered(lambda move: before[move][1])
        partners = defaultdict(self.env["res.partner"].browse)
        for creditor, partner, *_rest in again._get_dunning_receipts():
            partners[creditor] |= partner
        promises = self.env["account.dunning.promise"].sudo()
        for creditor, paying in partners.items():
            today, local = creditor._open_dunning_day(promises)
            local._review(creditor, today, paying)

    def _get_dunning_receipts(self, get_amount=lambda line: -to_decimal(line.amount_currency)):
        """Return what customers paid by these entries, which have been posted before.

        :param get_amount: takes an item, returns how much of it counts (Decimal)
        :return: list of ``(creditor, customer, currency, day, Decimal)``, without zero amounts
        """
        entries = self.filtered(lambda move: move.move_type == "entry" and move.posted_before)
        return [
            (
                line.company_id.dunning_creditor_id,
                line.partner_id.commercial_partner_id,
                line.currency_id,
                line.date,
                amount,
            )
            for line in entries._get_dunning_received()
            if line.partner_id and (amount := get_amount(line))
        ]
