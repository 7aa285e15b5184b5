import logging

from markupsafe import escape
from psycopg2 import OperationalError
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..common.account_dunning_run import recorded

_logger = logging.getLogger(__name__)

# Customers written to in one transaction: what they share is done once, and a server killed in
# the middle leaves at most so many of them to the next run.
SENT_TOGETHER = 25


class AccountDunningNotice(models.Model):
    """The scheduled sending: some customers in one transaction, each alone where that fails.

    What a group of customers shares is done once: one plan is the gate of all, texts, mails and
    traces are written together. A transaction is all or nothing, so a server killed in the middle
    leaves its customers as they were, to the next run; what a rule or a fault refuses for one of
    them is found by sending one by one, and noted on that one.
    """

    _inherit = "account.dunning.notice"

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
                counts = self.env["account.dunning.plan"].with_context(lang=lang)._run(creditor)
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

        :param date today: the day of the run
        """
        return self

    def _pick_leaving(self, today):
        """Return those that leave now; what stops the others is noted on each.

        :param date today: the day of the run
        """
        ready, leaving = self.filtered(lambda notice: notice.state == "ready"), self.browse()
        for notice in ready - ready._note_awaited_rates(today):
            if problem := notice._get_email_problem():
                notice._block(problem, today)
            elif not notice._has_to_wait():
                leaving |= notice
        return leaving
