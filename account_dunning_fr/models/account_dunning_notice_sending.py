import hashlib
import logging
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, split_every

from .account_dunning_notice_text import TEXTS
from .account_dunning_run import recorded

_logger = logging.getLogger(__name__)

LETTER_REPORT = "account_dunning_fr.report_notice_letter"
# Customers written to in one transaction: what they share is done once, and a server killed in
# the middle leaves at most so many of them to the next run.
SENT_TOGETHER = 25


class AccountDunningNotice(models.Model):
    """How a notice leaves: the gate, the e-mail, the letter, the record of it."""

    _inherit = "account.dunning.notice"

    sent_on = fields.Datetime(readonly=True)
    sent_by = fields.Many2one("res.users", readonly=True)
    sent_to = fields.Char(readonly=True, help="The address to which it was sent.")
    mail_id = fields.Many2one("mail.mail", readonly=True, index="btree_not_null")
    mail_state = fields.Selection(related="mail_id.state", string="E-mail status")
    message_ref = fields.Char(string="Message-Id", readonly=True)
    letter_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        string="Document",
        ondelete="restrict",
        index="btree_not_null",
    )
    letter_sha256 = fields.Char(string="SHA-256 of the document", readonly=True)
    printed_on = fields.Date(readonly=True)
    posted_on = fields.Date(readonly=True)
    to_post = fields.Boolean(compute="_compute_to_post", search="_search_to_post")

    @api.depends("send_letter", "send_registered", "posted_on", "state", "not_posted_reason")
    def _compute_to_post(self):
        for notice in self:
            paper = notice.send_letter or notice.send_registered
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

    # -- Actions ---------------------------------------------------------------------------------

    def action_send(self):
        """Send the messages by e-mail, after a last look at the books; many by the scheduler.

        :return: the action that shows the progress, where it is left to the scheduler
        """
        self._check_send()
        runs = self.env["account.dunning.run"]
        if runs._is_long("send_chosen", len(self)):
            return runs._enqueue("send_chosen", [[notice_id] for notice_id in self.ids])
        for notice in self.sudo():
            notice._refresh()
            if notice.state not in ("draft", "ready"):
                raise UserError(
                    self.env._(
                        "Nothing was sent to %(customer)s: %(reason)s.",
                        customer=notice.partner_id.display_name,
                        reason=notice.cancel_reason or self.env._("already sent"),
                    )
                )
            problem = notice._get_email_problem()
            if problem:
                raise UserError(problem)
            notice._send_by_email(self.env.user)
        return None

    def action_mark_posted(self):
        """Record that the letters were posted today: what goes on paper counts from then."""
        self._check_send()
        today = fields.Date.context_today(self)
        for notice in self.sudo():
            notice._mark_posted(today)

    def _mark_posted(self, on):
        """Record the posting of the letter, whose date and deadline are those of that day.

        :param date on: day of posting, which the letter bears
        :raise UserError: if the letter bears another day, or no longer says what is due
        """
        self.ensure_one()
        if self.printed_on != on:
            raise UserError(
                self.env._(
                    "The letter to %s bears the date and the deadline of another day: print "
                    "it again, then record its posting.",
                    self.partner_id.display_name,
                )
            )
        if self.state == "sent":
            self.posted_on = on
            return
        self.deadline = self.level_id._get_deadline(on)
        self._check_claims()
        if not self._is_still_due():
            raise UserError(
                self.env._(
                    "What %s owes changed since the letter was printed: print it again, "
                    "then record its posting.",
                    self.partner_id.display_name,
                )
            )
        self._freeze(self.env.user, on)
        self.write({"state": "sent", "posted_on": on})
        self._after_sending()

    # -- The gate --------------------------------------------------------------------------------

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
        if not email_normalize(self.recipient_id.email):
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

    # -- Sending ---------------------------------------------------------------------------------

    def _send_by_email(self, user):
        """Queue the e-mails and freeze the notices, in the same transaction.

        :param user: ``res.users`` who sends, the superuser for the scheduled action
        :raise UserError: if nothing is claimed any more
        """
        if not self:
            return
        for notice in self:
            notice._check_claims()
        self._freeze(user)
        own = {notice.id: notice._prepare_own_mail_vals() for notice in self}
        template = self.env.ref("account_dunning_fr.mail_template_notice").sudo()
        mails = template.with_context(dunning_mail_vals=own).send_mail_batch(
            self.ids, email_values={"auto_delete": False}
        )
        for notice, mail in zip(self, mails.sudo(False), strict=True):
            notice.write({"state": "sent", "mail_id": mail.id, "message_ref": mail.message_id})
        self._after_sending()
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_own_mail_vals(self):
        """Return what the mail of this notice does not share with the others of a batch."""
        self.ensure_one()
        return {
            "attachment_ids": self._get_attachments().ids,
            "recipient_ids": [fields.Command.link(self.recipient_id.id)],
        }

    def _freeze(self, user, on=None):
        """Write down everything the messages say, as they say it.

        :param user: ``res.users`` who sends
        :param date on: day of sending or posting, today by default
        """
        left_out = self.line_ids.filtered("left_out")
        left_out.write({"claimed": False, "level_id": False})
        today = on or fields.Date.context_today(self)
        for notice in self:
            notice.write(notice._prepare_frozen_vals(user, today))
        texts = [(notice, notice._prepare_frozen_texts()) for notice in self]
        for notice, vals in texts:
            notice.write(vals)
        self.filtered(lambda notice: notice._goes_on_paper())._freeze_letters()

    def _prepare_frozen_vals(self, user, today):
        """Return what is written down of a notice before its texts, which may quote it."""
        self.ensure_one()
        claimed = self.line_ids.filtered("claimed")
        return {
            "name": self._get_next_reference(),
            "date": today,
            "amount_total": sum(claimed.mapped("amount_due_company")),
            "partner_name": self.partner_id.name,
            "chosen_recipient_id": self.recipient_id.id,
            "sent_to": self.recipient_id.email,
            "sent_lang": self.lang,
            "sent_on": fields.Datetime.now(),
            "sent_by": user.id,
            "blocking_reason": False,
        }

    def _prepare_frozen_texts(self):
        """Return the texts as they leave, and which of them a person typed."""
        self.ensure_one()
        typed = [name for name in TEXTS if self[f"custom_{name}"]]
        texts = {f"custom_{name}": self[name] for name in TEXTS}
        return {**texts, "typed_texts": ",".join(typed)}

    def _get_next_reference(self):
        """Return the reference of the notice; what is printed has one before it is sent."""
        self.ensure_one()
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return self.name or sequence.next_by_code("account.dunning.notice")

    def _freeze_letters(self):
        """Keep the letters that were printed today, else print them now, together."""
        to_print = self.filtered(lambda notice: not notice._is_printed(notice.date))
        to_print._drop_letters()
        for notice in to_print:
            notice.printed_on = notice.date
        letters = self.env["ir.actions.report"]._render_letters(to_print)
        for notice in to_print:
            notice._store_letter(letters[notice.id])

    def _store_letter(self, content):
        """Keep a letter, with the sum that proves that it stays as it is.

        :param bytes content: the PDF
        """
        letter = self._create_document(self._get_letter_filename(), content)
        self.write({"letter_id": letter.id, "letter_sha256": self._get_sum(content)})

    def _create_document(self, name, content):
        """Attach a PDF to this notice.

        :param str name: name of the file
        :param bytes content: the PDF
        :return: ``ir.attachment``
        """
        self.ensure_one()
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    @api.model
    def _get_sum(self, content):
        """Return the SHA-256 of a content (bytes), in hexadecimal."""
        return hashlib.sha256(content).hexdigest()

    def _get_letter_filename(self):
        self.ensure_one()
        notice = self.with_context(lang=self.lang)
        reference = (notice.name or notice.env._("draft")).replace("/", "-")
        return f"{notice.level_id.name} {reference}.pdf"

    def _get_attachments(self):
        """Return the files that leave with the message: the letter, if there is one."""
        return self.letter_id

    def _after_sending(self):
        """Leave a trace on each invoice."""
        # An entry with items of several customers is claimed from each: it takes one trace a round.
        rounds, seen = defaultdict(dict), Counter()
        for notice in self:
            link = notice._get_html_link(title=notice.display_name)
            body = notice.env._("Claimed in the reminder %(link)s", link=link)
            for move in notice.line_ids.filtered("claimed").move_id:
                rounds[seen[move.id]][move.id] = body
                seen[move.id] += 1
        for bodies in rounds.values():
            self.env["account.move"].browse(bodies)._message_log_batch(bodies=bodies)

    # -- Scheduled actions -----------------------------------------------------------------------

    @api.model
    @recorded("prepare")
    def _cron_prepare(self):
        """Refresh the messages of every creditor that sends; one commit for each."""
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_active")
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            lang = creditor.partner_id._get_dunning_lang()
            counts = self.env["account.dunning.plan"].with_context(lang=lang)._run(creditor)
            _logger.info("Dunning plan of company %s: %s", creditor.id, counts)
            self.env["account.dunning.run"]._note_counts(counts)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    @recorded("send")
    def _cron_send(self):
        """Send what is ready, some customers a commit; a failure is kept on its own message."""
        today = fields.Date.context_today(self)
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_active")
        for creditor in creditors:
            stale = creditor._get_stale_bank_journals(today)
            if stale:
                creditors -= creditor
                lang = creditor.partner_id._get_dunning_lang()
                reason = creditor.with_context(lang=lang)._get_statement_warning(today)
                self.env["account.dunning.run"]._note_failure(creditor, reason)
                _logger.warning(
                    "Dunning of company %s stopped: bank statements too old in journals %s",
                    creditor.id,
                    stale.ids,
                )
        domain = [
            ("company_id", "in", creditors.ids),
            ("state", "=", "ready"),
            ("send_email", "=", True),
            *self._get_waiting_domain(),
            "|",
            ("failed_on", "=", False),
            ("failed_on", "!=", today),
        ]
        notices = self.search(domain, order="date, id")
        self.env["ir.cron"]._commit_progress(remaining=len(notices))
        for ids in split_every(SENT_TOGETHER, notices.ids):
            if not self.browse(ids)._send_scheduled(today):
                break

    def _block(self, problem, today):
        """Keep why a notice could not leave, and tell the person in charge once."""
        if self.blocking_reason != problem:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=self.user_id.id or self.env.uid,
                summary=self.env._("Reminder not sent"),
                note=problem,
            )
        self.write({"blocking_reason": problem, "failed_on": today})
        self.env["account.dunning.run"]._note_failure(self, problem)

    def _recall(self):
        """Cancel a notice whose figures changed after it was queued, before it was handed over."""
        for notice in self.with_context(dunning_recall=True):
            notice.write(
                {
                    "state": "cancelled",
                    "cancel_reason": self.env._("The figures changed before it left"),
                }
            )
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
