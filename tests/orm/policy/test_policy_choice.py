"""The policy of a customer: what the form shows, in any company, is what the plan does."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestPolicyChoice(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.new_branch("Agence")
        cls.early, cls.late = (
            cls.new_policy((days, "reminder"), name=name)
            for days, name in ((3, "Early"), (30, "Late"))
        )
        cls.partner = cls.customer()
        cls.move = cls.invoice(cls.partner, 10)

    def default(self, policy, company=None):
        """Make a policy the default value of the field, as Odoo's own dialog does."""
        self.env["ir.default"].set(
            "res.partner",
            "dunning_policy_id",
            policy.id,
            company_id=company.id if company else False,
        )

    def assert_policy(self, policy, partner=None, move=None):
        """Check what the form shows in each company, and what the plan does."""
        self.env.flush_all()
        self.env.invalidate_all()
        partner, move = partner or self.partner, move or self.move
        for company in self.company | self.env["res.company"].search(
            [("parent_id", "=", self.company.id)]
        ):
            with self.subTest(company=company.name):
                self.assertEqual(partner.with_company(company).dunning_policy_id, policy)
        self.assertEqual(self.row(move).policy_id, (policy or self.policy).id)

    def test_chosen_in_the_creditor(self):
        self.partner.dunning_policy_id = self.early
        self.assert_policy(self.early)

    def test_chosen_in_a_branch(self):
        self.partner.with_company(self.branch).dunning_policy_id = self.early
        self.assert_policy(self.early)

    def test_chosen_in_one_and_changed_in_the_other(self):
        self.partner.dunning_policy_id = self.late
        self.partner.with_company(self.branch).dunning_policy_id = self.early
        self.assert_policy(self.early)
        self.partner.dunning_policy_id = self.late
        self.assert_policy(self.late)

    def test_emptied_in_a_branch(self):
        self.partner.dunning_policy_id = self.early
        self.partner.with_company(self.branch).dunning_policy_id = False
        self.assert_policy(self.early.browse())

    def test_created_in_a_branch(self):
        partner = (
            self.env["res.partner"]
            .with_company(self.branch)
            .create({"name": "New", "is_company": True, "dunning_policy_id": self.late.id})
        )
        self.assert_policy(self.late, partner, self.invoice(partner, 10))

    def test_chosen_by_somebody_of_the_branch_alone(self):
        clerk = self.new_user(
            "clerk",
            "account.group_account_invoice",
            "base.group_partner_manager",
            company=self.branch,
        )
        self.partner.with_user(clerk).with_company(self.branch).dunning_policy_id = self.early
        self.assert_policy(self.early)

    def test_by_a_default_of_all_companies(self):
        self.default(self.early)
        self.assert_policy(self.early)

    def test_by_a_default_of_the_creditor(self):
        self.default(self.late, self.company)
        self.assert_policy(self.late)

    def test_a_default_of_a_branch_alone_is_none(self):
        self.default(self.early, self.branch)
        self.assert_policy(self.early.browse())

    def test_a_choice_equal_to_the_default_follows_it(self):
        self.default(self.early)
        self.partner.dunning_policy_id = self.early
        self.assert_policy(self.early)
        self.default(self.late)
        self.env.invalidate_all()
        shown = self.partner.dunning_policy_id
        self.assert_policy(shown)

    def test_none_chosen_against_a_default(self):
        self.default(self.early)
        self.partner.dunning_policy_id = False
        self.assert_policy(self.early.browse())

    def test_a_choice_against_a_default(self):
        self.default(self.early)
        self.partner.with_company(self.branch).dunning_policy_id = self.late
        self.assert_policy(self.late)

    def test_a_branch_opened_later_shows_the_same(self):
        self.partner.dunning_policy_id = self.early
        self.new_branch("Later")
        self.assert_policy(self.early)

    def test_a_branch_that_loses_its_siren_takes_the_choices_of_its_creditor(self):
        own = self.new_branch("Own")
        own.company_registry = "130005481"
        self.partner.with_company(own).dunning_policy_id = self.late
        self.partner.dunning_policy_id = self.early
        self.env.flush_all()
        self.assertEqual(self.partner.with_company(own).dunning_policy_id, self.late)
        own.company_registry = False
        self.assert_policy(self.early)

    def test_an_archived_default_is_not_followed(self):
        self.default(self.early)
        self.early.active = False
        self.assertEqual(self.row(self.move).policy_id, self.policy.id)
