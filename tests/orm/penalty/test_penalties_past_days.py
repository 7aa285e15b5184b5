"""What is held of an invoice on a past day is what was held on it, whatever came since."""

from odoo.tests import tagged

from ..dunning_common import TODAY, day
from ..penalty_common import PenaltyCommon

DAYS = ("2026-04-09", "2026-04-10", "2026-05-09", "2026-05-10", "2026-05-19", "2026-05-20", TODAY)


@tagged("post_install", "-at_install")
class TestPenaltiesPastDays(PenaltyCommon):
    def open_hold(self, move, amount, **values):
        """Hold 300 from 10 April on, another part from 10 May on, nothing from 20 May on."""
        with self.on("2026-04-10"):
            hold = self.hold(move_id=move.id, reason="dispute", amount_held=300, **values)
        with self.on("2026-05-10"):
            hold.amount_held = 450
            hold.amount_held = amount
        with self.on("2026-05-20"):
            hold._release()
        return hold

    def held(self, items):
        accrual = self.env["account.dunning.accrual"]
        self.env.flush_all()
        return [
            sum(
                float(event.amount)
                for events in accrual._get_disputed(items, day(on)).values()
                for event in events
            )
            for on in DAYS
        ]

    def test_a_day_sees_the_part_that_was_held_on_it(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        self.open_hold(move, 500)
        self.assertEqual(self.held(self.items(move)), [0, 300, 300, 500, 500, 0, 0])

    def test_a_part_that_became_the_whole(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        self.open_hold(move, 0)
        self.assertEqual(self.held(self.items(move)), [0, 300, 300, 1000, 1000, 0, 0])

    def test_of_what_was_paid_since_too(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        self.open_hold(move, 500)
        self.pay_on("2026-05-15", move, 800)
        # 200 were open since: no more of them is held.
        self.assertEqual(self.held(self.items(move)), [0, 300, 300, 500, 200, 0, 0])
        self.pay_on("2026-05-25", move, 200)
        self.assertEqual(self.held(self.items(move)), [0, 300, 300, 500, 200, 0, 0])

    def test_the_statement_of_a_past_day_leaves_it_out(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        before = self.interest_until(move, "2026-05-15")
        self.open_hold(move, 500)
        # 35 days of 1 000, 10 April to 15 May, become so many of 500.
        left = self.interest_until(move, "2026-05-15")
        self.assertLess(left, before)
        self.assertEqual(self.interest_until(move, "2026-05-25"), self.interest_of(move))

    def interest_until(self, move, until):
        items = self.items(move)
        accrued = self.env["account.dunning.accrual"]._compute_items(items, day(until))
        return accrued[items.id].statement.interest

    def interest_of(self, move):
        """Return the interest until 25 May of the same invoice that nobody contests."""
        twin = self.invoice(self.customer("Twin", dunning_regime="b2b"), "2026-03-31", 1000)
        return self.interest_until(twin, "2026-05-25")

    def test_a_dispute_that_is_corrected_keeps_what_it_held(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        with self.on("2026-04-10"):
            dispute = self.env["account.dunning.dispute"].create(
                {"move_id": move.id, "amount": 300}
            )
        with self.on("2026-05-10"):
            dispute.amount = 500
        with self.on("2026-05-20"):
            dispute.action_accept()
        self.assertEqual(self.held(self.items(move)), [0, 300, 300, 500, 500, 0, 0])

    def test_a_dispute_that_is_opened_again_held_nothing_in_between(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        with self.on("2026-04-10"):
            dispute = self.env["account.dunning.dispute"].create(
                {"move_id": move.id, "amount": 300}
            )
        with self.on("2026-05-10"):
            dispute.action_reject()
        with self.on("2026-05-20"):
            dispute.action_reopen()
        with self.on("2026-05-25"):
            dispute.amount = 450
        items = self.items(move)
        self.assertEqual(self.held(items), [0, 300, 300, 0, 0, 300, 450])
        # What is contested is so from the first day on: no interest is claimed of it today.
        [event] = self.env["account.dunning.accrual"]._get_disputed(items, day(TODAY))[items.id]
        self.assertEqual(event.on, day("2026-04-10"))

    def test_a_past_day_sees_the_insolvency_that_was_recorded_on_it(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        with self.on("2026-04-25"):
            hold = self.hold(self.partner, reason="insolvency", claims_before="2026-04-20")
        stopped = self.interest_until(move, "2026-05-15")
        self.assertEqual(stopped, self.interest_until(move, "2026-04-19"))
        with self.on("2026-05-20"):
            hold._release()
        self.assertEqual(self.interest_until(move, "2026-05-15"), stopped)
        self.assertEqual(self.interest_until(move, "2026-05-25"), self.interest_of(move))

    def test_proceedings_recorded_by_mistake_stopped_nothing_on_any_day(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        with self.on("2026-04-25"):
            record = self.env["account.dunning.insolvency"].create(
                {
                    "partner_id": self.partner.id,
                    "date_opening": "2026-04-20",
                    "kind": "safeguard",
                }
            )
        with self.on("2026-05-20"):
            record.action_cancel()
        self.assertGreater(
            self.interest_until(move, "2026-05-15"), self.interest_until(move, "2026-04-19")
        )

    def test_a_dispute_that_is_narrowed_held_the_whole_invoice_before(self):
        move = self.instalments(self.partner, "2026-03-31", "2026-04-05", 1000)
        items = self.items(move)
        with self.on("2026-04-10"):
            dispute = self.env["account.dunning.dispute"].create({"move_id": move.id})
        with self.on("2026-05-10"):
            dispute.move_line_id = items[1]
        self.assertEqual(self.held(items), [0, 1000, 1000, 500, 500, 500, 500])
        self.assertEqual(len(dispute._get_holds()), 1)
        with self.on("2026-05-20"):
            dispute.action_reject()
        self.assertEqual(self.held(items), [0, 1000, 1000, 500, 500, 0, 0])

    def test_a_hold_that_is_taken_up_again_held_nothing_in_between(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        with self.on("2026-04-10"):
            hold = self.hold(move_id=move.id, reason="dispute", date_until="2026-05-09")
        with self.on("2026-05-20"):
            hold.date_until = "2026-06-30"
        self.assertEqual(self.held(self.items(move)), [0, 1000, 1000, 0, 0, 1000, 1000])

    def test_a_hold_that_is_prolonged_in_time_goes_on(self):
        move = self.invoice(self.partner, "2026-03-31", 1000)
        with self.on("2026-04-10"):
            hold = self.hold(move_id=move.id, reason="dispute", date_until="2026-05-15")
        with self.on("2026-05-10"):
            hold.date_until = False
        self.assertEqual(self.held(self.items(move)), [0, *[1000] * 6])
        self.assertEqual(hold.date_from, day("2026-04-10"))
