from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import clean_context

from ...core.working_days import add_working_days
from ...models.agreement.account_dunning_agreement import OPEN_ITEMS
from ...models.call.account_dunning_call import OUTCOMES
from ...models.common.creditors_day import creditors_day
from ...models.notice.states import NO_CONTACT

CALLS_AGAIN = ("reached", "message", "unreachable", "resend")
CHECK_DAYS = 5  # working days given to a payment that the customer says he made
PROMISE_DAYS = 7
TODO = "mail.mail_activity_data_todo"


class AccountDunningCallOutcome(models.TransientModel):
    """The outcome of a call, and the step that follows, confirmed by the user."""

    _name = "account.dunning.call.outcome"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Outcome of a Dunning Call"

    call_id = fields.Many2one("account.dunning.call", required=True)
    company_id = fields.Many2one(related="call_id.company_id")
    partner_id = fields.Many2one(related="call_id.partner_id")
    outcome = fields.Selection(OUTCOMES, required=True)
    person = fields.Char(string="Person spoken to")
    note = fields.Text()
    next_date = fields.Date(
        string="Call again on",
        compute="_compute_dates",
        store=True,
        readonly=False,
        help="Empty: no other call.",
    )
    hold_until = fields.Date(
        string="Do not chase until",
        compute="_compute_dates",
        store=True,
        readonly=False,
    )
    item_ids = fields.Many2many(
        "account.move.line",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        string="Items",
        domain=OPEN_ITEMS,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    date_promised = fields.Date(compute="_compute_dates", store=True, readonly=False)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_move_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id), ('state', '=', 'posted'),"
        " ('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('payment_state', 'not in', ('paid', 'reversed'))]",
    )
    dispute_currency_id = fields.Many2one(related="move_id.currency_id", string="Invoice currency")
    dispute_amount = fields.Monetary(
        string="Amount disputed",
        currency_field="dispute_currency_id",
        help="What is not contested is still claimed. Empty: all that is due on the invoice.",
    )
    dispute_reason = fields.Selection(
        lambda self: self.env["account.dunning.dispute"]._fields["reason"].selection,
        string="Reason",
        default="goods",
    )
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
    paid_on = fields.Date(string="Paid on, the customer says")

    @api.depends("call_id", "outcome")
    def _compute_dates(self):
        today = creditors_day(self)
        for wizard in self:
            later = add_working_days(today, wizard.company_id.sudo().dunning_call_days or 1)
            wizard.next_date = False
            if wizard.outcome in CALLS_AGAIN and wizard.call_id:
                counts = wizard.outcome != NO_CONTACT
                wizard.next_date = wizard.call_id._get_next_allowed(later, counts)
            wizard.hold_until = add_working_days(today, CHECK_DAYS)
            wizard.date_promised = today + timedelta(days=PROMISE_DAYS)

    @api.depends("call_id")
    def _compute_item_ids(self):
        promises = self.env["account.dunning.promise"]
        for wizard in self:
            wizard.item_ids = promises._get_overdue_items(wizard.partner_id, wizard.company_id)

    @api.depends("item_ids")
    def _compute_currency_id(self):
        for wizard in self:
            currency = wizard.item_ids.currency_id[:1]
            wizard.currency_id = currency or wizard.company_id.currency_id

    @api.depends("item_ids")
    def _compute_amount(self):
        for wizard in self:
            items = wizard.item_ids.filtered(
                lambda item, wizard=wizard: item.currency_id == wizard.currency_id
            )
            wizard.amount = sum(items.mapped("amount_residual_currency"))

    @api.depends("call_id")
    def _compute_move_id(self):
        for wizard in self:
            moves = wizard.item_ids.move_id.filtered(lambda move: move.is_sale_document())
            wizard.move_id = moves[:1]

    def action_confirm(self):
        """Record the outcome, create the next step, and show the next call of the list."""
        self.ensure_one()
        # The defaults of the dialog must not apply to the records created next.
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        call = self.call_id
        call.check_access("write")
        call._record(self.outcome, self.person, self.note)
        getattr(self, f"_follow_{self.outcome}", lambda: None)()
        if self.next_date:
            call._owned().next_call_id = self._plan_next_call()
        return call.action_next()

    def _plan_next_call(self):
        today = creditors_day(self)
        if self.next_date <= today:
            raise UserError(self.env._("Call again on a later day than today."))
        again = self.call_id.create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "user_id": self.call_id.user_id.id,
                "date": self.next_date,
            }
        )
        again._owned().notice_id = self.call_id.notice_id
        return again

    # -- What follows from each outcome ----------------------------------------------------------

    def _follow_promise(self):
        items = self.item_ids.filtered(lambda item: item.currency_id == self.currency_id)
        self.call_id._owned().promise_id = self.env["account.dunning.promise"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "item_ids": [fields.Command.set(items.ids)],
                "amount": self.amount,
                "date_promised": self.date_promised,
                "source": "call",
                "user_id": self.user_id.id,
                "note": self.note,
            }
        )

    def _follow_dispute(self):
        if not self.move_id:
            raise UserError(self.env._("Choose the invoice that the customer disputes."))
        self.call_id._owned().dispute_id = self.env["account.dunning.dispute"].create(
            {
                "company_id": self.company_id.id,
                "move_id": self.move_id.id,
                "amount": self.dispute_amount,
                "reason": self.dispute_reason,
                "user_id": self.user_id.id,
                "note": self.note,
            }
        )

    def _follow_resend(self):
        """Send the invoices again, as when they were issued, and leave time to read them."""
        moves = self.item_ids.move_id.filtered(lambda move: move.is_sale_document())
        if not moves:
            raise UserError(self.env._("Choose the invoices that the customer did not receive."))
        for partner in moves.partner_id:
            if not partner.email_normalized:
                raise UserError(
                    self.env._(
                        "%s has no valid e-mail address: fill it in, then send the invoice again.",
                        partner.display_name,
                    )
                )
        self.env["account.move.send"]._generate_and_send_invoices(moves, sending_methods=["email"])
        env = self.call_id._in_dunning_lang().env
        self._postpone(env._("Invoice sent again, not received before the customer says"))

    def _follow_paid(self):
        """Leave time for the payment to arrive, and create an activity to check it."""
        env = self.call_id._in_dunning_lang().env
        self._postpone(env._("The customer says that it is paid"))
        paid_on = self.paid_on and format_date(env, self.paid_on)
        self.call_id.activity_schedule(
            TODO,
            date_deadline=self.hold_until,
            user_id=self.user_id.id,
            summary=env._("Check that the payment arrived"),
            note=paid_on and env._("Paid on %s, the customer says", paid_on),
        )

    def _follow_refuses(self):
        self.call_id.activity_schedule(
            TODO,
            user_id=self.user_id.id,
            summary=self.call_id._in_dunning_lang().env._("Refuses to pay: decide what comes next"),
            note=escape(self.note or ""),
        )

    def _postpone(self, reason):
        """Put the chosen items on hold until the chosen day."""
        if not self.hold_until:
            return
        promises = self.env["account.dunning.promise"]
        note = f"{reason} – {self.note}" if self.note else reason
        self.env["account.dunning.hold"].create(
            [
                {
                    **vals,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "reason": "postponed",
                    "note": note,
                    "date_until": self.hold_until,
                }
                for vals in promises._prepare_item_holds(self.item_ids)
            ]
        )
