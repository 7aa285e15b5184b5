from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class AccountDunningNotice(models.Model):
    """The last look before a notice leaves: what it claims is still due, and it can arrive."""

    _inherit = "account.dunning.notice"

    def _check_claims(self):
        """:raise UserError: if nothing is claimed any more, or its penalties cannot be computed"""
        self.ensure_one()
        if not any(line.claimed and not line.left_out for line in self.line_ids):
            raise UserError(
                self.env._(
                    "Nothing is claimed in the message to %s any more: cancel it, or put an "
                    "item back in.",
                    self.partner_id.display_name,
                )
            )
        if problem := self._get_penalty_problem():
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

    def _recall(self):
        """Cancel a notice whose figures changed after it was queued, before it was handed over."""
        for notice in self:
            notice.write(
                {
                    "state": "cancelled",
                    "cancel_reason": self.env._("The figures changed before it left"),
                }
            )
            notice._seal()  # the record that it left was written with it
            notice._refresh_customer()

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
