"""Before a manual booking, the preview shows what would be booked, and why the rest would not."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"
MAY = 20.31  # 1 000 due on 31 March 2026, at 12.15 %, 61 days to 31 May


@tagged("post_install", "-at_install")
class TestPenaltiesPreview(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.env["account.move"]), "_document_dunning_penalties", lambda moves: None
            )
        )
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")

    def run_preview(self, records, until="2026-05-31"):
        """Open the preview as a manager, up to a day."""
        booking = self.preview(records.with_user(self.manager))
        booking.date_until = until
        return booking

    def shown(self, booking):
        """Return ``(invoice, interest, indemnity, ticked, whether there is a reason)``."""
        return [
            (
                line.move_id,
                line.interest_to_book,
                line.indemnity_to_book,
                line.selected,
                bool(line.reason),
            )
            for line in booking.line_ids
        ]

    def entry_of(self, action):
        return self.env["account.move"].search(action["domain"])

    # -- What it shows -----------------------------------------------------------------------------

    def test_it_shows_what_the_booking_then_books_and_writes_nothing_itself(self):
        one, two = self.late(MARCH, 1000), self.late("2026-04-30", 2000)
        booking = self.run_preview(one + two)
        self.assertEqual(
            self.shown(booking), [(one, MAY, 40, True, False), (two, 20.64, 40, True, False)]
        )
        self.assertFalse(self.Penalty.search([("partner_id", "=", self.partner.id)]))
        entry = self.entry_of(booking.action_book())
        self.assert_booked(
            entry, ("interest", MAY), ("indemnity", 40), ("interest", 20.64), ("indemnity", 40)
        )
        self.assertEqual(entry.date, day("2026-05-31"))

    def test_it_shows_what_is_booked_and_the_difference(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        [line] = self.run_preview(invoice, "2026-06-01").line_ids
        self.assertEqual((line.interest, line.booked_interest), (20.64, MAY))
        self.assertEqual((line.interest_to_book, line.indemnity_to_book), (0.33, 0))

    def test_a_correction_shows_as_a_negative_difference(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        self.credit(invoice, 1000, "2026-06-01")
        booking = self.run_preview(invoice, "2026-06-01")
        self.assertEqual(self.shown(booking), [(invoice, -MAY, -40, True, False)])

    def test_what_is_not_booked_says_why(self):
        stated = self.invoice(self.partner, MARCH, 1000)
        self.history(self.registered, "2026-05-15", stated)
        never = self.invoice(self.partner, "2026-04-30", 1000)
        unknown = self.late(MARCH, 1000, partner=self.customer("Unknown"))
        booking = self.run_preview(stated + never + unknown)
        reasons = {line.move_id: line.reason for line in booking.line_ids}
        self.assertIn(self.registered.name, reasons[stated])
        self.assertIn("not chased yet", reasons[never])
        self.assertIn("not confirmed", reasons[unknown])
        self.assertFalse(booking.can_book or any(booking.line_ids.mapped("selected")))
        self.assertEqual(booking.summary, "Nothing to book.")

    def test_an_item_booked_up_to_a_later_day_is_not_taken_back(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        [line] = self.run_preview(invoice, "2026-04-30").line_ids
        self.assertIn("Booked up to 05/31/2026", line.reason)
        self.assertFalse(line.interest_to_book)

    def test_an_item_that_is_gone_gives_its_penalties_back(self):
        invoice = self.late(MARCH, 1000)
        self.book("2026-05-31")
        penalty = self.penalty(invoice)
        invoice.button_draft()
        penalty.sudo().move_line_id = False
        invoice.button_cancel()
        booking = self.run_preview(penalty, "2026-06-01")
        self.assertEqual(self.shown(booking), [(invoice, -MAY, -40, True, False)])
        self.assert_booked(
            self.entry_of(booking.action_book()), ("interest", -MAY), ("indemnity", -40)
        )

    def test_the_summary_adds_up_what_is_ticked(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        other = self.customer("Other", dunning_regime="b2b")
        moves = self.late(MARCH, 1000) + self.late(MARCH, 1000, partner=other, currency_id=usd.id)
        summary = self.run_preview(moves).summary.replace("\N{NO-BREAK SPACE}", " ")
        for part in ("$ 20.31", "20.31 €", "80.00 €", "2 items", "2 customers"):
            self.assertIn(part, summary)

    def test_a_locked_period_is_told_beforehand(self):
        invoice = self.late(MARCH, 1000)
        self.company.fiscalyear_lock_date = "2026-05-31"
        booking = self.run_preview(invoice, "2026-05-15")
        self.assertIn("06/01/2026, the first open day", booking.warning)
        self.assertEqual(self.entry_of(booking.action_book()).date, day("2026-06-01"))

    # -- What is chosen ----------------------------------------------------------------------------

    def test_a_line_left_out_is_not_booked(self):
        one, two = self.late(MARCH, 1000), self.late("2026-04-30", 2000)
        booking = self.run_preview(one + two)
        with Form(booking) as form, form.line_ids.edit(0) as line:
            line.selected = False
        self.assert_booked(
            self.entry_of(booking.action_book()), ("interest", 20.64), ("indemnity", 40)
        )
        self.assertEqual(self.penalty(one).booked_interest, 0)
        self.assertEqual(self.shown(self.run_preview(one + two))[0], (one, MAY, 40, True, False))

    def test_the_indemnity_stays_on_the_first_instalment_when_it_is_left_out(self):
        invoice = self.instalments(self.partner, MARCH, "2026-04-30", 2000)
        self.history(self.formal_notice, "2026-05-15", invoice)
        booking = self.run_preview(invoice)
        self.assertEqual(booking.line_ids.mapped("indemnity_to_book"), [40, 0])
        booking.line_ids[0].selected = False
        self.assert_booked(self.entry_of(booking.action_book()), ("interest", 10.32))

    def test_all_or_none_is_ticked_at_once(self):
        booking = self.run_preview(self.late(MARCH, 1000) + self.late(MARCH, 2000))
        booking.action_toggle()
        self.assertFalse(any(booking.line_ids.mapped("selected")))
        with self.assert_refused(UserError, "at least one line"):
            booking.action_book()
        booking.action_toggle()
        self.assertTrue(all(booking.line_ids.mapped("selected")))

    def test_the_day_changed_on_the_screen_is_the_day_booked(self):
        booking = self.preview(self.late(MARCH, 1000).with_user(self.manager))
        form = Form(booking)
        form.date_until = "2026-04-30"
        booking = form.save()
        self.assertEqual(booking.line_ids.interest_to_book, 9.99)
        self.assert_booked(
            self.entry_of(booking.action_book()), ("interest", 9.99), ("indemnity", 40)
        )

    def test_a_day_to_come_is_refused(self):
        booking = self.run_preview(self.late(MARCH, 1000), "2026-06-02")
        self.assertIn("once they are owed", booking.warning)
        with self.assert_refused(UserError, "once they are owed"):
            booking.action_book()

    # -- From where, and by whom -------------------------------------------------------------------

    def test_a_customer_shows_his_overdue_invoices(self):
        booked = self.late(MARCH, 1000)
        never = self.invoice(self.partner, "2026-04-30", 1000)
        self.invoice(self.partner, "2026-07-31", 1000)
        self.late(MARCH, 1000, partner=self.customer("Other", dunning_regime="b2b"))
        booking = self.run_preview(self.partner)
        self.assertEqual(booking.line_ids.move_id, booked + never)

    def test_the_menu_shows_what_there_is_to_book_of_the_whole_creditor(self):
        other = self.customer("Other", dunning_regime="b2b")
        invoices = self.late(MARCH, 1000) + self.late(MARCH, 1000, partner=other)
        self.invoice(self.partner, "2026-04-30", 1000)
        action = self.env["account.dunning.booking"].with_user(self.manager)._open()
        booking = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        self.assertEqual(booking.line_ids.move_id, invoices)
        self.assertEqual(len(booking.action_book()["domain"][0][2]), 2)

    def test_a_customer_that_fails_is_told_and_the_others_are_booked(self):
        other = self.customer("Other", dunning_regime="b2b")
        closed = self.account("411900", "asset_receivable", reconcile=True)
        other.property_account_receivable_id = closed
        moves = self.late(MARCH, 500, partner=other) + self.late(MARCH, 1000)
        closed.active = False
        action = self.run_preview(moves).action_book()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("411900", action["params"]["message"])
        entry = self.entry_of(action["params"]["next"])
        self.assertEqual(entry.line_ids.partner_id, self.partner)

    def test_one_click_on_the_list_books_what_is_owed_today(self):
        other = self.customer("Other", dunning_regime="b2b")
        moves = [self.late(MARCH, 1000), self.late(MARCH, 500, partner=other)]
        Penalty = self.env["account.dunning.penalty"]
        with self.on("2026-06-01"):
            entries = self.entry_of(Penalty.action_book_all())
            self.assertEqual(entries.line_ids.partner_id, self.partner | other)
            self.assertTrue(all(self.penalty(move).booked_interest for move in moves))
            with self.assertRaisesRegex(UserError, "at least one line"):
                Penalty.action_book_all()

    def test_only_managers_of_the_company_book(self):
        invoice = self.late(MARCH, 1000)
        user = self.new_user("user", "account_dunning_fr.group_dunning_user")
        with self.assertRaises(AccessError):
            invoice.with_user(user).action_book_dunning_penalties()
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user(
            "stranger", "account_dunning_fr.group_dunning_manager", company=other
        )
        with self.assertRaises(AccessError):
            invoice.with_user(stranger).action_book_dunning_penalties()
        with self.assertRaises(AccessError):
            self.env["account.dunning.booking"].with_user(stranger).create(
                {"company_id": self.company.id}
            ).flush_recordset()
