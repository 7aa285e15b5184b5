from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, html2plaintext

from ...core.replies import excerpt
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from .states import AUTOMATIC, DEBTOR, OTHER, OURS

BOUNCE = "bounce"
READ_AT_MOST = 50_000  # characters of a message that its excerpt is taken from
TITLE_LENGTH = 200
SAID_PAID_DAYS = 7  # days within which an announced payment should show on the bank statement


class AccountDunningReply(models.Model):
    """A reply to a notice by e-mail, and what was done about it.

    The message itself stays in the history of the notice, with its files; this record says whether
    somebody has read it. Until then the customer's next step waits, at most for the days that the
    policy sets, counted from the first unread reply: writing every day does not put it off for
    ever.
    """

    _name = "account.dunning.reply"
    _description = "Answer to a Reminder"
    _inherit = ["account.dunning.guarded"]
    _order = "received_on DESC, id DESC"
    _dunning_writer = "code"

    notice_id = fields.Many2one(
        "account.dunning.notice", string="Reminder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True)
    partner_id = fields.Many2one(related="notice_id.partner_id", store=True, index=True)
    message_id = fields.Many2one(
        "mail.message", string="E-mail", index="btree_not_null", ondelete="set null"
    )
    received_on = fields.Datetime(
        string="Received on",
        required=True,
        default=fields.Datetime.now,
        readonly=True,
        help="When it came in, whatever date the message bears.",
    )
    origin = fields.Selection(
        [
            (DEBTOR, "Customer"),
            (OTHER, "Somebody else"),
            (AUTOMATIC, "Automatic answer"),
            (BOUNCE, "E-mail returned"),
        ],
        string="Who",
        required=True,
    )
    sender = fields.Char(string="From")
    subject = fields.Char()
    excerpt = fields.Char()
    body = fields.Html(related="message_id.body", string="Message")
    attachment_ids = fields.Many2many(related="message_id.attachment_ids", string="Files")
    state = fields.Selection(
        [("new", "To read"), ("read", "Read"), ("handled", "Dealt with")],
        required=True,
        default="new",
        index=True,
    )
    outcome = fields.Selection(
        [
            ("dispute", "Dispute"),
            ("promise", "Promise to pay"),
            ("agreed", "Agreement"),
            ("paid", "Says that he paid"),
            ("forwarded", "Forwarded"),
            ("answered", "Answered"),
            ("other", "Nothing more to do"),
        ],
        string="What was done",
    )
    user_id = fields.Many2one("res.users", string="Responsible", index=True)
    read_by = fields.Many2one("res.users", readonly=True)
    read_on = fields.Datetime(readonly=True)

    _message_once = models.UniqueIndex("(message_id) WHERE message_id IS NOT NULL")
    _unread_idx = models.Index("(company_id, partner_id) WHERE state = 'new'")

    @api.depends("sender", "subject", "partner_id")
    def _compute_display_name(self):
        for reply in self:
            parts = [reply.partner_id.display_name, reply.subject or reply.sender]
            reply.display_name = " – ".join(filter(None, parts))

    # -- What comes in ----------------------------------------------------------------------------

    @api.model
    def _keep(self, notice, message):
        """Store an e-mail received on a notice; what a colleague wrote is not a reply.

        :param notice: ``account.dunning.notice``
        :param message: ``mail.message`` of its history
        """
        origin = message._get_dunning_origin(notice)
        if origin == OURS:
            return
        body = html2plaintext(str(message.body or "")[:READ_AT_MOST], include_references=False)
        reply = self.create(
            {
                **self._prepare_vals(notice, origin, message.email_from),
                "message_id": message.id,
                "subject": " ".join((message.subject or "").split())[:TITLE_LENGTH],
                "excerpt": excerpt(body),
            }
        )
        reply._pause()

    @api.model
    def _keep_bounce(self, notices, email):
        """Store that an e-mail was returned; the gate then refuses the address.

        :param notices: ``account.dunning.notice``
        :param str email: the address that returned it
        """
        for notice in notices.filtered(lambda notice: notice.state == "sent"):
            env = notice._in_dunning_lang().env
            note = env._("%s does not receive e-mails: the message came back.", email)
            vals = self._prepare_vals(notice, BOUNCE, email)
            if not self.search_count(
                [("notice_id", "=", notice.id), ("origin", "=", BOUNCE), ("sender", "=", email)]
            ):
                self.create({**vals, "excerpt": note})

    @api.model
    def _prepare_vals(self, notice, origin, sender):
        return {
            "notice_id": notice.id,
            "origin": origin,
            "sender": (sender or "")[:TITLE_LENGTH],
            "state": "read" if origin == AUTOMATIC else "new",
            "user_id": notice._get_follower_user().id,
        }

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of the replies that somebody has to read."""
        return [("state", "=", "new"), ("origin", "!=", AUTOMATIC)]

    # -- The pause ---------------------------------------------------------------------------------

    def _pause(self):
        """Suspend the customer's next step until this reply is read; one pause per customer."""
        self.ensure_one()
        days = self.notice_id.policy_id.reply_days
        if not days or self.origin not in (DEBTOR, OTHER) or self._get_pauses():
            return
        today = creditors_day(self)
        first = min(self._get_unread().mapped("received_on"))
        until = self.notice_id.company_id._get_dunning_day(first) + timedelta(days=days)
        if until < today:
            return
        note = ": ".join(filter(None, [self.sender, self.subject]))
        self.env["account.dunning.hold"].sudo().create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "reason": "answered",
                "note": note,
                "reply_id": self.id,
                "date_from": today,
                "date_until": until,
            }
        )

    def _get_unread(self):
        """Return the unread replies of these customers that suspend their next step."""
        return self.sudo().search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "new"),
                ("origin", "in", (DEBTOR, OTHER)),
            ]
        )

    def _get_pauses(self):
        """Return the pauses of these customers that a reply opened and that have not ended."""
        holds = self.env["account.dunning.hold"].sudo()
        return holds.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("reply_id", "!=", False),
                ("released_on", "=", False),
            ]
        )

    def _end_pauses(self):
        """End the pauses of the customers whose replies were all read."""
        waiting = self._get_unread()
        unread = {(reply.company_id, reply.partner_id) for reply in waiting}
        pauses = (
            self.sudo()
            ._get_pauses()
            .filtered(lambda hold: (hold.company_id, hold.partner_id) not in unread)
        )
        pauses.with_user(self.env.user).sudo()._release()

    # -- Read, dealt with --------------------------------------------------------------------------

    def _read_now(self):
        """Store who read these replies first; their customers' next step waits no longer."""
        unread = self.filtered(lambda reply: reply.state == "new")
        if unread:
            unread._owned().write(
                {
                    "state": "read",
                    "read_by": self.env.uid,
                    "read_on": fields.Datetime.now(),
                }
            )
            unread._end_pauses()

    def _settle(self, outcome):
        """Store what was done about these replies, and close the related activities.

        :param str outcome: a value of the field
        """
        if not self:
            return
        self._read_now()
        self._owned().write({"state": "handled", "outcome": outcome})
        notices = self.sudo().notice_id.filtered(
            lambda notice: all(reply.state == "handled" for reply in notice.reply_ids)
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        notices.activity_ids.filtered(
            lambda activity: activity.automated and activity.activity_type_id == todo
        ).action_feedback()

    def action_open(self):
        """Open a reply, which marks it as read."""
        self.ensure_one()
        if self.has_access("write"):
            self._read_now()
        return self._get_records_action()

    def action_read(self):
        """Mark as read."""
        self._owned()
        self._read_now()

    def action_settle(self):
        """Close the reply: nothing more is to be done."""
        self._settle("other")

    def action_unread(self):
        """Mark as unread, for a colleague; it suspends the customer again."""
        self._owned().write({"state": "new", "outcome": False, "read_by": False, "read_on": False})
        for reply in self.sudo():
            reply._pause()

    def action_paid(self):
        """The customer claims to have paid: suspend dunning while the bank statement is awaited."""
        self._owned()
        today = creditors_day(self)
        until = today + timedelta(days=SAID_PAID_DAYS)
        for reply in self:
            env = reply._in_dunning_lang().env
            note = env._("Said by %s", reply.sender or reply.partner_id.display_name)
            self.env["account.dunning.hold"].create(
                {
                    "company_id": reply.company_id.id,
                    "partner_id": reply.partner_id.id,
                    "reason": "said_paid",
                    "note": note,
                    "date_until": until,
                }
            )
            reply._settle("paid")
            notice = reply.sudo().notice_id
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=until,
                user_id=reply.user_id.id or self.env.uid,
                summary=env._("Look for the payment that the customer announced"),
                note=reply.excerpt,
            )

    @api.model
    def _note_answered(self, notice, message):
        """Settle the replies that a sent message answers; internal notes answer nothing.

        :param notice: ``account.dunning.notice`` on which it was written
        :param message: ``mail.message``
        """
        told = message.sudo()
        if told.subtype_id.internal or not told.partner_ids or not self.has_access("write"):
            return
        waiting = self.search([("notice_id", "=", notice.id), ("state", "!=", "handled")])
        answered = waiting.filtered(
            lambda reply: (
                reply.origin in (DEBTOR, OTHER)
                and reply.sudo().message_id.author_id in told.partner_ids
            )
        )
        answered._settle("answered")

    def action_answer(self):
        """Write back to the author; once that message is sent, the reply is settled."""
        self.ensure_one()
        self._owned()
        author = self.sudo().message_id.author_id
        if not author and self.origin in (DEBTOR, OTHER):
            raise UserError(
                self.env._(
                    "%s is no contact: create it on the customer first, or write from your own "
                    "mailbox.",
                    self.sender,
                )
            )
        self._read_now()
        subject = self.subject or self.notice_id.name or ""
        if not subject.lower().startswith("re:"):
            subject = f"Re: {subject}"
        return open_dialog(
            "mail.compose.message",
            self.env._("Answer"),
            {
                "default_model": "account.dunning.notice",
                "default_res_ids": self.notice_id.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": author.ids,
                "default_subject": subject,
            },
        )

    def action_forward(self):
        """Choose to which colleague the reply is forwarded."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.reply.forward", self.env._("Forward"), {"default_reply_id": self.id}
        )

    def _forward(self, users, note):
        """Forward a reply with its files to colleagues, who need no access to the notices.

        :param users: ``res.users``, employees
        :param str note: what they are asked
        """
        self.ensure_one()
        self._owned()
        if users.filtered("share"):
            raise UserError(self.env._("An answer is forwarded to colleagues only."))
        received = format_date(self.env, self.received_on)
        notice, message = self.sudo().notice_id, self.sudo().message_id
        body = self.env["ir.qweb"]._render(
            "account_dunning_fr.forwarded_reply",
            {"reply": self.sudo(), "note": note, "received": received, "body": message.body},
        )
        notice.with_user(self.env.user).sudo().message_notify(
            partner_ids=users.partner_id.ids,
            subject=self.env._("Answer of %s", self.partner_id.display_name),
            body=body,
            attachment_ids=message.attachment_ids.ids,
        )
        names = ", ".join(users.mapped("name"))
        env = notice._in_dunning_lang().env
        notice._message_log(body=env._("Answer forwarded to %s", names))
        self._settle("forwarded")

    def action_notice(self):
        """Open the notice that was replied to."""
        self.ensure_one()
        return self.notice_id._get_records_action()

    # -- Retention ---------------------------------------------------------------------------------

    def _erase(self, rule):
        """Erase what was said, together with the notice.

        :param str rule: the retention rule
        """
        self.write({"sender": False, "subject": False, "excerpt": False})
