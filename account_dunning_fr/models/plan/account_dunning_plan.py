from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ...core.territories import MAINLAND
from ..common.due import HOLDBACK_CODE
from ..common.ledger_query import over_the_ledger
from .query import decision
from .query.credits import steps
from .query.items import item

LIVE = ("draft", "ready")
# What the drafts need of the plan: a table with fewer columns is written and compared faster.
DRAFTED = """
    partner_id, move_line_id, move_id, cycle, move_name, invoice_date, due, currency_id, total,
    residual, held_amount, credit_amount, due_amount, due_company, final_role, take_level_id,
    tone_level_id, reason
"""
# The message due to each customer: its level, and its total in company currency.
TONES = """
    SELECT partner_id, max(tone_level_id) AS level_id, sum(due_company) AS total
      FROM dunning_plan WHERE final_role = 'claimed' GROUP BY partner_id
"""
SORT_MEMORY = 64 * 2**20
# PCG 4191 « Clients – Avances et acomptes reçus », 471 to 473 « Comptes d'attente ».
ADVANCE_CODES = ("4191", "471", "472", "473")

NAMED_CREDITS = 3


class AccountDunningPlan(models.AbstractModel):
    """Which item reaches which level today, and the drafts that follow from it.

    Examples: ``_simulate(company)`` answers "what would leave today?"; ``_run(company)`` makes the
    drafts; the gate before each sending is ``_run`` on one customer, so that all three agree.

    How it works: one query (``query.decision``) decides every open item of a creditor. Its result
    is kept in a temporary table, compared with the live drafts, and only the customers whose lines
    differ are written, in a few set-based statements. Nothing is per item, and of new messages
    nothing is per customer.
    """

    _name = "account.dunning.plan"
    _description = "Dunning Plan"

    # -- The plan --------------------------------------------------------------------------------

    @api.model
    def _get_scope(self, creditor, partners=None):
        """Return the values that bound the plan query.

        :param creditor: ``res.company`` in whose name customers are chased
        :param partners: commercial partners, or None for all customers
        :return: dict as ``query.decision.build`` takes it
        """
        companies = creditor._get_dunning_companies()
        items = self.env["account.move.line"]
        online = self.env.registry.get("payment.transaction")
        return {
            "creditor_id": creditor.id,
            "company_ids": companies.ids,
            "account_ids": items._get_dunning_accounts(companies).ids,
            "holdback_ids": items._get_dunning_coded_accounts(companies, HOLDBACK_CODE).ids,
            "advance_ids": items._get_dunning_coded_accounts(companies, *ADVANCE_CODES).ids,
            "currency_id": creditor.currency_id.id,
            "root_id": creditor.root_id.id,
            "has_online": online is not None and "invoice_ids" in online._fields,
            "policy_id": creditor._get_dunning_policy().id or None,
            "rule_ids": tuple(self.env["account.dunning.rule"]._get_applicable(creditor).ids),
            "default_choice_id": self.env["res.partner"]._get_dunning_default_choice(creditor),
            "sent_days": creditor.sudo().dunning_sent_days,
            "partner_ids": None if partners is None else partners.commercial_partner_id.ids,
        }

    @api.model
    def _get_query(self, creditor, today, partners=None):
        self.env.flush_all()
        # Compiling so long a query costs PostgreSQL more than running it, and sorting on disk more
        # than in memory.
        self.env.cr.execute(
            SQL(
                """
                SELECT set_config('jit', 'off', TRUE), set_config('work_mem', GREATEST(
                    pg_size_bytes(current_setting('work_mem')), %s) / 1024 || 'kB', TRUE)
                """,
                SORT_MEMORY,
            )
        )
        return decision.build(self._get_scope(creditor, partners), today)

    @api.model
    def _simulate(self, creditor, today=None, partners=None):
        """Return the plan without writing anything.

        :param creditor: ``res.company``
        :param date today: the day of the plan; today by default
        :param partners: only these customers
        :return: list of dicts, one per open item: ``move_line_id``, ``move_id``, ``partner_id``,
            ``due``, ``residual``, ``held_amount``, ``credit_amount``, ``level_id``,
            ``next_level_id``, ``next_date``, ``hold_id``, ``reason``, ``final_role``,
            ``take_level_id``, ``tone_level_id``, ``due_amount``, ``due_company``
        """
        today = today or fields.Date.context_today(self)
        query = self._get_query(creditor, today, partners)
        with over_the_ledger(self.env.cr, partners):
            self.env.cr.execute(query)
            rows = self.env.cr.dictfetchall()
        return rows

    # -- The drafts ------------------------------------------------------------------------------

    @api.model
    def _run(self, creditor, today=None, partners=None):
        """Make the live notices say what the plan says today; a rerun changes nothing.

        :param creditor: ``res.company``
        :param date today: the day of the plan; today by default
        :param partners: only these customers; all by default
        :return: dict of counts: ``created``, ``refreshed``, ``cancelled``
        """
        today = today or fields.Date.context_today(self)
        self._tabulate(creditor, today, partners)
        cancelled, refreshed, stale = self._compare(creditor, today, partners)
        self._drop_lines(cancelled)
        cancelled._cancel_unclaimed()
        created = self._create_notices(creditor, today)
        left_out = self._get_left_out(refreshed).move_line_id
        self._drop_lines(refreshed)
        self._insert_lines(refreshed | created)
        if len(creditor._get_dunning_companies()) > 1:
            (refreshed | created)._write_branches()
        if left_out:
            lines = refreshed.line_ids.filtered(lambda line: line.move_line_id in left_out)
            lines.left_out = True
        refreshed._set_tone(self._get_tones(refreshed), today)
        self._refresh_dates(stale, today)
        self.env.cr.execute(SQL("DROP TABLE dunning_plan"))
        return {
            "created": len(created),
            "refreshed": len(refreshed),
            "cancelled": len(cancelled),
        }

    @api.model
    def _tabulate(self, creditor, today, partners):
        """Keep the plan in the temporary table ``dunning_plan``."""
        cr = self.env.cr
        query = self._get_query(creditor, today, partners)
        cr.execute(SQL("DROP TABLE IF EXISTS dunning_plan"))
        with over_the_ledger(self.env.cr, partners):
            cr.execute(
                SQL(
                    "CREATE TEMPORARY TABLE dunning_plan ON COMMIT DROP AS "
                    "SELECT %s FROM (%s) plan",
                    SQL(DRAFTED),
                    query,
                )
            )
        if partners is None:
            cr.execute(SQL("ANALYZE dunning_plan (partner_id, move_line_id, final_role)"))

    @api.model
    def _compare(self, creditor, today, partners):
        """Compare the live notices with the plan.

        :return: three recordsets: the notices that the plan no longer wants, those whose lines it
            changes, and those (also among the latter) that were prepared on another day
        """
        planned = SQL(
            """
            SELECT partner_id, move_line_id, take_level_id, final_role = 'claimed', cycle,
                   residual, held_amount, credit_amount, COALESCE(due_amount, 0)
              FROM dunning_plan WHERE final_role IS NOT NULL
            """
        )
        written = SQL(
            """
            SELECT live.partner_id, move_line_id, level_id, claimed, cycle,
                   amount_residual, COALESCE(amount_held, 0), amount_credit, amount_due
              FROM account_dunning_notice_line
              JOIN live USING (notice_id)
             WHERE drop_reason IS NULL
            """
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH live AS (%(live)s), planned AS (%(planned)s), written AS (%(written)s),
                tone AS (%(tones)s),
                changed AS (
                    SELECT DISTINCT COALESCE(planned.partner_id, written.partner_id) AS partner_id
                      FROM planned
                      FULL JOIN written ON written.move_line_id = planned.move_line_id
                                       AND written.partner_id = planned.partner_id
                     WHERE planned IS DISTINCT FROM written
                )
                SELECT notice_id, tone.partner_id IS NULL, changed.partner_id IS NOT NULL,
                       date IS DISTINCT FROM %(today)s
                  FROM live
                  LEFT JOIN tone USING (partner_id)
                  LEFT JOIN changed USING (partner_id)
                 ORDER BY notice_id
                """,
                live=self._get_live(creditor, partners),
                planned=planned,
                written=written,
                tones=SQL(TONES),
                today=today,
            )
        )
        browse = self.env["account.dunning.notice"].sudo().browse
        return (
            browse(notice_id for notice_id, gone, _changed, _stale in rows if gone),
            browse(notice_id for notice_id, gone, changed, _stale in rows if changed and not gone),
            browse(notice_id for notice_id, gone, _changed, stale in rows if stale and not gone),
        )

    @api.model
    def _get_live(self, creditor, partners):
        """Return the query of the live notices: ``notice_id``, ``partner_id``, ``date``."""
        where = SQL("company_id = %s AND state IN %s", creditor.id, LIVE)
        if partners is not None:
            partner_ids = tuple(partners.commercial_partner_id.ids) or (0,)
            where = SQL("%s AND partner_id IN %s", where, partner_ids)
        return SQL(
            "SELECT id AS notice_id, partner_id, date FROM account_dunning_notice WHERE %s", where
        )

    @api.model
    def _get_tones(self, notices):
        """Return ``{partner id: (level id, total in company currency)}`` of these messages."""
        if not notices:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM (%s) tone WHERE partner_id IN %s",
                SQL(TONES),
                tuple(notices.partner_id.ids),
            )
        )
        return {partner_id: (level_id, float(total)) for partner_id, level_id, total in rows}

    @api.model
    def _get_left_out(self, notices):
        """Return the lines that a person took out of these messages."""
        lines = self.env["account.dunning.notice.line"].sudo()
        return lines.search([("notice_id", "in", notices.ids), ("left_out", "=", True)])

    @api.model
    def _drop_lines(self, notices):
        """Remove the lines that will be written anew; keep, with its reason, what is dropped."""
        if not notices:
            return
        self.env.flush_all()
        notice_ids = tuple(notices.ids)
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_dunning_notice_line line
                   SET drop_reason = COALESCE(gone.reason, 'paid'), state = 'cancelled',
                       claimed = FALSE
                  FROM (
                    SELECT line.id, plan.reason
                      FROM account_dunning_notice_line line
                      LEFT JOIN dunning_plan plan ON plan.move_line_id = line.move_line_id
                     WHERE line.notice_id IN %s AND line.drop_reason IS NULL
                       AND plan.final_role IS NULL
                  ) gone
                 WHERE gone.id = line.id
                """,
                notice_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM account_dunning_notice_line line
                 USING dunning_plan plan
                 WHERE line.notice_id IN %s AND plan.move_line_id = line.move_line_id
                   AND plan.final_role IS NOT NULL
                """,
                notice_ids,
            )
        )
        self.env["account.dunning.notice.line"].invalidate_model()
        notices.invalidate_recordset(["line_ids"])

    @api.model
    def _insert_lines(self, notices):
        """Write the lines of these notices in one statement."""
        if not notices:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_dunning_notice_line (
                    notice_id, state, move_line_id, move_id, cycle,
                    level_id, claimed, invoice_name, invoice_date, date_maturity,
                    currency_id, amount_total, amount_residual, amount_held, amount_credit,
                    amount_due, amount_due_company)
                SELECT notice.id, notice.state,
                       plan.move_line_id, plan.move_id, plan.cycle, plan.take_level_id,
                       plan.final_role = 'claimed',
                       plan.move_name, plan.invoice_date, plan.due, plan.currency_id, plan.total,
                       plan.residual, plan.held_amount, plan.credit_amount,
                       COALESCE(plan.due_amount, 0), COALESCE(plan.due_company, 0)
                  FROM dunning_plan plan
                  JOIN account_dunning_notice notice ON notice.partner_id = plan.partner_id
                 WHERE plan.final_role IS NOT NULL AND notice.id IN %s
                """,
                tuple(notices.ids),
            )
        )
        self.env["account.dunning.notice.line"].invalidate_model()
        notices.invalidate_recordset()

    @api.model
    def _refresh_dates(self, notices, today):
        """A draft speaks of today: its date and its deadline follow the calendar."""
        groups = notices.grouped(
            lambda notice: (notice.level_id, notice.partner_id._get_dunning_territory())
        )
        for (level, _place), group in groups.items():
            deadline = level._get_deadline(today, group.partner_id[:1])
            group.write({"date": today, "deadline": deadline})

    @api.model
    def _refresh_overseas(self, notices, today):
        """Give those who have public holidays of their own the deadline that follows from them."""
        apart = notices.filtered(
            lambda notice: notice.partner_id._get_dunning_territory() != MAINLAND
        )
        self._refresh_dates(apart, today)

    # -- Which credits a customer has that are not allocated: to name them to whoever asks ---------

    @api.model
    def _get_credit_names(self, creditor, partner, is_sure=True):
        """Return the credits and payments not yet allocated, by name and amount, for the user.

        :param creditor: ``res.company``
        :param partner: commercial partner
        :param bool is_sure: those that are surely his, else all of them, the unsure ones first
        :rtype: str
        """
        columns = SQL("label, amount, currency_id")
        rest = SQL("AND (is_sure OR NOT %s) ORDER BY is_sure, on_date, source_id", is_sure)
        credits = self._read_money(creditor, partner, columns, rest)
        currencies = self.env["res.currency"]
        names = [
            f"{label} ({format_amount(self.env, float(amount), currencies.browse(currency_id))})"
            for label, amount, currency_id in credits[:NAMED_CREDITS]
        ]
        return ", ".join(names) + (", …" if len(credits) > NAMED_CREDITS else "")

    @api.model
    def _get_credit_value(self, creditor, partner):
        """Return what a customer has that is not allocated, in the company's currency.

        :rtype: ``Decimal``
        """
        [(value,)] = self._read_money(creditor, partner, SQL("COALESCE(sum(value), 0)"), SQL())
        return Decimal(str(round(value, 2)))

    @api.model
    def _read_money(self, creditor, partner, columns, rest):
        """Read the money of a customer as the plan does.

        :param SQL columns: of the step ``kept`` in ``query/credits.py``
        :param SQL rest: further conditions, order
        """
        self.env.flush_all()
        scope = self._get_scope(creditor, partner)
        query = SQL(
            "WITH item AS (%s), %s SELECT %s FROM kept WHERE partner_id = %s AND amount > 0 %s",
            item(scope),
            steps(scope),
            columns,
            partner.commercial_partner_id.id,
            rest,
        )
        return self.env.execute_query(query)
