import logging

from psycopg2 import OperationalError
from psycopg2.extensions import TransactionRollbackError

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class AccountDunningNotice(models.Model):
    """The scheduled sending: some customers in one transaction, each alone where that fails.

    What a group of customers shares is done once: one plan is the gate of all, texts, mails and
    traces are written together. A transaction is all or nothing, so a server killed in the middle
    leaves its customers as they were, to the next run; what a rule or a fault refuses for one of
    them is found by sending one by one, and noted on that one.
    """

    _inherit = "account.dunning.notice"

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
        leaving = self.browse()
        for notice in self.filtered(lambda notice: notice.state == "ready"):
            if problem := notice._get_email_problem():
                notice._block(problem, today)
            elif not notice._has_to_wait():
                leaving |= notice
        return leaving
