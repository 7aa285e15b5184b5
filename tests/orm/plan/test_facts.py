"""What the dunning tabs ask for once they are shown, and what their buttons change."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestFacts(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        billing = "account.group_account_invoice"
        cls.biller = cls.new_user("biller", billing, "base.group_partner_manager", lang="en_US")
        cls.reader = cls.new_user("reader", "account.group_account_readonly", lang="en_US")
        cls.partner = cls.customer("First", dunning_regime="b2b")
        cls.late = cls.invoice(cls.partner, 10, 250)

    def facts(self, record, user=None):
        """Return ``{name: value}`` and the names of the buttons."""
        groups = record.with_user(user or self.biller).get_dunning_facts()
        rows = {row["name"]: row["value"] for group in groups for row in group["rows"]}
        return rows, [button["name"] for group in groups for button in group["buttons"]]

    def test_an_invoice_says_what_comes_next_and_when(self):
        rows, buttons = self.facts(self.late)
        self.assertEqual(rows["dunning_reason"], self.late.dunning_reason)
        self.assertEqual(rows["dunning_next_level_id"], self.first.display_name)
        self.assertFalse(buttons)

    def test_what_stops_it_comes_with_the_button_that_changes_it(self):
        self.hold(self.partner, reason="manual", date_until="2026-07-01")
        rows, buttons = self.facts(self.late)
        self.assertNotIn("dunning_next_date", rows)
        self.assertEqual(buttons, ["action_dunning_end_hold"])
        self.late.with_user(self.biller).action_dunning_end_hold()
        self.late.invalidate_recordset()
        self.assertFalse(self.facts(self.late)[1])

    def test_who_only_reads_gets_the_facts_without_the_buttons(self):
        self.late.line_ids.no_followup = True
        self.assertEqual(self.facts(self.late)[1], ["action_dunning_include"])
        rows, buttons = self.facts(self.late, self.reader)
        self.assertIn("dunning_reason", rows)
        self.assertFalse(buttons)

    def test_others_get_nothing(self):
        outsider = self.new_user("outsider")
        for record in (self.late, self.partner):
            with self.assertRaises(AccessError):
                record.with_user(outsider).get_dunning_facts()

    def test_a_customer_says_what_is_overdue(self):
        rows, buttons = self.facts(self.partner)
        self.assertIn("250", rows["dunning_overdue_text"])
        self.assertIn("action_view_dunning_items", buttons)
        self.assertEqual(rows["dunning_profile_proposed"], "New")
        self.assertNotIn("action_set_dunning_profile", self.facts(self.partner, self.reader)[1])
        self.partner.with_user(self.biller).action_set_dunning_profile()
        self.assertNotIn("dunning_profile_proposed", self.facts(self.partner)[0])

    def test_a_customer_without_anything_has_no_facts_but_his_profile(self):
        rows, _buttons = self.facts(self.customer("Quiet", dunning_profile="historic"))
        self.assertFalse(rows)

    def test_forms_open_without_the_plan_nor_the_penalties(self):
        for record, xmlid in (
            (self.late, "account.view_move_form"),
            (self.partner, "base.view_partner_form"),
        ):
            view = record.get_views([(self.env.ref(xmlid).id, "form")])["views"]["form"]
            self.assertIn('name="dunning_facts"', view["arch"])
            for slow in ("dunning_reason", "dunning_stop", "dunning_penalty_to_date"):
                self.assertNotIn(f'name="{slow}"', view["arch"])
