from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.common.notifications import CLOSE, tell
from ...models.hold.account_dunning_hold import REASONS
from ...models.notice.states import LIVE


class AccountDunningPostpone(models.TransientModel):
    """Cancel notices by hand: the customer is not written to until a date, with a reason.

    From the agenda: a notice of a future day that has not been prepared yet.
    """

    _name = "account.dunning.postpone"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Postpone a Dunning Notice"

    notice_ids = fields.Many2many("account.dunning.notice")
    company_id = fields.Many2one("res.company", string="Creditor")
    partner_id = fields.Many2one("res.partner", string="Customer")
    date_from = fields.Date(string="Would leave on")
    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._default_date_until(),
        help="The customer is chased again from the day after.",
    )
    reason = fields.Selection(REASONS, required=True, default="postponed")
    note = fields.Char()

    def _default_date_until(self):
        return fields.Date.context_today(self) + timedelta(days=7)

    def action_confirm(self):
        """Cancel the notices and put each customer on hold."""
        self.ensure_one()
        if self.partner_id:
            return self._postpone_foreseen()
        notices = self.notice_ids
        notices._check_prepare()
        sent = notices.filtered(lambda notice: notice.state not in LIVE)
        notices -= sent
        if not notices:
            raise UserError(self.env._("Only a message that was not sent can be postponed."))
        self.env["account.dunning.hold"].create(
            [
                {
                    "company_id": notice.company_id.id,
                    "partner_id": notice.partner_id.id,
                    "reason": self.reason,
                    "note": self.note,
                    "date_until": self.date_until,
                }
                for notice in notices
            ]
        )
        label = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        notices.sudo().write({"state": "cancelled", "cancel_reason": self.note or label})
        return tell(
            self.env,
            self.env._("Messages postponed: %s.", len(notices)),
            [self.env._("sent or cancelled already")] * len(sent),
            CLOSE,
        )

    def _postpone_foreseen(self):
        """Put the customer on hold from the day for which the agenda foresees a notice to him."""
        if not self.date_from or self.date_until < self.date_from:
            raise UserError(self.env._("Choose a day after the one on which it would leave."))
        self.env["account.dunning.agenda"]._postpone(
            self.company_id & self.env.companies.dunning_creditor_id,
            self.partner_id.commercial_partner_id,
            self.date_from,
            self.date_until,
            self.reason,
            self.note,
        )
        return CLOSE
