import logging
from collections import Counter, defaultdict

from markupsafe import escape
from psycopg2 import OperationalError
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize, email_normalize_all, format_datetime, split_every

from ...core.delivery import is_past, last_day, waiting_time
from ...core.filenames import written_name
from ...core.seals import sha256
from ..common.account_dunning_run import recorded
from ..common.message_origin import DEBTOR, OTHER
from ..common.private_context import pass_on
from ..policy.account_dunning_level import TEXTS

MANY_ALIKE = 200  # invoices that one message claims: more are logged together
TITLE_LENGTH = 50  # characters of the level's name in the name of a letter's file

_logger = logging.getLogger(__name__)

# Customers written to in one transaction: what they share is done once, and a server killed in
# the middle leaves at most so many of them to the next run.
SENT_TOGETHER = 25

# A call with any other outcome reached the person, or left a message.
NO_CONTACT = "unreachable"

MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"
WAITING = ("underway", "partial")
ADDRESS_SEPARATOR = ", "


class AccountDunningNotice(models.Model):
    """How a notice leaves: the gate, the steps of sending, the scheduled runs, and the delivery.

    The last look says that what it claims is still due and that it can arrive; ``_send_by_email``
    and ``_mark_posted`` send it, ``_freeze`` and ``_after_sending`` list what that writes down.
    """

    _inherit = "account.dunning.notice"

    def _check_claims(self):
        """:raise UserError: nothing is claimed any more, or its penalties are not to be computed"""
        self.ensure_one()
        if not any(line.claimed and not line.left_out for line in self.line_ids):
            raise UserError(
                self.env._(
                    "Nothing is claimed in the message to %s any more: cancel it, or put an "
                    "item back in.",
                    self.partner_id.display_name,
                )
            )
        if problem := self._get_penalty_problem() or self._get_rate_problem():
            raise UserError(problem)

    def _get_email_problem(self):
        """Return why this notice cannot leave by e-mail, as a message for the user, or False.

        It is a formal notice that lacks something, its address or the company's is missing, or the
        address refused a message, or sent one back.
        """
        self.ensure_one()
        return (
            self._get_formal_problem()
            or self._get_address_problem()
            or self._get_refusal_problem()
            or self._get_bounce_problem()
        )

    def _get_address_problem(self):
        """Return which address the e-mail of this message lacks, for the user, or False."""
        if not self.send_email:
            return self.env._(
                "The message to %s does not go by e-mail: print it, then record its posting.",
                self.partner_id.display_name,
            )
        if not self.recipient_id.active:
            return self.env._(
                "%s is archived: take the customer out of the archive, choose another recipient, "
                "or send a letter.",
                self.recipient_id.display_name,
            )
        if not self.recipient_id.email_normalized:
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

    def _get_bounce_problem(self):
        """Return why the address is not used any more: a message came back, or False."""
        recipient = self.recipient_id.sudo()
        return bool(recipient.message_bounce) and self.env._(
            "An e-mail to %(name)s came back: %(email)s is unknown. Correct the address, "
            "choose another recipient, or send a letter.",
            name=recipient.display_name,
            email=recipient.email,
        )

    def _recall(self, reason):
        """Cancel a notice that was queued and did not leave, and make it anew from the books.

        :param str reason: for the user
        """
        for notice in self:
            notice.write({"state": "cancelled", "cancel_reason": reason})
            notice.delivery = notice.delivery and "refused"
            notice._seal()  # the record that it left was written with it
            notice._refresh_customer()

    def _recall_queued(self, past):
        """Take back e-mails that are no longer right: what they claim, or what they print, is past.

        A message that reached the customer by another way, or one of his addresses, stays.

        :param bool past: its last day passed; else its figures changed
        """
        for notice in self:
            notice = notice._in_company_lang()
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

    def _is_still_due(self):
        """Whether every claimed item of a queued notice is still owed as it says."""
        self.ensure_one()
        return bool(self._filter_still_due())

    def _filter_still_due(self):
        """Return the notices whose claimed items are all still owed as they say."""
        owed = {}
        for creditor, notices in self.grouped("company_id").items():
            rows = self.env["account.dunning.plan"]._simulate(creditor, partners=notices.partner_id)
            owed |= {row.move_line_id: row.left for row in rows if not row.stop}

        def is_due(line):
            left = owed.get(line.move_line_id.id, 0.0)
            return line.currency_id.compare_amounts(left, line.amount_due) == 0

        return self.filtered(
            lambda notice: all(
                is_due(line) for line in notice.line_ids if line.claimed and not line.left_out
            )
        )

    # -- How a notice leaves: the e-mail, the letter, the record of it -----------------------------

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

    def action_mark_posted(self, on=None):
        """Record that the letters were posted: what goes on paper counts from then.

        :param date on: the day of posting, which the letters bear; today by default
        :return: the action that tells which letters are no longer due, and left the list
        """
        self._check_send()
        on = fields.Date.to_date(on) or fields.Date.context_today(self)
        stale = self._pass_posting_gate()
        for notice in (self - stale).sudo():
            notice._mark_posted(on)
        return stale._notify_not_posted() if stale else None

    def _mark_posted(self, on, taken=False):
        """Record the posting of the letter, whose date and deadline are those of that day.

        :param date on: day of posting, which the letter bears
        :param bool taken: it is on its way already, whatever is due: a provider took it
        :raise UserError: if nobody confirmed the message, if the letter bears another day, or no
            longer says what is due
        """
        self.ensure_one()
        self._check_posting(on, taken)
        before = self._prepare_posting_undo()
        if self.state == "sent":  # the letter left as well: with its own day, and a later deadline
            if self.to_post and not taken and not self._is_still_due():
                raise UserError(self._explain_not_due())
            self.write({"posted_on": on, **before})
            self._seal()
            return
        self.deadline = self.level_id._get_deadline(on, self.partner_id)
        if not taken:
            self._check_claims()
            self._check_printed_claims()
        self._freeze(self.env.user, on)
        self.write({"state": "sent", "posted_on": on, **before})
        self._after_sending()

    def _check_posting(self, on, taken):
        """:raise UserError: nobody confirmed it, or its letter bears another day than this one"""
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
        """:raise UserError: the letter no longer says what is due"""
        if not self._is_still_due():
            raise UserError(
                self.env._(
                    "What %s owes changed since the letter was printed: print it again, "
                    "then record its posting.",
                    self.partner_id.display_name,
                )
            )

    # -- Sending, step by step -------------------------------------------------------------------
    # Each message is checked, frozen (its number, its texts, its letter and what is enclosed, the
    # words as they leave), queued or posted, then told on its invoices, proved and sealed: all in
    # one transaction.

    def _send_by_email(self, user):
        """Queue the e-mails and freeze the notices, in the same transaction.

        :param user: ``res.users`` who sends, the superuser for the scheduled action
        :raise UserError: if nothing is claimed any more
        """
        if not self:
            return
        notices = self._with_penalties()
        for notice in notices:
            notice._check_claims()
        notices._freeze(user)
        notices._queue_mails()
        notices._after_sending()
        self.env.ref(MAIL_QUEUE)._trigger()

    def _freeze(self, user, on=None):
        """Write down everything the messages say, as they say it, and keep what goes with them.

        :param user: ``res.users`` who sends
        :param date on: day of sending or posting, today by default
        """
        self._freeze_claims()
        self._freeze_facts(user, on or fields.Date.context_today(self))
        self._freeze_texts()
        self.filtered(lambda notice: notice._goes_on_paper())._freeze_letters()
        self._freeze_penalties()
        self._freeze_words()
        self._freeze_accounts()

    def _after_sending(self, called=False):
        """Tell the invoices that they were claimed, keep what left as proofs, and seal it.

        :param bool called: the message was the call, which was made
        """
        self._tell_invoices()
        self._keep_sent_files()
        self._seal()

    def _queue_mails(self):
        """Put the e-mails of these messages in the queue: they are sent from now on."""
        own = {notice.id: notice._prepare_own_mail_vals() for notice in self}
        template = self.env.ref("account_dunning_fr.mail_template_notice").sudo()
        mails = pass_on(template, mail_vals=own).send_mail_batch(
            self.ids, email_values={"auto_delete": False}
        )
        for notice, mail in zip(self, mails.sudo(False), strict=True):
            notice.write(
                {
                    "state": "sent",
                    "mail_id": mail.id,
                    "message_ref": mail.message_id,
                    **notice._prepare_delivery_vals(),
                }
            )

    def _prepare_own_mail_vals(self):
        """Return what the mail of this notice does not share with the others of a batch."""
        self.ensure_one()
        return {
            "attachment_ids": self._get_attachments().ids,
            "recipient_ids": [fields.Command.link(self.recipient_id.id)],
        }

    # -- The steps of freezing -------------------------------------------------------------------

    def _freeze_claims(self):
        """Take what a person left out off the claim: it takes no level."""
        left_out = self.line_ids.filtered("left_out")
        left_out.write({"claimed": False, "level_id": False})

    def _freeze_facts(self, user, today):
        """Give each message its number, its day, its sums and its addressee."""
        for notice in self:
            notice.write(notice._prepare_frozen_vals(user, today))

    def _freeze_texts(self):
        """Keep the texts; all are read before the first is written."""
        texts = [(notice, notice._prepare_frozen_texts()) for notice in self]
        for notice, vals in texts:
            notice.write(vals)

    def _freeze_letters(self):
        """Keep the letters that were printed today, else print them now, together."""
        to_print = self.filtered(lambda notice: not notice._is_printed(notice.date))
        to_print._drop_letters()
        for notice in to_print:
            notice.printed_on = notice.date
        to_print._render_letters()

    def _freeze_penalties(self):
        """Make the statements of penalties that no letter brought along."""
        for notice in self.filtered(lambda notice: not notice.statement_id):
            notice._store_statement()

    def _freeze_words(self):
        """Keep the messages word for word with their sums, and the names of their levels."""
        records = [(notice, notice._prepare_record_vals()) for notice in self]
        for notice, vals in records:
            notice.write(vals)
        for level, notices in self.grouped("level_id").items():
            notices.write({"sent_kind": level.kind, "sent_level": level.sudo()._get_names()})

    def _freeze_accounts(self):
        """Make the statements of account and the lists of items that no letter brought along."""
        for notice in self.filtered(lambda notice: not notice.account_statement_id):
            notice._store_account_statement()
        for notice in self.filtered(lambda notice: not notice.listing_id):
            notice._store_listing()

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

    # -- The documents of a message --------------------------------------------------------------

    def _store_letter(self, content):
        """Keep a letter, with the sum that proves that it stays as it is, and what it encloses.

        :param bytes content: the PDF
        """
        letter = self._create_document(self._get_letter_filename(), content)
        self.write({"letter_id": letter.id, "letter_sha256": sha256(content)})
        self._store_statement()
        self._store_account_statement()
        self._store_listing()

    def _create_document(self, name, content, mimetype="application/pdf"):
        """Attach a document to this notice.

        :param str name: name of the file
        :param bytes content: the document
        :param str mimetype: of the document
        :return: ``ir.attachment``
        """
        self.ensure_one()
        return self.env["ir.attachment"]._attach_dunning(self, name, content, mimetype)

    def _get_letter_filename(self):
        self.ensure_one()
        notice = self.with_context(lang=self.lang)
        reference = notice.name or notice.env._("draft")
        # The reference, short and unique, is never what is cut.
        title = written_name(notice.level_id.name)[:TITLE_LENGTH]
        return written_name(f"{title} {reference}", "pdf")

    def _get_attachments(self):
        """Return the files that leave with the message.

        The letter, if there is one, and the statement of penalties; the invoices as they were
        sent; the list of the items, the statement of account and the files that a person added.
        """
        files = self._get_kept_file("letter") | self._get_kept_file("statement")
        for move in self.enclosed_move_ids:
            files |= move._get_dunning_document(self)
        files |= self._get_kept_file("listing") | self._get_kept_file("account_statement")
        return files | self._get_own_enclosures()

    def _get_kept_file(self, name):
        """Return a document that was made for this message and kept, or none.

        :param str name: ``letter``, ``statement``, ``account_statement`` or ``listing``
        :raise UserError: it is no file of the message, or no longer the one that was kept
        """
        self.ensure_one()
        notice = self.sudo()
        file = notice[f"{name}_id"]
        sum_field = f"{name}_sha256"
        sha256 = notice[sum_field] if sum_field in notice._fields else None
        own = file._filter_dunning_owned(notice, sha256)
        if file and not own:
            raise UserError(
                self.env._(
                    "The document kept with the message %s is not the one that was made for it: "
                    "it is not given out. Tell your administrator.",
                    self.display_name,
                )
            )
        return own.with_env(self.env)

    # -- The steps after sending -----------------------------------------------------------------

    def _tell_invoices(self):
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
            self._log_on_moves(bodies)

    def _keep_sent_files(self):
        """Keep what went with each message, by e-mail or else by post, as its proofs."""
        self.env["account.dunning.proof"].create(
            [
                {"notice_id": notice.id, "attachment_id": attachment.id, "kind": "enclosure"}
                for notice in self
                for attachment in notice.mail_id.attachment_ids or notice._get_posted_files()
            ]
        )

    @api.model
    def _log_on_moves(self, bodies):
        """Leave a message on each of these invoices; those alike by the hundred in one statement.

        :param dict bodies: ``{invoice id: HTML}``
        """
        alike = defaultdict(list)
        for move_id, body in bodies.items():
            alike[body].append(move_id)
        Move = self.env["account.move"]
        many = {body: move_ids for body, move_ids in alike.items() if len(move_ids) > MANY_ALIKE}
        few = {move_id: body for move_id, body in bodies.items() if body not in many}
        if few:
            Move.browse(few)._message_log_batch(bodies=few)
        for body, move_ids in many.items():
            message = Move.browse(move_ids[0])._message_log(body=body)
            self._copy_message(message, move_ids[1:])

    @api.model
    def _copy_message(self, message, move_ids):
        """Leave the message of one invoice on others too.

        :param message: ``mail.message``, a log note without files nor recipients
        :param list move_ids: ids of invoices
        """
        self.env.flush_all()
        own = {"id", "res_id", "message_id", "record_name"}
        names = [
            name
            for name, field in message._fields.items()
            if field.store and field.column_type and name not in own
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (res_id, message_id, %(names)s)
                SELECT move_id, replace(message.message_id, '<', '<' || move_id || '-'), %(names)s
                  FROM mail_message message, unnest(%(move_ids)s) move_id
                 WHERE message.id = %(message_id)s
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                move_ids=move_ids,
                message_id=message.id,
            )
        )
        self.env["account.move"].browse(move_ids).invalidate_recordset(["message_ids"])

    # -- Scheduled ---------------------------------------------------------------------------------
    # The scheduled sending: some customers in one transaction, each alone where that fails.
    #
    # What a group of customers shares is done once: one plan is the gate of all, texts, mails and
    # traces are written together. A transaction is all or nothing, so a server killed in the
    # middle leaves its customers as they were, to the next run; what a rule or a fault refuses for
    # one of them is found by sending one by one, and noted on that one.

    tries = fields.Integer(
        readonly=True,
        copy=False,
        help="Attempts to hand the e-mail over that did not end: the process died.",
    )

    @api.model
    @recorded("prepare")
    def _cron_prepare(self):
        """Refresh the messages of every creditor that sends; one commit for each."""
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_active")
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        runs = self.env["account.dunning.run"]
        together, alone, deadly = runs._split_by_deaths(creditors)
        for creditor in deadly:
            runs._note_failure(creditor, runs._get_deadly_reason())
        self.env["ir.cron"]._commit_progress(len(deadly))
        for creditor in together + alone:
            runs._try(creditor)
            lang = creditor.partner_id._get_dunning_lang()
            with runs._working_for(creditor):
                counts = (
                    self.env["account.dunning.notice.draft"]
                    .with_context(lang=lang)
                    ._follow_plan(creditor)
                )
                _logger.info("Dunning plan of company %s: %s", creditor.id, counts)
                runs._note_counts(counts)
                self._give_up_settled_letters(creditor)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    @recorded("send")
    def _cron_send(self):
        """Send what is ready, some customers a commit; a failure is kept on its own message."""
        today = fields.Date.context_today(self)
        self._reconcile_deliveries()
        notices = self._get_sendable(today)
        self.env["ir.cron"]._commit_progress(remaining=len(notices))
        runs = self.env["account.dunning.run"]
        together, alone, deadly = runs._split_by_deaths(notices)
        for notice in deadly:
            notice._in_company_lang()._block(runs._get_deadly_reason(), today)
        self.env["ir.cron"]._commit_progress(len(deadly))
        for ids in (*split_every(SENT_TOGETHER, together.ids), *([each] for each in alone.ids)):
            group = self.browse(ids)
            runs._try(group)
            with runs._working_for(group.company_id[:1]):
                in_time = group._send_scheduled(today)
                if not in_time:
                    break

    @api.model
    def _get_sendable(self, today):
        """Return what the scheduled sending has to send today, in its order.

        Where the bank statements of a creditor are too old, nothing: that is noted.

        :param date today: the day of the run
        """
        creditors = self.env["res.company"]._get_dunning_creditors("dunning_active")
        for creditor in creditors:
            stale = creditor._get_dunning_stale_bank_journals(today)
            if stale:
                creditors -= creditor
                lang = creditor.partner_id._get_dunning_lang()
                reason = creditor.with_context(lang=lang)._get_dunning_statement_warning(today)
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
        return self.search(domain, order="date, id")

    def _block(self, problem, today):
        """Keep why a notice could not leave, and tell the person in charge once."""
        if self.blocking_reason != problem:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=self.user_id.id or self.env.uid,
                summary=self.env._("Reminder not sent"),
                note=escape(problem),
            )
        self.write({"blocking_reason": problem, "failed_on": today})
        self.env["account.dunning.run"]._note_failure(self, problem)

    def _send_scheduled(self, today):
        """Send these notices, and commit.

        :param date today: the day of the run
        :return: whether the scheduled action has time left
        """
        if len(self) > 1:
            try:
                with self.env.cr.savepoint():
                    self._send_locked(today)
                return self.env["ir.cron"]._commit_progress(len(self))
            except TransactionRollbackError:
                self.env.cr.rollback()  # another worker changed one of them meanwhile
            except OperationalError:
                raise
            except Exception:
                # Undone by the savepoint; told, and logged, once it is known whose it is.
                _logger.info("Dunning notices %s go one by one", self.ids)
        for notice in self:
            try:
                notice._send_alone(today)
            except TransactionRollbackError:
                # Another worker changed it meanwhile: it is that worker's, or the next run's.
                self.env.cr.rollback()
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return True

    def _send_alone(self, today):
        """Send one notice; what prevents it is kept on it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._send_locked(today)
        except UserError as error:
            self._in_company_lang()._block(str(error), today)
        except OperationalError:
            raise  # a conflict between transactions, or a lost connection: nothing to tell anybody
        except Exception:
            _logger.exception("Dunning notice %s could not be sent", self.id)
            notice = self._in_company_lang()
            notice._block(
                notice.env._("Unexpected error: your administrator finds it in the log."), today
            )

    def _send_locked(self, today):
        """Send those of these notices that no other worker sends and the gate lets pass.

        :param date today: the day of the run
        """
        locked = self.try_lock_for_update()
        for notices in locked.grouped("company_id").values():
            # What is noted for the users of the creditor is written in its language.
            ready = notices[0]._in_company_lang().browse(notices.ids)
            ready = ready.filtered(lambda notice: notice.state == "ready")._keep_pace(today)
            ready._refresh()
            ready._pick_leaving(today)._send_by_email(self.env.user)

    def _keep_pace(self, today):
        """Return those of these notices of one creditor that need not wait for another day.

        The gate is spared to the messages of a creditor whose day is full already.

        :param date today: the day of the run
        """
        limit = self.company_id.dunning_daily_limit
        if limit and self[0]._count_sent(today) >= limit:
            self._note_daily_limit()
            return self.browse()
        return self

    def _pick_leaving(self, today):
        """Return those that leave now; what stops the others is noted on each.

        :param date today: the day of the run
        """
        leaving = self._pick_passing(today)
        for creditor, notices in leaving.grouped("company_id").items():
            limit = creditor.dunning_daily_limit
            room = max(limit - notices[0]._count_sent(today), 0) if limit else len(notices)
            notices[:room].filtered("waiting_reason").waiting_reason = False
            notices[room:]._note_daily_limit()
            leaving -= notices[room:]
        return leaving

    def _pick_passing(self, today):
        """Return those that nothing stops but the limit of the day.

        :param date today: the day of the run
        """
        ready, leaving = self.filtered(lambda notice: notice.state == "ready"), self.browse()
        for notice in ready - ready._note_awaited_rates(today):
            if problem := notice._get_email_problem():
                notice._block(problem, today)
            elif not notice._has_to_wait():
                leaving |= notice
        return leaving

    # -- The pace of the scheduled sending; what a person sends by hand is never held back ---------

    waiting_reason = fields.Char(
        readonly=True, copy=False, help="Why a message that is ready waits for another day."
    )

    def _note_daily_limit(self):
        """Tell on the messages of one creditor why they wait for another day."""
        if self:
            env = self[0]._in_company_lang().env
            reason = env._(
                "Waits for the next sending: the limit of %s customers a day is reached.",
                self.company_id.dunning_daily_limit,
            )
            self.filtered(lambda notice: notice.waiting_reason != reason).waiting_reason = reason

    def _count_sent(self, today):
        """Return how many messages of this creditor the scheduled sending sent on this day."""
        self.ensure_one()
        return self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
                ("date", "=", today),
                ("sent_by", "=", self.env.uid),
            ]
        )

    # -- A reminder of an invoice that nobody received is told before it leaves --------------------

    unsent_warning = fields.Char(compute="_compute_unsent_warning")

    @api.depends("state", "line_ids.claimed", "line_ids.left_out", "line_ids.move_id.is_move_sent")
    def _compute_unsent_warning(self):
        for notice in self:
            names = []
            if notice.state in ("draft", "ready"):
                lines = notice.sudo()._get_claimed_lines()
                names = lines.filtered(
                    lambda line: line.move_id and line.move_id._is_dunning_unsent()
                ).mapped("invoice_name")
            notice.unsent_warning = bool(names) and self.env._(
                "Never sent to the customer, as far as Odoo knows: %s. Check that he received "
                "them; a copy goes with this message unless you leave it out.",
                ", ".join(dict.fromkeys(filter(None, names))),
            )

    # -- Contact -----------------------------------------------------------------------------------
    # When a natural person is written to by the scheduled sending: not too often, nor at night.

    wait_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="The scheduled sending leaves the person in peace till then.",
    )
    wait_reason = fields.Char(compute="_compute_wait_reason")

    @api.depends("wait_until", "state")
    def _compute_wait_reason(self):
        now = fields.Datetime.now()
        for notice in self:
            waits = notice.wait_until and notice.wait_until > now
            notice.wait_reason = (
                waits
                and notice.state in ("draft", "ready")
                and self.env._(
                    "It leaves by itself from %s: a private person is not written to at night, on "
                    "a Sunday or a public holiday, nor more often than the settings allow.",
                    format_datetime(
                        self.env, notice.wait_until, tz=notice.company_id._get_dunning_timezone()
                    ),
                )
            )

    @api.model
    def _get_waiting_domain(self):
        """Return the notices that need not wait any longer."""
        now = fields.Datetime.now()
        return ["|", ("wait_until", "=", False), ("wait_until", "<=", now)]

    def _has_to_wait(self):
        """Whether a private person is to be left in peace now; it is then noted until when.

        The sending is started again at that time.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        allowed = self._get_next_contact(now)
        if allowed <= now:
            self.wait_until = False
            return False
        self.wait_until = allowed
        self.env.ref("account_dunning_fr.ir_cron_send")._trigger(at=allowed)
        return True

    def _get_next_contact(self, now):
        """Return when the customer may be written to: now, unless it is a private person.

        :param datetime now: in UTC, without a time zone
        :return: datetime, likewise
        """
        self.ensure_one()
        partner = self.partner_id
        return partner.sudo()._get_dunning_next_contacts(self.company_id, now)[partner.id]

    # -- Mail --------------------------------------------------------------------------------------
    # The way of the e-mail: taken by a server or not, answered by the customer, or come back.
    #
    # A message is ``sent`` as soon as it is queued, so that nothing else is made of its items; it
    # counts as left (``has_left``) once a server took it for one address, its letter was posted,
    # or its call made. Until then nothing follows from it, and nothing is proved by it.

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
    call_ids = fields.One2many("account.dunning.call", "notice_id", string="Calls")
    has_left = fields.Boolean(
        compute="_compute_has_left",
        store=True,
        help="It reached the customer: a mail server took it, its letter was posted, or its call "
        "was made.",
    )

    _undelivered_idx = models.Index("(company_id, partner_id) WHERE undelivered")
    _underway_idx = models.Index("(mail_id) WHERE delivery IN ('underway', 'partial')")

    @api.depends("state", "delivery", "posted_on", "call_ids.state", "call_ids.outcome")
    def _compute_has_left(self):
        for notice in self:
            mailed = notice.delivery not in ("underway", "refused")
            notice.has_left = notice.state == "sent" and (mailed or notice._reached_otherwise())

    def _reached_otherwise(self):
        """Whether a letter or a call of this message reached the customer."""
        self.ensure_one()
        called = any(
            call.state == "done" and call.outcome != NO_CONTACT for call in self.sudo().call_ids
        )
        return bool(self.posted_on) or called

    def _get_reached_on(self):
        """Return the day on which a message that left did: its e-mail, or its letter before."""
        self.ensure_one()
        days = [self.left_on or self.date]
        if self.posted_on and self.delivery in ("underway", "refused"):
            days = [self.posted_on]
        elif self.posted_on:
            days.append(self.posted_on)
        return min(days)

    def _get_reached_channels(self):
        """Return the channels by which a message left, for display: not those only planned."""
        self.ensure_one()
        calls = self.sudo().call_ids
        reached = {
            "send_email": self.send_email and self.delivery not in ("underway", "refused"),
            "send_letter": self.send_letter and not self.not_posted_reason,
            "send_registered": self.send_registered and not self.not_posted_reason,
            "make_call": self.make_call and not (calls and "done" not in calls.mapped("state")),
        }
        if self.delivery in ("underway", "refused") and not self.posted_on:
            reached["send_letter"] = reached["send_registered"] = False
        return self.level_id._get_channel_names(reached)

    # -- On its way --------------------------------------------------------------------------------

    def _prepare_delivery_vals(self):
        """Return what a message says of its e-mail when that is queued."""
        self.ensure_one()
        due = [line.date_maturity for line in self.line_ids if line.claimed and line.date_maturity]
        courtesy = self.kind == "courtesy"
        until = last_day(
            self.date, self.deadline or None, min(due, default=None), courtesy=courtesy
        )
        return {"delivery": "underway", "mail_until": until, "delivery_attempts": 0}

    def _is_past(self, today):
        """Whether what this message prints is past, so that it may not leave any more."""
        self.ensure_one()
        until = self.mail_until or self.date
        return is_past(today, self.date, until, self.delivery_attempts)

    def _get_addresses_left(self, addresses):
        """Return those of these addresses that neither took nor refused the message yet."""
        self.ensure_one()
        known = split_addresses(self.served_to) | split_addresses(self.refused_to)
        return [address for address in addresses if address not in known]

    def _settle_delivery(self, served, refused, waiting):
        """Write down what became of one attempt to hand the e-mail over.

        :param list served: addresses for which a server took it
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
        if served and not self.left_on:
            vals["left_on"] = fields.Date.context_today(self)
        if vals["served_to"]:
            vals["delivery"] = "partial" if waiting or vals["refused_to"] else "taken"
        self.write(vals)
        if refused and (waiting or vals["served_to"]):
            self._tell_refused(refused)
        if waiting:
            return self._plan_next_attempt()
        if not vals["served_to"]:
            self._give_up_delivery(self.delivery_reason)
        elif not vals["refused_to"]:
            self._settle_earlier()
        return None

    def _plan_next_attempt(self):
        """Return when the e-mail is tried again, and wake the queue of e-mails then."""
        at = fields.Datetime.now() + waiting_time(self.delivery_attempts)
        self.env.ref(MAIL_QUEUE).sudo()._trigger(at)
        return at

    def _settle_earlier(self):
        """A message that arrived settles those to the same customer that did not."""
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
        """Return what is under « Reminders not sent »: refused, tried again, or stopped."""
        return [
            "|",
            ("undelivered", "=", True),
            "|",
            *("&", ("delivery", "=", "underway"), ("delivery_attempts", ">", 0)),
            *("&", ("blocking_reason", "!=", False), ("state", "in", ("draft", "ready"))),
        ]

    # -- Not delivered -----------------------------------------------------------------------------

    def _give_up_delivery(self, reason):
        """Tell that nobody took the e-mail; its level is given back unless it arrived otherwise.

        :param str reason: what the server answered, or why it was not asked any more
        """
        for notice in self:
            notice = notice._in_company_lang()
            reached = notice._reached_otherwise()
            vals = {"delivery": "refused", "delivery_reason": reason, "undelivered": True}
            notice.write(vals)
            notice._tell_not_delivered(reason)
            if not reached:
                notice._recall(notice.env._("Not delivered: %s", reason))
                notice._tell_next()

    def _tell_not_delivered(self, reason):
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self._get_follower_user().id,
            summary=self.env._("Reminder not delivered"),
            note=escape(
                self.env._(
                    "The e-mail to %(email)s was not delivered: %(reason)s. Correct the address on "
                    "the contact, choose another recipient, or send a letter.",
                    email=self.sent_to,
                    reason=reason,
                )
            ),
        )

    def _tell_refused(self, refused):
        """Tell that some of the addresses refused the e-mail; it is not sent to the others again.

        :param dict refused: ``{address: reason}``
        """
        notice = self._in_company_lang()
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
        """Say on the message made anew why it does not leave: one to-do is enough."""
        for notice in self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", ("draft", "ready")),
                ("send_email", "=", True),
            ]
        ):
            notice.blocking_reason = notice._in_company_lang()._get_refusal_problem()

    def action_settle_delivery(self):
        """Note that somebody dealt with what was not delivered: the address may be tried again."""
        self._check_send()
        self.sudo().write({"undelivered": False})
        self.sudo().activity_ids.filtered("automated").action_feedback()

    def _get_refusal_problem(self):
        """Return why no address of the recipient is worth another try, for the user, or False."""
        self.ensure_one()
        addresses = set(email_normalize_all(self.recipient_id.email or ""))
        refused = self.sudo()._get_refusals()
        if not addresses or not addresses <= set(refused):
            return False
        return self.env._(
            "The last message to %(email)s was refused: %(reason)s. Correct the address, choose "
            "another recipient or send a letter; to try it once more, open « Reminders not sent » "
            "and press « Dealt with ».",
            email=ADDRESS_SEPARATOR.join(sorted(addresses)),
            reason=refused[min(addresses)],
        )

    def _get_refusals(self):
        """Return ``{address: reason}`` of what this customer's addresses refused for good."""
        self.ensure_one()
        refusals = self.search_fetch(
            [
                ("undelivered", "=", True),
                ("refused_to", "!=", False),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            ["refused_to", "delivery_reason"],
            order="id",
        )
        return {
            address: notice.delivery_reason or ""
            for notice in refusals
            for address in split_addresses(notice.refused_to)
        }

    @api.model
    def _reconcile_deliveries(self):
        """Follow what others did to the e-mails of messages on their way: the list of e-mails of
        Odoo lets a person retry, cancel or delete them.
        """
        waiting = self.search([("delivery", "in", WAITING), ("state", "=", "sent")])
        waiting.mail_id.fetch(["state"])
        for notice in waiting:
            notice._reconcile_delivery()

    def _reconcile_delivery(self):
        mail, env = self.mail_id.sudo(), self._in_company_lang().env
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

    # -- What comes back ---------------------------------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        """Tell the person in charge who answered; one to-do at a time.

        What a program sent, or a colleague, is no answer.
        """
        result = super().message_update(msg_dict, update_vals)
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        sender, subject = msg_dict.get("email_from"), msg_dict.get("subject")
        for notice in self.sudo():
            env = notice._in_company_lang().env
            origin = notice._get_message_origin(
                author, sender, subject, msg_dict.get("dunning_automatic")
            )
            summary = {
                DEBTOR: env._("The customer answered the reminder"),
                OTHER: env._("Received on the reminder, from %s", sender),
            }.get(origin)
            if summary and summary not in notice.activity_ids.mapped("summary"):
                notice.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=notice._get_follower_user().id,
                    summary=summary,
                    note=escape(subject or ""),
                )
        return result

    def _message_receive_bounce(self, email, partner):
        """Note that the message did not arrive, and ask for another address."""
        result = super()._message_receive_bounce(email, partner)
        for notice in self.sudo().filtered(lambda n: n.state == "sent" and not n.bounced_on):
            notice.bounced_on = fields.Date.context_today(notice)
            env = notice._in_company_lang().env
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=notice._get_follower_user().id,
                summary=env._("E-mail returned: find another address"),
                note=escape(
                    env._(
                        "%s does not receive e-mails. Correct the address on the contact, or "
                        "choose another contact: until then no reminder leaves for it.",
                        email,
                    )
                ),
            )
        return result

    def _in_company_lang(self):
        """Return the notice in the language of its creditor's users."""
        return self.with_context(lang=self.company_id.partner_id._get_dunning_lang())

    def _get_follower_user(self):
        """Return who is told of what comes back: in charge, sender, or the company's contact."""
        self.ensure_one()
        sender = self.sent_by if self.sent_by.active and not self.sent_by.share else None
        return self.user_id or self.company_id.dunning_user_id or sender or self.env.user


def split_addresses(text):
    """Return the addresses kept in a field as a set."""
    return set(filter(None, (text or "").split(ADDRESS_SEPARATOR)))


def join_addresses(text, others):
    """Return the addresses kept in a field with others, each once; False for none."""
    known = [*filter(None, (text or "").split(ADDRESS_SEPARATOR)), *others]
    return ADDRESS_SEPARATOR.join(dict.fromkeys(known)) or False
