from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from .states import LEFT


class AccountDunningCaseReceipts(models.AbstractModel):
    """What the books say about a court file since it was generated or left.

    Payments received or reversed, invoices credited, cancelled, reset to draft or corrected to
    another customer. The claim of a file that has left does not change.
    """

    _name = "account.dunning.case.receipts"
    _description = "Receipts of a Court File"

    receipts_warning = fields.Char(compute="_compute_receipts_warning")
    dossier_warning = fields.Char(compute="_compute_dossier_warning")

    @api.depends("amount_recovered", "state", "dossier_id", "item_ids.amount_left")
    @api.depends_context("lang")
    def _compute_receipts_warning(self):
        """Warn that the books no longer agree with what the file claims."""
        for case in self:
            case.receipts_warning = case._has_other_receipts() and case._explain_receipts()

    @api.depends("receipts_warning", "dossier_sums", "state", "item_ids.amount_left")
    @api.depends_context("lang")
    def _compute_dossier_warning(self):
        """Warn that a file in preparation no longer claims what was generated."""
        for case in self:
            told = case.state != "preparation" or case.receipts_warning
            case.dossier_warning = not told and case._has_other_sums() and case._explain_sums()

    def _get_sums_left(self):
        """Return what the books leave of each item: ``{its id, as text: amount}``."""
        self.ensure_one()
        return {str(item.id): item.amount_left for item in self.item_ids}

    def _has_other_sums(self):
        """Whether what is left of the items, or the items, changed since the file was generated.

        Of a file that was generated before this was kept, it is not known.
        """
        self.ensure_one()
        then, now = self.dossier_sums, self._get_sums_left()
        return bool(then) and (
            then.keys() != now.keys()
            or any(
                item.currency_id.compare_amounts(then[str(item.id)], now[str(item.id)])
                for item in self.item_ids
            )
        )

    def _explain_sums(self):
        return self.env._(
            "What it claims has changed since the file was generated: the sums shown here follow "
            "the books, those of the ZIP do not. Generate it again."
        )

    def _explain_receipts(self):
        """Return by how much the books differ from what this file claims or claimed."""
        unposted = self.item_ids.filtered(lambda item: not item._is_posted())
        others = self.item_ids.filtered(lambda item: not item._is_owed()) - unposted
        texts = [self._explain_unposted(unposted), self._explain_others(others)]
        if self.state == "preparation":
            texts.append(self._explain_settled(self._get_gone_items() - unposted - others))
        elif not any(texts) or self.currency_id.compare_amounts(self.amount_recovered, 0):
            texts.append(self._explain_difference())
        return " ".join(filter(None, texts))

    def _explain_unposted(self, items):
        return items and self.env._(
            "No longer posted in the books: %s. Tell whoever has the file, or post them again.",
            self._name_invoices(items),
        )

    def _explain_others(self, items):
        """Return what this file claims although its invoice was corrected to another customer."""
        return items and self.env._(
            "Another customer’s in the books: %s. Take it out of the file, or tell whoever has it.",
            self._name_invoices(items),
        )

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
        """Return the items on which the debtor owes nothing any more, for whatever reason."""
        return self.item_ids.filtered(lambda item: not item._is_owed() or item.amount_left <= 0)

    def _has_other_receipts(self):
        """Whether the books say something else than the file.

        Of one that has left: whether the amount left of any item has changed since. Of one that was
        generated and is still in preparation: whether it claims an item that is no longer due; that
        its other sums changed is told on its page (``dossier_warning``).
        """
        self.ensure_one()
        if self.state == "preparation":
            return bool(self.dossier_id and self._get_gone_items())
        return self.state in LEFT and any(
            not item._is_owed()
            or item.currency_id.compare_amounts(item.amount_left, item.amount_at_handover)
            for item in self.item_ids
        )

    def _ask_about_receipts(self):
        """Keep one activity on each of these files as long as the books differ from its claim.

        The sums of a file in preparation that was generated are computed again, and it is examined.
        """
        self.item_ids.invalidate_recordset(["amount_left"])
        self.invalidate_recordset(["amount_recovered", "receipts_warning", "dossier_warning"])
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
            elif differs:
                asked.note = speaking.receipts_warning  # as it is now
            else:
                asked.unlink()
            if case.state == "preparation" and case.dossier_id:
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
