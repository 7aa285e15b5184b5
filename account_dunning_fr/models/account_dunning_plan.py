from odoo import api, fields, models
from odoo.tools import SQL

from . import account_dunning_plan_query as plan_query

LIVE = ("draft", "ready")


class AccountDunningPlan(models.AbstractModel):
    """Which item reaches which level today, and the drafts that follow from it.

    Examples: ``_simulate(company)`` answers "what would leave today?"; ``_run(company)`` makes the
    drafts; the gate before each sending is ``_run`` on one customer, so that all three agree.

    How it works: one query (see ``account_dunning_plan_query``) decides every open item of a
    creditor. Its result is kept in a temporary table, compared with the live drafts, and only the
    customers whose lines differ are written, in a few set-based statements. Nothing is per item.
    """

    _name = "account.dunning.plan"
    _description = "Dunning Plan"

    # -- The plan --------------------------------------------------------------------------------

    @api.model
    def _get_scope(self, creditor, partners=None):
        """Return the values that bound the plan query.

        :param creditor: ``res.company`` in whose name customers are chased
        :param partners: commercial partners, or None for all customers
        :return: dict as ``account_dunning_plan_query.build`` takes it
        """
        companies = creditor._get_dunning_companies()
        accounts = (
            self.env["account.account"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("account_type", "=", "asset_receivable"),
                    ("non_trade", "=", False),
                    ("company_ids", "parent_of", companies.ids),
                ]
            )
        )
        return {
            "creditor_id": creditor.id,
            "company_ids": companies.ids,
            "account_ids": accounts.ids,
            "policy_id": creditor._get_dunning_policy().id or None,
            "partner_ids": None if partners is None else partners.commercial_partner_id.ids,
        }

    @api.model
    def _get_query(self, creditor, today, partners=None):
        self.env.flush_all()
        # Compiling so long a query costs PostgreSQL more than running it.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        return plan_query.build(self._get_scope(creditor, partners), today)

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
        self.env.cr.execute(self._get_query(creditor, today, partners))
        return self.env.cr.dictfetchall()

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
        cr = self.env.cr
        query = self._get_query(creditor, today, partners)
        cr.execute(SQL("DROP TABLE IF EXISTS dunning_plan"))
        cr.execute(SQL("CREATE TEMPORARY TABLE dunning_plan ON COMMIT DROP AS %s", query))
        cr.execute(SQL("ANALYZE dunning_plan"))
        live = self._get_live_notices(creditor, partners)
        changed = self._get_changed_partner_ids(live)
        tones = self._get_tones()
        cancelled = live.filtered(lambda notice: notice.partner_id.id not in tones)
        self._drop_lines(cancelled)
        cancelled._cancel_unclaimed()
        kept = live - cancelled
        created = self._create_notices(creditor, today, tones, kept)
        refreshed = kept.filtered(lambda notice: notice.partner_id.id in changed)
        left_out = refreshed.line_ids.filtered("left_out").move_line_id
        self._drop_lines(refreshed)
        self._insert_lines(refreshed | created)
        refreshed.line_ids.filtered(lambda line: line.move_line_id in left_out).left_out = True
        refreshed._set_tone(tones, today)
        self._refresh_dates(kept, today)
        cr.execute(SQL("DROP TABLE dunning_plan"))
        return {
            "created": len(created),
            "refreshed": len(refreshed),
            "cancelled": len(cancelled),
        }

    @api.model
    def _get_live_notices(self, creditor, partners):
        domain = [("company_id", "=", creditor.id), ("state", "in", LIVE)]
        if partners is not None:
            domain.append(("partner_id", "in", partners.commercial_partner_id.ids))
        return self.env["account.dunning.notice"].sudo().search(domain)

    @api.model
    def _get_changed_partner_ids(self, live):
        """Return the customers whose live lines differ from the plan."""
        planned = SQL(
            """
            SELECT partner_id, move_line_id, take_level_id, final_role = 'claimed', cycle,
                   residual, held_amount, credit_amount, COALESCE(due_amount, 0)
              FROM dunning_plan WHERE final_role IS NOT NULL
            """
        )
        written = SQL(
            """
            SELECT partner_id, move_line_id, level_id, claimed, cycle,
                   amount_residual, COALESCE(amount_held, 0), amount_credit, amount_due
              FROM account_dunning_notice_line
             WHERE notice_id IN %s AND drop_reason IS NULL
            """,
            tuple(live.ids) or (0,),
        )
        rows = self.env.execute_query(
            SQL(
                "(%(p)s EXCEPT %(w)s) UNION ALL (%(w)s EXCEPT %(p)s)",
                p=planned,
                w=written,
            )
        )
        return {row[0] for row in rows}

    @api.model
    def _get_tones(self):
        """Return ``{partner id: (level id, total in company currency)}`` of the messages due."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, max(tone_level_id), sum(due_company)
                  FROM dunning_plan WHERE final_role = 'claimed' GROUP BY partner_id
                """
            )
        )
        return {partner_id: (level_id, float(total)) for partner_id, level_id, total in rows}

    @api.model
    def _create_notices(self, creditor, today, tones, kept):
        Notice = self.env["account.dunning.notice"].sudo()
        new_ids = sorted(set(tones) - set(kept.partner_id.ids))
        partners = self.env["res.partner"].sudo().browse(new_ids)
        levels = self.env["account.dunning.level"].sudo()
        by_level = {
            level_id: Notice._prepare_level_vals(levels.browse(level_id), creditor, today)
            for level_id in {tones[partner_id][0] for partner_id in new_ids}
        }
        vals_list = [
            {
                "company_id": creditor.id,
                "partner_id": partner.id,
                "user_id": (
                    partner.dunning_user_id or partner.user_id or creditor.dunning_user_id
                ).id,
                "amount_total": tones[partner.id][1],
                **by_level[tones[partner.id][0]],
            }
            for partner in partners
        ]
        return Notice.with_context(tracking_disable=True, mail_create_nosubscribe=True).create(
            vals_list
        )

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
                    notice_id, company_id, partner_id, state, move_line_id, move_id, cycle,
                    level_id, claimed, invoice_name, invoice_date, date_maturity,
                    currency_id, amount_total, amount_residual, amount_held, amount_credit,
                    amount_due, amount_due_company, create_uid, write_uid, create_date, write_date)
                SELECT notice.id, notice.company_id, notice.partner_id, notice.state,
                       plan.move_line_id, plan.move_id, plan.cycle, plan.take_level_id,
                       plan.final_role = 'claimed',
                       plan.move_name, plan.invoice_date, plan.due, plan.currency_id, plan.total,
                       plan.residual, plan.held_amount, plan.credit_amount,
                       COALESCE(plan.due_amount, 0), COALESCE(plan.due_company, 0),
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM dunning_plan plan
                  JOIN account_dunning_notice notice ON notice.partner_id = plan.partner_id
                 WHERE plan.final_role IS NOT NULL AND notice.id IN %(notice_ids)s
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                notice_ids=tuple(notices.ids),
            )
        )
        self.env["account.dunning.notice.line"].invalidate_model()
        notices.invalidate_recordset()

    @api.model
    def _refresh_dates(self, notices, today):
        """A draft speaks of today: its date and its deadline follow the calendar."""
        stale = notices.filtered(lambda notice: notice.date != today)
        for level, group in stale.grouped("level_id").items():
            group.write({"date": today, "deadline": level._get_deadline(today)})
