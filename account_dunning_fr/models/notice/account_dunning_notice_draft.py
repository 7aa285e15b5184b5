import json
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...core.choices import FREE
from ...core.territories import MAINLAND, territory
from ..common.ledger_query import get_fields
from .states import CHANNELS, LIVE

COUNTS = ("created", "refreshed", "cancelled")
# The columns of the plan that the drafts need: a narrower table is written and compared faster.
DRAFTED = """
    partner_id, move_line_id, move_id, cycle, move_name, invoice_date, due, currency_id, total,
    residual, held_amount, credit_amount, due_amount, due_company, final_role, take_level_id,
    tone_level_id, reason
"""
# The notice due to each customer: its level, and its total in company currency.
TONES = """
    SELECT partner_id, max(tone_level_id) AS level_id, sum(due_company) AS total
      FROM dunning_plan WHERE final_role = 'claimed' GROUP BY partner_id
"""
# What the plan wants of each item against what the live notices say of it, column by column.
PLANNED = """
    SELECT partner_id, move_line_id, take_level_id, final_role = 'claimed', cycle,
           residual, held_amount, credit_amount, COALESCE(due_amount, 0)
      FROM dunning_plan WHERE final_role IS NOT NULL
"""
WRITTEN = """
    SELECT live.partner_id, move_line_id, level_id, claimed, cycle,
           amount_residual, COALESCE(amount_held, 0), amount_credit, amount_due
      FROM account_dunning_notice_line
      JOIN live USING (notice_id)
     WHERE drop_reason IS NULL
"""
# For each live notice: whether the plan no longer wants it or changes its lines, and whether it was
# prepared on an earlier day.
COMPARED = """
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
"""
# What the statements read besides the plan: for new notices and lines, and for deadlines.
READ_FOR_NEW = {
    "account.dunning.notice": ["partner_id", "company_id", "state"],
    "res.partner": ["dunning_user_id", "user_id"],
}
READ_FOR_CALENDARS = {
    "account.dunning.notice": ["level_id", "partner_id", "chosen"],
    "res.partner": ["zip", "country_id"],
    "res.country": ["code"],
}
# What persons chose overrides the plan of their customers.
CHOSEN = """
    UPDATE dunning_plan plan
       SET final_role = chosen.final_role, take_level_id = chosen.take_level_id,
           tone_level_id = chosen.tone_level_id, due_amount = chosen.due_amount,
           due_company = chosen.due_company, reason = chosen.reason
      FROM jsonb_to_recordset(%s::jsonb) chosen (
               move_line_id int, final_role text, take_level_id int, tone_level_id int,
               due_amount float8, due_company float8, reason text)
     WHERE chosen.move_line_id = plan.move_line_id
"""


