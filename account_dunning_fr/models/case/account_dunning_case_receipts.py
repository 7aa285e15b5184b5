from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from .states import LEFT


class AccountDunningCaseReceipts(models.AbstractModel):
    """What the books say about a court file since it left: payments received, or reversed.

    Its claim does not change.
    """

    _name = "account.dunning.case.receipts"
    _description = "Receipts of a Court File"

    receipts_warning = fields.Char(compute="_compute_receipts_warning")

    @api.depends("amount_recovered")
    @api.depends_context("lang")
    def _compute_receipts_warning(self):
        """Warn that the books no longer agree with what the file claimed when it left."""
        for case in self:
            case.receipts_warning = case._has_other_receipts() and case._explain_receipts()

    def _explain_receipts(self):
        """Return by how much the books differ from what this file claimed when it left."""
        difference = self.currency_id.compare_amounts(self.amount_recovered, 0)
        if not difference:  # money moved from one of its invoices to another
            return self._get_receipts_summary()
        amount = format_amount(self.env, abs(self.amount_recovered), self.currency_id)
        if difference > 0:
            return self.env._(
                "The books say %s less than when the file left: tell whoever has it what was "
                "received since.",
                amount,
            )
        return self.env._(
            "The books say %s more than when the file left: a payment that it counted was "
            "cancelled, returned or set against something else.",
            amount,
        )

    def _get_receipts_summary(self):
        return self.env._("Its sums in the books are not those of the file any more")

    def _has_other_receipts(self):
        """Whether the amount left of any item has changed since the file left."""
        self.ensure_one()
        return self.state in LEFT and any(
            item.currency_id.compare_amounts(item.amount_left, item.amount_at_handover)
            for item in self.item_ids
        )

    def _ask_about_receipts(self):
        """Keep one activity on each of these files as long as the books differ from its claim."""
        self.item_ids.invalidate_recordset(["amount_left"])
        self.invalidate_recordset(["amount_recovered", "receipts_warning"])
        for case in self:
            speaking = case._in_dunning_lang().with_context(mail_activity_quick_update=True)
            summary = speaking._get_receipts_summary()
            asked = case.activity_ids.filtered(lambda act, told=summary: act.summary == told)
            if not case._has_other_receipts():
                asked.unlink()
            elif not asked:
                case._write_row()
                user = case.user_id or case.company_id.dunning_user_id
                speaking.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id or self.env.uid,
                    summary=summary,
                    note=speaking.receipts_warning,
                )

    def _write_row(self):
        """Make PostgreSQL refuse a concurrent transaction that creates an activity on this file.

        Odoo then retries it, and it sees the existing activity.
        """
        # Written without changing a value: a lock would let the other continue with what it saw
        # before.
        self.env.cr.execute(
            SQL("UPDATE %s SET id = id WHERE id = %s", SQL.identifier(self._table), self.id)
        )
