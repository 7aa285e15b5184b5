from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.notifications import CLOSE, notify

AT_ONCE = 10  # customers; more are left to the scheduled action


class AccountDunningAccountStatement(models.TransientModel):
    """The statement of account by e-mail: who receives it, who does not, and why."""

    _inherit = "account.dunning.account.statement"

    recipients_text = fields.Char(compute="_compute_recipients")
    skipped_text = fields.Text(compute="_compute_recipients")
    email_missing = fields.Boolean(compute="_compute_recipients")

    @api.depends("partner_ids", "company_id", "date")
    def _compute_recipients(self):
        statements = self.env["account.dunning.sent.statement"]
        for wizard in self:
            partners = wizard.partner_ids.commercial_partner_id._origin
            ready = partners and wizard.company_id and wizard.date
            skipped = ready and statements._get_skipped(wizard.company_id, partners, wizard.date)
            left = partners - partners.browse().union(*(skipped or ()))
            wizard.skipped_text = statements._explain_skipped(skipped or {})
            wizard.email_missing = bool(partners._get_dunning_without_email())
            wizard.recipients_text = statements._explain_recipients(left, len(partners))

    def _get_account(self, found):
        return found["partner"]._get_dunning_paying_account(self.company_id)

    def _get_code(self, found):
        return found["partner"]._get_dunning_statement_code(found)

    def action_type_emails(self):
        """Open the list to type the missing e-mail addresses."""
        return self.partner_ids.action_dunning_type_emails()

    def action_send(self):
        """Send one statement per customer by e-mail; say how many, who is skipped, and why."""
        self.ensure_one()
        self._check_read()
        partners = self.partner_ids.commercial_partner_id
        statements = self.env["account.dunning.sent.statement"]
        statements._check_send(self.company_id)
        runs = self.env["account.dunning.run"]
        if runs._is_long(len(partners), at_once=AT_ONCE):
            values = {"company_id": self.company_id.id, "day": fields.Date.to_string(self.date)}
            return runs._enqueue(list(partners), "_send_dunning_statements", **values)
        sent, skipped = statements._send(self.company_id, partners, self.date)
        explained = statements._explain_skipped(skipped)
        if not sent:
            raise UserError(self.env._("No statement is sent.\n%s", explained))
        return notify(
            explained or ", ".join(sent.mapped("sent_to")),
            title=self.env._("%s statements of account sent", len(sent)),
            tone="warning" if skipped else "success",
            then=CLOSE,
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dunning_account_statement(self):
        """Open the statement of account of the customers of these invoices."""
        return self.commercial_partner_id.action_dunning_account_statement()
