from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

HOURS = 1


class AccountDunningTry(models.Model):
    """How often something failed on the public pages in the current hour.

    One row per address and per agreement, deleted by a scheduled clean-up; neither addresses nor
    tokens are stored, only a hash with the secret of the database.
    """

    _name = "account.dunning.try"
    _inherit = ["account.dunning.guarded"]
    _description = "Tries on Public Pages"
    _order = "id"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True)

    _key_once = models.UniqueIndex("(key)", "This is counted already.")

    @api.model
    def _hash(self, key):
        return hmac(self.env(su=True), "account_dunning_fr.try", key)

    @api.model
    def _is_over(self, key, most):
        """Whether something failed this often in the last hour.

        :param str key: what is counted
        :param int most: number of failures allowed
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=HOURS)
        domain = [("key", "=", self._hash(key)), ("since", ">", since), ("count", ">=", most)]
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _note(self, key):
        """Count a failure; the count restarts when an hour is over."""
        self.flush_model()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_dunning_try AS known (key, count, since)
                     VALUES (%(key)s, 1, %(now)s)
                ON CONFLICT (key) DO UPDATE
                        SET count = CASE WHEN known.since > %(start)s THEN known.count + 1
                                         ELSE 1 END,
                            since = CASE WHEN known.since > %(start)s THEN known.since
                                         ELSE %(now)s END
                """,
                key=self._hash(key),
                now=now,
                start=fields.Datetime.subtract(now, hours=HOURS),
            )
        )
        self.invalidate_model()

    @api.autovacuum
    def _gc_tries(self):
        """Delete the counts that have expired."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=HOURS)
        self.search([("since", "<=", since)]).unlink()
