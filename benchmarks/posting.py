"""What everybody in Odoo pays for the addon: invoices posted, payments registered.

The floor is the same work in a database where the addon is not installed, by turns.
"""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from . import ledger

INVOICES = 5  # of one figure
TIMES = 5  # that they are posted and paid on each side by turns: the median ratio counts


def run(meter, without):
    """Measure both works; nothing of them is kept.

    :param meter: ``Meter`` on a database with the addon and a French company
    :param str without: name of a database where the addon is not installed
    """
    with Registry(without).cursor() as cr:
        meter.count(cr)
        sides = [_Side(api.Environment(cr, SUPERUSER_ID, {})), _Side(meter.env)]
        for name, work in (
            (f"{INVOICES} invoices created and posted", _Side.post),
            (f"{INVOICES} payments registered together", _Side.pay),
        ):
            for side in sides:  # what Odoo caches is cached
                work(side)
            turn = [lambda side=side, work=work: work(side) for side in sides]
            meter.compare(name, [turn], ratio=None, times=TIMES)


class _Side:
    """A customer who owes some invoices, in one of the two databases."""

    def __init__(self, env):
        ledger.make_french(env.company)
        self.env = env
        # Of its own: the copies of the ledger have numbers that Odoo does not know.
        income = env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", env.company.ids)], limit=1
        )
        self.journal = env["account.journal"].create(
            {"name": "Posting", "code": "POST", "type": "sale", "default_account_id": income.id}
        )
        self.partner = env["res.partner"].create(
            {"name": "Client", "is_company": True, "country_id": env.ref("base.fr").id}
        )
        self.owed = env["account.move"].union(*self._invoice()).with_env(env)
        env.cr.commit()

    def _invoice(self):
        env = self.env(context={**self.env.context, "default_journal_id": self.journal.id})
        return [ledger.invoice(env, self.partner, 20, 100) for _time in range(INVOICES)]

    def post(self):
        """Create and post invoices, one by one."""
        self._invoice()
        self.env.flush_all()
        self.env.cr.rollback()

    def pay(self):
        """Register a payment of each invoice, all of them together."""
        context = {"active_model": "account.move", "active_ids": self.owed.ids}
        wizard = self.env["account.payment.register"].with_context(**context)
        wizard.create({"group_payment": False})._create_payments()
        self.env.flush_all()
        self.env.cr.rollback()
