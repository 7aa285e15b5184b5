import smtplib
from contextlib import suppress
from uuid import uuid4

import psycopg2
from markupsafe import Markup
from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize, email_normalize_all, mute_logger

from ...core.delivery import is_permanent
from ..common.mail_message import hide
from ..common.private_context import pass_on, passed
from .states import WAITING

NOTICE = "account.dunning.notice"
NOBODY = "–"  # placeholder for a missing address
TRIES = 2  # processes that died while sending one e-mail, after which it is not tried again
# Another transaction locked or changed the row; the second where ``lock_timeout`` is set.
ELSEWHERE = (SerializationFailure, LockNotAvailable)
# Content, recipients and route of an e-mail; its text in the history is guarded there.
CONTENT = {
    "attachment_ids",
    "auto_delete",
    "body",
    "body_html",
    "email_cc",
    "email_from",
    "email_to",
    "headers",
    "mail_message_id",
    "message_id",
    "model",
    "recipient_ids",
    "references",
    "reply_to",
    "res_id",
    "subject",
}


class Answers:
    """The answers of mail servers for each address of one notice, while it is being sent."""

    def __init__(self):
        self.served = []
        self.refused = {}
        self.waiting = {}

    def note(self, addresses, error):
        """Store why these addresses did not accept the message.

        :param addresses: normalized addresses
        :param error: the exception that Odoo or ``smtplib`` raised
        """
        for address in addresses:
            permanent, reason = explain(error, address)
            (self.refused if permanent else self.waiting)[address] = reason


def explain(error, address):
    """Return whether trying again is pointless, and why a message was not accepted.

    Odoo wraps the exceptions of ``smtplib``: the cause is the server's answer. Connection errors
    are always temporary: they say nothing about the address.

    :param error: exception
    :param str address: the recipient
    :return: (bool, reason)
    """
    cause = error
    while cause and not isinstance(cause, (smtplib.SMTPException, OSError, AssertionError)):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        answers = list(cause.recipients.values())
        code, text = cause.recipients.get(address) or answers[0]
        return is_permanent(code), f"{code} {_decode(text)}"
    if isinstance(cause, smtplib.SMTPAuthenticationError):
        return False, f"{cause.smtp_code} {_decode(cause.smtp_error)}"
    if isinstance(cause, smtplib.SMTPResponseException):
        return is_permanent(cause.smtp_code), f"{cause.smtp_code} {_decode(cause.smtp_error)}"
    if isinstance(cause, smtplib.SMTPNotSupportedError):
        return True, str(cause)
    if isinstance(cause, (smtplib.SMTPException, OSError)):
        return False, str(cause) or type(cause).__name__
    return True, str((cause or error).args[0] if (cause or error).args else cause or error)


