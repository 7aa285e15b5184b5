import logging
from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import split_every

from .account_dunning_run import recorded
from .due import RECEIVABLE_ITEMS
from .marks import get_sources, tells

_logger = logging.getLogger(__name__)

ERASED_TOGETHER = 25


class AccountDunningRetention(models.Model):
    """How long a kind of record is kept, and why: a default with its source, which may be changed.

    The law says how long something must be kept, or may serve as evidence; keeping it longer is the
    creditor's decision, to be justified.
    """

    _name = "account.dunning.retention"
    _description = "Retention Rule"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("notice", "Messages sent, their files and their history"),
            ("statement", "Statements of account sent"),
            ("plan", "Payment plans"),
            ("case", "Court files"),
            ("call", "Notes of calls"),
            ("promise", "Notes of promises"),
            ("dispute", "Notes of disputes"),
            ("request", "Requests of customers on their page"),
            ("check", "Checks of customers, and notices of the registers"),
        ],
        required=True,
    )
    months = fields.Integer(
        string="Kept for (months)", required=True, help="From the day named beside."
    )
    counted_from = fields.Char(string="Counted from", translate=True)
    source = fields.Char(required=True, translate=True, help="The text that gives this time.")
    active = fields.Boolean(default=True)

    _kind_once = models.UniqueIndex("(kind) WHERE active", "There is one rule for each kind.")
    _months_positive = models.Constraint(
        "CHECK (months >= 12)", "Nothing is emptied before a year has passed."
    )

    @api.depends("kind", "months")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.display_name = self.env._(
                "%(kind)s: %(months)s months", kind=labels.get(rule.kind, ""), months=rule.months
            )

    def _describe(self):
        """Return the rule in words, as noted on what it erased."""
        self.ensure_one()
        return f"{self.display_name} ({self.source})"

    def _get_counted_day(self, record):
        """Return the day from which the retention period of a record runs."""
        self.ensure_one()
        since = record[record._dunning_kept.counted_from]
        return fields.Date.context_today(self, since) if isinstance(since, datetime) else since

    def _get_concerned(self):
        """Return the model that this rule is about, with full rights."""
        self.ensure_one()
        for name, model in self.env.registry.items():
            kept = getattr(model, "_dunning_kept", None)
            if kept and kept.kind == self.kind and not model._abstract:
                return self.env[name].sudo()
        raise NotImplementedError(self.kind)

    # -- What is over ------------------------------------------------------------------------------

    def _get_due(self, company, today):
        """Return the records whose period is over and whose customer has nothing pending.

        :param company: the creditor
        :param date today: the day of the question
        """
        self.ensure_one()
        before = today - relativedelta(months=self.months)
        records = self._get_concerned()
        _kind, counted_from, domain = records._dunning_kept
        records = records.search(
            [
                ("company_id", "=", company.id),
                (counted_from, "!=", False),
                (counted_from, "<", before),
                ("erased_on", "=", False),
                *domain,
            ],
            order=f"{counted_from}, id",
        )
        busy = self._get_busy_partners(company, records.partner_id, today)
        return records.filtered(lambda record: record.partner_id not in busy)

    @api.model
    def _get_busy_partners(self, company, partners, today):
        """Return the customers whose data must stay: on hold, before a court, or still owing.

        :param company: the creditor
        :param partners: commercial partners
        :param date today: the day of the question
        """
        told = (getattr(self, name)(company, partners, today) for name in get_sources(self))
        return partners.browse().union(*told)

    @api.model
    @tells
    def _get_owing_partners(self, company, partners, today):
        unpaid = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", company._get_dunning_companies().ids),
                    ("partner_id.commercial_partner_id", "in", partners.ids),
                    *RECEIVABLE_ITEMS,
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", ">", 0),
                ],
                ["partner_id"],
            )
        )
        return partners.browse().union(*(partner for (partner,) in unpaid)).commercial_partner_id

    # -- Emptying ----------------------------------------------------------------------------------

    @api.model
    @recorded("retention")
    def _cron_clean(self):
        """Erase what is over in the companies that enabled it, a few records per commit."""
        for company in self.env["res.company"]._get_dunning_creditors("dunning_retention_active"):
            lang = company.partner_id._get_dunning_lang()
            today, local = company._open_dunning_day(self.with_context(lang=lang))
            for rule in local.search([("active", "=", True)]):
                if not rule._clean(company, today):
                    return

    def _clean(self, company, today):
        """Erase what this rule covers for one creditor, and commit.

        :return: whether the scheduled action has time left
        """
        self.ensure_one()
        due = self._get_due(company, today)
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for ids in split_every(ERASED_TOGETHER, due.ids):
            records = due.browse(ids)
            records._erase(self._describe())
            _logger.info("Dunning retention: %s records of kind %s emptied", len(ids), self.kind)
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                return False
        return True
