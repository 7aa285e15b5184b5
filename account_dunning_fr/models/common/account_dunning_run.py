import logging
from contextlib import contextmanager
from functools import wraps

from psycopg2 import InterfaceError, OperationalError
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

from .account_dunning_plausible import MOST
from .private_context import pass_on, passed

_logger = logging.getLogger(__name__)

RESUMED_WITHIN = {"hours": 1}  # the scheduler calls again at once if time ran out
DEFAULT_KEPT_DAYS = 90
UNFINISHED = ("waiting", "running", "partial")
MOST_DEATHS = 2  # attempts: in a batch first, then alone


def is_lost(error):
    """Whether an error means that the database is gone, not just that one transaction failed."""
    rolled_back = isinstance(error, TransactionRollbackError)
    return isinstance(error, (InterfaceError, OperationalError)) and not rolled_back


def recorded(kind):
    """Decorate a scheduled action so that each call leaves a record in ``account.dunning.run``.

    :param str kind: one of the kinds of run
    """

    def decorate(method):
        @wraps(method)
        def run_recorded(self, *args, **kwargs):
            with self.env["account.dunning.run"]._record(kind) as run:
                return method(pass_on(self, run_id=run.id), *args, **kwargs)

        return run_recorded

    return decorate


def queued(kind, whole=False):
    """Decorate a method that the scheduler may run later, with the rights of who started it.

    The method takes the records of a batch and the arguments given to ``_enqueue``; if it only
    produces the result of the work, it takes all the records as an argument.

    :param str kind: the kind of run
    :param bool whole: whether a batch counts as one unit and is not divided, such as the penalties
        of a customer
    """

    def decorate(method):
        method._dunning_queued = (kind, whole)
        return method

    return decorate


