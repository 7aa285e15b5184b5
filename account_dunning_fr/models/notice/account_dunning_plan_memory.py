import hashlib
from contextlib import suppress

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.ledger_query import over_the_ledger
from ..plan.query import Present, build
from ..plan.query.digest import common, digests, seen
from .account_dunning_notice_draft import WRITTEN

FEW = 1000  # customers planned by themselves; beyond, planning everybody costs less
HASHES_ROWS = 140000  # first version of PostgreSQL that supports it
# What is in preparation: the comparison with the plan reads no more of it. A person's choice is
# applied in Python, and depends on more than that.
MESSAGES = """
    WITH live AS (%(live)s), written AS (%(written)s)
    SELECT partner_id, %(seen_live)s AS seen, chosen IS NOT NULL AS is_chosen FROM live
     UNION ALL
    SELECT partner_id, %(seen_written)s, FALSE FROM written
"""


class AccountDunningPlanMemory(models.Model):
    """What the last plan of a company was made of, so that a rerun plans only who changed since.

    One row per company, rewritten each time. For every customer it has the digest
    (``plan.query.digest``) of all that the plan of that day read about the customer and the notices
    that follow it. If the digest is still the same, planning the customer again would write
    nothing; any change, even an import by SQL, makes it differ. The first plan of a day always
    covers everybody, and plans of given customers (the gate, the forms) never ask this memory.
    """

    _name = "account.dunning.plan.memory"
    _inherit = ["account.dunning.guarded"]
    _description = "What the Last Plan Was Made Of"
    _order = "id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    frame = fields.Char(required=True, readonly=True)
    digests = fields.Json(readonly=True)

    _company_once = models.UniqueIndex("(company_id)")

    @api.model
    def _get_frame(self, creditor, today):
        """Return what the plan depends on besides its customers: its day, its query, its settings.

        :return: text; None if this version of PostgreSQL cannot tell rows apart
        """
        if self.env.cr._cnx.server_version < HASHES_ROWS:
            return None
        scope = self.env["account.dunning.plan"]._begin_scope(creditor)
        ids = {name: sorted(scope[name]) for name in scope if name.endswith("_ids") and scope[name]}
        query = build({**scope, **ids, "present": Present()}, today)
        asked = repr((query.code, query.params, self.env.cr._cnx.server_version))
        [(shared,)] = self.env.execute_query(common())
        return f"{hashlib.sha256(asked.encode()).hexdigest()} {shared}"

    @api.model
    def _find_changed(self, creditor, today, frame):
        """Return the customers for whom the plan may differ from the last one.

        :param str frame: result of :meth:`_get_frame`
        :return: ``res.partner``, or None for everybody
        """
        if frame is None or not self.sudo().search_count(
            [("company_id", "=", creditor.id), ("frame", "=", frame)], limit=1
        ):
            return None
        plan = self.env["account.dunning.plan"]
        scope = plan._begin_scope(creditor)
        plan._look_around(scope)
        with over_the_ledger(self.env.cr):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT now.partner_id, partner.commercial_partner_id
                      FROM (%s) now
                      JOIN res_partner partner ON partner.id = now.partner_id
                      LEFT JOIN (
                        SELECT key::int AS partner_id, value::numeric AS digest
                          FROM account_dunning_plan_memory memory, jsonb_each_text(memory.digests)
                         WHERE memory.company_id = %s
                      ) before ON before.partner_id = now.partner_id
                     WHERE now.digest IS NULL OR now.digest IS DISTINCT FROM before.digest
                     LIMIT %s
                    """,
                    self._get_digests(creditor, today, scope),
                    creditor.id,
                    FEW + 1,
                )
            )
        # Only a plan of everybody finds the notices of customers who became a contact of another.
        if len(rows) > FEW or any(partner_id != customer_id for partner_id, customer_id in rows):
            return None
        return self.env["res.partner"].browse(partner_id for partner_id, _customer_id in rows)

    @api.model
    def _keep(self, creditor, today, frame, scope):
        """Store what today's plan was made of.

        :param str frame: result of :meth:`_get_frame`
        :param dict scope: scope of the plan that was run, for all customers or those who had
            changed
        """
        if frame is None:
            return
        self.env.flush_all()
        cr, partners = self.env.cr, self._get_partners(scope)
        # Another plan of the same company may store the same at this moment. Unchanged data
        # (megabytes) is not written again: the customers planned each time are found at every
        # rerun.
        with (
            suppress(SerializationFailure),
            cr.savepoint(flush=False),
            over_the_ledger(cr, partners),
        ):
            cr.execute(
                SQL(
                    """
                    INSERT INTO account_dunning_plan_memory AS memory (company_id, frame, digests)
                    SELECT %(company)s, %(frame)s, jsonb_object_agg(partner_id, digest)
                      FROM (%(digests)s) now
                    HAVING count(*) > 0
                    ON CONFLICT (company_id) DO UPDATE
                       SET frame = EXCLUDED.frame, digests = %(kept)s EXCLUDED.digests
                     WHERE memory.frame <> EXCLUDED.frame
                        OR NOT COALESCE(memory.digests @> EXCLUDED.digests, FALSE)
                    """,
                    company=creditor.id,
                    frame=frame,
                    digests=self._get_digests(creditor, today, scope),
                    kept=SQL() if partners is None else SQL("memory.digests ||"),
                ),
                log_exceptions=False,  # not an error for whoever reads the log: what fails raises
            )
        self.invalidate_model()

    @api.model
    def _get_digests(self, creditor, today, scope):
        messages = SQL(
            MESSAGES,
            live=self.env["account.dunning.notice.draft"]._get_live(
                creditor, self._get_partners(scope)
            ),
            written=SQL(WRITTEN),
            seen_live=seen(SQL("ROW(notice_id, date)"), 8),
            seen_written=seen(SQL("written"), 9),
        )
        return digests(scope, today, messages)

    @api.model
    def _get_partners(self, scope):
        partner_ids = scope["partner_ids"]
        return None if partner_ids is None else self.env["res.partner"].browse(partner_ids)
