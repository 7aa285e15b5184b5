import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from .private_context import pass_on, passed

_logger = logging.getLogger(__name__)

END = "end"  # in place of a batch: producing the result, once all batches are done
QUEUED = [("queue", "!=", False), ("state", "in", ("waiting", "running", "partial"))]


class AccountDunningRun(models.Model):
    """Long work started by hand: the scheduler does it in batches, with the rights of its author.

    Each batch is committed together with the progress, so that after a kill the next run of the
    scheduler resumes with the first batch that was not done.
    """

    _inherit = "account.dunning.run"

    queue = fields.Json(readonly=True, help="The batches to do, and what else the work needs.")
    is_queued = fields.Boolean(compute="_compute_message")
    position = fields.Integer(readonly=True, help="The first batch that is not done yet.")
    result_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, index="btree_not_null"
    )
    message = fields.Char(compute="_compute_message")

    @api.depends("kind", "status", "queue")
    @api.depends_context("lang")
    def _compute_message(self):
        for run in self:
            run.is_queued = bool(run.queue)
            run.message = (
                run.is_queued
                and run.status in ("waiting", "running", "partial")
                and self.env._(
                    "You may leave this page: the work goes on, and you are told when it is done."
                )
            )

    # -- Starting long work ------------------------------------------------------------------------

    @api.model
    def _is_long(self, count, at_once):
        """Whether there is too much work for now; never true in the scheduler itself.

        :param int at_once: how many records are processed while the user waits
        """
        return count > at_once and not passed(self.env, "run_id")

    @api.model
    def _enqueue(self, batches, method, *, finish=None, **arguments):
        """Leave work to the scheduler.

        :param list batches: records of one model, each batch processed and committed together
        :param str method: of these records, decorated with ``queued``
        :param finish: pair of a model and its method that produces the result (``ir.attachment``)
        :param arguments: what both take, JSON-serializable
        :return: window action of the run, which shows its progress
        """
        kind, whole = _get_queued(batches[0], method)._dunning_queued
        run = self.sudo().create(
            {
                "kind": kind,
                "state": "waiting",
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "total": len(batches) if whole else sum(map(len, batches)),
                "queue": {
                    "model": batches[0]._name,
                    "method": method,
                    "batches": [batch.ids for batch in batches],
                    "finish": finish,
                    "arguments": arguments,
                    "lang": self.env.lang,
                },
            }
        )
        self.env.ref("account_dunning_fr.ir_cron_queue").sudo()._trigger()
        return run.sudo(False)._get_records_action(name=run.display_name)

    def _get_worked(self, batch):
        """Return the records of a batch, or of all."""
        return self.env[self.sudo().queue["model"]].browse(batch)

    def _get_units(self, batch):
        """Return how many units a batch counts for: its records, or one."""
        _kind, whole = _get_queued(self._get_worked(batch), self.queue["method"])._dunning_queued
        return 1 if whole else len(batch)

    def action_cancel(self):
        """Cancel the rest of the work that the user started."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user and not self.env.user.has_group(
            "account_dunning_fr.group_dunning_manager"
        ):
            raise UserError(self.env._("Only who started it, or a manager, stops this work."))
        if self.state not in ("waiting", "partial") or not self.sudo().queue:
            raise UserError(self.env._("Only work that waits can be stopped."))
        self.sudo().write(
            {
                "state": "interrupted",
                "ended_on": fields.Datetime.now(),
                "error": self.env._("Stopped by %s.", self.env.user.name),
            }
        )

    # -- The scheduler -----------------------------------------------------------------------------

    @api.model
    def _cron_work(self):
        """Do the pending work, in the order in which it was started."""
        runs = self.search(QUEUED, order="id")
        # What a process died of must not hold up the others: it goes last.
        runs = runs.sorted(lambda run: bool(run.trying))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(runs.mapped("left")))
        for run in runs:
            run._take()
            cron._commit_progress()
            if not run._work_or_stop():
                return

    def _work_or_stop(self):
        """Work; a run that fails stops with its reason and does not hold up the others.

        :return: whether there is time left
        """
        try:
            return self._work()
        except OperationalError:
            raise  # a conflict between transactions, or a lost connection: retried later
        except Exception as error:
            _logger.exception("Dunning run %s broke", self.id)
            self.env.cr.rollback()
            self._stop(error)
            self.env["ir.cron"]._commit_progress()
            return True

    def _work(self):
        """Process the batches of one run until the scheduler's time is up.

        :return: whether there is time left
        """
        self.ensure_one()
        self = pass_on(self, run_id=self.id)
        author = self.with_user(self.user_id).with_company(self.company_id)
        author = author.with_context(lang=self.queue["lang"])
        if self.company_id:
            author = self.company_id._in_dunning_day(author)
        self._learn_from_death()
        while self.position < len(self.queue["batches"]):
            batch = self.queue["batches"][self.position]
            records = self._get_worked(batch)
            if self._split_by_deaths(records[:1])[2]:
                self._note_failure(records, author._get_deadly_reason())
            else:
                self.env["account.dunning.run"]._try(records)
                self._do(author, batch)
            self.position += 1
            self.trying = False
            units = self._get_units(batch)
            if not self.env["ir.cron"]._commit_progress(units):
                break
        if self.left:
            self.write({"state": "partial"})
            return False
        if not self.trying:
            self.trying = [END]
            self.env["ir.cron"]._commit_progress()
            self._end_work(author)
        else:
            self._finish()
        return True

    def _learn_from_death(self):
        """Move the batch during which the last process died to the end, record by record."""
        if not self.trying:
            return
        queue, position = self.queue, self.position
        if position >= len(queue["batches"]):
            self.error = self.error or self._get_deadly_reason()
            return
        batch = queue["batches"][position]
        alone = [[each] for each in batch] if self._get_units(batch) > 1 else [batch]
        others = [*queue["batches"][:position], *queue["batches"][position + 1 :]]
        deaths = dict(self.deaths or {})
        for key in self.trying:
            deaths[key] = deaths.get(key, 0) + 1
        self.write(
            {"queue": {**queue, "batches": [*others, *alone]}, "deaths": deaths, "trying": False}
        )
        self.env["ir.cron"]._commit_progress()

    def _do(self, author, batch):
        """Process one batch; if it fails, process its records one by one, and store why some fail.

        :param author: this run, with the rights of who started it
        :param list batch: ids
        """
        work = _get_queued(author._get_worked(batch), self.queue["method"])
        try:
            with self.env.cr.savepoint():
                work(**self.queue.get("arguments", {}))
        except OperationalError:
            raise  # a conflict between transactions, or a lost connection: retried later
        except Exception as error:
            if self._get_units(batch) > 1:
                for record_id in batch:
                    self._do(author, [record_id])
                return
            if not isinstance(error, UserError):
                _logger.exception("Dunning run %s failed on a batch", self.id)
            self._note_failure(self._get_worked(batch), self._explain(error))

    def _make_result(self, model, method):
        """Return the file that is the result of the work."""
        queue = self.sudo().queue
        records = self._get_worked([each for batch in queue["batches"] for each in batch])
        return _get_queued(self.env[model], method)(records, **queue.get("arguments", {}))

    def _end_work(self, author):
        """Produce the result, if there is one, store the end, and notify the author."""
        finish = self.queue.get("finish")
        try:
            if finish and self.done:
                with self.env.cr.savepoint():
                    self.result_id = author._make_result(*finish)
        except OperationalError:
            raise
        except Exception as error:
            _logger.exception("Dunning run %s has no result", self.id)
            self.error = self._explain(error)
        self._finish()
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "warning" if self.failed or self.error else "success",
                "title": self.with_context(lang=self.queue["lang"]).display_name,
                "message": author.env._(
                    "%(done)s done, %(failed)s failed. See Dunning > Settings > Runs.",
                    done=self.done,
                    failed=self.failed,
                ),
            },
        )


def _get_queued(records, name):
    """Return a method that the scheduler may run.

    :raise AttributeError: if no method of ours is decorated under this name
    """
    method = getattr(records, name)
    if not getattr(method, "_dunning_queued", None):
        raise AttributeError(name)
    return method
