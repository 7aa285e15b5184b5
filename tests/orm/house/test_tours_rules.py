"""A rule made by a manager, and what it changes for the day, in a real browser."""

from datetime import timedelta

from odoo.tests import tagged

from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestToursRules(TourCommon):
    groups = ("account_dunning_fr.group_dunning_manager",)

    def test_a_rule_is_created_and_chooses_another_policy_at_once(self):
        policy = self.new_policy((1, "reminder"), name="Careful")
        policy.level_ids.name = "Careful call"
        due = self.today - timedelta(days=10)
        strategic = self.customer("Strategic", dunning_profile="strategic")
        self.invoice(strategic, due, 1000)
        self.invoice(self.customer("Usual"), due, 300)
        self.walk("/odoo/dunning-rules", "rules")
        rule = self.env["account.dunning.rule"].search([("policy_id", "=", policy.id)])
        self.assertEqual(rule.profile, "strategic")
        self.prepare()
        self.assertEqual(self.live(strategic).level_id, policy.level_ids)
