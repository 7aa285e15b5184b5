import hashlib
import logging

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .account_dunning_notice_text import TEXTS
from .account_dunning_run import recorded

_logger = logging.getLogger(__name__)

LETTER_REPORT = "account_dunning_fr.report_notice_letter"


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
        """Queue the e-mail and freeze the notice, in the same transaction.

        :param user: ``res.users`` who sends, the superuser for the scheduled action
        :raise UserError: if nothing is claimed any more
        """
        self.ensure_one()
        self._check_claims()
        self._freeze(user)
        attachments = self._get_attachments()
        template = self.env.ref("account_dunning_fr.mail_template_notice")
        mail_id = template.sudo().send_mail(
            self.id,
            email_values={
                "attachment_ids": attachments.ids,
                "auto_delete": False,
                "recipient_ids": [fields.Command.link(self.recipient_id.id)],
            },
        )
        mail = self.env["mail.mail"].browse(mail_id)
        self.write({"state": "sent", "mail_id": mail.id, "message_ref": mail.message_id})
        self._after_sending()
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _freeze(self, user, on=None):
        """Write down everything the message says, as it says it.

        :param user: ``res.users`` who sends
        :param date on: day of sending or posting, today by default
        """
        self.ensure_one()
        left_out = self.line_ids.filtered("left_out")
        left_out.write({"claimed": False, "level_id": False})
        today = on or fields.Date.context_today(self)
        self.write(
            {
                "name": self._get_next_reference(),
                "date": today,
                "amount_total": sum(self.line_ids.filtered("claimed").mapped("amount_due_company")),
                "partner_name": self.partner_id.name,
                "chosen_recipient_id": self.recipient_id.id,
                "sent_to": self.recipient_id.email,
                "sent_lang": self.lang,
                "sent_on": fields.Datetime.now(),
                "sent_by": user.id,
                "blocking_reason": False,
            }
        )
        typed = [name for name in TEXTS if self[f"custom_{name}"]]
        texts = {f"custom_{name}": self[name] for name in TEXTS}
        self.write({**texts, "typed_texts": ",".join(typed)})
        if self.send_letter or self.send_registered:
            self._freeze_letter()

    def _get_next_reference(self):
        """Return the reference of the notice; what is printed has one before it is sent."""
        self.ensure_one()
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return self.name or sequence.next_by_code("account.dunning.notice")

    def _freeze_letter(self):
        """Keep the letter that was printed today, else print it now."""
        if self._is_printed(self.date):
            return
        self._drop_letters()
        self.printed_on = self.date
        self._store_letter(self.env["ir.actions.report"]._render_letters(self)[self.id])

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
        """Return the letter, if there is one, and the invoices as they were sent."""
        attachments = self.letter_id
        if not self.enclose_invoices:
            return attachments
        for move in self.line_ids.filtered("claimed").move_id:
            if move.is_sale_document():
                attachments |= move._get_dunning_document(self)
        return attachments

    def _after_sending(self):
        """Leave a trace on each invoice."""
        self.ensure_one()
        link = self._get_html_link(title=self.display_name)
        claimed = self.line_ids.filtered("claimed").move_id
        body = self.env._("Claimed in the reminder %(link)s", link=link)
        claimed._message_log_batch(bodies=dict.fromkeys(claimed.ids, body))

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
        """Send what is ready, one commit per customer; a failure is kept on its own message."""
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
        for notice in notices:
            try:
                notice._send_scheduled(today)
            except SerializationFailure:
                # Another worker changed it meanwhile: it is that worker's, or the next run's.
                self.env.cr.rollback()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _send_scheduled(self, today):
        """Send one notice in a scheduled run, unless another worker does, or the gate refuses."""
        self.ensure_one()
        if not self.try_lock_for_update():
            return
        # What is noted for the users of the creditor is written in its language.
        self = self.with_context(lang=self.company_id.partner_id._get_dunning_lang())
        try:
            with self.env.cr.savepoint():
                self._refresh()
                if self.state != "ready":
                    return
                problem = self._get_email_problem()
                if problem:
                    self._block(problem, today)
                elif not self._has_to_wait():
                    self._send_by_email(self.env.user)
        except UserError as error:
            self._block(str(error), today)
        except OperationalError:
            raise  # a conflict between transactions, or a lost connection: nothing to tell anybody
        except Exception:
            _logger.exception("Dunning notice %s could not be sent", self.id)
            self._block(
                self.env._("Unexpected error: your administrator finds it in the log."), today
            )

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
        rows = self.env["account.dunning.plan"]._simulate(self.company_id, partners=self.partner_id)
        owed = {
            row["move_line_id"]: float(row["residual"] - row["held_amount"] - row["credit_amount"])
            for row in rows
            if not row["stop"]
        }
        return all(
            line.currency_id.compare_amounts(owed.get(line.move_line_id.id, 0.0), line.amount_due)
            == 0
            for line in self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
        )
