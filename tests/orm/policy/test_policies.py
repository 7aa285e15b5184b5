"""Policies, their levels, and the legal regime of a customer."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import TEXT, DunningCommon

# days, kind, e-mail, letter, registered letter, call, automatic, penalties
SHIPPED = [
    (-5, "courtesy", True, False, False, False, True, "none"),
    (5, "reminder", True, False, False, True, True, "none"),
    (15, "reminder", True, True, False, False, True, "stated"),
    (30, "registered", False, False, True, False, False, "stated"),
    (45, "formal_notice", False, False, True, False, False, "applied"),
]
FIELDS = [
    "days",
    "kind",
    "send_email",
    "send_letter",
    "send_registered",
    "make_call",
    "automatic",
    "penalties",
]


@tagged("post_install", "-at_install")
class TestPolicies(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user("policy_manager", "account_dunning_fr.group_dunning_manager")
        cls.sender = cls.new_user("regime_sender", "account_dunning_fr.group_dunning_user")
        cls.biller = cls.new_user("regime_biller", "account.group_account_invoice")
        cls.own = cls.new_policy((5, "reminder"), (20, "registered"), name="Own")
        cls.own = cls.own.with_user(cls.manager)

    def add_level(self, days, kind="reminder", **values):
        return self.own.level_ids.create(
            {
                "policy_id": self.own.id,
                "name": "New",
                "days": days,
                "kind": kind,
                **TEXT,
                **values,
            }
        )

    def assert_level_refused(self, message, days, kind="reminder", **values):
        """Check that a rule of the database refuses a level, and what it says to the user."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.cr.savepoint(),
        ):
            self.add_level(days, kind, **values)
        self.assertRegex(self.own.level_ids._sql_error_to_message(caught.exception), message)

    # -- The shipped policy ------------------------------------------------------------------------

    def test_the_shipped_policy_has_the_five_levels_of_the_design(self):
        shipped = self.env.ref("account_dunning_fr.policy_france_standard")
        self.assertEqual(shipped.name, "France – standard")
        self.assertEqual(shipped.min_interval, 7)
        levels = shipped.level_ids.sorted("rank")
        self.assertEqual([tuple(level[name] for name in FIELDS) for level in levels], SHIPPED)

    def test_a_new_company_follows_the_shipped_policy(self):
        self.assertEqual(
            self.company.dunning_policy_id,
            self.env.ref("account_dunning_fr.policy_france_standard"),
        )

    def test_a_new_company_sends_nothing_by_itself(self):
        company = self.env["res.company"].create({"name": "Young company"})
        self.assertFalse(company.dunning_active)

    # -- What is refused ---------------------------------------------------------------------------

    def test_two_levels_on_the_same_day_are_refused(self):
        with self.assert_refused(
            ValidationError, "“reminder 5” and “New”.* same day: change the days of one"
        ):
            self.add_level(5)

    def test_a_milder_kind_after_a_graver_one_is_refused(self):
        with self.assert_refused(
            ValidationError, "“New” comes later than “registered 20”.*: give it fewer days"
        ):
            self.add_level(25, "reminder")

    def test_moving_a_level_out_of_order_is_refused(self):
        with self.assert_refused(ValidationError, "“reminder 5” comes later than"):
            self.own.level_ids.sorted("days")[0].days = 30

    def test_bringing_back_an_archived_level_out_of_order_is_refused(self):
        level = self.add_level(10, "reminder", active=False)
        self.own.level_ids.filtered(lambda other: other.days == 5).days = 10
        with self.assert_refused(ValidationError, "same day"):
            level.active = True

    def test_a_level_without_a_channel_is_refused(self):
        self.assert_level_refused("Choose at least one channel", 10, send_email=False)

    def test_a_level_written_to_the_customer_without_a_text_is_refused(self):
        for missing in ("subject", "body"):
            with (
                self.subTest(missing=missing),
                self.assert_refused(ValidationError, "“New”.*fill in its subject and the text"),
            ):
                self.add_level(10, **{missing: False})

    def test_a_call_needs_no_text(self):
        level = self.add_level(10, send_email=False, make_call=True, subject=False, body=False)
        self.assertIn(level, self.own.level_ids)

    def test_a_courtesy_after_the_due_date_is_refused(self):
        self.assert_level_refused("on or before the due date", 1, "courtesy")

    def test_a_claim_up_to_the_due_date_is_refused(self):
        for kind in ("reminder", "registered", "formal_notice"):
            with self.subTest(kind=kind):
                self.assert_level_refused("Change the days or the kind", 0, kind)

    def test_a_courtesy_on_the_due_date_and_a_claim_the_day_after_are_accepted(self):
        self.add_level(0, "courtesy")
        self.add_level(1, "reminder")
        self.assertEqual(self.own.level_ids.sorted("rank").mapped("days"), [0, 1, 5, 20])

    def test_an_interval_or_a_minimum_below_zero_is_refused(self):
        for name, value in (("min_interval", 0), ("min_amount", -1), ("transit_days", -1)):
            with (
                self.subTest(field=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.own[name] = value
                self.own.flush_recordset()

    # -- What is kept ------------------------------------------------------------------------------

    def test_a_level_that_was_used_is_archived_not_deleted(self):
        used = self.own.level_ids.sorted("days")[0]
        self.history(used.sudo(), "2026-05-20", self.invoice(self.customer(), 20))
        with self.assert_refused(ValidationError, "“reminder 5”.*archive it instead"):
            used.unlink()
        used.active = False
        self.assertEqual(self.own.level_ids.mapped("days"), [20])

    def test_a_level_that_was_never_used_can_be_deleted(self):
        self.own.level_ids.sorted("days")[0].unlink()
        self.assertEqual(self.own.level_ids.mapped("days"), [20])

    def test_the_default_policy_of_a_company_is_not_deleted(self):
        self.company.dunning_policy_id = self.own
        with self.assert_refused(ValidationError, "“Own” is the default of .* choose another"):
            self.own.unlink()
        self.company.dunning_policy_id = self.policy
        self.own.unlink()
        self.assertFalse(self.own.exists())

    def test_a_company_that_the_user_does_not_work_for_is_not_named(self):
        self.own.sudo().company_id = False
        self.company.dunning_policy_id = self.own
        secret = self.env["res.company"].create({"name": "Secret branch"})
        secret.dunning_policy_id = self.own
        told = f"{self.company.name}, another company"
        self.assertEqual(self.own.followers, f"by default: {told}")
        with self.assertRaises(ValidationError) as caught:
            self.own.unlink()
        self.assertIn(f"{told}:", str(caught.exception))

    def test_a_copy_of_a_policy_has_levels_of_its_own(self):
        copy = self.own.copy()
        copy.level_ids.sorted("days")[0].days = 8
        self.assertEqual(copy.level_ids.sorted("days").mapped("days"), [8, 20])
        self.assertEqual(self.own.level_ids.sorted("days").mapped("days"), [5, 20])

    def test_a_manager_edits_the_texts_and_quotes_the_figures(self):
        policy = self.env.ref("account_dunning_fr.policy_france_standard")
        level = policy.with_user(self.manager).copy().level_ids.sorted("rank")[-1]
        level.write(
            {
                "subject": "{{ object.company_id.name }}",
                "body": "<p><t t-out='object.total_text'/> <t t-out='object.deadline_text'/></p>",
            }
        )
        with self.assertRaises(AccessError):
            level.body = "<p><t t-out='object.env.user.password'/></p>"

    # -- The regime --------------------------------------------------------------------------------

    def test_the_regime_is_proposed_from_what_is_known_of_the_customer(self):
        proposals = [
            ({"company_registry": "130005481"}, "b2g"),
            ({"company_registry": "21750001600019"}, "b2g"),
            ({"company_registry": "552100554"}, "b2b"),
            ({}, "b2b"),
            ({"is_company": False, "vat": "BE0477472701"}, "b2b"),
            ({"is_company": False}, "b2c"),
        ]
        for values, regime in proposals:
            with self.subTest(**values):
                partner = self.customer(**values)
                self.assertEqual(partner.dunning_regime_proposed, regime)
                self.assertFalse(partner.dunning_regime)

    def test_a_dunning_user_confirms_the_regime(self):
        consumer = self.customer("Consumer", is_company=False)
        consumer.with_user(self.sender).action_confirm_dunning_regime()
        self.assertEqual(consumer.dunning_regime, "b2c")

    def test_confirming_leaves_a_regime_chosen_by_a_person(self):
        consumer = self.customer("Consumer", is_company=False, dunning_regime="b2b")
        consumer.with_user(self.sender).action_confirm_dunning_regime()
        self.assertEqual(consumer.dunning_regime, "b2b")

    def test_a_billing_user_does_not_confirm_the_regime(self):
        consumer = self.customer("Consumer", is_company=False)
        with self.assert_refused(AccessError, "Only dunning users confirm"):
            consumer.with_user(self.biller).action_confirm_dunning_regime()
        self.assertFalse(consumer.dunning_regime)

    def test_whoever_edits_contacts_does_not_confirm_the_regime_by_hand(self):
        editor = self.new_user("contact_editor", "base.group_partner_manager")
        consumer = self.customer("Consumer", is_company=False)
        consumer.with_user(editor).write({"phone": "+33 1 00 00 00 00"})
        with self.assertRaises(AccessError):
            consumer.with_user(editor).write({"dunning_regime": "b2b"})
