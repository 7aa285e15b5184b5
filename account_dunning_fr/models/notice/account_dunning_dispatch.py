from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.notifications import RELOAD, notify
from ..policy.account_dunning_level import TEXTS
from .states import LIVE

# Values stored when a notice is sent, and empty before.
SENT_FIELDS = (
    "sent_to",
    "sent_others",
    "sent_copies",
    "sent_lang",
    "sent_on",
    "sent_by",
    "typed_texts",
    "sent_html",
    "sent_sha256",
    "sent_address",
    "sent_recipient",
    "sent_signatory",
    "sent_kind",
    "sent_level",
)
# States of a registered letter of which more is known than its posting.
FOLLOWED = ("presented", "delivered", "refused", "unclaimed", "wrong_address")


class AccountDunningDispatch(models.AbstractModel):
    """The letter on its way to the post office: checked, recorded as posted, undone, given up.

    A letter that follows an e-mail bears the day of its posting, or is not posted.
    """

    _name = "account.dunning.dispatch"
    _inherit = ["account.dunning.guarded"]
    _description = "Posting of a Reminder"

    posted_on = fields.Date(readonly=True)
    to_post = fields.Boolean(compute="_compute_to_post", search="_search_to_post")
    not_posted_reason = fields.Char(
        string="Letter not posted", readonly=True, help="Why the letter never left."
    )
    posting_recorded_on = fields.Datetime(readonly=True, copy=False)
    posting_recorded_by = fields.Many2one("res.users", readonly=True, copy=False)
    posting_undo = fields.Json(
        readonly=True, copy=False, help="What the posting changed, for its way back."
    )
    can_undo_posting = fields.Boolean(compute="_compute_can_undo_posting")

    @api.depends("send_letter", "send_registered", "posted_on", "state", "not_posted_reason")
    def _compute_to_post(self):
        for notice in self:
            paper = notice._goes_on_paper()
            left = notice.posted_on or notice.not_posted_reason
            notice.to_post = paper and not left and notice.state in ("ready", "sent")

    def _search_to_post(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(
            [
                ("posted_on", "=", False),
                ("not_posted_reason", "=", False),
                ("state", "in", ("ready", "sent")),
                "|",
                ("send_letter", "=", True),
                ("send_registered", "=", True),
            ]
        )
        return domain if True in value else ~domain

    @api.depends("posted_on", "posting_recorded_on")
    def _compute_can_undo_posting(self):
        for notice in self:
            notice.can_undo_posting = notice.posted_on and notice._is_posting_recorded_today()

    # -- Recording the posting --------------------------------------------------------------------

    def action_record_posting(self):
        """Ask for the day of posting of these letters, with number and proof."""
        self._check_send()
        return open_dialog(
            "account.dunning.posting",
            self.env._("Record posting"),
            {"default_notice_ids": self.ids},
        )

    def action_mark_posted(self, on=None):
        """Record that the letters were posted: notices that go by post count as sent from then on.

        :param date on: the day of posting, which the letters bear; today by default
        :return: the action that says which letters are no longer due, and were taken off the list
        """
        self._check_send()
        on = fields.Date.to_date(on) or creditors_day(self)
        stale = self._pass_posting_gate()
        for notice in (self - stale).sudo():
            notice._mark_posted(on)
        return stale._notify_not_posted() if stale else None

    def _mark_posted(self, on, taken=False):
        """Record the posting of the letter, whose date and deadline are those of that day.

        :param date on: day of posting, which the letter bears
        :param bool taken: whether a provider already took it, so that it goes whatever is due
        :raise UserError: if nobody confirmed the notice, or the letter bears another day or no
            longer says what is due
        """
        self.ensure_one()
        self._check_posting(on, taken)
        before = self._prepare_posting_undo()
        if self.state == "sent":  # the letter goes as well: with its own day, and a later deadline
            if self.to_post and not taken and not self._is_still_due():
                raise UserError(self._explain_not_due())
            self.write({"posted_on": on, **before})
            self._seal()
            return
        self.deadline = self._get_new_deadline(on)
        if not taken:
            self._check_claims()
            self._check_printed_claims()
        self._freeze_and_send(self.env.user, on, {"state": "sent", "posted_on": on, **before})

    def _check_posting(self, on, taken):
        """:raise UserError: if nobody confirmed the notice, or its letter bears another day"""
        customer = self.partner_id.display_name
        if self.state == "draft" and not taken:
            raise UserError(
                self.env._(
                    "The message to %s is not confirmed: confirm it, print its letter, then record "
                    "its posting.",
                    customer,
                )
            )
        if self.state == "cancelled" and not taken:
            raise UserError(
                self.env._("The message to %s was cancelled: nothing is to be posted.", customer)
            )
        if self.printed_on != on:
            raise UserError(
                self.env._(
                    "The letter to %s bears the date and the deadline of another day: print "
                    "it again, then record its posting.",
                    customer,
                )
            )

    def _check_printed_claims(self):
        """:raise UserError: if the letter no longer says what is due"""
        if not self._is_still_due():
            raise UserError(
                self.env._(
                    "What %s owes changed since the letter was printed: print it again, "
                    "then record its posting.",
                    self.partner_id.display_name,
                )
            )

    def _get_posting_problem(self, on, together=False):
        """Return why the posting of this letter cannot be recorded, for the user, or False.

        :param date on: the day of posting
        :param bool together: whether it is posted in a batch; a registered letter, with its number
            and its proof, is recorded alone
        """
        self.ensure_one()
        if self.state == "draft":
            return self.env._("not confirmed: confirm the message first")
        if self.state == "cancelled":
            return self.env._("cancelled")
        if not self._goes_on_paper():
            return self.env._("no letter: it goes by e-mail or by call")
        if self.posted_on:
            return self.env._("posted already, on %s", format_date(self.env, self.posted_on))
        if self.not_posted_reason:
            return self.not_posted_reason
        if together and self.send_registered:
            return self.env._("registered: record it on the screen of the registered letters")
        if not self.printed_on or not self.sudo().letter_id:
            return self.env._("not printed: print the letter first")
        if self.printed_on != on:
            day = format_date(self.env, self.printed_on)
            return self.env._("the letter bears the date of %s: print it again", day)
        return False

    def _add_posting_proofs(self, attachments):
        """File these attachments as proofs of the posting just recorded.

        :param attachments: ``ir.attachment`` that the user may read
        """
        self.ensure_one()
        letter = self.registered_ids.filtered(lambda x: x.posted_on == self.posted_on)[-1:]
        if letter:
            letter._add_proofs(attachments, "deposit")
            return
        self.check_access("write")
        attachments.check_access("read")  # whoever may read the notice may read its proofs
        self.env["account.dunning.proof"].sudo().create(
            [
                {
                    "notice_id": self.id,
                    "attachment_id": attachment._take_dunning_over(self).id,
                    "kind": "deposit",
                }
                for attachment in attachments
            ]
        )

    # -- The way back -----------------------------------------------------------------------------

    def _prepare_posting_undo(self):
        """Return who records a posting and when, and what is needed to undo it."""
        self.ensure_one()
        before = {"state": self.state}
        if self.state != "sent":
            left_out = self.line_ids.filtered("left_out")
            before |= {
                "date": fields.Date.to_string(self.date),
                "deadline": fields.Date.to_string(self.deadline),
                "left_out": {str(line.id): [line.claimed, line.level_id.id] for line in left_out},
            }
        return {
            "posting_recorded_on": fields.Datetime.now(),
            "posting_recorded_by": self.env.uid,
            "posting_undo": before,
        }

    def _is_posting_recorded_today(self):
        """Whether the posting was recorded today, where its creditor is."""
        self.ensure_one()
        recorded = self.posting_recorded_on
        if not recorded or not self.posting_undo:
            return False
        return self.company_id._get_dunning_day(recorded) == creditors_day(self)

    def action_undo_posting(self):
        """Undo a posting recorded today by mistake; the e-mail stays sent.

        Its seal is not removed: another seal, and the history, say that the posting was undone.
        """
        self._check_send()
        for notice in self:
            notice._check_undo_posting()
            notice.sudo()._undo_posting()

    def _check_undo_posting(self):
        """:raise UserError: why the posting of this letter cannot be undone"""
        self.ensure_one()
        notice = self.sudo()
        letters = notice.registered_ids.filtered("posted_on")
        if not notice.posted_on:
            raise UserError(self.env._("No posting is recorded: nothing is to be undone."))
        if not self._is_posting_recorded_today():
            raise UserError(
                self.env._(
                    "A posting is undone on the day on which it was recorded, not later: what was "
                    "sent is a record from then on."
                )
            )
        if letters.filtered("provider_ref"):
            raise UserError(self.env._("The provider took this letter: it is on its way."))
        if letters.filtered(lambda letter: letter.state in FOLLOWED):
            raise UserError(
                self.env._("What became of this letter is recorded already: it was posted.")
            )
        self._check_no_other_live()

    def _check_no_other_live(self):
        """:raise UserError: if another notice to the customer is in preparation by now"""
        notice = self.sudo()
        if notice.posting_undo["state"] == "sent":
            return
        domain = [
            ("partner_id", "=", notice.partner_id.id),
            ("company_id", "=", notice.company_id.id),
            ("state", "in", LIVE),
        ]
        if notice.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "Another message to %s is being prepared since: postpone it first.",
                    notice.partner_id.display_name,
                )
            )

    def _undo_posting(self):
        """Restore what the posting changed; the seal and the history say that it was undone."""
        self.ensure_one()
        undone = {
            "posted_on": fields.Date.to_string(self.posted_on),
            "recorded_on": fields.Datetime.to_string(self.posting_recorded_on),
            "recorded_by": self.posting_recorded_by.name or "",
            "undone_on": fields.Datetime.to_string(fields.Datetime.now()),
            "undone_by": self.env.user.name,
        }
        posted_on, before = self.posted_on, self.posting_undo
        self._withdraw_posting_proofs(first=before["state"] != "sent")
        letters = self.registered_ids.filtered(lambda letter: letter.posted_on == posted_on)
        letters._undo_posting()
        self.write(
            {
                "posted_on": False,
                "posting_undo": False,
                "posting_recorded_on": False,
                "posting_recorded_by": False,
            }
        )
        if before["state"] != "sent":
            self._undo_leaving(before)
        self._seal(posting_undone=undone)
        self._tell_undone(posted_on)

    def _undo_leaving(self, before):
        """Reset a notice that went by post only to what it was before.

        :param dict before: result of ``_prepare_posting_undo``
        """
        typed = (self.typed_texts or "").split(",")
        texts = {f"custom_{name}": False for name in TEXTS if name not in typed}
        # Before the state: changing the texts of a notice in preparation would drop its letter.
        self.write({**texts, **dict.fromkeys(SENT_FIELDS, False)})
        days = {name: before[name] or False for name in ("date", "deadline")}
        self.write({**days, "state": before["state"]})
        for line in self.line_ids:
            if kept := before["left_out"].get(str(line.id)):
                line.write({"claimed": kept[0], "level_id": kept[1]})
        self._on_taken_back()

    def _withdraw_posting_proofs(self, first):
        """Withdraw the proofs of the posting; the history keeps their names and checksums.

        :param bool first: whether the notice went by post only, so that its enclosures did not go
            either
        """
        kinds = ("deposit", "enclosure", "letter") if first else ("deposit",)
        current = self.registered_ids.filtered(lambda letter: letter.posted_on == self.posted_on)
        proofs = self.proof_ids.filtered(
            lambda proof: (
                proof.kind in kinds and (not proof.registered_id or proof.registered_id in current)
            )
        )
        proofs._withdraw()

    def _tell_undone(self, posted_on):
        """Log what was undone in the history, and on the claimed invoices."""
        local = self._in_dunning_lang()
        body = local.env._(
            "The posting of the letter on %(date)s, recorded by mistake, was undone by %(user)s.",
            date=format_date(local.env, posted_on),
            user=self.env.user.name,
        )
        self._message_log(body=body)
        if self.state == "sent":
            return
        note = local.env._(
            "The posting of the reminder %s was undone: it claims nothing yet.", self.name
        )
        moves = self.line_ids.filtered("claimed").move_id
        self.env["account.move"]._log_dunning(dict.fromkeys(moves.ids, note))

    # -- The gate of paper ------------------------------------------------------------------------

    def _pass_posting_gate(self):
        """Take off the list the letters of notices that were sent before and are no longer due.

        Letters pass the same gate as e-mails: a payment, a signed plan, a dispute or any other hold
        of the same day stops them. The level taken with the e-mail stays.

        :return: the notices whose letter is not posted any more
        """
        waiting = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        stale = waiting - waiting._filter_still_due()
        for notice in stale:
            local = notice._in_dunning_lang()
            local._give_up_posting(local._explain_not_due())
        return stale.with_env(self.env)

    @api.model
    def _give_up_settled_letters(self, creditor):
        """Each morning, take off the list the letters to post that are no longer due.

        :param creditor: ``res.company``
        """
        self.search(
            [("company_id", "=", creditor.id), ("state", "=", "sent"), ("to_post", "=", True)]
        )._pass_posting_gate()

    def _notify_not_posted(self):
        """Return the action that says which letters were taken off the list, and why."""
        return notify(
            "\n".join(
                f"{notice.partner_id.display_name} – {notice.not_posted_reason}" for notice in self
            ),
            title=self.env._("Letters not posted"),
            tone="warning",
            then=RELOAD,
        )

    # -- Given up ---------------------------------------------------------------------------------

    def action_give_up_posting(self):
        """Do without the letter: the e-mail is enough."""
        self._check_send()
        if any(notice.state != "sent" or not notice.to_post for notice in self):
            raise UserError(
                self.env._(
                    "Only a letter whose message already left can be given up. Cancel the other "
                    "messages with « Postpone »."
                )
            )
        for notices in self.sudo().grouped("company_id").values():
            speaking = notices._in_dunning_lang()
            speaking._give_up_posting(speaking.env._("Given up by %s.", self.env.user.name))

    def _give_up_posting(self, reason):
        """Store why these letters are not posted.

        :param str reason: a sentence, in the language of these records
        """
        notices = self - self._give_up_posting_again(reason)
        notices.write({"not_posted_reason": reason})
        body = notices.env._("The letter is not posted. %s", reason)
        notices._message_log_batch(bodies=dict.fromkeys(notices.ids, body))

    def _give_up_posting_again(self, reason):
        """Hook: keep the former posting if a letter that came back was to be posted again.

        :param str reason: a sentence for the user
        :return: the notices for which that was done; none here, as only registered letters come
            back
        """
        return self.browse()
