from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class AccountDunningNotice(models.Model):
    """The last look before a notice leaves: what it claims is still due, and it can arrive."""

    _inherit = "account.dunning.notice"

    def _check_claims(self):
        """:raise UserError: nothing is claimed any more, or its penalties are not to be computed"""
        self.ensure_one()
        if not any(line.claimed and not line.left_out for line in self.line_ids):
            raise UserError(
                self.env._(
                    "Nothing is claimed in the message to %s any more: cancel it, or put an "
                    "item back in.",
                    self.partner_id.display_name,
                )
            )
        if problem := self._get_penalty_problem() or self._get_rate_problem():
            raise UserError(problem)

    def _get_email_problem(self):
        """Return why this notice cannot leave by e-mail, as a message for the user, or False."""
        self.ensure_one()
        if not self.send_email:
            return self.env._(
                "The message to %s does not go by e-mail: print it, then record its posting.",
                self.partner_id.display_name,
            )
        if not self.recipient_id.active:
            return self.env._(
                "%s is archived: take the customer out of the archive, choose another recipient, "
                "or send a letter.",
                self.recipient_id.display_name,
            )
        if not self.recipient_id.email_normalized:
            return self.env._(
                "%s has no valid e-mail address: fill it in, choose another recipient, or send "
                "a letter.",
                self.recipient_id.display_name,
            )
        if not email_normalize(self.company_id.email):
            return self.env._(
                "The company %s has no e-mail address to write from: fill it in.",
                self.company_id.display_name,
            )
        return False

    def _recall(self, reason):
        """Cancel a notice that was queued and did not leave, and make it anew from the books.

        :param str reason: for the user
        """
        for notice in self:
            notice.write({"state": "cancelled", "cancel_reason": reason})
            notice.delivery = notice.delivery and "refused"
            notice._seal()  # the record that it left was written with it
            notice._refresh_customer()

    def _recall_queued(self, past):
        """Take back e-mails that are no longer right: what they claim, or what they print, is past.

        A message that reached the customer by another way, or one of his addresses, stays.

        :param bool past: its last day passed; else its figures changed
        """
        for notice in self:
            notice = notice._in_company_lang()
            if not past:
                reason = notice.env._("The figures changed before it left")
            else:
                reason = notice.env._(
                    "It did not leave by %s, the day after which what it prints is past",
                    fields.Date.to_string(notice.mail_until or notice.date),
                )
            if notice.served_to:
                notice.delivery = "partial" if past else "taken"
            elif past and notice.delivery_attempts:
                answer = notice.delivery_reason or ""
                notice._give_up_delivery(f"{reason} ({answer})" if answer else reason)
            elif notice._reached_otherwise():
                notice.write({"delivery": "refused", "delivery_reason": reason})
            else:
                notice._recall(reason)
        if past and self:
            self.env.ref("account_dunning_fr.ir_cron_send").sudo()._trigger()

    def _is_still_due(self):
        """Whether every claimed item of a queued notice is still owed as it says."""
        self.ensure_one()
        return bool(self._filter_still_due())

    def _filter_still_due(self):
        """Return the notices whose claimed items are all still owed as they say."""
        owed = {}
        for creditor, notices in self.grouped("company_id").items():
            rows = self.env["account.dunning.plan"]._simulate(creditor, partners=notices.partner_id)
            owed |= {
                row["move_line_id"]: float(
                    row["residual"] - row["held_amount"] - row["credit_amount"]
                )
                for row in rows
                if not row["stop"]
            }

        def is_due(line):
            left = owed.get(line.move_line_id.id, 0.0)
            return line.currency_id.compare_amounts(left, line.amount_due) == 0

        return self.filtered(
            lambda notice: all(
                is_due(line) for line in notice.line_ids if line.claimed and not line.left_out
            )
        )