class AccountDunningRun(models.Model):
    """What a scheduled action, or long work started by hand, did: how much, how long, what failed.

    The record is committed before the work begins and with each of its steps (``_commit_progress``
    of the scheduler), so that it is always up to date and survives if the process is killed.
    """

    _name = "account.dunning.run"
    _description = "Dunning Run"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("prepare", "Preparation of the reminders"),
            ("send", "Sending of the reminders"),
            ("penalties", "Late-payment penalties"),
            ("promises", "Review of the promises"),
            ("plans", "Review of the payment plans"),
            ("holds", "Review of what is suspended"),
            ("calls", "List of calls"),
            ("registered", "Registered letters at the provider"),
            ("expire", "Expired formal notices"),
            ("clocks", "Legal terms of the court files"),
            ("rates", "Rates of the half-year"),
            ("seal", "Chaining of what was sent"),
            ("verify", "Verification of what was sent"),
            ("retention", "Clean-up under the retention rules"),
            ("monthly", "Monthly report"),
            ("risk", "Classes of the customers"),
            ("bodacc", "Notices of the BODACC"),
            ("register", "Register of companies"),
            ("cover", "Insured items overdue"),
            ("send_chosen", "Sending of chosen reminders"),
            ("send_statements", "Sending of statements of account"),
            ("book_chosen", "Booking of chosen penalties"),
            ("print_chosen", "Printing of chosen letters"),
            ("court_file", "Generation of a court file"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("partial", "To be continued"),
            ("done", "Completed"),
            ("failed", "Failed"),
            ("interrupted", "Interrupted"),
        ],
        required=True,
        readonly=True,
        default="running",
        string="Last known state",
    )
    status = fields.Selection(
        selection="_get_states",
        compute="_compute_status",
        search="_search_status",
    )
    user_id = fields.Many2one("res.users", string="Started by", readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Empty: the work of all the companies."
    )
    started_on = fields.Datetime(string="Launched On", readonly=True)
    ended_on = fields.Datetime(readonly=True)
    duration = fields.Float(string="Seconds", compute="_compute_duration")
    total = fields.Integer(readonly=True)
    processed = fields.Integer(readonly=True)
    failed = fields.Integer(readonly=True)
    done = fields.Integer(compute="_compute_done")
    left = fields.Integer(string="Left to do", compute="_compute_done")
    progress = fields.Float(compute="_compute_done")
    counts = fields.Json(readonly=True)
    summary = fields.Char(string="Result", compute="_compute_summary")
    error = fields.Char(string="Why it stopped", readonly=True)
    failure_ids = fields.One2many("account.dunning.run.failure", "run_id", readonly=True)
    # PID of the database session that does the work: once it is gone, the work is dead.
    backend = fields.Char(readonly=True)
    worked = fields.Boolean(readonly=True, help="The work of one company at least was done.")
    trying = fields.Json(readonly=True, help="What is worked on now, committed beforehand.")
    deaths = fields.Json(
        readonly=True, help="How often a process died while it worked on each of these."
    )

    _unfinished_idx = models.Index("(state) WHERE state IN ('waiting', 'running', 'partial')")

    @api.depends("kind", "started_on")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            moment = fields.Datetime.context_timestamp(run, run.started_on or run.create_date)
            run.display_name = f"{kinds[run.kind]} – {moment:%d/%m/%Y %H:%M}"

    @api.model
    def _get_states(self):
        return self._fields["state"]._description_selection(self.env)

    @api.depends("state", "backend")
    def _compute_status(self):
        lost = self._get_lost()
        for run in self:
            run.status = "interrupted" if run in lost else run.state

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        lost = self.sudo().search([("state", "=", "running")])._get_lost()
        domain = fields.Domain("state", "in", list(value)) & fields.Domain("id", "not in", lost.ids)
        return domain | fields.Domain("id", "in", lost.ids if "interrupted" in value else [])

    @api.depends("started_on", "ended_on", "state")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for run in self:
            end = run.ended_on or (now if run.status == "running" else run.write_date)
            run.duration = (end - run.started_on).total_seconds() if run.started_on and end else 0

    @api.depends("total", "processed", "failed")
    def _compute_done(self):
        for run in self:
            run.done = max(run.processed - run.failed, 0)
            run.left = max(run.total - run.processed, 0)
            run.progress = 100 * run.processed / run.total if run.total else 100

    @api.depends("counts")
    @api.depends_context("lang")
    def _compute_summary(self):
        labels = self._get_count_labels()
        for run in self:
            counts = (run.counts or {}).items()
            run.summary = ", ".join(labels[name] % number for name, number in counts if number)

    def _get_count_labels(self):
        """Return the label of each count that a run may store."""
        return {
            "created": self.env._("%s messages prepared"),
            "refreshed": self.env._("%s refreshed"),
            "cancelled": self.env._("%s cancelled"),
            "entries": self.env._("%s entries booked"),
        }

    # -- The course of a run -----------------------------------------------------------------------

    @api.model
    def _get_current(self):
        """Return the run to which the current code belongs, empty outside any."""
        return self.sudo().browse(passed(self.env, "run_id")).exists()

    @contextmanager
    def _record(self, kind):
        """Keep a record of the work done inside; an exception is stored and re-raised."""
        run = self.sudo()._begin(kind)
        try:
            yield run
        except Exception as error:
            if self.env.cr.closed:
                raise  # nothing can be written: the run will show as interrupted
            self.env.cr.rollback()
            run._stop(error)
            self.env["ir.cron"]._commit_progress()
            raise
        run._finish()

    @api.model
    def _begin(self, kind):
        """Start and commit a run, or resume the one of this kind that ran out of time."""
        since = fields.Datetime.subtract(fields.Datetime.now(), **RESUMED_WITHIN)
        run = self.search(
            [("kind", "=", kind), ("state", "=", "partial"), ("write_date", ">=", since)], limit=1
        )
        run = run or self.create({"kind": kind, "user_id": self.env.uid})
        run._inherit_deaths()
        run._take()
        self.env["ir.cron"]._commit_progress()
        return run

    def _take(self):
        """Store that this database session does the work from now on."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """
                SELECT pid || '@' || extract(epoch FROM backend_start)
                  FROM pg_stat_activity WHERE pid = pg_backend_pid()
                """
            )
        )
        (backend,) = self.env.cr.fetchone()
        started = self.started_on or fields.Datetime.now()
        self.write({"state": "running", "started_on": started, "backend": backend})

    def _advance(self, processed, remaining):
        """Store a step, which the caller commits."""
        done = self.processed + processed
        total = max(self.total, done) if remaining is None else done + remaining
        self.write({"processed": done, "total": total})

    def _finish(self):
        """Store the end, or that the next call of the scheduler continues the work."""
        state = "partial" if self.left else "done"
        if self.error and not self.left and not self.worked:
            state = "failed"  # for every company
        survived = set(self.trying or [])
        deaths = {key: n for key, n in (self.deaths or {}).items() if key not in survived}
        self.write(
            {
                "state": state,
                "ended_on": fields.Datetime.now(),
                "trying": False,
                "deaths": deaths or False,
            }
        )
        numbers = (self.id, self.kind, self.done, self.failed, self.left)
        _logger.info("Dunning run %s (%s): %s done, %s failed, %s left", *numbers)

    @api.model
    @contextmanager
    def _working_for(self, creditor, records=None):
        """Do the work inside for one company, on its day; if it fails, the others still get theirs.

        What it did not commit is rolled back, and the reason is stored as a failure of that
        company, which only its users can read.

        :param creditor: ``res.company``
        :param records: any recordset that does the work
        :return: the day of the company, and the records for whose code it is today
        """
        opened = creditor._open_dunning_day(self if records is None else records)
        try:
            yield opened
            self._get_current().worked = True
            self.env.flush_all()
        except Exception as error:
            if self.env.cr.closed or is_lost(error):
                raise  # nothing can be written any more
            self.env.cr.rollback()
            self.env.invalidate_all()
            if not isinstance(error, UserError):
                _logger.exception("Dunning work for company %s failed", creditor.id)
            reason = self._explain(error)
            self._note_failure(creditor, reason)
            if run := self._get_current():
                known = isinstance(error, UserError)
                run.error = run._get_shared_reason(reason) if known else reason

    @api.model
    @contextmanager
    def _working_on(self, record):
        """Do the work inside on one record; if it fails, it is rolled back, and others follow.

        :param record: the record that the user opens to fix the problem
        """
        try:
            with self.env.cr.savepoint():
                yield
        except Exception as error:
            if is_lost(error):
                raise
            run = self._get_current()
            _logger.exception("Dunning run %s (%s): record %s failed", run.id, run.kind, record.id)
            self._note_failure(record, self._explain(error))

    def _stop(self, error):
        """Store why the work could not go on."""
        reason = self._explain(error)
        if isinstance(error, UserError):
            reason = self._get_shared_reason(reason)
        self.write(
            {
                "state": "failed",
                "ended_on": fields.Datetime.now(),
                "error": reason,
                "trying": False,
            }
        )
        _logger.info("Dunning run %s (%s) failed", self.id, self.kind)

    def _get_shared_reason(self, reason):
        """Return a reason that users of every company may read.

        A run for all companies is visible to the users of each: a reason that might name a customer
        is stored as a failure of the customer's company instead.
        """
        shared = not self.company_id and len(self.env["res.company"].search([], limit=2)) > 1
        if not shared:
            return reason
        return self.env._("It stopped for one of the companies, whose users see why below.")

    def _explain(self, error):
        """Return why something failed, for the user; technical errors stay in the log."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, TransactionRollbackError):
            return self.env._("Another process changed the same records: the next run does it.")
        return self.env._("Unexpected error: your administrator finds it in the log.")

    # -- Reports of the work itself ----------------------------------------------------------------

    @api.model
    def _note_failure(self, record, reason):
        """Store on the current run what failed, and why; do nothing outside a run.

        :param record: the record that the user opens to fix the problem
        :param str reason: for the user
        """
        run = self._get_current()
        if not run:
            return
        self.env["account.dunning.run.failure"].sudo()._note(run, record, reason)
        run.failed += 1

    @api.model
    def _note_counts(self, counts):
        """Add results to those of the current run.

        :param dict counts: numbers by name, see ``_get_count_labels``
        """
        run = self._get_current()
        known = run.counts or {}
        if run:
            run.counts = {name: known.get(name, 0) + number for name, number in counts.items()}

    # -- Records during which a process died -------------------------------------------------------

    @api.model
    def _try(self, records):
        """Commit what is tried now: should the process die, the next run knows the cause.

        What was tried before was survived. Outside a run, nothing is written.

        :param records: records of one model
        """
        run = self._get_current()
        if not run:
            return
        survived = set(run.trying or [])
        vals = {"trying": [_get_key(record) for record in records]}
        if survived & set(run.deaths or {}):
            vals["deaths"] = {k: n for k, n in run.deaths.items() if k not in survived}
        run.write(vals)
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _split_by_deaths(self, records):
        """Return those of these records that nothing speaks against, those to try last and alone
        because a process died while it worked on them, and those that are not tried any more.

        :param records: records of one model
        :return: three recordsets
        """
        deaths = self._get_current().deaths or {}
        suspects = records.filtered(lambda record: deaths.get(_get_key(record)))
        deadly = suspects.filtered(lambda record: deaths[_get_key(record)] >= MOST_DEATHS)
        return records - suspects, suspects - deadly, deadly

    @api.model
    def _get_deadly_reason(self):
        """Return why something is not tried any more, for the user."""
        return self.env._(
            "The server stopped %s times in the middle of it: it may be too large for its memory "
            "or its time. Do it by hand, or ask your administrator.",
            MOST_DEATHS,
        )

    @api.model
    def _forgive(self, records):
        """Try again, one by one, what processes died of: a person asked for it."""
        keys = {_get_key(record) for record in records}
        for run in self.sudo().search([("deaths", "!=", False)]):
            if keys & set(run.deaths or {}):
                run.deaths = {k: 1 if k in keys else n for k, n in run.deaths.items()}

    def _inherit_deaths(self):
        """Take over what the previous run of this kind died of."""
        self.ensure_one()
        before = self.search([("kind", "=", self.kind), ("id", "<", self.id)], limit=1)
        if before and not self.deaths:
            self.deaths = before._count_deaths()

    def _count_deaths(self):
        """Return the deaths of a run, including that of its own process."""
        deaths = dict(self.deaths or {})
        if self.trying and (self.state == "interrupted" or self._get_lost()):
            for key in self.trying:
                deaths[key] = deaths.get(key, 0) + 1
        return deaths or False

    # -- Interrupted runs --------------------------------------------------------------------------

    def _get_lost(self):
        """Return the runs whose process is gone."""
        running = self.filtered(lambda run: run.state == "running")
        if not running or self.env.cr.readonly:  # replicas see no session of the primary
            return self.browse()
        self.env.cr.execute(
            SQL(
                """
                SELECT pid || '@' || extract(epoch FROM backend_start) FROM pg_stat_activity
                 WHERE datname = current_database() AND backend_start IS NOT NULL
                """
            )
        )
        alive = {backend for (backend,) in self.env.cr.fetchall()}
        return running.filtered(lambda run: run.sudo().backend not in alive)

    @api.model
    def _mark_lost(self):
        """Mark the runs that were interrupted, and those that nobody resumed."""
        day_ago = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        left = self.search([("state", "=", "partial"), ("write_date", "<", day_ago)])
        lost = self.search([("state", "=", "running")])._get_lost() | left
        lost.write({"state": "interrupted"})

    @api.autovacuum
    def _gc_runs(self):
        """Delete the runs older than the settings say."""
        self._mark_lost()
        setting = self.env["ir.config_parameter"].sudo().get_param("account_dunning_fr.run_days")
        typed = str(setting or "")
        days = int(typed) if typed.isdecimal() and 0 < int(typed) < MOST else DEFAULT_KEPT_DAYS
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        old = self.search(
            [("create_date", "<", limit), ("state", "not in", UNFINISHED)], limit=GC_UNLINK_LIMIT
        )
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT


def _get_key(record):
    return f"{record._name},{record.id}"
