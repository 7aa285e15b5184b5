from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.debtor_requests import (
    APPLY,
    CONTACT,
    DISPUTE,
    MESSAGE,
    PAID,
    PAUSE_AGAIN_DAYS,
    PAUSE_DAYS,
    PLAN,
    PROMISE,
)
from ...core.working_days import add_working_days
from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day

TODO = "mail.mail_activity_data_todo"
NEW, ACCEPTED, REFUSED, APPLIED = "new", "accepted", "refused", "applied"
# The reason of the hold that a request opens until a person has read it. A message opens none.
PAUSES = {
    PAID: "said_paid",
    DISPUTE: "answered",
    PROMISE: "promise",
    PLAN: "plan",
    CONTACT: "address",
}


class AccountDunningRequest(models.Model):
    """What a customer said or asked for on his page, and its outcome.

    The customer can write nothing else. A person accepts a request, which creates the dispute, the
    promise or the plan, or refuses it with a reason that the customer can read on his page. Within
    limits set by a manager on the policy, a promise or a plan takes effect by itself. Until it is
    answered, a request puts its items on hold, for some working days at most.
    """

    _name = "account.dunning.request"
    _description = "Request of a Customer"
    _inherit = ["account.dunning.agreement", "account.dunning.plausible"]
    _order = "made_at DESC, id DESC"

    _hold_owner = "request_id"
    _dunning_writer = "code"
    _dunning_kept = Kept("request", "closed_on", (("state", "!=", NEW),))

    company_id = fields.Many2one(writer="code")
    partner_id = fields.Many2one(writer="code")
    user_id = fields.Many2one(writer="anyone")
    note = fields.Text(string="What he wrote", writer="code")
    link_id = fields.Many2one("account.dunning.link", index="btree_not_null", ondelete="set null")
    kind = fields.Selection(
        [
            (PAID, "Says that he paid"),
            (PROMISE, "Promises to pay"),
            (PLAN, "Asks for a payment plan"),
            (DISPUTE, "Contests"),
            (CONTACT, "Is not the one to ask"),
            (MESSAGE, "Message"),
        ],
        required=True,
    )
    state = fields.Selection(
        [
            (NEW, "To answer"),
            (ACCEPTED, "Accepted"),
            (REFUSED, "Turned down"),
            (APPLIED, "Applied by itself"),
        ],
        default=NEW,
        required=True,
        tracking=True,
        index=True,
    )
    item_ids = fields.Many2many(
        "account.move.line",
        "account_dunning_request_item_rel",
        "request_id",
        "item_id",
        string="Items",
    )
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(help="What he says, promises or contests.")
    day = fields.Date(string="Day named", help="On which he paid, or is going to pay.")
    reference = fields.Char(string="Reference of the payment")
    reason = fields.Selection(
        selection=lambda self: (
            self.env["account.dunning.dispute"]._fields["reason"]._description_selection(self.env)
        ),
        string="Why he contests",
    )
    count = fields.Integer(string="Instalments asked for")
    first_amount = fields.Monetary(string="First payment offered")
    sum_typed = fields.Char(
        string="Sum in words",
        help="As he typed it, beside the figure: asking for a plan acknowledges the debt (C. civ. "
        "1376 and 2240).",
    )
    person = fields.Char(string="Who writes", help="Name that he gave.")
    made_at = fields.Datetime(string="Received on", required=True)
    ip = fields.Char(string="Received from", help="IP address.")
    paused_until = fields.Date(
        string="Keeps the reminders back until",
        help="Empty: it keeps nothing back, or did so for the same items shortly before.",
    )
    answer = fields.Text(
        string="Answer to the customer",
        writer="new",
        help="He reads it on his page. Asked for when the request is refused.",
    )
    answered_by = fields.Many2one("res.users")
    closed_on = fields.Date(string="Answered on")
    dispute_id = fields.Many2one("account.dunning.dispute", index="btree_not_null")
    promise_id = fields.Many2one("account.dunning.promise", index="btree_not_null")
    payment_plan_id = fields.Many2one("account.dunning.payment.plan", index="btree_not_null")
    # A separate list: what colleagues attach to the request later is not the customer's.
    file_ids = fields.Many2many(
        "ir.attachment",
        "account_dunning_request_file_rel",
        "request_id",
        "file_id",
        string="Files",
        copy=False,
        help="Those that came with the request.",
    )

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = self.env._(
                "%(customer)s: %(kind)s",
                customer=request.partner_id.display_name,
                kind=labels.get(request.kind, ""),
            )

    # -- Received ----------------------------------------------------------------------------------

    @api.model
    def _receive(self, vals, files=()):
        """Record a request, put its items on hold, and tell the person in charge.

        :param dict vals: values of the request; ``mode`` says whether it takes effect by itself
        :param files: list of (name, content, type), already checked
        """
        applies = vals.pop("mode", None) == APPLY
        request = self.create({**vals, "made_at": fields.Datetime.now()})
        attachments = self.env["ir.attachment"]
        request.file_ids = attachments.union(
            *(attachments._attach_dunning(request, *file) for file in files)
        )
        if applies:
            request._apply_now()
        else:
            request._wait()
        return request

    def _apply_now(self):
        """Apply what the policy lets the customer do by himself; a plan waits for his signature."""
        self._apply()
        self.write({"state": APPLIED, "closed_on": creditors_day(self)})
        if self.kind == PLAN:
            self._pause()
        self._tell()

    def _wait(self):
        """Put the items of the requests on hold until a person has answered."""
        for request in self:
            request._pause()
            request._tell()

    def _pause(self):
        """Put the items of the request on hold, once: asking again does not prolong it for ever."""
        self.ensure_one()
        reason = PAUSES.get(self.kind)
        if not reason or self._paused_lately():
            return
        today = creditors_day(self)
        until = add_working_days(today, PAUSE_DAYS, self.partner_id._get_dunning_territory())
        note = self._in_dunning_lang().display_name
        parts = [{}] if self.kind == CONTACT else self._prepare_item_holds(self.item_ids)
        part = self.amount if self.kind == DISPUTE and self._is_partial() else 0.0
        common = {"reason": reason, "note": note, "date_from": today, "date_until": until}
        self._open_holds([{**vals, **common, "amount_held": part} for vals in parts])
        self.paused_until = until

    def _is_partial(self):
        """Whether less is contested than what is due."""
        due = sum(self.item_ids.mapped("amount_residual_currency"))
        return bool(self.amount) and self.currency_id.compare_amounts(self.amount, due) < 0

    def _paused_lately(self):
        """Whether a request of the same kind put some of these items on hold shortly before."""
        since = creditors_day(self) - timedelta(days=PAUSE_AGAIN_DAYS)
        earlier = self.search(
            [
                ("id", "!=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
                ("paused_until", ">=", since),
            ]
        )
        return bool(earlier) if self.kind == CONTACT else bool(earlier.item_ids & self.item_ids)

    def _tell(self):
        """Create an activity for the person in charge, with what was requested."""
        speaking = self._in_dunning_lang().with_context(mail_activity_quick_update=True)
        if self.state != NEW:
            speaking.message_post(body=speaking._get_sentence())
            return
        speaking.activity_schedule(
            TODO,
            user_id=self.user_id.id,
            summary=speaking.display_name,
            note=escape(speaking._get_sentence()),
        )

    def _get_sentence(self):
        """Return what was requested, in a few words."""
        self.ensure_one()
        env = self.env
        amount = self.amount and format_amount(env, self.amount, self.currency_id)
        day = self.day and format_date(env, self.day)
        reasons = dict(self._fields["reason"]._description_selection(env))
        first = self.kind == PLAN and format_amount(env, self.first_amount, self.currency_id)
        facts = {
            PAID: [amount, day, self.reference],
            PROMISE: [amount, day],
            PLAN: [
                amount,
                env._(
                    "%(count)s instalments, the first of %(first)s", count=self.count, first=first
                ),
            ],
            DISPUTE: [
                ", ".join(filter(None, self.item_ids.move_id.mapped("name"))),
                reasons.get(self.reason),
            ],
        }.get(self.kind, [])
        if self.kind == DISPUTE:
            facts.append(amount)
        return " – ".join(filter(None, [*facts, self.note]))

    def _get_kind(self):
        """Return the label of the kind of request."""
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_words(self):
        """Return what was requested, as shown to the customer on his page."""
        self.ensure_one()
        label = {
            PAID: self.env._("you paid"),
            PROMISE: self.env._("you will pay"),
            PLAN: self.env._("you ask for a payment plan"),
            DISPUTE: self.env._("you contest"),
            CONTACT: self.env._("somebody else is to be asked"),
            MESSAGE: self.env._("message"),
        }[self.kind]
        return self.env._("%(what)s: %(words)s", what=label, words=self._get_sentence())

    # -- Answered ----------------------------------------------------------------------------------

    def action_accept(self):
        """Accept requests: they become a dispute, a promise or a plan, or are simply read.

        :return: for a plan, the action that opens it, as it still has to be signed
        """
        self._check_open((NEW,))
        requests = self._owned()
        for request in requests:
            request._apply()
        requests._close(ACCEPTED)
        if len(self) == 1 and self.payment_plan_id:
            return self.payment_plan_id._get_records_action()
        return None

    def action_refuse(self):
        """Refuse requests: notices go on, and the customer can read why."""
        self._check_open((NEW,))
        for request in self:
            if not (request.answer or "").strip():
                raise UserError(
                    self.env._("Write the answer to the customer first: he reads it on his page.")
                )
        self._owned()._close(REFUSED)

    def _close(self, state):
        self.write(
            {
                "state": state,
                "closed_on": creditors_day(self),
                "answered_by": self.env.user.id,
            }
        )
        # A payment he says he made is awaited until the day named, whether we believe him or not.
        ended = self.filtered(lambda request: state == REFUSED or request.kind != PAID)
        ended._release_holds()
        self.activity_feedback([TODO])

    def _apply(self):
        """Create the record that a request asks for, if it is one of its own."""
        self.ensure_one()
        make = {DISPUTE: self._make_dispute, PROMISE: self._make_promise, PLAN: self._make_plan}
        if self.kind in make:
            make[self.kind]()

    def _prepare_agreement_vals(self):
        responsible = self.user_id or self.company_id.dunning_user_id
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": responsible.id,
            "note": self.note,
        }

    def _make_dispute(self):
        move = self.item_ids.move_id
        open_items = move.line_ids._filter_dunning_receivable().filtered(
            lambda line: not line.reconciled
        )
        single = len(self.item_ids) == 1 and len(open_items) > 1
        self.dispute_id = self.env["account.dunning.dispute"].create(
            {
                **self._prepare_agreement_vals(),
                "move_id": move.id,
                "move_line_id": self.item_ids.id if single else False,
                "amount": self.amount if self._is_partial() else 0.0,
                "reason": self.reason or "other",
            }
        )
        self._hand_files_on(self.dispute_id)

    def _make_promise(self):
        today = creditors_day(self)
        self._check_items_open()
        if self.day < today:
            raise UserError(self.env._("The day that he promised is past: refuse, or ask him."))
        self.promise_id = self.env["account.dunning.promise"].create(
            {
                **self._prepare_agreement_vals(),
                "item_ids": [fields.Command.set(self.item_ids.ids)],
                "currency_id": self.currency_id.id,
                "amount": self.amount,
                "date_promised": self.day,
                "date_made": self.company_id._get_dunning_day(self.made_at),
                "source": "page",
            }
        )

    def _make_plan(self):
        self._check_items_open()
        self.payment_plan_id = self.env["account.dunning.payment.plan"].create(
            {
                **self._prepare_agreement_vals(),
                "item_ids": [fields.Command.set(self.item_ids.ids)],
                "count": self.count,
                "first_amount": self.first_amount,
            }
        )

    def _check_items_open(self):
        """:raise UserError: if some of the items were paid meanwhile"""
        if not self.item_ids or any(item.reconciled for item in self.item_ids):
            raise UserError(
                self.env._(
                    "Something of what was asked about was paid meanwhile: refuse this request and "
                    "say so, or make a new agreement of what is left."
                )
            )

    def _hand_files_on(self, record):
        """Give a record the files that came with the request."""
        for file in self.file_ids:
            file._copy_dunning_to(record)

    # -- Kept for a time ---------------------------------------------------------------------------

    def _get_personal_fields(self):
        return ["note", "person", "ip", "reference", "sum_typed", "answer"]
