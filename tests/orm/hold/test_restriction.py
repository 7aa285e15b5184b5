"""A person whose processing is restricted is left in peace by every creditor, later ones too."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestRestriction(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shy = cls.customer("Shy", is_company=False)
        cls.shy.dunning_restricted = True

    def kept_from(self, partner=None):
        """Return the creditors who are kept from writing to a customer."""
        holds = self.env["account.dunning.hold"].sudo()
        holds = holds.search(
            [
                ("partner_id", "=", (partner or self.shy).id),
                ("reason", "=", "restriction"),
                ("released_on", "=", False),
            ]
        )
        self.assertEqual(len(holds), len(holds.company_id))
        return holds.company_id

    def test_a_company_that_is_created_later(self):
        self.assertIn(self.company, self.kept_from())
        later = self.env["res.company"].create({"name": "Later"})
        self.assertIn(later, self.kept_from())
        self.shy.dunning_restricted = False
        self.assertFalse(self.kept_from())

    def test_a_branch_that_claims_in_its_own_name(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.assertNotIn(branch, self.kept_from())
        branch.company_registry = "732829320"
        self.assertEqual(branch.dunning_creditor_id, branch)
        self.assertIn(branch, self.kept_from())

    def test_a_company_that_is_active_again(self):
        asleep = self.env["res.company"].create({"name": "Asleep"})
        asleep.active = False
        other = self.customer("Other", is_company=False)
        other.dunning_restricted = True
        self.assertNotIn(asleep, self.kept_from(other))
        asleep.active = True
        self.assertIn(asleep, self.kept_from(other))

    def test_a_customer_into_whom_he_is_merged(self):
        kept = self.customer("Kept", is_company=False)
        move = self.invoice(self.shy, 40)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.shy + kept).ids, kept
        )
        self.env.invalidate_all()
        self.assertTrue(kept.dunning_restricted)
        self.assertIn(self.company, self.kept_from(kept))
        self.assert_stopped(move, "hold")