def _decode(text):
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return " ".join(text.split())


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Give each notice of a batch its own recipient and enclosures.

        A batch made from a template shares all values that its caller adds. A link meant for the
        recipient only is in the e-mail but not in the history, where it could not be hidden later.
        """
        own = passed(self.env, "mail_vals", {})
        token = passed(self.env, "kept_from_history")
        mails = [{**vals, **own.get(vals.get("res_id"), {})} for vals in vals_list]
        if token:
            mails = [{**vals, "body": hide(vals.get("body"), token)} for vals in mails]
        mails, marks = self._take_dunning_tables_out(mails, passed(self.env, "tables", {}))
        created = super().create(mails)
        created._put_dunning_tables_back(marks)
        return created

    @api.model
    def _take_dunning_tables_out(self, vals_list, tables):
        """Take out of the history, while Odoo cleans it, the tables of items of these e-mails.

        What a person or a level wrote is cleaned as ever. A table is made by our template of
        escaped values, and most of what is to be parsed: a word that nobody guesses stands for it
        meanwhile. A word, no element: Odoo gives attributes to those that follow what looks like a
        quoted message or a signature.

        :param dict tables: ``{id of the message: list of Markup}``, as they stand in its text
        :return: values with the marks, and for each a list of (mark, table)
        """
        if not tables:
            return vals_list, [[] for _vals in vals_list]
        shortened, marks = [], []
        for vals in vals_list:
            body, kept = str(vals.get("body") or ""), []
            for table in map(str, tables.get(vals.get("res_id"), ())):
                mark = str(uuid4())
                if table in body:
                    body = body.replace(table, mark)
                    kept.append((mark, table))
            shortened.append({**vals, "body": Markup(body)} if kept else vals)
            marks.append(kept)
        return shortened, marks

    def _put_dunning_tables_back(self, marks):
        """Put the tables of items back where a mark stands for them in the history.

        :param marks: for each e-mail, in their order, a list of (mark, table): one a currency
        """
        messages = self.mail_message_id
        for place in range(max(map(len, marks), default=0)):
            own = [
                (mail.mail_message_id.id, *kept[place])
                for mail, kept in zip(self, marks, strict=True)
                if len(kept) > place
            ]
            # ``write`` would sanitize the whole again, although nothing that is added needs it.
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE mail_message SET body = replace(body, own.mark, own.text)
                      FROM unnest(%s, %s, %s) own (message_id, mark, text)
                     WHERE mail_message.id = own.message_id
                    """,
                    *map(list, zip(*own, strict=True)),
                )
            )
        messages.invalidate_recordset(["body"])

    def write(self, vals):
        kept = self.browse()
        if CONTENT.intersection(vals) or "state" in vals:
            kept = self._get_dunning_evidence()
        if kept and not self.env.su and vals.get("state", "outgoing") != "outgoing":
            raise UserError(
                self.env._(
                    "This e-mail is a message that was sent: only the mail server says what "
                    "became of it. Nobody cancels it, and it can be tried again."
                )
            )
        before = {mail: mail._get_dunning_identity() for mail in kept}
        result = super().write(vals)
        if any(mail._get_dunning_identity() != before[mail] for mail in kept):
            raise UserError(
                self.env._("This e-mail is a message that was sent: it stays as it is.")
            )
        self._follow_dunning_state(vals.get("state"))
        return result

    def _follow_dunning_state(self, state):
        """Follow what other code does to a queued notice: send it, cancel it."""
        ours = passed(self.env, "answers") is not None
        if state in ("sent", "received", "cancel") and not ours:
            for notice in self._get_dunning_notices():
                notice._reconcile_delivery()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_evidence(self):
        if self._get_dunning_evidence():
            raise UserError(
                self.env._("This e-mail is a message that was sent: it is not deleted.")
            )

    def _get_dunning_evidence(self):
        """Return the e-mails that carried, or will carry, a document that was sent.

        Not the copies to colleagues and customers, which Odoo deletes once sent.
        """
        lasting = self.sudo().filtered(lambda mail: not mail.auto_delete)
        told = lasting.mail_message_id._get_dunning_history()
        carried = self.env[NOTICE].sudo().search([("mail_id", "in", self.ids)])
        sent = carried.filtered(lambda notice: notice.state == "sent").mail_id & self.sudo()
        return lasting.filtered(lambda mail: mail.mail_message_id in told) | sent

    def _get_dunning_identity(self):
        """Return what must not change in an e-mail that is evidence."""
        self.ensure_one()
        return {name: self[name] for name in CONTENT}

    # -- Sending notices ---------------------------------------------------------------------------

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Run queued notices through the gate again: a customer who paid is not written to.

        An e-mail during which a process died goes last and alone. An unreachable server is tried
        again later, whereas Odoo would give up.
        """
        given_up = self._recall_dunning_notices() | self._give_up_dunning_killers()
        ready = self - given_up
        if not self.env.su and ready._get_dunning_evidence():
            self.check_access("write")
            ready = ready.sudo()  # the outcome is written by the sending, not by a person
        suspects = ready & ready._get_dunning_notices().filtered("tries").mail_id
        for mails in (ready - suspects, *suspects):
            super(MailMail, mails).send(
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                post_send_callback=post_send_callback,
            )
            mails.exists()._settle_dunning_unreached(auto_commit)
        return True

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """Send the notices one by one, each by one worker only."""
        reminders = self.filtered(lambda mail: mail.model == NOTICE)
        others = self - reminders
        options = {
            "raise_exception": raise_exception,
            "smtp_session": smtp_session,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
        }
        result = True
        if others:
            result = super(MailMail, others)._send(
                auto_commit=auto_commit, post_send_callback=post_send_callback, **options
            )
        for mail in reminders:
            if not mail._take_dunning_for_sending(auto_commit):
                continue
            answers = Answers()
            super(MailMail, pass_on(mail, answers=answers))._send(**options)
            mail._settle_dunning_mail(answers)
            if auto_commit:
                self.env["ir.cron"]._commit_progress()
            if post_send_callback:
                post_send_callback([mail.id])
        return result

    def _take_dunning_for_sending(self, auto_commit=False):
        """Lock a mail until the end of the transaction; return whether it still has to be sent.

        Odoo's own lock covers the scheduled action: it does not stop a person, or another process,
        from sending the same queue. The attempt is stored first: should this process die, the next
        one knows which e-mail was the cause.
        """
        self.ensure_one()
        if not self._lock_dunning_for_sending():
            return False
        notice = self._get_dunning_notices()
        if not notice or not auto_commit or self.env["ir.mail_server"]._disable_send():
            return True
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                notice.tries += 1
                notice.flush_recordset(["tries"])
        except ELSEWHERE:  # another worker is trying it
            return False
        self.env["ir.cron"]._commit_progress()
        taken = self._lock_dunning_for_sending(wait=True)
        if taken is None:
            self._take_back_dunning_try(notice)
        return bool(taken)

    def _take_back_dunning_try(self, notice):
        """Do not count an attempt that this process had to leave to another transaction."""
        # If that transaction holds the notice too, it writes the outcome.
        with suppress(*ELSEWHERE), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            notice.tries = max(notice.tries - 1, 0)
            notice.flush_recordset(["tries"])

    def _lock_dunning_for_sending(self, wait=False):
        """Lock the mail together with its notice, on which the outcome is written.

        :param bool wait: wait for another worker, who holds the mail only until he sees that
            somebody is trying it already; otherwise each would leave it to the other
        :return: whether it is locked and still to be sent; None if the wait exceeded the database's
            ``lock_timeout``
        """
        notice = self._get_dunning_notices()
        try:
            # Losing the race is no error to log.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                if wait:
                    # Odoo's own lock methods skip or refuse rows that another transaction holds.
                    self.env.cr.execute("SELECT FROM mail_mail WHERE id = %s FOR UPDATE", [self.id])
                taken = self.try_lock_for_update() and notice.try_lock_for_update() == notice
        except SerializationFailure:  # another worker sent it since this transaction began
            return False
        except LockNotAvailable:
            return None
        self.invalidate_recordset(["state", "scheduled_date"])
        return bool(taken) and self.state not in ("sent", "cancel")

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Give each address of a notice an e-mail of its own, except those that already have it.

        A server may accept one address and refuse another: a retry goes only to those who did not
        get it.
        """
        results = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        notice = self._get_dunning_notices()
        if not notice:
            return results
        separate = []
        for email in results:
            left = notice._get_addresses_left(email["email_to_normalized"])
            if not email["email_to_normalized"]:  # no valid address: Odoo says so
                separate.append(email)
            separate += [
                {
                    **email,
                    "email_to": [to for to in email["email_to"] if email_normalize(to) == address]
                    or [address],
                    "email_to_normalized": [address],
                    "email_to_raw": address,
                }
                for address in left
            ]
        return separate

    def _get_dunning_notices(self):
        """Return the notices that these e-mails carry and that may still be sent."""
        mails = self.filtered(lambda mail: mail.model == NOTICE)
        notices = self.env[NOTICE].sudo()
        if not mails:
            return notices
        return notices.search([("mail_id", "in", mails.ids), ("delivery", "in", WAITING)])

    # -- Outcome -----------------------------------------------------------------------------------

    def _settle_dunning_mail(self, answers):
        """Store the outcome on a notice, and retry later if that makes sense.

        :param Answers answers: the servers' answers
        """
        self.ensure_one()
        if not self.exists():  # a copy for a colleague, which Odoo deletes once sent
            return
        notice = self._get_dunning_notices()
        if not notice or self.state == "outgoing":
            return
        addresses = notice._get_addresses_left(self._get_dunning_addresses())
        served, refused = answers.served, answers.refused
        if self.state == "sent" and not (served or refused or answers.waiting):
            served = addresses  # another module sent it its own way
        known = {*served, *refused, *answers.waiting}
        unknown = [address for address in addresses if address not in known]
        if not addresses and not notice.served_to:
            unknown = [NOBODY]
        refused = {**refused, **dict.fromkeys(unknown, self.failure_reason or "")}
        again = notice._settle_delivery(served, refused, answers.waiting)
        self._note_dunning_outcome(notice, again)

    def _note_dunning_outcome(self, notice, again):
        """Make Odoo's list of e-mails show the same outcome as the notice."""
        self = pass_on(self, answers=Answers())
        if again:
            self.write({"state": "outgoing", "scheduled_date": again})
        elif notice.served_to:
            self.write({"state": "sent", "failure_type": False, "failure_reason": False})
        elif self.state != "cancel":
            self.write({"state": "exception", "failure_reason": notice.delivery_reason})

    def _settle_dunning_unreached(self, auto_commit):
        """Retry later the notices for which no mail server could be reached."""
        for mail in self.filtered(lambda mail: mail.model == NOTICE and mail.state == "exception"):
            notice = mail._get_dunning_notices()
            if not notice:
                continue
            reason = mail.failure_reason or ""
            waiting = dict.fromkeys(
                notice._get_addresses_left(mail._get_dunning_addresses()) or [NOBODY], reason
            )
            again = notice._settle_delivery([], {}, waiting)
            mail._note_dunning_outcome(notice, again)
            if auto_commit:
                self.env["ir.cron"]._commit_progress()

    def _get_dunning_addresses(self):
        """Return the addresses of a notice, normalized, each once."""
        emails = [self.email_to, self.email_cc, *self.recipient_ids.mapped("email")]
        addresses = [each for email in emails if email for each in email_normalize_all(email)]
        return list(dict.fromkeys(addresses))

    # -- Cancelled e-mails -------------------------------------------------------------------------

    def _give_up_dunning_killers(self):
        """Give up the e-mails during which processes died again and again.

        :return: the ``mail.mail`` records given up
        """
        deadly = self._get_dunning_notices().filtered(lambda notice: notice.tries >= TRIES)
        for notice in deadly:
            mail = notice.mail_id
            reason = notice._in_dunning_lang().env._(
                "the server stopped %s times while sending it: it may be too large", notice.tries
            )
            left = notice._get_addresses_left(mail._get_dunning_addresses())
            notice._settle_delivery([], dict.fromkeys(left or [NOBODY], reason), {})
            mail._note_dunning_outcome(notice, None)
        return deadly.mail_id

    def _recall_dunning_notices(self):
        """Cancel the mails of notices that are no longer due, or no longer up to date.

        :return: the cancelled ``mail.mail`` records
        """
        mails = self.filtered(lambda mail: mail.model == NOTICE and mail.state == "outgoing")
        if not mails:
            return self.browse()
        notices = self.env[NOTICE].sudo().search([("mail_id", "in", mails.ids)])
        gone = notices.filtered(lambda notice: notice.state == "cancelled")
        queued = notices.filtered(lambda notice: notice.delivery in WAITING) - gone
        past = queued.filtered(
            lambda notice: notice._is_past(notice.company_id._get_dunning_today())
        )
        changed = queued - queued._filter_still_due()
        recalled = (gone | past | changed).mail_id
        # First the notices: a mail cancelled by a person is another matter.
        changed._recall_queued(past=False)
        (past - changed)._recall_queued(past=True)
        pass_on(recalled.sudo(), answers=Answers()).cancel()
        return recalled


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def send_email(self, message, *args, **kwargs):
        """For a notice, store the server's answer for its address instead of failing."""
        answers = passed(self.env, "answers")
        if answers is None:
            return super().send_email(message, *args, **kwargs)
        addresses = self.env.context.get("send_validated_to") or []
        try:
            sent = super().send_email(message, *args, **self._drop_lost_dunning_session(kwargs))
        except (psycopg2.Error, MemoryError):
            raise
        except Exception as error:  # Odoo wraps the server's answer in an exception of its own
            answers.note(addresses, error)
            return False
        answers.served.extend(addresses)
        return sent

    @api.model
    def _drop_lost_dunning_session(self, options):
        """Reconnect if the server closed the session after the previous message."""
        session = options.get("smtp_session")
        lost = isinstance(session, smtplib.SMTP) and session.sock is None
        return {**options, "smtp_session": None} if lost else options
