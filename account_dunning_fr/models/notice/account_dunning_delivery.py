from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import email_normalize, email_normalize_all

from ...core.delivery import is_past, last_day, waiting_time
from ...core.replies import is_automatic
from .states import AUTOMATIC, DEBTOR, LIVE, OTHER, OURS, WAITING

MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"
ADDRESS_SEPARATOR = ", "


class AccountDunningDelivery(models.AbstractModel):
    """What becomes of the e-mail: accepted by a server or not, answered, or returned.

    A notice is ``sent`` as soon as it is queued, so that its items are not claimed twice. It counts
    as gone (``has_left``) once a server accepted it for one address, its letter was posted or its
    call was made. Until then nothing follows from it, and it proves nothing.
    """

    _name = "account.dunning.delivery"
    _inherit = ["account.dunning.guarded"]
    _description = "Delivery of a Reminder"

    bounced_on = fields.Date(
        string="E-mail returned on", readonly=True, copy=False, help="The address is unknown."
    )
    delivery = fields.Selection(
        [
            ("underway", "On its way"),
            ("taken", "Left"),
            ("partial", "Refused by one address"),
            ("refused", "Not delivered"),
        ],
        string="E-mail delivery",
        readonly=True,
        copy=False,
        help="An e-mail counts as sent once a mail server took it.",
    )
    delivery_reason = fields.Char(
        string="Answer of the mail server",
        readonly=True,
        copy=False,
        help="Why it was not taken, at the last attempt.",
    )
    delivery_attempts = fields.Integer(readonly=True, copy=False)
    mail_until = fields.Date(
        string="To leave by",
        readonly=True,
        copy=False,
        help="The e-mail is tried until this day; past it, the message is made anew.",
    )
    left_on = fields.Date(
        string="Left on", readonly=True, copy=False, help="Day on which a mail server took it."
    )
    served_to = fields.Char(string="Delivered to", readonly=True, copy=False)
    refused_to = fields.Char(string="Refused by", readonly=True, copy=False)
    undelivered = fields.Boolean(
        readonly=True,
        copy=False,
        help="An address refused it, and nobody dealt with that yet.",
    )
    has_left = fields.Boolean(
        compute="_compute_has_left",
        store=True,
        help="It reached the customer: a mail server took it, its letter was posted, or its call "
        "was made.",
    )

    @api.depends("state", "delivery", "posted_on")
    def _compute_has_left(self):
        for notice in self:
            mailed = notice.delivery not in ("underway", "refused")
            notice.has_left = notice.state == "sent" and (mailed or notice._reached_otherwise())

    def _reached_otherwise(self):
        """Whether this notice reached the customer through another channel than e-mail."""
        self.ensure_one()
        return bool(self.posted_on)

    def _get_reached_on(self):
        """Return the day on which the notice went out: by e-mail, or by letter before that."""
        self.ensure_one()
        days = [self.left_on or self.date]
        if self.posted_on and self.delivery in ("underway", "refused"):
            days = [self.posted_on]
        elif self.posted_on:
            days.append(self.posted_on)
        return min(days)

    def _get_reached_channels(self):
        """Return the channels by which the notice went out, for display; not planned ones."""
        return self.level_id._get_channel_names(self._find_reached())

    def _find_reached(self):
        """Return for each channel whether the notice went out by it."""
        self.ensure_one()
        reached = {
            "send_email": self.send_email and self.delivery not in ("underway", "refused"),
            "send_letter": self.send_letter and not self.not_posted_reason,
            "send_registered": self.send_registered and not self.not_posted_reason,
            "make_call": self.make_call,
        }
        if self.delivery in ("underway", "refused") and not self.posted_on:
            reached["send_letter"] = reached["send_registered"] = False
        return reached

    # -- On its way -------------------------------------------------------------------------------

    def _prepare_delivery_vals(self):
        """Return the delivery values of a notice whose e-mail is being queued."""
        self.ensure_one()
        due = [line.date_maturity for line in self.line_ids if line.claimed and line.date_maturity]
        courtesy = self.kind == "courtesy"
        until = last_day(
            self.date, self.deadline or None, min(due, default=None), courtesy=courtesy
        )
        return {"delivery": "underway", "mail_until": until, "delivery_attempts": 0}

    def _is_past(self, today):
        """Whether the dates printed in the notice are past: it must not be sent any more."""
        self.ensure_one()
        until = self.mail_until or self.date
        return is_past(today, self.date, until, self.delivery_attempts)

    def _get_addresses_left(self, addresses):
        """Return the addresses that have neither accepted nor refused the e-mail yet."""
        self.ensure_one()
        known = split_addresses(self.served_to) | split_addresses(self.refused_to)
        return [address for address in addresses if address not in known]

    def _settle_delivery(self, served, refused, waiting):
        """Store the result of one attempt to send the e-mail.

        :param list served: addresses for which a server accepted it
        :param dict refused: ``{address: reason}`` of those that never will
        :param dict waiting: ``{address: reason}`` of those to try again
        :return: when to try again (``datetime``), or None
        """
        self.ensure_one()
        vals = {
            "served_to": join_addresses(self.served_to, served),
            "refused_to": join_addresses(self.refused_to, refused),
            "delivery_attempts": self.delivery_attempts + 1,
            "delivery_reason": next(iter([*refused.values(), *waiting.values()]), False),
            "tries": 0,
        }
        # Copies to colleagues do not count: only the customer's own addresses do.
        reached = self._drop_copies(split_addresses(vals["served_to"]))
        lost = self._drop_copies(split_addresses(vals["refused_to"]))
        expected = self._drop_copies(waiting)
        if self._drop_copies(served) and not self.left_on:
            vals["left_on"] = self.company_id._get_dunning_today()
        if reached:
            vals["delivery"] = "partial" if expected or lost else "taken"
        self.write(vals)
        if self._drop_copies(refused) and (expected or reached):
            self._tell_refused(refused)
        if waiting:
            return self._plan_next_attempt()
        if not reached:
            self._give_up_delivery(self.delivery_reason)
        elif not lost:
            self._settle_earlier()
        return None

    def _plan_next_attempt(self):
        """Return when to try the e-mail again, and schedule the mail queue for then."""
        at = fields.Datetime.now() + waiting_time(self.delivery_attempts)
        self.env.ref(MAIL_QUEUE).sudo()._trigger(at)
        return at

    def _settle_earlier(self):
        """Once a notice arrived, settle the earlier ones to the same customer that did not."""
        for notice in self:
            notice.search(
                [
                    ("undelivered", "=", True),
                    ("company_id", "=", notice.company_id.id),
                    ("partner_id", "=", notice.partner_id.id),
                ]
            ).undelivered = False

    @api.model
    def _get_not_sent_domain(self):
        """Return the domain of « Reminders not sent »: refused, being retried, or stopped."""
        return [
            "|",
            ("undelivered", "=", True),
            "|",
            *("&", ("delivery", "=", "underway"), ("delivery_attempts", ">", 0)),
            *("&", ("blocking_reason", "!=", False), ("state", "in", LIVE)),
        ]

    # -- Not delivered ----------------------------------------------------------------------------

    def _give_up_delivery(self, reason):
        """Report that no server accepted the e-mail; unless it arrived otherwise, undo its level.

        :param str reason: the server's answer, or why it was not tried any more
        """
        for notice in self:
            notice = notice._in_dunning_lang()
            reached = notice._reached_otherwise()
            vals = {"delivery": "refused", "delivery_reason": reason, "undelivered": True}
            notice.write(vals)
            notice._tell_not_delivered(reason)
            if not reached:
                notice._recall(notice.env._("Not delivered: %s", reason))
                notice._tell_next()

    def _tell_not_delivered(self, reason):
        speaking = self._in_dunning_lang()
        speaking.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self._get_follower_user().id,
            summary=speaking.env._("Reminder not delivered"),
            note=escape(
                speaking.env._(
                    "The e-mail to %(email)s was not delivered: %(reason)s. Correct the address on "
                    "the contact, choose another recipient, or send a letter.",
                    email=self.sent_to,
                    reason=reason,
                )
            ),
        )

    def _tell_refused(self, refused):
        """Report that some addresses refused the e-mail; the others do not get it again.

        :param dict refused: ``{address: reason}``
        """
        notice = self._in_dunning_lang()
        notice.undelivered = True
        notice.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=notice._get_follower_user().id,
            summary=notice.env._("Reminder refused by an address"),
            note=escape(
                notice.env._(
                    "Not delivered to %(refused)s: %(reason)s. Delivered to: %(served)s.",
                    refused=ADDRESS_SEPARATOR.join(refused),
                    reason="; ".join(dict.fromkeys(refused.values())),
                    served=notice.served_to or "–",
                )
            ),
        )

    def _tell_next(self):
        """Note on the notice prepared instead why it is not sent: one activity is enough."""
        for notice in self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", LIVE),
                ("send_email", "=", True),
            ]
        ):
            notice.blocking_reason = notice._in_dunning_lang()._get_refusal_problem()

    def action_settle_delivery(self):
        """Record that somebody dealt with the failed delivery: the address may be used again."""
        self._check_send()
        self.sudo().write({"undelivered": False})
        self.sudo().activity_ids.filtered("automated").action_feedback()

    def _get_refusal_problem(self, refused=None):
        """Return why no address of the recipient is worth another try, for the user, or False.

        :param dict refused: result of ``_get_refusals`` for this notice, if already computed
        """
        self.ensure_one()
        refused = self._get_refusals()[self] if refused is None else refused
        addresses = self.recipient_id._get_dunning_refused(refused)
        if not addresses:
            return False
        return self.env._(
            "The last message to %(email)s was refused: %(reason)s. Correct the address, choose "
            "another recipient or send a letter; to try it once more, open « Reminders not sent » "
            "and press « Dealt with ».",
            email=ADDRESS_SEPARATOR.join(sorted(addresses)),
            reason=refused[min(addresses)],
        )

    def _get_refusals(self):
        """Return which addresses of the customers of these notices refused e-mails for good.

        :return: ``{notice: {address: reason}}``
        """
        whose = [("partner_id", "in", self.partner_id.ids)]
        refused = self._get_refused(self.company_id, whose)
        return {
            notice: refused.get((notice.company_id.id, notice.partner_id.id), {}) for notice in self
        }

    @api.model
    def _get_refused(self, creditors, whose=()):
        """Return which addresses refused notices of these creditors for good, until dealt with.

        :param list whose: domain of the notices; all of them by default
        :return: ``{(creditor id, customer id): {address: reason}}``
        """
        refusals = self.sudo().search_fetch(
            [
                ("undelivered", "=", True),
                ("refused_to", "!=", False),
                ("company_id", "in", creditors.ids),
                *whose,
            ],
            ["refused_to", "delivery_reason", "company_id", "partner_id"],
            order="id",
        )
        refused = {}
        for sent in refusals:
            addresses = refused.setdefault((sent.company_id.id, sent.partner_id.id), {})
            for address in split_addresses(sent.refused_to):
                addresses[address] = sent.delivery_reason or ""
        return refused

    # -- Recalled before it was sent --------------------------------------------------------------

    def _recall(self, reason):
        """Cancel a notice that was queued but not sent, and prepare it anew from the books.

        :param str reason: for the user
        """
        self._on_taken_back()
        for notice in self:
            notice.write({"state": "cancelled", "cancel_reason": reason})
            notice.delivery = notice.delivery and "refused"
            notice._seal()  # the record of its sending was written with it
            notice._refresh_customer()

    def _on_taken_back(self):
        """Hook for other rooms: the sending of these notices did not happen after all."""

    def _recall_queued(self, past):
        """Recall queued e-mails that are no longer right: their figures or dates are outdated.

        A notice that reached the customer by another channel, or one of his addresses, stays.

        :param bool past: whether its last day passed; otherwise its figures changed
        """
        for notice in self:
            notice = notice._in_dunning_lang()
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

    # -- Changes to the queued e-mail by others ---------------------------------------------------

    @api.model
    def _reconcile_deliveries(self):
        """Follow what users did to queued e-mails: Odoo lets them retry, cancel or delete."""
        waiting = self.search([("delivery", "in", WAITING), ("state", "=", "sent")])
        waiting.mail_id.fetch(["state"])
        for notice in waiting:
            notice._reconcile_delivery()

    def _reconcile_delivery(self):
        mail, env = self.mail_id.sudo(), self._in_dunning_lang().env
        if mail.state in ("sent", "received"):
            left = self._get_addresses_left(email_normalize_all(self.sent_to or ""))
            if left or self.delivery == "underway":
                self._settle_delivery(left, {}, {})
        elif mail.state == "exception":
            mail.write({"state": "outgoing", "scheduled_date": False})
        elif mail.state != "outgoing" and self.served_to:
            self.delivery = "partial" if self.refused_to else "taken"
        elif mail.state != "outgoing":
            self._give_up_delivery(env._("the e-mail was cancelled or deleted in the queue"))

    # -- What comes back --------------------------------------------------------------------------

    def _get_message_origin(self, author, email_from, subject, automatic=False):
        """Return who wrote a message that was received on this notice.

        The debtor's messages are those of the customer's contacts and of the exact address written
        to. Automatic messages have no author; those of colleagues are ours. Anybody else may write
        to the address of a notice: what they say is reported as theirs.

        :param author: ``res.partner`` that Odoo recognised, or empty
        :param str email_from: the sender, with or without a name
        :param bool automatic: whether the headers say that a program wrote it
        :return: ``debtor``, ``ours``, ``automatic`` or ``other``
        """
        self.ensure_one()
        address = email_normalize(email_from) or ""
        if automatic or is_automatic({}, subject, address):
            return AUTOMATIC
        if author._is_dunning_colleague(address):
            return OURS
        customer = self.partner_id.commercial_partner_id
        known = author.commercial_partner_id == customer and (
            not address or address == author.email_normalized
        )
        written = email_normalize_all(f"{self.sent_to or ''}, {self.sent_others or ''}")
        if known or address in written:
            return DEBTOR
        return DEBTOR if address and customer._has_dunning_address(address) else OTHER


def split_addresses(text):
    """Return the addresses kept in a field as a set."""
    return set(filter(None, (text or "").split(ADDRESS_SEPARATOR)))


def join_addresses(text, others):
    """Return the addresses stored in a field plus others, each once; False if there are none."""
    known = [*filter(None, (text or "").split(ADDRESS_SEPARATOR)), *others]
    return ADDRESS_SEPARATOR.join(dict.fromkeys(known)) or False
