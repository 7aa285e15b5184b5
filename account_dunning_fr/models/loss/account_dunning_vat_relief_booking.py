from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.money import ZERO, round_to_step, to_decimal
from ...core.vat_relief import due_again
from ..penalty.account_dunning_penalty_booking import REFUSALS
from . import closing_query as query
from .account_dunning_impairment import money
from .relief_entry import ReliefEntry


class AccountDunningVatRelief(models.Model):
    """The entry that recovers the VAT, those for VAT that is due again, and undoing it."""

    _inherit = "account.dunning.vat.relief"

    entry_id = fields.Many2one("account.move", readonly=True, copy=False, index="btree_not_null")
    repaid = money("VAT given back again", help="On what was paid after the VAT was taken back.")
    due_again = money("VAT due again", compute="_compute_due_again")
    undo_reason = fields.Char(string="Why it is undone", writer="issued sent booked")

    @api.depends("state", "repaid", "line_ids.move_line_id.amount_residual")
    def _compute_due_again(self):
        for record in self:
            record.due_again = 0
            if record.state == "booked":
                due = sum(record._get_due_again().values(), ZERO)
                repaid = to_decimal(record.repaid, record.company_currency_id.rounding)
                record.due_again = float(due - repaid)

    def action_book(self):
        """Prepare the entry that recovers the VAT, or the one for VAT that is due again."""
        self._check_manages()
        self.check_access("write")
        for record in self:
            # For several, problems go to their history; for a single one, to the user.
            speaking = record._in_dunning_lang() if len(self) > 1 else record
            try:
                with self.env.cr.savepoint():
                    speaking.sudo()._book()
            except REFUSALS as error:
                if len(self) == 1:
                    raise
                speaking._message_log(body=error.args[0])

    def _book(self):
        entry = ReliefEntry(self)
        if self.state == "sent":
            entry.take_back()
        elif self.state == "booked":
            entry.give_back(self._get_due_again())
        if entry.lines:
            move = entry.post()
            self.repaid += entry.repaid
            if self.state == "sent":
                self.write({"entry_id": move.id, "state": "booked"})

    def _get_due_again(self):
        """Return the VAT due again on all that was received since, ``{line: Decimal}``."""
        self.ensure_one()
        after_loss = self._get_received_after_loss()
        step = to_decimal(self.company_currency_id.rounding)
        due = {}
        for line in self.line_ids:
            item, claim = line.move_line_id, to_decimal(line.claim, step)
            received = after_loss.get(item.id)
            if received is None:
                received = claim - to_decimal(item.amount_residual, step)
            received = min(max(received, ZERO), claim)
            due[line] = due_again(to_decimal(line.vat, step), claim, received, step)
        return due

    def _get_received_after_loss(self):
        """Return what was received on each lost item since its loss, tax included.

        Receipts are shared among all the lost items of the customer, in proportion.
        """
        company, partner = self.company_id, self.partner_id.commercial_partner_id
        step = to_decimal(company.currency_id.rounding)
        claims = {line.move_line_id.id: to_decimal(line.claim, step) for line in self.line_ids}
        lost = {}
        for code in (query.LOSS, query.EARLIER_LOSS):
            for item_id, partner_id, balance, _amount in self.env.execute_query(
                query.moved(company, code)
            ):
                if partner_id == partner.id and balance > 0:
                    lost[item_id] = claims.get(item_id) or to_decimal(balance, step)
        booked = dict(self.env.execute_query(query.booked(company, query.RECOVERED, partner)))
        received = -to_decimal(booked.get(partner.id, 0.0), step)
        total = sum(lost.values(), ZERO)
        return {
            item_id: round_to_step(received * claim / total, step)
            for item_id, claim in lost.items()
        }

    def action_undo(self):
        """Undo it: the entry is reversed, and the duplicate stays in the history.

        :raise UserError: without a reason
        """
        self._check_manages()
        self.check_access("write")
        for record in self.filtered(lambda each: each.state in ("issued", "sent", "booked")):
            record._check_undo_reason()
            if record.repaid:
                raise UserError(
                    self.env._("VAT was given back again since: reverse that entry first.")
                )
            entry = record.sudo().entry_id.filtered(lambda move: move.state == "posted")
            lost = self.env["account.dunning.impairment"].sudo()
            if entry and lost.search_count([("entry_id", "=", entry.id)], limit=1):
                raise UserError(self.env._("It stands in the entry of the loss: undo the loss."))
            record.sudo().state = "undone"
            if entry:
                record._reverse_entry(entry, f"{entry.name}: {record.undo_reason}", True)
