"""Private persons are left in peace: at night, on Sundays and holidays, and after some messages."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestContactTimes(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.customer("Person", is_company=False, dunning_regime="b2c")
        cls.firm_partner = cls.customer("Firm")

    def due(self, partner, on):
        """Post an invoice whose first reminder is reached on a day."""
        return self.invoice(partner, day(on) - timedelta(days=5))

    def run_at(self, moment):
        """Prepare and send at a moment, in UTC."""
        with freeze_time(moment):
            self.run_day()

    def test_at_night_a_person_waits_and_a_firm_does_not(self):
        for partner in (self.person, self.firm_partner):
            self.due(partner, "2026-06-01")
        self.run_at("2026-06-01 05:00:00")  # 7 o'clock in Paris
        notice = self.live(self.person)
        self.assertEqual(str(notice.wait_until), "2026-06-01 06:00:00")
        with freeze_time("2026-06-01 05:30:00"):
            notice.invalidate_recordset()
            self.assertRegex(notice.wait_reason, "8:00|08:00")
        self.assertFalse(self.live(self.firm_partner))
        trigger = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("account_dunning_fr.ir_cron_send").id)]
        )
        self.assertIn("2026-06-01 06:00:00", [str(at) for at in trigger.mapped("call_at")])
        self.run_at("2026-06-01 06:00:00")
        self.assertEqual((notice.state, notice.wait_until), ("sent", False))

    def test_on_a_sunday_and_a_holiday_a_person_waits(self):
        self.due(self.person, "2026-05-24")
        self.run_at("2026-05-24 08:00:00")  # Whit Sunday, then Whit Monday
        notice = self.live(self.person)
        self.assertEqual(str(notice.wait_until), "2026-05-26 06:00:00")
        self.run_at("2026-05-25 08:00:00")
        self.assertEqual(notice.state, "ready")
        self.run_at("2026-05-26 06:00:00")
        self.assertEqual((notice.state, notice.date), ("sent", day("2026-05-26")))

    def test_a_person_gets_so_many_messages_in_a_week(self):
        self.company.dunning_contact_max = 1
        policy = self.new_policy((5, "reminder"), (7, "reminder"), min_interval=1)
        self.person.dunning_policy_id = policy
        move = self.due(self.person, "2026-06-03")
        self.history(policy.level_ids[0], "2026-06-01", move)
        self.run_at("2026-06-05 08:00:00")
        notice = self.live(self.person)
        self.assertEqual(str(notice.wait_until), "2026-06-08 06:00:00")
        self.run_at("2026-06-08 08:00:00")
        self.assertEqual(notice.state, "sent")

    def test_a_person_decides_when_sending_by_hand(self):
        self.due(self.person, "2026-05-24")
        with freeze_time("2026-05-24 08:00:00"):
            notice = self.draft(self.person)
            notice.action_send()
        self.assertEqual(notice.state, "sent")

    def test_settings_that_leave_no_time_are_refused(self):
        for values in (
            {"dunning_contact_from": 20, "dunning_contact_to": 8},
            {"dunning_contact_to": 25},
            {"dunning_contact_max": -1},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.company.write(values)

    def test_the_holidays_of_alsace_moselle_count_there(self):
        self.person.zip = "67000"
        self.due(self.person, "2026-12-26")
        self.run_at("2026-12-26 09:00:00")
        self.assertEqual(str(self.live(self.person).wait_until), "2026-12-28 07:00:00")
