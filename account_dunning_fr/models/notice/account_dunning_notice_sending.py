from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.filenames import written_name
from ...core.seals import sha256
from ..common.private_context import pass_on
from ..policy.account_dunning_level import TEXTS

MANY_ALIKE = 200  # invoices that one message claims: more are logged together
TITLE_LENGTH = 50  # characters of the level's name in the name of a letter's file


class AccountDunningNotice(models.Model):
    """How a notice leaves: the e-mail, the letter, the record of it."""

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
        if self.state == "draft" and not taken:
            raise UserError(
                self.env._(
                    "The message to %s is not confirmed: confirm it, print its letter, then record "
                    "its posting.",
                    self.partner_id.display_name,
                )
            )
        if self.state == "cancelled" and not taken:
            raise UserError(
                self.env._(
                    "The message to %s was cancelled: nothing is to be posted.",
                    self.partner_id.display_name,
                )
            )
        before = self._prepare_posting_undo()
        if self.printed_on != on:
            raise UserError(
                self.env._(
                    "The letter to %s bears the date and the deadline of another day: print "
                    "it again, then record its posting.",
                    self.partner_id.display_name,
                )
            )
        if self.state == "sent":
            if self.to_post and not taken and not self._is_still_due():
                raise UserError(self._explain_not_due())
            self.write({"posted_on": on, **before})
            self._seal()  # the letter left as well: with its own day, and a later deadline
            return
        self.deadline = self.level_id._get_deadline(on, self.partner_id)
        if not taken:
            self._check_claims()
        if not taken and not self._is_still_due():
            raise UserError(
                self.env._(
                    "What %s owes changed since the letter was printed: print it again, "
                    "then record its posting.",
                    self.partner_id.display_name,
                )
            )
        self._freeze(self.env.user, on)
        self.write({"state": "sent", "posted_on": on, **before})
        self._after_sending()

    # -- Sending ---------------------------------------------------------------------------------

    def _send_by_email(self, user):
        """Queue the e-mails and freeze the notices, in the same transaction.

        :param user: ``res.users`` who sends, the superuser for the scheduled action
        :raise UserError: if nothing is claimed any more
        """
        if not self:
            return
        self = self._with_penalties()
        for notice in self:
            notice._check_claims()
        self._freeze(user)
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
        letters = self.env["ir.actions.report"]._render_dunning_letters(to_print)
        for notice in to_print:
            notice._store_letter(letters[notice.id])

    def _store_letter(self, content):
        """Keep a letter, with the sum that proves that it stays as it is.

        :param bytes content: the PDF
        """
        letter = self._create_document(self._get_letter_filename(), content)
        self.write({"letter_id": letter.id, "letter_sha256": sha256(content)})

    def _create_document(self, name, content, mimetype="application/pdf"):
        """Attach a document to this notice.

        :param str name: name of the file
        :param bytes content: the document
        :param str mimetype: of the document
        :return: ``ir.attachment``
        """
        self.ensure_one()
        file = self.env["ir.attachment"]._attach_dunning(self, name, content)
        if mimetype != file.mimetype:
            file.sudo().mimetype = mimetype
        return file

    def _get_letter_filename(self):
        self.ensure_one()
        notice = self.with_context(lang=self.lang)
        reference = notice.name or notice.env._("draft")
        # The reference, short and unique, is never what is cut.
        title = written_name(notice.level_id.name)[:TITLE_LENGTH]
        return written_name(f"{title} {reference}", "pdf")

    def _get_attachments(self):
        """Return the files that leave with the message: the letter, if there is one."""
        return self._get_kept_file("letter")

    def _get_kept_file(self, name):
        """Return a document that was made for this message and kept, or none.

        :param str name: ``letter``, ``statement`` or ``account_statement``
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

    def _after_sending(self, called=False):
        """Leave a trace on each invoice.

        :param bool called: the message was the call, which was made
        """
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
