"""What all users of Odoo pay for the addon: invoices posted, payments registered.

The floor is the same work in a database without the addon, alternately.
"""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from . import ledger

INVOICES = 5  # for one figure
TIMES = 5  # rounds of posting and paying, alternately on each side: the median ratio counts


def run(meter, without):
    """Measure both; all changes are rolled back.

    :param meter: ``Meter`` on a database with the addon and a French company
    :param str without: name of a database without the addon
    """
    with Registry(without).cursor() as cr:
        meter.count(cr)
        sides = [_Side(api.Environment(cr, SUPERUSER_ID, {})), _Side(meter.env)]
        for name, work in (
            (f"{INVOICES} invoices created and posted", _Side.post),
            (f"{INVOICES} payments registered together", _Side.pay),
        ):
            for side in sides:  # fill Odoo's caches
                work(side)
            turn = [lambda side=side, work=work: work(side) for side in sides]
            meter.compare(name, [turn], ratio=None, times=TIMES)


class _Side:
    """A customer who owes some invoices, in one of the two databases."""

    def __init__(self, env):
        ledger.make_french(env.company)
        self.env = env
        # A separate journal: the copies of the ledger have numbers unknown to Odoo.
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
        """Register a payment for each invoice, all together."""
        context = {"active_model": "account.move", "active_ids": self.owed.ids}
        wizard = self.env["account.payment.register"].with_context(**context)
        wizard.create({"group_payment": False})._create_payments()
        self.env.flush_all()
        self.env.cr.rollback()
