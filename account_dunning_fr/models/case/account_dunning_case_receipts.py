from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from .states import LEFT


class AccountDunningCaseReceipts(models.AbstractModel):
    """What the books say about a court file since it was generated or left.

    Payments received or reversed, invoices credited, cancelled or reset to draft. The claim of a
    file that has left does not change.
    """

    _name = "account.dunning.case.receipts"
    _description = "Receipts of a Court File"

    receipts_warning = fields.Char(compute="_compute_receipts_warning")

    @api.depends("amount_recovered", "state", "dossier_id", "item_ids.move_id.state")
    @api.depends_context("lang")
    def _compute_receipts_warning(self):
        """Warn that the books no longer agree with what the file claims."""
        for case in self:
            case.receipts_warning = case._has_other_receipts() and case._explain_receipts()

    def _explain_receipts(self):
        """Return by how much the books differ from what this file claims or claimed."""
        texts = []
        if unposted := self.item_ids.filtered(lambda item: not item._is_posted()):
            texts.append(
                self.env._(
                    "No longer posted in the books: %s. Tell whoever has the file, or post them "
                    "again.",
                    self._name_invoices(unposted),
                )
            )
        if self.state == "preparation":
            texts.append(self._explain_settled(self._get_gone_items() - unposted))
        elif not unposted or self.currency_id.compare_amounts(self.amount_recovered, 0):
            texts.append(self._explain_difference())
        return " ".join(filter(None, texts))

    def _explain_settled(self, items):
        """Return what a file that was generated claims although nothing is left of it."""
        return items and self.env._(
            "Nothing is left to pay on %s since the file was generated: take it out, and generate "
            "the file again.",
            self._name_invoices(items),
        )

    def _name_invoices(self, items):
        return ", ".join(dict.fromkeys(filter(None, items.mapped("invoice_name"))))

    def _explain_difference(self):
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

    def _get_gone_items(self):
        """Return the items on which nothing is due any more: paid, credited or not posted."""
        return self.item_ids.filtered(lambda item: not item._is_posted() or item.amount_left <= 0)

    def _has_other_receipts(self):
        """Whether the books say something else than the file.

        Of one that has left: whether the amount left of any item has changed since. Of one that was
        generated and is still in preparation: whether it claims an item that is no longer due; its
        other sums are computed again when it leaves.
        """
        self.ensure_one()
        if self.state == "preparation":
            return bool(self.dossier_id and self._get_gone_items())
        return self.state in LEFT and any(
            not item._is_posted()
            or item.currency_id.compare_amounts(item.amount_left, item.amount_at_handover)
            for item in self.item_ids
        )

    def _ask_about_receipts(self):
        """Keep one activity on each of these files as long as the books differ from its claim.

        The sums of a file in preparation are computed again, and it is examined.
        """
        self.item_ids.invalidate_recordset(["amount_left"])
        self.invalidate_recordset(["amount_recovered", "receipts_warning"])
        for case in self:
            speaking = case._in_dunning_lang().with_context(mail_activity_quick_update=True)
            summary = speaking._get_receipts_summary()
            asked = case.activity_ids.filtered(lambda act, told=summary: act.summary == told)
            differs = case._has_other_receipts()
            if differs and not asked:
                case._write_row()
                user = case.user_id or case.company_id.dunning_user_id
                speaking.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id or self.env.uid,
                    summary=summary,
                    note=speaking.receipts_warning,
                )
            elif asked and not differs:
                asked.unlink()
            if case.state == "preparation" and (differs or asked):
                speaking._refresh()

    def _write_row(self):
        """Make PostgreSQL refuse a concurrent transaction that creates an activity on this file.

        Odoo then retries it, and it sees the existing activity.
        """
        # Written without changing a value: a lock would let the other continue with what it saw
        # before.
        self.env.cr.execute(
            SQL("UPDATE %s SET id = id WHERE id = %s", SQL.identifier(self._table), self.id)
        )
