"""Tests of concurrent work: each on its own connections, which see what is committed."""

import time
from contextlib import ExitStack, closing

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase

PATIENCE = 20  # seconds
WAITING = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


class ConnectionsCase(TransactionCase):
    """Commits what it creates, so that other connections see it, and removes it afterwards."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)  # once every connection of the test is closed
        self.stack = self.enterContext(ExitStack())

    def open(self):
        """Return an environment on a separate connection, rolled back and closed with the test."""
        cr = self.stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
        return api.Environment(cr, SUPERUSER_ID, {})

    def wait_until_blocked(self, pid):
        """Wait until the server process of a connection waits for a lock held by another one."""
        cr = self.open().cr
        for _try in range(PATIENCE * 20):
            cr.execute(WAITING, [pid])
            if cr.fetchone():
                return
            time.sleep(0.05)
        self.fail("the second did not wait for the first one")

    def _remove(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            self.remove(api.Environment(cr, SUPERUSER_ID, {}))

    def remove(self, env):
        """Remove what the test committed, in a transaction that is committed as well."""
        raise NotImplementedError
