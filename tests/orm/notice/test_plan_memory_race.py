"""Two plans of a company at the same moment: two real transactions, which are committed."""

import threading
import time
from contextlib import ExitStack, closing

from odoo import SUPERUSER_ID, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

PATIENCE = 20  # seconds
WAITING = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
MEMORY = "SELECT frame, digests FROM account_dunning_plan_memory WHERE company_id = %s"


@tagged("post_install", "-at_install")
class TestTwoPlansAtOnce(TransactionCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove)  # once every connection of the test is closed
        self.stack = self.enterContext(ExitStack())
        env = self.open()
        company = env.ref("base.main_company")
        customer = env["res.partner"].create({"name": "Held customer"})
        held = {"company_id": company.id, "partner_id": customer.id, "reason": "manual"}
        hold = env["account.dunning.hold"].create(held)
        self.company_id, self.customer_id, self.hold_id = company.id, customer.id, hold.id
        env.cr.commit()

    def open(self):
        """Return an environment on a connection of its own, undone and closed with the test."""
        cr = self.stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
        return api.Environment(cr, SUPERUSER_ID, {})

    def remove(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            memory = "DELETE FROM account_dunning_plan_memory WHERE company_id = %s"
            cr.execute(memory, [self.company_id])
            cr.execute("DELETE FROM account_dunning_hold WHERE id = %s", [self.hold_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.customer_id])

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
        first, second, watching = self.open(), self.open(), self.open()
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
            self.wait_until_blocked(second.cr, watching.cr)
            first.cr.commit()
            thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        self.assertEqual(failed, [])
        [(frame, digests)] = self.read()
        self.assertEqual(frame, "first")
        self.assertIn(str(self.customer_id), digests)

    def wait_until_blocked(self, cr, watching):
        for _try in range(PATIENCE * 20):
            watching.execute(WAITING, [cr._cnx.get_backend_pid()])
            if watching.fetchone():
                return
            time.sleep(0.05)
        self.fail("the second plan did not wait for the first one")
