"""Two plans of a company at the same moment: two real transactions, which are committed."""

import threading

from odoo import fields
from odoo.tests import tagged

from ..connections import PATIENCE, ConnectionsCase

MEMORY = "SELECT frame, digests FROM account_dunning_plan_memory WHERE company_id = %s"


@tagged("post_install", "-at_install")
class TestTwoPlansAtOnce(ConnectionsCase):
    def setUp(self):
        super().setUp()
        env = self.open()
        company = env.ref("base.main_company")
        customer = env["res.partner"].create({"name": "Held customer"})
        held = {"company_id": company.id, "partner_id": customer.id, "reason": "manual"}
        hold = env["account.dunning.hold"].create(held)
        self.company_id, self.customer_id, self.hold_id = company.id, customer.id, hold.id
        env.cr.commit()

    def remove(self, env):
        memory = "DELETE FROM account_dunning_plan_memory WHERE company_id = %s"
        env.cr.execute(memory, [self.company_id])
        env.cr.execute("DELETE FROM account_dunning_hold WHERE id = %s", [self.hold_id])
        env.cr.execute("DELETE FROM res_partner WHERE id = %s", [self.customer_id])

    def keep(self, env, frame):
        creditor = env["res.company"].browse(self.company_id)
        scope = env["account.dunning.plan"]._begin_scope(creditor)
        memory = env["account.dunning.plan.memory"]
        memory._keep(creditor, fields.Date.today(), frame, scope)

    def read(self):
        cr = self.open().cr
        cr.execute(MEMORY, [self.company_id])
        return cr.fetchall()

    def test_the_second_goes_on_with_what_the_first_remembers(self):
        first, second = self.open(), self.open()
        pid = second.cr._cnx.get_backend_pid()
        second.cr.execute("SELECT 1")  # from here on it sees what there is now
        self.keep(first, "first")
        failed = []

        def run():
            try:
                self.keep(second, "second")
                second.cr.commit()
            except Exception as error:
                failed.append(error)

        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            self.wait_until_blocked(pid)
            first.cr.commit()
            thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        self.assertEqual(failed, [])
        [(frame, digests)] = self.read()
        self.assertEqual(frame, "first")
        self.assertIn(str(self.customer_id), digests)
