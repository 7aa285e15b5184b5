"""What a person does by hand bears the creditor's day, not that of the person's own country."""

from freezegun import freeze_time

from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

HERE = "2026-06-01"
LATE = "2026-06-01 20:00:00"  # ten in the evening in Paris; the next day where the person is
THERE = "2026-06-02"


@tagged("post_install", "-at_install")
class TestPersonsDays(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Paris"
        cls.env.user.tz = "Pacific/Noumea"

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(LATE))

    def test_a_message_sent_by_hand_bears_the_creditors_day(self):
        self.invoice(self.partner, 20, 100)
        notice = self.send(self.partner)
        self.assertEqual((notice.state, notice.date), ("sent", day(HERE)))
        self.assertEqual(notice.letter_date, day(HERE))

    def test_a_creditor_who_moves_has_another_day_at_once(self):
        self.assertEqual(self.company._get_dunning_today(), day(HERE))
        self.company.partner_id.tz = "Pacific/Noumea"
        self.assertEqual(self.company._get_dunning_today(), day(THERE))

    def test_a_hold_set_by_hand_stands_at_once_and_ends_at_once(self):
        partner = self.customer("Held")
        move = self.invoice(partner, 20, 100)
        hold = self.hold(partner)
        self.assertEqual(hold.date_from, day(HERE))
        self.assertTrue(hold.is_current)
        self.assert_stopped(move, "hold")
        hold.action_release()
        self.assertEqual(hold.released_on, day(HERE))

    def test_a_dispute_opened_and_closed_by_hand(self):
        dispute = self.env["account.dunning.dispute"].create(
            {"move_id": self.invoice(self.partner, 20, 100).id}
        )
        self.assertEqual((dispute.date_open, dispute._get_holds().date_from), (day(HERE),) * 2)
        dispute.action_reject()
        self.assertEqual(dispute.closed_on, day(HERE))

    def test_the_pages_show_the_day_that_their_acts_bear(self):
        move = self.invoice(self.partner, "2026-06-01", 100)  # overdue where the person is alone
        page = self.env["account.dunning.today"].get_page()
        self.assertIn("1 June 2026", page["date"])
        self.assertFalse(move.dunning_days_overdue)
        self.assertFalse(self.partner.dunning_overdue_text)
        dashboard = self.env["account.dunning.dashboard"].get_data({})
        self.assertEqual((dashboard["today"], dashboard["as_of"]), (HERE, HERE))

    def test_penalties_booked_by_hand(self):
        move = self.late("2026-03-31", 1000)
        action = self.env["account.dunning.booking"]._open(moves=move)
        booking = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(booking.date_until, day(HERE))
        booking.action_book()
        self.assertEqual(self.penalty(move).computed_until, day(HERE))
        self.assertEqual(self.penalty(move).line_ids.move_id.date, day(HERE))

    def test_who_works_far_west_of_the_creditor_is_not_a_day_behind(self):
        self.env.user.tz = "America/Martinique"
        with freeze_time("2026-06-01 23:00:00"):  # one in the morning in Paris, on the 2nd
            hold = self.hold(self.partner)
            self.assertEqual(hold.date_from, day(THERE))
