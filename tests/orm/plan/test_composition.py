"""What goes into a notice: claimed, listed apart, the level taken."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestComposition(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer()
        cls.no_level = cls.env["account.dunning.level"]

    def at_level(self, level, due, amount=100.0, deadline=None):
        """Post an invoice that took a level some time ago."""
        move = self.invoice(self.partner, due, amount)
        self.history(level, "2026-04-15", move, deadline=deadline)
        return move

    # -- Reminders ---------------------------------------------------------------------------------

    def test_a_reminder_claims_every_overdue_item_and_each_takes_its_own_level(self):
        second = self.at_level(self.first, 30)
        protected = self.at_level(self.first, 25, deadline="2026-06-01")
        first = self.invoice(self.partner, 10)
        fresh = self.invoice(self.partner, 2)
        self.invoice(self.partner, "2026-06-20")
        notice = self.draft(self.partner)
        self.assertEqual((notice.kind, notice.level_id), ("reminder", self.firm))
        self.assertEqual(
            self.lines_of(notice),
            [
                (second, True, self.firm),
                (protected, True, self.no_level),
                (first, True, self.first),
                (fresh, True, self.no_level),
            ],
        )
        self.assertEqual(notice.amount_total, 400)

    def test_an_item_due_today_is_not_late(self):
        self.invoice(self.partner, 10)
        today = self.invoice(self.partner, 0)
        self.assertNotIn(today, self.draft(self.partner).move_ids)

    def test_a_reminder_claims_again_what_is_under_formal_notice(self):
        formal = self.at_level(self.formal_notice, 90)
        first = self.invoice(self.partner, 10)
        self.assertEqual(
            self.lines_of(self.draft(self.partner)),
            [(formal, True, self.no_level), (first, True, self.first)],
        )

    # -- Registered letter and formal notice -------------------------------------------------------

    def test_a_registered_letter_claims_what_was_reminded_and_lists_the_rest_apart(self):
        reaches = self.at_level(self.firm, 60, 100)
        reminded = self.at_level(self.first, 20, 10, deadline="2026-06-05")
        never = self.invoice(self.partner, 10, 1000)
        fresh = self.invoice(self.partner, 2, 2000)
        notice = self.draft(self.partner)
        self.assertEqual((notice.kind, notice.level_id), ("registered", self.registered))
        self.assertEqual(
            self.lines_of(notice),
            [
                (reaches, True, self.registered),
                (reminded, True, self.registered),
                (never, False, self.no_level),
                (fresh, False, self.no_level),
            ],
        )
        self.assertEqual(notice.amount_total, 110)
        self.assertFalse(any(notice.line_ids.mapped("drop_reason")))

    def test_what_only_received_a_courtesy_was_never_reminded(self):
        self.at_level(self.firm, 60)
        courteous = self.at_level(self.courtesy, 10)
        notice = self.draft(self.partner)
        self.assertIn((courteous, False, self.no_level), self.lines_of(notice))

    def test_a_formal_notice_takes_up_what_is_at_any_reminder(self):
        formal = self.at_level(self.registered, 90)
        registered = self.at_level(self.firm, 60)
        reminded = self.at_level(self.first, 50)
        notice = self.draft(self.partner)
        self.assertEqual(notice.level_id, self.formal_notice)
        self.assertEqual(
            self.lines_of(notice),
            [(move, True, self.formal_notice) for move in (formal, registered, reminded)],
        )

    def test_what_is_above_the_level_of_the_letter_keeps_its_own(self):
        formal = self.at_level(self.formal_notice, 90)
        already = self.at_level(self.registered, 70, deadline="2026-06-30")
        reaches = self.at_level(self.firm, 60)
        self.assertEqual(
            self.lines_of(self.draft(self.partner)),
            [
                (formal, True, self.no_level),
                (already, True, self.no_level),
                (reaches, True, self.registered),
            ],
        )

    def test_the_letter_does_not_count_what_it_lists_apart(self):
        self.at_level(self.firm, 60, 100)
        self.invoice(self.partner, 10, 1000)
        notice = self.send(self.partner)
        self.assertEqual([section["total"] for section in notice._get_sections()], [100])
        self.assertEqual(notice.amount_total, 100)

    def test_an_item_listed_apart_goes_on_from_where_it_was(self):
        self.at_level(self.firm, 60)
        never = self.invoice(self.partner, 10)
        self.send(self.partner)
        self.assert_next(never, self.first, "2026-06-08")

    # -- Courtesy ----------------------------------------------------------------------------------

    def test_a_courtesy_speaks_only_of_the_items_that_reach_it(self):
        coming = self.invoice(self.partner, "2026-06-04")
        self.invoice(self.partner, "2026-06-20")
        notice = self.draft(self.partner)
        self.assertEqual(self.lines_of(notice), [(coming, True, self.courtesy)])
        self.assertFalse(notice.deadline)

    def test_a_courtesy_is_never_in_the_message_that_claims(self):
        overdue = self.invoice(self.partner, 10)
        coming = self.invoice(self.partner, "2026-06-04")
        notice = self.draft(self.partner)
        self.assertEqual(self.lines_of(notice), [(overdue, True, self.first)])
        self.assertEqual(self.row(coming).reason, "waiting")

    def test_a_courtesy_is_never_on_the_day_of_a_claim(self):
        self.invoice(self.partner, 10)
        coming = self.invoice(self.partner, "2026-06-04")
        self.send(self.partner)
        self.assertEqual(self.prepare()["created"], 0)
        self.assertIsNone(self.row(coming).final_role)

    def test_a_claim_is_never_on_the_day_of_a_courtesy(self):
        coming = self.invoice(self.partner, "2026-06-04")
        overdue = self.invoice(self.partner, 10)
        hold = self.hold(move_id=overdue.id)
        self.assertEqual(self.send(self.partner).move_ids, coming)
        hold.action_release()
        self.assertEqual(self.prepare()["created"], 0)
        with self.on("2026-06-02"):
            self.assertEqual(self.draft(self.partner).move_ids, overdue)

    def test_a_courtesy_leaves_while_an_overdue_item_waits_for_its_next_level(self):
        self.at_level(self.first, 20, deadline="2026-06-05")
        coming = self.invoice(self.partner, "2026-06-04")
        self.assertEqual(self.lines_of(self.draft(self.partner)), [(coming, True, self.courtesy)])

    def test_no_courtesy_under_an_unpaid_formal_notice(self):
        formal = self.at_level(self.formal_notice, 90)
        coming = self.invoice(self.partner, "2026-06-04")
        self.assertEqual(self.prepare()["created"], 0)
        hold = self.hold(move_id=formal.id)
        self.assertEqual(self.prepare()["created"], 0)
        hold.action_release()
        self.pay(formal)
        self.assertEqual(self.draft(self.partner).move_ids, coming)

    def test_a_formal_notice_covered_by_a_credit_forbids_no_courtesy(self):
        self.at_level(self.formal_notice, 90)
        coming = self.invoice(self.partner, "2026-06-04")
        self.payment(self.partner, 100)
        self.assertEqual(self.draft(self.partner).move_ids, coming)

    # -- Instalments -------------------------------------------------------------------------------

    def test_instalments_are_chased_one_by_one(self):
        move = self.instalments(self.partner, "2026-05-25", "2026-07-25")
        first, second = self.rows(move)
        self.assertEqual((first.final_role, first.take_level_id), ("claimed", self.first.id))
        self.assertEqual((second.final_role, second.reason), (None, "waiting"))
        notice = self.send(self.partner)
        self.assertEqual((notice.amount_total, len(notice.line_ids)), (50, 1))
        first, second = self.items(move)
        self.assertEqual((first.dunning_level_id, second.dunning_level_id.id), (self.first, False))

    def test_an_instalment_that_is_paid_leaves_the_other_alone(self):
        move = self.instalments(self.partner, "2026-05-01", "2026-05-20")
        self.pay(move, 50)
        (notice,) = self.draft(self.partner)
        self.assertEqual(notice.line_ids.move_line_id, self.items(move)[1])
        self.assertEqual(notice.amount_total, 50)

    # -- Left out by a person ----------------------------------------------------------------------

    def test_an_item_left_out_takes_no_level_and_is_not_claimed(self):
        kept = self.invoice(self.partner, 12, 100)
        left = self.invoice(self.partner, 10, 1000)
        notice = self.draft(self.partner)
        notice.line_ids.filtered(lambda line: line.move_id == left).action_leave_out()
        self.assertEqual(notice.amount_total, 100)
        notice.action_send()
        line = notice.line_ids.filtered(lambda line: line.move_id == left)
        self.assertEqual((line.claimed, line.level_id), (False, self.no_level))
        self.assertEqual(notice.amount_total, 100)
        self.assertEqual(self.items(kept).dunning_level_id, self.first)
        self.assertFalse(self.items(left).dunning_level_id)
        self.assert_next(left, self.first, "2026-06-08")

    def test_an_item_left_out_is_not_mentioned_in_the_message(self):
        self.invoice(self.partner, 12)
        left = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        notice.line_ids.filtered(lambda line: line.move_id == left).action_leave_out()
        self.assertNotIn(left.name, notice.message_html)
        notice.action_send()
        self.assertNotIn(left.name, notice.mail_id.body_html)
        self.assertNotIn(left.name, notice.message_html)

    def test_an_item_left_out_stays_out_when_the_draft_is_refreshed(self):
        self.invoice(self.partner, 12)
        left = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        notice.line_ids.filtered(lambda line: line.move_id == left).action_leave_out()
        self.invoice(self.partner, 11)
        self.prepare()
        self.assertEqual(notice.line_ids.filtered("left_out").move_id, left)
        self.assertEqual(notice.amount_total, 200)
        notice.line_ids.filtered("left_out").action_leave_out()
        self.assertFalse(notice.line_ids.filtered("left_out"))
        self.assertEqual(notice.amount_total, 300)

    def test_a_message_that_claims_nothing_is_not_sent(self):
        self.invoice(self.partner, 12)
        notice = self.draft(self.partner)
        notice.line_ids.action_leave_out()
        with self.assert_refused(UserError, "Nothing is claimed"):
            notice.action_send()
        self.assertNotEqual(notice.state, "sent")
