"""The scheduled sending stops at the number of customers a day that the company chose."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestPace(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = [cls.customer(name) for name in ("Ann", "Bob", "Cid")]
        for partner in cls.partners:
            cls.invoice(partner, 6)
        cls.company.dunning_daily_limit = 2

    def states(self):
        return sorted(self.Notice.search([("company_id", "=", self.company.id)]).mapped("state"))

    def test_the_rest_waits_for_the_next_day_and_says_why(self):
        self.company.partner_id.dunning_lang = "en_US"  # of what its users are told
        self.run_day()
        self.assertEqual(self.states(), ["ready", "sent", "sent"])
        waiting = self.Notice.search([("state", "=", "ready")])
        self.assertRegex(waiting.waiting_reason, "limit of 2 customers a day")
        self.run_cron("send")
        self.assertEqual(self.states(), ["ready", "sent", "sent"])
        with self.on("2026-06-02"):
            self.run_day()
        self.assertEqual(waiting.state, "sent")
        self.assertFalse(waiting.waiting_reason)

    def test_without_a_limit_all_leave(self):
        self.company.dunning_daily_limit = 0
        self.run_day()
        self.assertEqual(self.states(), ["sent"] * 3)

    def test_what_a_person_sends_is_not_held(self):
        self.run_day()
        waiting = self.Notice.search([("state", "=", "ready")])
        sender = self.new_user("sender", "account_dunning_fr.group_dunning_user")
        waiting.with_user(sender).action_send()
        self.assertEqual(self.states(), ["sent"] * 3)
