"""The registered letters of the day in a real browser: printed, numbered, posted, received."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestTourOfRegisteredLetters(TourCommon):
    def to_post(self, name, code):
        """Confirm the registered letter of today to a new customer."""
        partner = self.customer(name, zip=code)
        move = self.invoice(partner, self.today - timedelta(days=60))
        self.history(self.firm, self.today - timedelta(days=30), move)
        notice = self.draft(partner)
        notice.with_user(self.collector).action_confirm()
        return notice.registered_ids

    def test_the_letters_of_the_day_are_printed_numbered_posted_and_received(self):
        typed, pasted = self.to_post("Typed", "13001"), self.to_post("Pasted", "69001")
        entry = type(self.env["account.dunning.registered.entry"])
        printed = entry.action_print
        with patch.object(
            entry,
            "action_print",
            lambda wizard: printed(wizard.with_context(force_report_rendering=True)),
        ):
            self.walk("/odoo/dunning-registered", "registered_letters")
        letters = typed | pasted
        self.assertEqual(letters.mapped("number"), ["1A195123456781", "1A195123456782"])
        self.assertEqual(letters.mapped("posted_on"), [self.today] * 2)
        self.assertEqual(letters.notice_id.mapped("state"), ["sent", "sent"])
        self.assertTrue(all(n.letter_id.raw.startswith(b"%PDF") for n in letters.notice_id))
        self.assertEqual((typed.state, typed.waiting_for), ("delivered", False))
        self.assertEqual(typed.deposit_ids.mapped("name"), ["deposit.pdf"])
        self.assertEqual(typed.receipt_ids.mapped("name"), ["receipt.pdf"])
        self.assertEqual(typed.receipt_ids.raw, b"%PDF receipt")
        self.assertEqual(pasted.waiting_for, "receipt")
