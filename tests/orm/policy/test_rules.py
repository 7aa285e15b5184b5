"""Profiles and rules choose the policy; what is missing on late customers is listed."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..dunning_common import TODAY, DunningCommon


@tagged("post_install", "-at_install")
class TestRules(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soft = cls.new_policy((40, "reminder"), name="Soft")
        cls.hard = cls.new_policy((1, "reminder"), name="Hard")
        cls.Rule = cls.env["account.dunning.rule"]
        cls.partner = cls.customer()
        cls.move = cls.invoice(cls.partner, 10, 500)

    def rule(self, policy, **values):
        return self.Rule.create({"policy_id": policy.id, **values})

    def policy_of(self, move=None):
        return self.env["account.dunning.policy"].browse(self.row(move or self.move).policy_id)

    # -- Which policy ------------------------------------------------------------------------------

    def test_two_profiles_get_other_messages_on_the_same_day(self):
        other = self.invoice(self.customer("Other", dunning_profile="strategic"), 10, 500)
        self.partner.dunning_profile = "new"
        self.rule(self.hard, profile="new")
        self.rule(self.soft, profile="strategic")
        self.prepare()
        self.assertEqual(self.live(self.partner).level_id, self.hard.level_ids)
        self.assertFalse(self.live(other.partner_id))
        self.assertEqual((self.policy_of(), self.policy_of(other)), (self.hard, self.soft))

    def test_without_a_rule_that_fits_the_default_holds(self):
        self.rule(self.hard, profile="strategic")
        self.assertEqual(self.policy_of(), self.policy)

    def test_the_first_rule_that_fits_counts(self):
        self.rule(self.soft, amount_min=100, sequence=20)
        self.rule(self.hard, amount_min=100, sequence=10)
        self.assertEqual(self.policy_of(), self.hard)

    def test_a_policy_of_the_customer_comes_before_the_rules(self):
        self.rule(self.hard, amount_min=1)
        self.partner.dunning_policy_id = self.soft
        self.assertEqual(self.policy_of(), self.soft)

    def test_the_amount_is_the_total_overdue_of_the_customer(self):
        self.rule(self.hard, amount_min=600, amount_max=1000)
        self.assertEqual(self.policy_of(), self.policy)
        self.invoice(self.partner, -10, 900)  # not due yet
        self.assertEqual(self.policy_of(), self.policy)
        self.invoice(self.partner, 1, 100)
        self.assertEqual(self.policy_of(), self.hard)
        self.invoice(self.partner, 1, 400)
        self.assertEqual(self.policy_of(), self.policy)

    def test_regime_and_industry_choose(self):
        industry = self.env["res.partner.industry"].create({"name": "Construction"})
        self.rule(self.hard, industry_id=industry.id, regime="b2b")
        self.partner.industry_id = industry
        self.assertEqual(self.policy_of(), self.policy)
        self.partner.dunning_regime = "b2b"
        self.assertEqual(self.policy_of(), self.hard)

    def test_a_confirmed_public_body_has_that_profile(self):
        self.rule(self.soft, profile="public")
        self.partner.dunning_regime = "b2g"
        self.assertEqual(self.policy_of(), self.soft)
        self.partner.dunning_profile = "strategic"
        self.assertEqual(self.policy_of(), self.policy)

    def test_neither_an_archived_rule_nor_one_of_an_archived_policy_counts(self):
        rule = self.rule(self.hard, amount_min=1)
        self.rule(self.soft, amount_min=1, sequence=20)
        rule.active = False
        self.assertEqual(self.policy_of(), self.soft)
        self.soft.active = False
        self.assertEqual(self.policy_of(), self.policy)

    def test_the_rule_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.rule(self.hard, amount_min=1, company_id=other.id)
        self.assertEqual(self.policy_of(), self.policy)

    def test_a_rule_says_whom_it_is_for(self):
        with self.assert_refused(ValidationError, "would fit every customer"):
            self.rule(self.hard)

    # -- Profiles ----------------------------------------------------------------------------------

    def test_a_profile_is_proposed_from_the_facts(self):
        self.assertEqual(self.partner.dunning_profile_proposed, "new")
        old, usual = self.customer("Old"), self.customer("Usual")
        self.invoice(old, "2024-05-01")
        self.invoice(usual, "2025-06-01")
        self.assertEqual(old.dunning_profile_proposed, "historic")
        self.assertFalse(usual.dunning_profile_proposed)
        usual.trust = "bad"
        self.assertEqual(usual.dunning_profile_proposed, "at_risk")
        usual.dunning_regime = "b2c"
        self.assertEqual(usual.dunning_profile_proposed, "consumer")

    def test_the_proposed_profile_never_replaces_one_that_was_set(self):
        strategic = self.customer("Strategic", dunning_profile="strategic")
        (self.partner | strategic).action_set_dunning_profile()
        self.assertEqual(self.partner.dunning_profile, "new")
        self.assertEqual(strategic.dunning_profile, "strategic")

    # -- Rights ------------------------------------------------------------------------------------

    def test_managers_set_rules_and_billing_users_read_them(self):
        manager = self.new_user("manager", "account_dunning_fr.group_dunning_manager")
        biller = self.new_user("biller", "account.group_account_invoice")
        rule = self.Rule.with_user(manager).create({"policy_id": self.hard.id, "amount_min": 1})
        self.assertEqual(rule.with_user(biller).policy_id, self.hard)
        with self.assertRaises(AccessError):
            rule.with_user(biller).amount_min = 2

    # -- What is missing ---------------------------------------------------------------------------

    def test_a_late_customer_with_gaps_is_listed_until_they_are_filled(self):
        self.partner.street = self.partner.zip = self.partner.city = False
        bank = self.company.partner_id.bank_ids
        bank.active = False
        gap = self.gaps(self.partner)
        self.assertEqual(gap.amount_overdue, 500)
        self.assertFalse(gap.no_email)
        self.assertTrue(gap.no_address and gap.no_siren and gap.no_regime)
        self.assertEqual(
            gap.missing,
            "No postal address, No SIREN, Regime to confirm, None of our IBAN, Invoice never sent",
        )
        self.partner.write(
            {
                "street": "1 rue des Essais",
                "zip": "69001",
                "city": "Lyon",
                "company_registry": "552 100 554 00013",
                "dunning_regime": "b2b",
            }
        )
        self.assertTrue(self.gaps(self.partner).no_iban)
        bank.active = True
        self.assertTrue(self.gaps(self.partner).never_sent)
        self.env["account.move"].search([("partner_id", "=", self.partner.id)]).is_move_sent = True
        self.assertFalse(self.gaps(self.partner))

    def test_the_invoice_contact_may_have_the_email(self):
        self.partner.email = False
        self.assertTrue(self.gaps(self.partner).no_email)
        self.customer("Accounts", parent_id=self.partner.id, type="invoice", is_company=False)
        self.assertFalse(self.gaps(self.partner).no_email)

    def test_who_is_not_late_is_not_listed(self):
        partner = self.customer("Punctual", email=False)
        self.invoice(partner, "2090-01-01")
        self.assertFalse(self.gaps(partner))

    def test_a_customer_is_late_on_the_day_that_his_creditor_has(self):
        partner = self.customer("Far away", email=False)
        self.invoice(partner, 0, 300)
        with freeze_time(f"{TODAY} 14:00:00"):
            self.assertFalse(self.gaps(partner))
            self.company.partner_id.tz = "Pacific/Noumea"  # where it is 1 in the morning
            self.assertEqual(self.gaps(partner).amount_overdue, 300)
            country = self.company.country_id.id  # else its accounts make it American
            branch = self.env["res.company"].create(
                {"name": "Branch", "parent_id": self.company.id, "country_id": country}
            )
            self.cr.precommit.run()  # Odoo gives it its accounts at the end of the transaction
            self.env.user.company_ids |= branch
            branch.partner_id.tz = "Europe/Paris"  # its parent claims for it
            self.invoice(partner, 0, 200, company_id=branch.id)
            rows = self.gaps(partner)
            self.assertEqual(sorted(rows.mapped("amount_overdue")), [200, 300])
            self.assertTrue(all(rows.mapped("never_sent")))

    def test_the_list_is_a_task_of_the_day_for_its_own_company(self):
        biller = self.new_user("biller", "account.group_account_invoice")
        today = self.env["account.dunning.today"].with_user(biller)
        self.env.flush_all()
        (task,) = (t for t in today._get_tasks(self.company) if t.key == "quality")
        self.assertEqual((task.count, task.amount), (1, 500))
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account.group_account_invoice", company=other)
        gaps = self.env["account.dunning.quality"].with_user(stranger)
        self.assertFalse(gaps.search([]))
