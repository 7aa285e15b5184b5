from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..common.account_dunning_retained import Kept
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..party.firms import name_firms

OUTCOMES = [
    ("reached", "Reached"),
    ("message", "Message left"),
    ("unreachable", "Not reachable"),
    ("resend", "Invoice not received"),
    ("promise", "Promises to pay"),
    ("dispute", "Contests it"),
    ("paid", "Says paid"),
    ("refuses", "Refuses to pay"),
]
SHOWN_EVENTS = 8


class AccountDunningCall(models.Model):
    """A call to a customer: to make, then made with its outcome.

    It comes from a notice whose level asks for a call, from another call, or is created by hand.
    Each customer has at most one pending call; its figures are those of the last refresh, and it is
    cancelled when nothing is left to claim.
    """

    _name = "account.dunning.call"
    _description = "Dunning Call"
    _inherit = [
        "account.dunning.retained",
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
        "account.dunning.plausible",
    ]
    _order = "state DESC, score DESC, date, id"
    _mail_post_access = "read"
    _dunning_kept = Kept("call", "done_on", (("state", "=", "done"),))

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create todo",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        writer="create todo",
    )
    notice_id = fields.Many2one(
        "account.dunning.notice", string="Reminder", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Caller",
        default=lambda self: self.env.user,
        index=True,
        writer="create todo",
    )
    date = fields.Date(
        string="To call on",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        writer="create todo",
    )
    state = fields.Selection(
        [("todo", "To make"), ("done", "Call made"), ("cancelled", "Called off")],
        default="todo",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, tracking=True, copy=False)
    done_on = fields.Datetime(string="Called on", readonly=True, copy=False)
    done_by = fields.Many2one("res.users", string="Called by", readonly=True, copy=False)
    person = fields.Char(string="Person spoken to", copy=False, writer="create todo done")
    note = fields.Text(copy=False, writer="create todo done")
    contact_id = fields.Many2one("res.partner", compute="_compute_contact")
    phone = fields.Char(compute="_compute_contact")
    promise_id = fields.Many2one("account.dunning.promise", readonly=True, copy=False)
    dispute_id = fields.Many2one("account.dunning.dispute", readonly=True, copy=False)
    next_call_id = fields.Many2one("account.dunning.call", readonly=True, copy=False)
    amount_overdue = fields.Monetary(
        string="Claimed", currency_field="company_currency_id", readonly=True
    )
    days_late = fields.Integer(readonly=True, aggregator="max")
    broken_promises = fields.Integer(readonly=True, aggregator="max")
    score = fields.Float(
        digits=(16, 0),
        readonly=True,
        index=True,
        help="Amount × days late × (1 + broken promises): whom to call first.",
    )
    script = fields.Html(compute="_compute_script")
    exchanges = fields.Html(string="Last exchanges", compute="_compute_exchanges")

    _waiting_once = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'todo'",
        "A call to this customer is waiting already.",
    )

    @api.depends("partner_id")
    def _compute_contact(self):
        for call in self:
            contact = call.partner_id._get_dunning_recipient() if call.partner_id else False
            call.contact_id = contact
            call.phone = contact and (contact.phone or call.partner_id.phone)

    @api.depends("partner_id", "date", "state")
    def _compute_display_name(self):
        for call in self:
            call.display_name = self.env._("Call %s", call.partner_id.display_name or "")

    @api.depends("partner_id", "notice_id", "broken_promises")
    @api.depends_context("lang")
    def _compute_script(self):
        scripts = self.env["account.dunning.call.script"].search(
            [("company_id", "in", [False, *self.company_id.ids])]
        )
        for call in self:
            call.script = scripts._pick(call).body

    @api.depends("partner_id", "company_id", "state")
    @api.depends_context("lang")
    def _compute_exchanges(self):
        chronology = self.env["account.dunning.chronology"]
        for call in self:
            events = call.partner_id and chronology._get_events(
                call.partner_id.commercial_partner_id, call.company_id
            )
            # A promise, dispute or plan is listed once, not for each of the holds it opened.
            told = [
                event
                for event in reversed(events or [])
                if not (event.kind == "hold" and event.record.has_owner)
            ]
            call.exchanges = call._render_exchanges(told[:SHOWN_EVENTS])

    def _render_exchanges(self, events):
        values = {"events": events, "call": self}
        rendered = self.env["ir.qweb"]._render("account_dunning_fr.call_exchanges", values)
        return Markup(rendered) if events else False

    # -- CRUD ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        name_firms(self.env, vals_list)
        calls = super().create(vals_list)
        calls._plan_activities()
        # A call that comes from a notice has its figures already.
        calls.filtered(lambda call: not call.amount_overdue)._refresh_figures()
        return calls

    def _plan_activities(self):
        """Schedule an activity for the caller of each call, without sending an e-mail for it."""
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        kind = self.env.ref("mail.mail_activity_data_call")
        activities.create(
            [
                {
                    "active": True,
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": call.date,
                    "res_id": call.id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "summary": call.display_name,
                    "user_id": call.user_id.id or self.env.uid,
                }
                for call in self
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if {"date", "user_id"} & set(vals):
            for call in self.filtered(lambda call: call.state == "todo"):
                call.activity_reschedule(
                    ["mail.mail_activity_data_call"],
                    date_deadline=call.date,
                    new_user_id=call.user_id.id,
                )
        return result

    # -- Whom to call first ----------------------------------------------------------------------

    @api.model
    def _get_waiting(self, partner, creditor):
        """Return the pending calls to these customers, at most one each."""
        return self.search(
            [
                ("partner_id", "in", partner.commercial_partner_id.ids),
                ("company_id", "=", creditor.id),
                ("state", "=", "todo"),
            ]
        )

    def _refresh_figures(self):
        """Update the figures of these calls, with one plan for each creditor.

        :return: the calls to customers who owe nothing that may be chased
        """
        idle = self.browse()
        for creditor, calls in self.sudo().grouped("company_id").items():
            owed = calls._get_owed(creditor)
            broken = calls.partner_id._count_dunning_broken_promises(creditor)
            for call in calls:
                amount, days = owed.get(call.partner_id.id, (0.0, 0))
                call.write(self._prepare_figures(amount, days, broken[call.partner_id.id]))
                if creditor.currency_id.is_zero(amount):
                    idle |= call
        return self & idle

    @api.model
    def _prepare_figures(self, amount, days, broken):
        return {
            "amount_overdue": amount,
            "days_late": days,
            "broken_promises": broken,
            "score": amount * days * (1 + broken),
        }

    def _get_owed(self, creditor):
        """Return what may be claimed of each customer today.

        :return: ``{partner id: (amount in company currency, days late of the oldest item)}``
        """
        owed = {}
        today = creditors_day(self)
        plan = self.env["account.dunning.plan"].sudo()
        for row in plan._simulate(creditor, partners=self.partner_id):
            if row.stop or not row.overdue or row.left <= 0:
                continue
            amount, days = owed.get(row.partner_id, (0.0, 0))
            owed[row.partner_id] = (
                amount + float(row.residual_company * row.left / row.residual),
                max(days, (today - row.due).days),
            )
        return owed

    @api.model
    def _refresh(self, creditor, partners=None):
        """Refresh the pending calls; those with nothing left to claim are cancelled.

        :param creditor: ``res.company``
        :param partners: only these customers; all by default
        """
        domain = [("company_id", "=", creditor.id), ("state", "=", "todo")]
        if partners is not None:
            domain.append(("partner_id", "in", partners.commercial_partner_id.ids))
        self.search(domain)._refresh_figures()._cancel()

    @api.model
    def action_open_calls(self):
        """Refresh the pending calls of the current company and show them."""
        creditor = self.env.company.dunning_creditor_id
        if self.has_access("write"):
            self.sudo()._plan_calls_of_notices(creditor)
            self.sudo()._refresh(creditor)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_call"
        )

    @api.model
    def _plan_calls_of_notices(self, creditor):
        """Plan the calls of notices that consist of a call only: they count once made."""
        notices = self.env["account.dunning.notice"].search(
            [
                ("company_id", "=", creditor.id),
                ("state", "=", "ready"),
                ("make_call", "=", True),
                ("send_email", "=", False),
                ("send_letter", "=", False),
                ("send_registered", "=", False),
            ]
        )
        notices._plan_calls()

    @api.model
    @recorded("calls")
    def _cron_refresh(self):
        """Refresh the list of calls of every creditor; one commit for each."""
        creditors = self.env["res.company"].sudo()._get_dunning_call_creditors()
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            with self.env["account.dunning.run"]._working_for(creditor, self) as (_day, local):
                local._plan_calls_of_notices(creditor)
                local._refresh(creditor)
            self.env["ir.cron"]._commit_progress(1)

    # -- Actions ---------------------------------------------------------------------------------

    def action_outcome(self, outcome=None):
        """Open the dialog of one outcome.

        :param str outcome: a value of the field
        :raise UserError: if it is not one, or the call is no longer pending
        """
        self.ensure_one()
        self._check_todo()
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        if not isinstance(outcome, str) or outcome not in labels:
            raise UserError(self.env._("Choose what came of the call."))
        return open_dialog(
            "account.dunning.call.outcome",
            f"{self.partner_id.display_name} – {labels[outcome]}",
            {"default_call_id": self.id, "default_outcome": outcome},
        )

    def action_next(self):
        """Open the next call of the list."""
        self.ensure_one()
        waiting = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "todo"),
                ("date", "<=", creditors_day(self)),
                ("id", "!=", self.id),
            ]
        ).filtered(lambda call: not call.is_quiet)
        if not waiting:
            return self.action_open_calls()
        return waiting[0]._get_records_action()

    def action_view_customer_items(self):
        """Open what the customer owes."""
        self.ensure_one()
        items = self.env["account.dunning.promise"]._get_overdue_items(
            self.partner_id, self.company_id
        )
        return items.move_id._get_records_action(name=self.env._("Overdue invoices"))

    def action_cancel(self):
        """Cancel the call."""
        self._check_todo()
        self._cancel()

    def action_reopen(self):
        """Put a call back on the list; consequences of its outcome remain."""
        if any(call.state == "todo" for call in self):
            raise UserError(self.env._("This call is on the list already."))
        self._owned().write({"state": "todo", "outcome": False, "done_on": False, "done_by": False})

    def _check_todo(self):
        if any(call.state != "todo" for call in self):
            raise UserError(self.env._("This call was already made, or cancelled."))

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        waiting = self.search([("partner_id", "in", customers.ids), ("state", "=", "todo")])
        waiting._get_dunning_doubles(kept, "company_id")._cancel()
        return super()._fold_dunning_merged(customers, kept)

    def _cancel(self):
        self._owned().write({"state": "cancelled"})
        self.activity_unlink(["mail.mail_activity_data_call"])

    def _record(self, outcome, person, note):
        """Record that the call was made; a notice that consists of it then counts as sent.

        :param str outcome: one of ``OUTCOMES``
        :param person: who was spoken to, or False
        :param note: what was said, or False
        """
        self.ensure_one()
        self._check_todo()
        self._owned().write(
            {
                "state": "done",
                "outcome": outcome,
                "done_on": fields.Datetime.now(),
                "done_by": self.env.user.id,
                "person": person,
                "note": note,
            }
        )
        self.flush_recordset(["state"])  # another call may wait from now on
        speaking = self._in_dunning_lang().env
        label = dict(self._fields["outcome"]._description_selection(speaking))[outcome]
        self.activity_feedback(["mail.mail_activity_data_call"], feedback=label)
        notice = self.notice_id.sudo()
        if notice.state == "ready" and notice.make_call:
            notice._count_call(self.env.user)

    # -- Whom not to call now: a private person, at night, on a Sunday, or once too often ----------

    callable_from = fields.Datetime(
        compute="_compute_callable_from",
        compute_sudo=True,
        help="Before that, the settings leave this private person in peace.",
    )
    is_quiet = fields.Boolean(
        string="Not to call today", compute="_compute_callable_from", compute_sudo=True
    )
    quiet_reason = fields.Char(compute="_compute_quiet_reason")

    @api.depends("state", "partner_id", "company_id")
    def _compute_callable_from(self):
        """Compute from when each pending call may be made, for all of them at once."""
        now = fields.Datetime.now()
        waiting = self.filtered(lambda call: call.state == "todo" and call.partner_id)
        (self - waiting).update({"callable_from": False, "is_quiet": False})
        for creditor, calls in waiting.grouped("company_id").items():
            allowed = calls.partner_id._get_dunning_next_contacts(creditor, now)
            for call in calls:
                start = allowed[call.partner_id.id]
                call.callable_from = start if start > now else False
                call.is_quiet = start > now and call._get_local_day(start) > call._get_local_day(
                    now
                )

    @api.depends("callable_from")
    @api.depends_context("lang")
    def _compute_quiet_reason(self):
        for call in self:
            call.quiet_reason = call.callable_from and self.env._(
                "Not to be called before %s: a private person is left in peace at night, on "
                "Sundays and public holidays, and after as many messages and calls in a week as "
                "the settings allow. A call that comes from the person may be recorded at any "
                "time.",
                format_datetime(
                    self.env, call.callable_from, tz=call.company_id._get_dunning_timezone()
                ),
            )

    def _get_local_day(self, moment):
        """Return the date of a moment (UTC) in the creditor's time zone."""
        return self.company_id._get_dunning_day(moment)

    def _get_next_allowed(self, day, counts):
        """Return the first day, from the given one, on which the customer may be called again.

        :param date day: the day wanted
        :param bool counts: whether today's call counts as a contact
        """
        self.ensure_one()
        noon = fields.Datetime.to_datetime(day).replace(hour=10)
        also = [self._get_local_day(fields.Datetime.now())] if counts else []
        partner = self.partner_id.sudo()
        allowed = partner._get_dunning_next_contacts(self.company_id, noon, also)[partner.id]
        return self._get_local_day(allowed)

    # -- Erasure, once the law no longer allows it to be kept --------------------------------------

    def _get_personal_fields(self):
        return ["note", "person"]
