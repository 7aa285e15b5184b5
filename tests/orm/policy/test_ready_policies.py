"""The ready policies: complete, lawful, chosen by rule, and changed for one customer alone."""

import re

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import DunningCommon

READY = ("gentle", "standard", "firm", "public", "consumer")


@tagged("post_install", "-at_install")
class TestReadyPolicies(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user(
            "ready_manager",
            "account_dunning_fr.group_dunning_manager",
            "base.group_partner_manager",
        )
        cls.sender = cls.new_user("ready_sender", "account_dunning_fr.group_dunning_user")
        cls.ready = {
            name: cls.env.ref(f"account_dunning_fr.policy_france_{name}") for name in READY
        }
        cls.Rule = cls.env["account.dunning.rule"]

    def policy_of(self, move):
        return self.env["account.dunning.policy"].browse(self.row(move).policy_id)

    def own(self, partner):
        """Adapt the policy of a customer as a manager does, and return it."""
        action = partner.with_user(self.manager).action_dunning_adapt_policy()
        self.assertEqual(action["res_model"], "account.dunning.policy")
        return self.env["account.dunning.policy"].browse(action["res_id"])

    # -- What they say -----------------------------------------------------------------------------

    def test_their_texts_lack_nothing_and_say_nothing_unwelcome(self):
        for name, policy in self.ready.items():
            for level in policy.level_ids:
                with self.subTest(policy=name, level=level.name):
                    self.assertFalse(level.text_warning)

    def test_each_level_is_reached_once_the_date_printed_before_it_has_passed(self):
        for name, policy in self.ready.items():
            previous = None
            for level in policy.level_ids.sorted("days"):
                if previous and previous.kind != "courtesy" and name != "standard":
                    paper = previous.send_letter or previous.send_registered
                    left = previous.deadline_days + policy.transit_days * paper
                    with self.subTest(policy=name, level=level.name):
                        self.assertGreaterEqual(level.days - previous.days, left)
                previous = level

    def test_a_consumer_is_told_of_no_penalty_before_the_formal_notice(self):
        for level in self.ready["consumer"].level_ids - self.ready["consumer"].level_ids.filtered(
            lambda level: level.kind == "formal_notice"
        ):
            self.assertEqual(level.penalties, "none")
            self.assertNotRegex(f"{level.body}{level.closing}".lower(), "penalt|indemnity|441")

    def test_a_public_body_is_written_to_of_its_payment_period_not_of_penalties(self):
        for level in self.ready["public"].level_ids:
            said = re.sub(r"<[^>]*>", "", f"{level.subject}{level.body}{level.closing}")
            self.assertNotIn("penalt", said.lower())
            self.assertIn("payment period", f"{level.body}{level.closing}")

    def test_the_gentle_one_is_slower_and_the_firm_one_faster_than_the_standard(self):
        days = {
            name: next(
                level.days for level in self.ready[name].level_ids if level.kind == "formal_notice"
            )
            for name in ("gentle", "standard", "firm")
        }
        self.assertGreater(days["gentle"], days["standard"])
        self.assertGreater(days["standard"], days["firm"])

    def test_their_own_texts_come_back(self):
        level = self.env.ref("account_dunning_fr.level_public_first").with_user(self.manager)
        before = level.with_context(lang="en_US").closing.strip()
        level.with_context(lang="en_US").closing = "<p>Pay.</p>"
        level.action_restore_texts()
        self.assertEqual(level.with_context(lang="en_US").closing.strip(), before)

    # -- Chosen by rule ----------------------------------------------------------------------------

    def test_the_go_live_page_proposes_them_and_the_rules_choose_them(self):
        moves = {
            regime: self.invoice(self.customer(regime, dunning_regime=regime), 10)
            for regime in ("b2b", "b2g", "b2c")
        }
        golive = self.env["account.dunning.golive"].with_user(self.manager).create({})
        self.assertEqual(
            golive.ready_policies,
            ", ".join(self.ready[name].name for name in ("public", "consumer")),
        )
        golive.action_follow_ready()
        self.assertFalse(golive.ready_policies)
        found = {regime: self.policy_of(move) for regime, move in moves.items()}
        self.assertEqual(
            found,
            {
                "b2b": self.ready["standard"],
                "b2g": self.ready["public"],
                "b2c": self.ready["consumer"],
            },
        )
        golive.action_follow_ready()
        self.assertEqual(self.Rule.search_count([("company_id", "=", self.company.id)]), 2)

    def test_a_regime_that_has_its_rule_is_left_alone(self):
        mine = self.new_policy((9, "reminder"), name="Mine")
        self.Rule.create({"regime": "b2g", "policy_id": mine.id})
        golive = self.env["account.dunning.golive"].with_user(self.manager).create({})
        self.assertEqual(golive.ready_policies, self.ready["consumer"].name)

    def test_a_sender_does_not_choose_for_the_company(self):
        golive = self.env["account.dunning.golive"].with_user(self.sender).create({})
        with self.assertRaises(AccessError):
            golive.action_follow_ready()

    # -- Changed for one ---------------------------------------------------------------------------

    def test_a_change_for_one_customer_touches_no_other(self):
        one, other = self.customer("One"), self.customer("Other")
        moves = [self.invoice(partner, 10) for partner in (one, other)]
        own = self.own(one)
        own.with_user(self.manager).level_ids.filtered(lambda level: level.days == 5).days = 8
        self.assertEqual([self.policy_of(move) for move in moves], [own, self.ready["standard"]])
        standard = self.ready["standard"].level_ids
        self.assertEqual(sorted(standard.mapped("days")), [-5, 5, 15, 30, 45])
        self.assertFalse(any(standard.mapped("corrected_here")))
        self.assertEqual(len(own.level_ids), 5)
        self.assertEqual((own.company_id, own.name), (self.company, "France – standard – One"))

    def test_a_policy_of_his_own_is_not_copied_again(self):
        one = self.customer("One")
        self.invoice(one, 10)
        own = self.own(one)
        self.assertEqual(self.own(one), own)
        one.copy().dunning_policy_id = own
        self.assertNotEqual(self.own(one), own, "another customer follows it now")

    def test_the_copy_is_of_the_policy_that_a_rule_chose(self):
        public = self.customer("Town", dunning_regime="b2g")
        self.invoice(public, 10)
        self.Rule._follow_ready(self.company)
        own = self.own(public)
        self.assertEqual(
            own.level_ids.mapped("days"), self.ready["public"].level_ids.mapped("days")
        )

    def test_a_sender_adapts_no_policy(self):
        with self.assertRaises(AccessError):
            self.customer().with_user(self.sender).action_dunning_adapt_policy()

    def test_a_policy_says_whom_a_change_concerns(self):
        self.customer("One").dunning_policy_id = self.ready["gentle"]
        self.Rule._follow_ready(self.company)
        said = {name: policy.followers for name, policy in self.ready.items()}
        self.assertIn(self.company.name, said["standard"])
        self.assertIn("1", said["gentle"])
        self.assertIn("1", said["public"])
        self.assertEqual(self.ready["firm"].with_context(lang="en_US").followers, "nobody")
