from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

HOURS = 1


class AccountDunningTry(models.Model):
    """How often something was tried in vain on the public pages, in the current hour.

    One row for each address and agreement, which a scheduled clean-up erases; neither an address
    nor a token is kept, only a sum of it with the secret of the database.
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
        """Whether something was tried in vain so often in the last hour.

        :param str key: what is counted
        :param int most: how often it may be
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=HOURS)
        domain = [("key", "=", self._hash(key)), ("since", ">", since), ("count", ">=", most)]
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _note(self, key):
        """Count a try that was in vain; the count starts again once an hour is over."""
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
        """Erase the counts that are over."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=HOURS)
        self.search([("since", "<=", since)]).unlink()
