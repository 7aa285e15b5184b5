import logging
from collections import Counter, defaultdict

from markupsafe import escape
from psycopg2 import OperationalError
from psycopg2.errors import LockNotAvailable
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..common.account_dunning_run import queued, recorded
from ..common.creditors_day import creditors_day
from ..common.letter_formats import write_as_letter
from ..common.notifications import tell
from ..common.private_context import pass_on
from ..common.rows import insert_rows
from ..policy.account_dunning_level import TEXTS
from .account_dunning_delivery import MAIL_QUEUE
from .states import LIVE

_logger = logging.getLogger(__name__)

# Customers per transaction: what they share is done once, and if the server is killed halfway, at
# most this many are left to the next run.
SENT_TOGETHER = 25
# Records locked or changed by another transaction; the second where ``lock_timeout`` is set.
ELSEWHERE = (TransactionRollbackError, LockNotAvailable)


class AccountDunningNotice(models.Model):
    """How a notice is sent.

    ``_freeze_and_send`` lists the steps. E-mail, letter and call each reach it through their own
    gate (``account_dunning_gate.py``); an e-mail passes the gate once more when it leaves the queue
    (``mail_mail.py``). The scheduled action sends a batch of customers per transaction, and each
    customer alone if the batch fails.
    """

    _inherit = "account.dunning.notice"

    sent_on = fields.Datetime(readonly=True)
    sent_by = fields.Many2one("res.users", readonly=True)
    sent_to = fields.Char(readonly=True, help="The address to which it was sent.")
    mail_id = fields.Many2one("mail.mail", readonly=True, index="btree_not_null")
    mail_state = fields.Selection(related="mail_id.state", string="E-mail status")
    message_ref = fields.Char(string="Message-Id", readonly=True)
    typed_texts = fields.Char(
        readonly=True, help="The texts that a person wrote; the others are those of the level."
    )
    sent_lang = fields.Char(readonly=True)

    # -- By hand ----------------------------------------------------------------------------------

    @queued("send_chosen")
    def action_send(self):
        """Send the notices by e-mail after a last check of the books.

        A long list is left to the scheduler. Of several notices, those that cannot be sent are
        skipped and reported with the reason.

        :return: the action that shows the progress if the scheduler takes over, or that says how
            many of several notices were sent
        """
        self._check_send()
        runs = self.env["account.dunning.run"]
        if runs._is_long(len(self), at_once=20):
            return runs._enqueue(list(self), "action_send")
        if len(self) == 1:
            self.sudo()._send_chosen(self.env.user)
            return None
        skipped = []
        for notice in self.sudo():
            try:
                with self.env.cr.savepoint():
                    notice._send_chosen(self.env.user)
                    notice.flush_recordset()
            except UserError as error:
                skipped.append(str(error))
        if len(skipped) == len(self):
            raise UserError("\n".join(dict.fromkeys(skipped)))
        return tell(self.env, self.env._("Messages sent: %s.", len(self) - len(skipped)), skipped)

    def _send_chosen(self, user):
        """Send this notice, which a person chose, after a last check of the books.

        :param user: ``res.users`` who sends it
        :raise UserError: why it cannot be sent
        """
        self.ensure_one()
        self._refresh()
        if self.state not in LIVE:
            raise UserError(
                self.env._(
                    "Nothing was sent to %(customer)s: %(reason)s.",
                    customer=self.partner_id.display_name,
                    reason=self.cancel_reason or self.env._("already sent"),
                )
            )
        if problem := self._get_email_problem():
            raise UserError(problem)
        self._send_by_email(user)

    # -- Sending, step by step --------------------------------------------------------------------

    def _send_by_email(self, user):
        """Send these notices by e-mail, after the last check.

        :param user: ``res.users`` who sends them, the superuser for the scheduled action
        :raise UserError: if nothing is claimed any more
        """
        if not self:
            return
        notices = self._spare_columns(self)
        notices._read_items()
        notices = notices._with_penalties()
        for notice in notices:
            notice._check_claims()
        notices._freeze_and_send(user)
        self.env.ref(MAIL_QUEUE)._trigger()

    def _freeze_and_send(self, user, on=None, otherwise=None):
        """Send these notices: all the steps, in one transaction.

        :param user: ``res.users`` who sends them
        :param date on: day of sending or posting, today by default
        :param dict otherwise: values to write on notices that go by post or are read out in a call;
            without it they go by e-mail
        """
        self = pass_on(self, tables={})
        self._drop_left_out()
        self._number(user, on or creditors_day(self))
        self._freeze_texts()
        self._print_missing_letters()
        self._make_penalty_statements()
        self._freeze_words()
        self._make_other_documents()
        self._on_frozen()
        if otherwise:
            self.write(otherwise)
        else:
            self._queue_mails()
        self._tell_invoices()
        leaving = pass_on(self, sums={})
        leaving._keep_sent_files()
        leaving._seal()
        self._on_sent()

    def _on_frozen(self):
        """Hook for other rooms: the content is frozen, and the notices are about to be sent."""

    def _on_sent(self):
        """Hook for other rooms: the notices were sent and sealed."""

    # -- The steps ---------------------------------------------------------------------------------

    def _drop_left_out(self):
        """Remove from the claim what a person left out, so that it takes no level."""
        left_out = self.line_ids.filtered("left_out")
        left_out.write({"claimed": False, "level_id": False})

    def _number(self, user, today):
        """Set the number, date, total and recipient of each notice."""
        references = self._get_next_references()
        self._write_each(
            {"name": references[notice], **notice._prepare_frozen_vals(user, today)}
            for notice in self
        )

    def _freeze_texts(self):
        """Freeze the texts, in one write for all the notices that have the same."""
        # What several texts quote is rendered once for all of them.
        texts = {
            notice: tuple(notice._prepare_frozen_texts().items())
            for notice in write_as_letter(self)
        }
        followed_nowhere = self.with_context(tracking_disable=True)
        for kept, notices in followed_nowhere.grouped(texts.get).items():
            notices.write(dict(kept))

    def _print_missing_letters(self):
        """Print, together, the letters that were not already printed with the day of sending."""
        to_print = self.filtered(
            lambda notice: notice._goes_on_paper() and not notice._is_printed(notice.date)
        )
        to_print._drop_letters()
        for notice in to_print:
            notice.printed_on = notice.date
        to_print._render_letters()

    def _make_penalty_statements(self):
        """Create the penalty statements that no letter enclosed."""
        for notice in self.filtered(lambda notice: not notice.statement_id):
            notice._store_statement()

    def _freeze_words(self):
        """Freeze the wording with its amounts, and the names of the levels."""
        # Each date and amount is formatted once for all of them.
        self._write_each(notice._prepare_record_vals() for notice in write_as_letter(self))
        free = self.filtered("is_free")
        for level, notices in (self - free).grouped("level_id").items():
            notices.write({"sent_kind": level.kind, "sent_level": level.sudo()._get_names()})
        for notice in free:
            notice.write({"sent_kind": notice.kind, "sent_level": notice._get_free_names()})

    def _make_other_documents(self):
        """Create the account statements and the lists of items that no letter enclosed."""
        for notice in self.filtered(lambda notice: not notice.account_statement_id):
            notice._store_account_statement()
        for notice in self.filtered(lambda notice: not notice.listing_id):
            notice._store_listing()

    def _write_each(self, vals_list):
        """Write different values to each notice, without tracking them.

        All values are read before the first write.

        :param vals_list: iterable of dicts, one per notice, in order
        """
        followed_nowhere = self.with_context(tracking_disable=True)
        for notice, vals in zip(followed_nowhere, list(vals_list), strict=True):
            notice.write(vals)

    def _prepare_frozen_vals(self, user, today):
        """Return what is stored before the texts are rendered: they may quote it."""
        self.ensure_one()
        claimed = self.line_ids.filtered("claimed")
        return {
            "date": today,
            "amount_total": sum(claimed.mapped("amount_due_company")),
            "partner_name": self.partner_id.name,
            "chosen_recipient_id": self.recipient_id.id,
            "sent_to": self.recipient_id.email,
            **self._prepare_addressees_vals(),
            "sent_lang": self.lang,
            "sent_on": fields.Datetime.now(),
            "sent_by": user.id,
            "blocking_reason": False,
        }

    def _prepare_frozen_texts(self):
        """Return the texts as they are sent, and the names of those that a person typed."""
        self.ensure_one()
        typed = [name for name in TEXTS if self[f"custom_{name}"]]
        texts = {f"custom_{name}": self[name] for name in TEXTS}
        return {**texts, "typed_texts": ",".join(typed)}

    def _get_next_reference(self):
        """Return the reference of the notice; a printed notice has one before it is sent."""
        self.ensure_one()
        return self._get_next_references()[self]

    def _get_next_references(self):
        """Return the reference of each notice, looking up the sequence of a creditor once.

        :return: ``{notice: reference}``; False where the sequence was archived
        """
        references = {notice: notice.name for notice in self}
        unnamed = self.filtered(lambda notice: not notice.name)
        for creditor, notices in unnamed.grouped("company_id").items():
            sequence = self.env["ir.sequence"].with_company(creditor)
            sequence = sequence.search(
                [("code", "=", self._name), ("company_id", "in", (creditor.id, False))],
                order="company_id",
                limit=1,
            )
            if sequence:
                references.update(zip(notices, sequence._draw_dunning(len(notices)), strict=True))
        return references

    def _queue_mails(self):
        """Queue the e-mails of these notices, which count as sent from now on.

        The e-mail appears in the history, so the change of state is not tracked.
        """
        self._track_discard()
        own = {notice.id: notice._prepare_own_mail_vals() for notice in self}
        template = self.env.ref("account_dunning_fr.mail_template_notice").sudo()
        mails = pass_on(template, mail_vals=own).send_mail_batch(
            self.ids, email_values={"auto_delete": False}
        )
        self._write_each(
            {
                "mail_id": mail.id,
                "message_ref": mail.message_id,
                **notice._prepare_delivery_vals(),
            }
            for notice, mail in zip(self, mails.sudo(False), strict=True)
        )
        self.write({"state": "sent"})

    def _prepare_own_mail_vals(self):
        """Return the values of the mail that are not shared with the rest of the batch."""
        self.ensure_one()
        return {
            # Commands, not ids: Odoo appends one for each image that a text holds.
            "attachment_ids": [fields.Command.link(id_) for id_ in self._get_attachments().ids],
            "recipient_ids": [fields.Command.set(self._get_email_partners().ids)],
        }

    def _tell_invoices(self):
        """Log a note on each invoice, in the creditor's language: a scheduled action has none."""
        # An entry with items of several customers gets one note from each of them: one a round.
        rounds, seen = defaultdict(dict), Counter()
        for notice in self:
            speaking = notice._in_dunning_lang()
            link = speaking._get_html_link(title=speaking.display_name)
            body = speaking.env._("Claimed in the reminder %(link)s", link=link)
            for move in notice.line_ids.filtered("claimed").move_id:
                rounds[seen[move.id]][move.id] = body
                seen[move.id] += 1
        for bodies in rounds.values():
            self.env["account.move"]._log_dunning(bodies)

    def _keep_sent_files(self):
        """Keep the files that went with each notice, by e-mail or by post, as its proofs."""
        names = ("notice_id", "company_id", "attachment_id", "kind", "sha256")
        rows = [
            (notice.id, notice.company_id.id, file.id, "enclosure", file._get_dunning_sum())
            for notice in self
            for file in notice.mail_id.attachment_ids or notice._get_posted_files()
        ]
        insert_rows(self.env["account.dunning.proof"], names, rows)
        self.invalidate_recordset(["proof_ids"], flush=False)

    # -- Scheduled --------------------------------------------------------------------------------

    tries = fields.Integer(
        readonly=True,
        copy=False,
        help="Attempts to hand the e-mail over that did not end: the process died.",
    )

    @api.model
    @recorded("prepare")
    def _cron_prepare(self):
        """Refresh the notices of every creditor that sends, with one commit each."""
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
            speaking = self.env["account.dunning.notice.draft"].with_context(lang=lang)
            with runs._working_for(creditor, speaking) as (_day, drafts):
                counts = drafts._follow_plan(creditor)
                _logger.info("Dunning plan of company %s: %s", creditor.id, counts)
                runs._note_counts(counts)
                self._give_up_settled_letters(creditor)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    @recorded("send")
    def _cron_send(self):
        """Send what is ready, a batch of customers per commit; a failure is kept on its notice."""
        self._reconcile_deliveries()
        notices = self._get_sendable()
        self.env["ir.cron"]._commit_progress(remaining=len(notices))
        runs = self.env["account.dunning.run"]
        together, alone, deadly = runs._split_by_deaths(notices)
        days = self.env["res.company"]._split_dunning_days
        for today, notices in days(deadly):
            for notice in notices:
                notice._in_dunning_lang()._block(runs._get_deadly_reason(), today)
        self.env["ir.cron"]._commit_progress(len(deadly))
        for ids in (*split_every(SENT_TOGETHER, together.ids), *([each] for each in alone.ids)):
            group = self.browse(ids)
            runs._try(group)
            with runs._working_for(group.company_id[:1]):
                in_time = all(notices._send_scheduled(today) for today, notices in days(group))
                if not in_time:
                    break

    @api.model
    def _get_sendable(self, today=None):
        """Return what the scheduled action has to send today, in order.

        If the bank statements of a creditor are too old, none of his: that is noted on the notices.

        :param date today: the day of the run; by default, the own day of each creditor
        """
        days = {}
        for creditor in self.env["res.company"]._get_dunning_creditors("dunning_active"):
            on = today or creditor._get_dunning_today()
            stale = creditor._get_dunning_stale_bank_journals(on)
            if not stale:
                days.setdefault(on, []).append(creditor.id)
            else:
                lang = creditor.partner_id._get_dunning_lang()
                reason = creditor.with_context(lang=lang)._get_dunning_statement_warning(on)
                self.env["account.dunning.run"]._note_failure(creditor, reason)
                _logger.warning(
                    "Dunning of company %s stopped: bank statements too old in journals %s",
                    creditor.id,
                    stale.ids,
                )
        domain = Domain.AND(
            [
                [("state", "=", "ready"), ("send_email", "=", True)],
                self._get_waiting_domain(),
                Domain.OR(
                    Domain("company_id", "in", ids)
                    & (Domain("failed_on", "=", False) | Domain("failed_on", "!=", on))
                    for on, ids in days.items()
                ),
            ]
        )
        return self.search(domain, order="date, id")

    def _block(self, problem, today):
        """Store why a notice could not be sent, and notify the person in charge once."""
        if self.blocking_reason != problem:
            speaking = self._in_dunning_lang()
            speaking.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=self.user_id.id or self.env.uid,
                summary=speaking.env._("Reminder not sent"),
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
            except ELSEWHERE:
                self.env.cr.rollback()  # another worker changed one of them meanwhile
            except OperationalError:
                raise
            except Exception:
                # The savepoint undid it; logged and reported once it is known which notice is at
                # fault.
                _logger.info("Dunning notices %s go one by one", self.ids)
        for notice in self:
            try:
                notice._send_alone(today)
            except ELSEWHERE:
                # Another worker changed it meanwhile: it belongs to that worker, or to the next
                # run.
                self.env.cr.rollback()
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return True

    def _send_alone(self, today):
        """Send one notice, and store on it what prevents it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._send_locked(today)
        except UserError as error:
            self._in_dunning_lang()._block(str(error), today)
        except OperationalError:
            raise  # a conflict between transactions, or a lost connection: nothing to report
        except Exception:
            _logger.exception("Dunning notice %s could not be sent", self.id)
            notice = self._in_dunning_lang()
            notice._block(
                notice.env._("Unexpected error: your administrator finds it in the log."), today
            )

    def _send_locked(self, today):
        """Send the notices that no other worker is sending and that pass the gate.

        :param date today: the day of the run
        """
        locked = self.try_lock_for_update()
        for notices in locked.grouped("company_id").values():
            # What is noted for the creditor's users is written in the creditor's language.
            ready = notices[0]._in_dunning_lang().browse(notices.ids)
            ready = ready.filtered(lambda notice: notice.state == "ready")._keep_pace(today)
            ready._refresh()
            ready._pick_leaving(today)._send_by_email(self.env.user)