class AccountDunningNoticeDraft(models.AbstractModel):
    """Keeps the notices in preparation in line with today's plan.

    The plan (``account.dunning.plan``) is stored in a temporary table and compared with the live
    notices; only customers whose lines differ are written, in a few set-based statements. Nothing
    runs per item, and creating notices does not even run per customer.
    """

    _name = "account.dunning.notice.draft"
    _description = "Dunning Drafts"

    @api.model
    def _follow_plan(self, creditor, today=None, partners=None):
        """Bring the live notices in line with today's plan; running it again changes nothing.

        :param creditor: ``res.company``
        :param date today: the day of the plan; today by default
        :param partners: only these customers; all by default
        :return: dict of counts: ``created``, ``refreshed``, ``cancelled``
        """
        today = today or creditor._get_dunning_today()
        self._settle_before(creditor, today, partners)
        if partners is not None:
            return self._carry_out(creditor, today, partners)
        self.env["account.dunning.notice"]._forget_noted()
        memory = self.env["account.dunning.plan.memory"].sudo()
        frame = memory._get_frame(creditor, today)
        changed = memory._find_changed(creditor, today, frame)
        if changed is None:
            scope = self.env["account.dunning.plan"]._read_scope_of_all(creditor)
            counts = self._carry_out(creditor, today, None, scope)
        elif changed:
            counts = self._carry_out(creditor, today, changed)
            scope = self.env["account.dunning.plan"]._begin_scope(creditor, changed)
        else:
            return dict.fromkeys(COUNTS, 0)
        memory._keep(creditor, today, frame, scope)
        return counts

    @api.model
    def _carry_out(self, creditor, today, partners, scope=None):
        """Bring the live notices of these customers in line with the plan.

        The arguments are those of ``_follow_plan``.

        :param dict scope: scope of the plan of all customers, whose items and money are in tables
        """
        self._tabulate(creditor, today, partners, scope)
        self._apply_choices(creditor, today, partners)
        unwanted, changed, past = self._compare(creditor, today, partners)
        self._drop_lines(unwanted)
        unwanted._cancel_unclaimed()
        created = self._create_notices(creditor, today)
        self._rewrite_lines(creditor, changed, created)
        self._set_tone(changed, today)
        self._refresh_dates(past, today)
        self.env.cr.execute(SQL("DROP TABLE dunning_plan"))
        return dict(zip(COUNTS, map(len, (created, changed, unwanted)), strict=True))

    @api.model
    def _settle_before(self, creditor, today, partners):
        """Hook: update what the plan depends on and that changes with the day, such as promises.

        :param creditor: ``res.company``
        :param date today: the day of the plan
        :param partners: only these customers, None for all
        """

    @api.model
    def _tabulate(self, creditor, today, partners, scope):
        """Store the plan in the temporary table ``dunning_plan``."""
        cr, plan = self.env.cr, self.env["account.dunning.plan"]
        query, reach = plan._get_query(scope or plan._read_scope(creditor, partners), today)
        cr.execute(SQL("DROP TABLE IF EXISTS dunning_plan"))
        with reach:
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
    def _apply_choices(self, creditor, today, partners):
        """Override today's plan with what persons chose for their customers.

        What blocks an item still blocks it: the choice is made among the plan's own rows.
        """
        rows = self.env["account.dunning.notice"]._get_choice_rows(creditor, today, partners)
        if rows:
            self.env.cr.execute(SQL(CHOSEN, json.dumps(rows)))

    @api.model
    def _compare(self, creditor, today, partners):
        """Compare the live notices with the plan.

        :return: three recordsets: the notices that the plan no longer wants, those whose lines it
            changes, and those (possibly among the latter) that were prepared on another day
        """
        rows = self.env.execute_query(
            SQL(
                COMPARED,
                live=self._get_live(creditor, partners),
                planned=SQL(PLANNED),
                written=SQL(WRITTEN),
                tones=SQL(TONES),
                today=today,
            )
        )
        browse = self.env["account.dunning.notice"].sudo().browse
        return (
            browse(notice_id for notice_id, gone, _changed, _past in rows if gone),
            browse(notice_id for notice_id, gone, changed, _past in rows if changed and not gone),
            browse(notice_id for notice_id, gone, _changed, past in rows if past and not gone),
        )

    @api.model
    def _get_live(self, creditor, partners):
        """Return the query of the live notices: with ``notice_id``, ``partner_id``, ``date``.

        And ``chosen``: what a person chose instead of the plan.
        """
        where = SQL("company_id = %s AND state IN %s", creditor.id, LIVE)
        if partners is not None:
            partner_ids = tuple(partners.commercial_partner_id.ids) or (0,)
            where = SQL("%s AND partner_id IN %s", where, partner_ids)
        return SQL(
            "SELECT id AS notice_id, partner_id, date, chosen FROM account_dunning_notice WHERE %s",
            where,
        )

    # -- New notices -----------------------------------------------------------------------------

    @api.model
    def _create_notices(self, creditor, today):
        """Create the notices of the customers who are due one and have none yet.

        The result is that of ``create`` without followers or log messages: defaults, computed
        fields and constraints. ``create`` itself would take nearly a millisecond for each.

        :param creditor: ``res.company``
        :param date today: the day of the plan
        :return: ``account.dunning.notice``
        """
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT level_id FROM (%s) tone ORDER BY 1", SQL(TONES))
        )
        levels = self.env["account.dunning.level"].sudo().browse(row[0] for row in rows)
        created = self.env["account.dunning.notice"].sudo()
        for level in levels:
            created |= self._create_notices_of_level(creditor, today, level)
        return created

    @api.model
    def _create_notices_of_level(self, creditor, today, level):
        """Insert the notices of a level in one statement: there are thousands on a first day.

        Customers who already have a live notice keep it; the unique index refuses what another
        worker inserted in the meantime.

        :return: the notices inserted
        """
        columns = self._prepare_notice_columns(creditor, today, level)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO account_dunning_notice (partner_id, user_id, amount_total, %(names)s)
                SELECT tone.partner_id,
                       COALESCE(partner.dunning_user_id, partner.user_id, %(user_id)s),
                       tone.total, %(values)s
                  FROM (%(tones)s) tone
                  JOIN res_partner partner ON partner.id = tone.partner_id
                 WHERE tone.level_id = %(level_id)s AND NOT EXISTS (
                        SELECT FROM account_dunning_notice live
                         WHERE live.partner_id = tone.partner_id
                           AND live.company_id = %(company_id)s AND live.state IN %(live)s)
                 ORDER BY tone.partner_id
             RETURNING id
                """,
                names=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(SQL("%s", value) for value in columns.values()),
                user_id=creditor.dunning_user_id.id or None,
                tones=SQL(TONES),
                level_id=level.id,
                company_id=creditor.id,
                live=LIVE,
                to_flush=get_fields(self.env, READ_FOR_NEW),
            )
        )
        notices = self.env["account.dunning.notice"].sudo().browse(row[0] for row in rows)
        self._complete_notices(notices, {"partner_id", "user_id", "amount_total", *columns})
        self._refresh_overseas(notices, today)
        return notices

    @api.model
    def _prepare_notice_columns(self, creditor, today, level):
        """Return what all new notices of a level have in common, ``{column: value}``."""
        Notice = self.env["account.dunning.notice"].sudo()
        stored = [name for name, field in Notice._fields.items() if field.store]
        vals = {
            **Notice.default_get([name for name in stored if Notice._fields[name].column_type]),
            **self._prepare_level_vals(level, creditor, today),
            "company_id": creditor.id,
            "policy_id": level.policy_id.id,
            "kind": level.kind,
            "has_left": False,  # computed later, it would cost one more write on each
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": self.env.cr.now(),
            "write_date": self.env.cr.now(),
        }
        return {
            name: Notice._fields[name].convert_to_column_insert(value, Notice)
            for name, value in vals.items()
        }

    @api.model
    def _complete_notices(self, notices, names):
        """Do what the ORM does after ``create``: computed fields and constraints.

        :param set names: the fields that were written
        """
        notices.modified(names, create=True)
        for name in names:
            field = notices._fields[name]
            if field.compute and field.store:
                self.env.remove_to_compute(field, notices)
        notices._validate_fields(names)

    @api.model
    def _prepare_level_vals(self, level, creditor, today):
        """Return what a notice takes from its level on a given day, as values for ``create``."""
        ready = level.automatic and creditor.dunning_active
        return {
            "level_id": level.id,
            "date": today,
            "deadline": level._get_deadline(today),
            "state": "ready" if ready else "draft",
            "enclose_penalties": level.kind == "formal_notice",
            **{channel: level[channel] for channel in CHANNELS},
        }

    # -- The lines -------------------------------------------------------------------------------

    @api.model
    def _rewrite_lines(self, creditor, changed, created):
        """Rewrite the lines of these notices; what a person left out stays out.

        :param changed: notices whose lines differ from the plan
        :param created: notices without lines yet
        """
        lines = self.env["account.dunning.notice.line"].sudo()
        left_out = lines.search(
            [("notice_id", "in", changed.ids), ("left_out", "=", True)]
        ).move_line_id
        self._drop_lines(changed)
        self._insert_lines(changed | created)
        if len(creditor._get_dunning_companies()) > 1:
            (changed | created)._write_branches()
        if left_out:
            lines = changed.line_ids.filtered(lambda line: line.move_line_id in left_out)
            lines.left_out = True

    @api.model
    def _drop_lines(self, notices):
        """Remove the lines that are about to be rewritten; keep dropped ones, with their reason."""
        if not notices:
            return
        self.env["account.dunning.notice.line"].flush_model()
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
        """Insert the lines of these notices in one statement."""
        if not notices:
            return
        self.env.execute_query(
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
                to_flush=get_fields(self.env, READ_FOR_NEW),
            )
        )
        self.env["account.dunning.notice.line"].invalidate_model()
        notices.invalidate_recordset()

    # -- Level and dates -------------------------------------------------------------------------

    @api.model
    def _get_levels(self, notices):
        """Return the level of today's notice to each of these customers, by partner id."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, level_id FROM (%s) tone WHERE partner_id IN %s",
                SQL(TONES),
                tuple(notices.partner_id.ids),
            )
        )
        levels = self.env["account.dunning.level"].sudo()
        return {partner_id: levels.browse(level_id) for partner_id, level_id in rows}

    @api.model
    def _set_tone(self, notices, today):
        """Apply the level and totals of the plan; a confirmed notice must be confirmed again."""
        if not notices:
            return
        levels = self._get_levels(notices)
        for level, same in notices.grouped(lambda notice: levels[notice.partner_id.id]).items():
            risen = same.filtered(lambda notice, level=level: notice.level_id != level)
            for creditor, group in risen.grouped("company_id").items():
                group.write(
                    {
                        "custom_subject": False,
                        "custom_body": False,
                        "custom_closing": False,
                        **self._prepare_level_vals(level, creditor, today),
                    }
                )
                self._refresh_overseas(group, today)
        notices._write_totals()
        notices._reset_confirmation()

    @api.model
    def _refresh_dates(self, notices, today):
        """Move a draft to today: its date and its deadline follow the calendar."""
        for level, _place, is_free, group in self._group_by_calendar(notices):
            vals = {"date": today}
            if not is_free:
                one = group.browse(group.ids[:1])  # the rest of the batch must not be read
                vals["deadline"] = level._get_deadline(today, one.partner_id)
            # Neither field is tracked: there is no need to read each history.
            group.with_context(tracking_disable=True).write(vals)

    @api.model
    def _refresh_overseas(self, notices, today):
        """Set the deadline of customers whose territory has public holidays of its own."""
        groups = self._group_by_calendar(notices)
        apart = [group for _level, place, _is_free, group in groups if place != MAINLAND]
        self._refresh_dates(notices.union(*apart) if apart else notices.browse(), today)

    @api.model
    def _group_by_calendar(self, notices):
        """Group notices by what decides their deadline, without reading any customer.

        :return: list of (level, territory of the customer, whether it is a free message,
            ``account.dunning.notice``)
        """
        if not notices:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT notice.level_id, partner.zip, country.code, notice.chosen = %(free)s,
                       array_agg(notice.id ORDER BY notice.id)
                  FROM account_dunning_notice notice
                  JOIN res_partner partner ON partner.id = notice.partner_id
                  LEFT JOIN res_country country ON country.id = partner.country_id
                 WHERE notice.id IN %(notices)s
                 GROUP BY 1, 2, 3, 4
                 ORDER BY 1, 2, 3, 4
                """,
                free=FREE,
                notices=tuple(notices.ids),
                to_flush=get_fields(self.env, READ_FOR_CALENDARS),
            )
        )
        grouped = defaultdict(list)
        for level_id, code, country, is_free, ids in rows:
            grouped[level_id, territory(code or "", country or ""), bool(is_free)] += ids
        levels = self.env["account.dunning.level"].sudo()
        return [
            (levels.browse(level_id), place, is_free, notices.browse(ids))
            for (level_id, place, is_free), ids in grouped.items()
        ]
