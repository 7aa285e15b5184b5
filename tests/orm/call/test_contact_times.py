"""Private persons are left in peace: at night, on Sundays and holidays, and after some messages."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..dunning_common import DunningCommon, day


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

    def test_the_night_is_that_of_where_the_person_lives(self):
        """Eight o'clock there, in UTC; half past ten in Paris is night in one of them."""
        lives = (
            ({"zip": "97200"}, "2026-06-02 12:00:00"),  # Martinique, four hours behind UTC
            ({"zip": "", "country_id": self.env.ref("base.pf").id}, "2026-06-02 18:00:00"),
            ({"zip": "97400"}, False),  # Réunion: half past noon
            ({"zip": "98800"}, False),  # Nouméa: half past seven in the evening
            ({"zip": "1000", "country_id": self.env.ref("base.be").id}, False),
        )
        for values, until in lives:
            with self.subTest(**values), self.env.cr.savepoint() as savepoint:
                self.person.write(values)
                self.due(self.person, "2026-06-02")
                self.run_at("2026-06-02 08:30:00")
                notice = self.Notice.search([("partner_id", "=", self.person.id)])
                self.assertEqual(str(notice.wait_until), str(until))
                self.assertEqual(notice.state, "ready" if until else "sent")
                calls = self.env["account.dunning.call"]
                call = calls._get_waiting(self.person, self.company) or self.call(self.person)
                with freeze_time("2026-06-02 08:30:00"):
                    self.assertEqual(str(call.callable_from), str(until))
                savepoint.rollback()

    def test_on_the_evening_of_a_creditor_overseas_the_mainland_sleeps(self):
        self.company.partner_id.tz = "America/Martinique"
        self.due(self.person, "2026-06-02")
        self.run_at("2026-06-02 22:00:00")  # six in the evening there
        self.assertEqual(str(self.live(self.person).wait_until), "2026-06-03 06:00:00")

    def test_a_contact_of_today_counts_where_it_is_still_yesterday(self):
        self.company.dunning_contact_max = 1
        self.person.write({"zip": "", "country_id": self.env.ref("base.pf").id})
        self.call(self.person, "reached", "2026-06-03 08:00:00")  # the second, in Tahiti
        found = self.person._get_dunning_next_contacts(
            self.company, fields.Datetime.to_datetime("2026-06-03 08:30:00")
        )
        self.assertEqual(str(found[self.person.id]), "2026-06-09 18:00:00")

    # -- Calls -------------------------------------------------------------------------------------

    def call(self, partner, outcome=None, at=None, **values):
        """Put a customer on the list, and make the call at a moment (UTC) where there is one."""
        call = self.env["account.dunning.call"].sudo().create({"partner_id": partner.id, **values})
        call = call.sudo(False)
        if outcome:
            with freeze_time(at):
                call._record(outcome, False, False)
        return call

    def test_a_call_that_reached_the_person_or_left_a_message_is_a_contact(self):
        self.company.dunning_contact_max = 2
        self.due(self.person, "2026-06-03")
        for outcome, sent in (("unreachable", True), ("message", False), ("promise", False)):
            with self.subTest(outcome=outcome), self.env.cr.savepoint() as savepoint:
                self.call(self.person, "reached", "2026-06-01 09:00:00")
                self.call(self.person, outcome, "2026-06-02 09:00:00")
                self.run_at("2026-06-03 08:00:00")
                notice = self.Notice.search([("partner_id", "=", self.person.id)])
                self.assertEqual(notice.state == "sent", sent)
                if not sent:  # the first of the two calls is a week old on the 8th
                    self.assertEqual(str(notice.wait_until), "2026-06-08 06:00:00")
                savepoint.rollback()

    def test_the_calls_and_messages_of_another_customer_are_not_counted(self):
        self.company.dunning_contact_max = 1
        other = self.customer("Other", is_company=False, dunning_regime="b2c")
        self.due(self.person, "2026-06-03")
        self.call(other, "reached", "2026-06-02 09:00:00")
        self.call(self.firm_partner, "reached", "2026-06-02 09:00:00")
        self.run_at("2026-06-03 08:00:00")
        self.assertFalse(self.live(self.person))

    def test_a_message_that_consists_of_a_call_is_counted_once(self):
        self.company.dunning_contact_max = 2
        self.first.write({"send_email": False, "make_call": True})
        self.due(self.person, "2026-06-01")
        with freeze_time("2026-06-01 08:00:00"):
            notice = self.draft(self.person)
            self.call(self.person, "reached", "2026-06-01 08:30:00", notice_id=notice.id)
            self.assertEqual(notice.state, "sent")
            known = self.person._get_dunning_contact_days(self.company, day("2026-06-03"))
        self.assertEqual(known[self.person.id], [day("2026-06-01")])

    def test_the_call_list_says_who_is_not_to_be_called_today(self):
        self.company.dunning_contact_max = 1
        self.call(self.person, "message", "2026-06-01 09:00:00")
        person, firm = self.call(self.person), self.call(self.firm_partner)
        with freeze_time("2026-06-03 08:00:00"):
            self.assertEqual(
                [(c.is_quiet, str(c.callable_from)) for c in person | firm],
                [(True, "2026-06-08 06:00:00"), (False, "False")],
            )
            self.assertRegex(person.quiet_reason, "left in peace|tranquille")
        (person | firm).invalidate_recordset()
        with freeze_time("2026-06-08 09:00:00"):
            self.assertFalse(person.is_quiet or person.callable_from)
        person.invalidate_recordset()
        with freeze_time("2026-06-08 05:00:00"):  # at seven: later in the day
            self.assertFalse(person.is_quiet)
            self.assertEqual(str(person.callable_from), "2026-06-08 06:00:00")

    def test_the_next_call_offered_is_one_that_may_be_made(self):
        self.company.dunning_contact_max = 1
        for number in range(3):
            self.invoice(self.person, 20 + number, 900)
        self.invoice(self.firm_partner, 20)
        self.call(self.person, "reached", "2026-06-01 07:00:00")
        first = self.call(self.customer("First"))
        self.call(self.person)
        firm = self.call(self.firm_partner)
        with freeze_time("2026-06-01 08:00:00"):
            self.assertEqual(first.action_next()["res_id"], firm.id)

    def test_a_person_is_called_again_when_the_settings_allow_it(self):
        self.company.dunning_contact_max = 1
        self.company.dunning_call_days = 2
        with freeze_time("2026-06-01 08:00:00"):
            for partner, outcome, on in (
                (self.person, "message", "2026-06-08"),  # this very call fills the week
                (self.person, "unreachable", "2026-06-03"),
                (self.firm_partner, "message", "2026-06-03"),
            ):
                with self.subTest(partner=partner.name, outcome=outcome):
                    call = self.env["account.dunning.call"]._get_waiting(partner, self.company)
                    call = call or self.call(partner)
                    wizard = self.env["account.dunning.call.outcome"].with_context(
                        default_call_id=call.id, default_outcome=outcome
                    )
                    self.assertEqual(Form(wizard).next_date, day(on))
