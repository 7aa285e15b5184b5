"""Two orders at the same moment on one release: two real transactions, which are committed."""

import threading
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields
from odoo.addons.account_dunning_fr.core.brake import Debt, decide
from odoo.addons.account_dunning_fr_sale.models.account_dunning_brake import Held
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..orm.connections import PATIENCE, ConnectionsCase


@tagged("post_install", "-at_install")
class TestBrakeRace(ConnectionsCase):
    """A release of 1,500 and two orders of 1,000; how the customer came to be held is not asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        debt = Debt(Decimal(12400), today - timedelta(days=47), "orders", rank=1)
        decision = decide([debt], today, regime="b2b")

        def find_held(brake, wanted):
            level = brake.env["account.dunning.level"]
            return {
                document: Held(creditor, partners, decision, level, None)
                for document, (creditor, partners) in wanted.items()
            }

        brake = type(cls.env["account.dunning.brake"])
        cls.startClassPatcher(patch.object(brake, "_find_held", find_held))
        cls.startClassPatcher(patch("odoo.service.model.random.uniform", return_value=0))

    def setUp(self):
        super().setUp()
        self.orders, self.made = [], []
        env = self.open()
        partner = env["res.partner"].create({"name": "Racing customer"})
        values = {"name": "Racing work", "type": "service", "taxes_id": False}
        product = env["product.product"].create(values)
        line = Command.create({"product_id": product.id, "price_unit": 1000, "tax_ids": False})
        order = {"partner_id": partner.id, "company_id": env.company.id, "order_line": [line]}
        orders = env["sale.order"].create([order, order])
        release = env["account.dunning.release"].create(
            {
                "partner_id": partner.id,
                "company_id": env.company.id,
                "reason": "Seen",
                "amount": 1500,
                "date_until": fields.Date.today() + timedelta(days=7),
            }
        )
        env.cr.commit()
        self.made = [orders, release, product.product_tmpl_id, partner]
        self.orders, self.release = orders.ids, release.id

    def remove(self, env):
        env["sale.order"].browse(self.orders)._action_cancel()
        for records in self.made:
            env[records._name].browse(records.ids).unlink()

    def run_second(self, end_first):
        """Confirm the second order while the first one waits to be committed.

        :param str end_first: ``commit`` or ``rollback``
        :return: (how many times the second was tried, what it was refused with)
        """
        first, second = self.open(), self.open()
        first["sale.order"].browse(self.orders[0]).with_user(2).action_confirm()
        first.flush_all()
        pid = second.cr._cnx.get_backend_pid()
        tries, refused = [], []

        def confirm():
            tries.append(1)
            second["sale.order"].browse(self.orders[1]).with_user(2).action_confirm()

        def run():
            try:
                retrying(confirm, second)
            except Exception as error:
                second.cr.rollback()  # as the server does
                refused.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.wait_until_blocked(pid)
        getattr(first.cr, end_first)()
        thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        return len(tries), refused

    def states(self):
        env = self.open()
        release = env["account.dunning.release"].browse(self.release)
        return env["sale.order"].browse(self.orders).mapped("state"), release.left

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_of_two_at_once_one_passes(self):
        tries, refused = self.run_second("commit")
        self.assertEqual(tries, 2, "it began anew")
        self.assertEqual([type(error).__name__ for error in refused], ["RedirectWarning"])
        self.assertEqual(self.states(), (["sale", "draft"], 500))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_second_passes_when_the_first_is_undone(self):
        tries, refused = self.run_second("rollback")
        self.assertEqual((tries, refused), (1, []))
        self.assertEqual(self.states(), (["draft", "sale"], 500))
