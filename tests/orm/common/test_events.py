"""What follows an entry asks once whether anything of ours names it; never of a new invoice."""

from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..dunning_common import DunningCommon

# What the rooms keep of an item, each of which would ask for itself.
KEPT = ("hand", "assignment_line", "case_item", "notice_line", "penalty", "insured")


@tagged("post_install", "-at_install")
class TestEvents(DunningCommon):
    def asked(self, act):
        """Return the statements by which something of ours is looked for while this is done."""
        statements, execute = [], Cursor.execute

        def note(cursor, query, params=None, log_exceptions=True):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", note):
            act()
        names = [f'"account_dunning_{name}"' for name in KEPT]
        return [each for each in statements if any(f"FROM {name}" in each for name in names)]

    def test_a_new_invoice_asks_for_nothing_and_one_that_was_posted_once(self):
        partner = self.customer()
        move = self.invoice(partner, 10, post=False)
        self.assertEqual(self.asked(move.action_post), [])
        move.button_draft()
        self.assertEqual(len(self.asked(move.action_post)), 1)

    def test_many_entries_ask_as_often_as_one(self):
        partner = self.customer()
        moves = self.env["account.move"].union(*(self.invoice(partner, 10) for _each in range(4)))
        moves[0].button_draft()
        moves[1:].button_draft()
        one = self.asked(moves[0].action_post)
        self.assertEqual(len(self.asked(moves[1:].action_post)), len(one))

    def test_a_known_item_finds_what_is_kept_of_it(self):
        """As ever: the reminder finds the item that Odoo wrote again."""
        move = self.invoice(self.customer(), 10)
        notice = self.history(self.first, "2026-05-25", move)
        move.button_draft()
        move.invoice_line_ids.price_unit = 120
        notice.line_ids.sudo().move_line_id = False
        move.action_post()
        self.assertEqual(notice.line_ids.move_line_id, self.items(move))
