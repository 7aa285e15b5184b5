"""How many entries each role meets, and that what has none is one click from a named place."""

import re

from odoo.tests import tagged

from ..dunning_common import DunningCommon

ADDON = "account_dunning_fr"
SWITCHES = ("calls", "registered", "plans", "cases")
PLAIN, FULL = 9, 14
# Every entry that the menu had before there were nine, and where its list or page is now.
MOVED = {
    "action_account_dunning_reply": "reports",
    "action_account_dunning_not_sent": "reports",
    "action_open_calls": "reports",
    "action_account_dunning_registered": "reports",
    "action_account_dunning_dispute": "reports",
    "action_account_dunning_promise": "reports",
    "action_account_dunning_request": "reports",
    "action_account_dunning_payment_plan": "reports",
    "action_account_dunning_insolvency": "reports",
    "action_dunning_to_hand_over": "reports",
    "action_account_dunning_case": "reports",
    "action_account_dunning_account_statement": "reports",
    "action_account_dunning_monthly": "reports",
    "action_account_dunning_notice_report": "reports",
    "action_account_dunning_receipt_report": "reports",
    "action_account_dunning_penalty_report": "reports",
    "action_account_dunning_year_end": "reports",
    "action_account_dunning_waiting_money": "reports",
    "action_account_dunning_set_aside": "reports",
    "action_account_dunning_quality": "settings",
    "action_account_dunning_rate": "settings",
    "action_account_dunning_court": "settings",
    "action_account_dunning_run": "settings",
    "action_account_dunning_seal": "settings",
    "action_account_dunning_change": "settings",
}
# Those of the managers.
KEPT = {
    "action_golive": "settings",
    "action_account_dunning_call_script": "settings",
    "action_account_dunning_retention": "settings",
    "action_retention_page": "settings",
}


@tagged("post_install", "-at_install")
class TestMenus(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groups = {name: cls.env.ref(f"{ADDON}.group_use_{name}") for name in SWITCHES}
        cls.users = {
            "reader": cls.new_user("menu_reader", "account.group_account_readonly"),
            "biller": cls.new_user("menu_biller", "account.group_account_invoice"),
            "sender": cls.new_user("menu_sender", f"{ADDON}.group_dunning_user"),
            "manager": cls.new_user("menu_manager", "account.group_account_manager"),
        }
        cls.admin = cls.new_user("menu_admin", "account.group_account_manager", "base.group_system")
        cls.switch(cls, False)

    def switch(self, on):
        """Switch the capabilities as the settings do: for every employee, or for nobody."""
        employees = self.env.ref("base.group_user").sudo()
        for group in self.groups.values():
            group.sudo().implied_by_ids = employees if on else False
            group.sudo().user_ids = False

    def entries(self, user):
        """Return the entries of the addon that a user meets, as external names of their actions."""
        menus = self.env["ir.ui.menu"].with_user(user)
        visible = menus.browse(menus._visible_menu_ids())
        names = visible.sudo().get_external_id()
        ours = visible.sudo().filtered(
            lambda menu: names[menu.id].startswith(ADDON) and menu.action
        )
        return [menu.action.get_external_id()[menu.action.id] for menu in ours]

    def links(self, user, page):
        sections = self.env["account.dunning.shortcut"].with_user(user).get_page(page)
        return [link["key"] for section in sections for link in section["links"]]

    # -- How many ----------------------------------------------------------------------------------

    def test_a_plain_company_has_nine_entries(self):
        for role, user in {**self.users, "admin": self.admin}.items():
            with self.subTest(role=role):
                entries = self.entries(user)
                self.assertLessEqual(len(entries), PLAIN, entries)
                self.assertIn(f"{ADDON}.action_dunning_today", entries)

    def test_with_everything_on_there_are_at_most_fourteen(self):
        plain = self.entries(self.users["manager"])
        self.switch(True)
        for role, user in {**self.users, "admin": self.admin}.items():
            with self.subTest(role=role):
                self.assertLessEqual(len(self.entries(user)), FULL)
        shown = set(self.entries(self.users["manager"])) - set(plain)
        self.assertEqual(len(shown), len(SWITCHES), "each switch shows its entry")

    def test_to_do_today_comes_first_and_no_entry_hides_in_a_submenu(self):
        dunning = self.env.ref(f"{ADDON}.menu_dunning")
        self.assertEqual(dunning.child_id.sorted("sequence")[0].action.tag, f"{ADDON}.today")
        for menu in (dunning, self.env.ref(f"{ADDON}.menu_dunning_report")):
            self.assertFalse(menu.child_id.child_id)

    # -- What has no entry -------------------------------------------------------------------------

    def test_whatever_left_the_menu_is_on_a_page_for_the_same_people(self):
        for role, user in self.users.items():
            for action, page in {**MOVED, **(KEPT if role == "manager" else {})}.items():
                with self.subTest(role=role, action=action):
                    self.assertIn(action, self.links(user, page))

    def test_what_is_the_managers_is_shown_to_them_alone(self):
        for role in ("reader", "biller", "sender"):
            shown = set(self.links(self.users[role], "settings"))
            self.assertFalse(shown & set(KEPT), role)

    def test_each_link_opens_something(self):
        for page in ("reports", "settings"):
            for link in self.links(self.users["manager"], page):
                action = self.env.ref(f"{ADDON}.{link}")
                self.assertTrue(action._name.startswith("ir.actions."), link)
        self.assertEqual(self.links(self.users["manager"], "elsewhere"), [])

    def test_the_settings_are_the_company_s_for_an_administrator(self):
        opened = {
            role: self.env["account.dunning.shortcut"].with_user(user).action_open_settings()
            for role, user in {"admin": self.admin, **self.users}.items()
        }
        self.assertEqual(opened.pop("admin")["res_model"], "res.config.settings")
        self.assertEqual({action["tag"] for action in opened.values()}, {f"{ADDON}.shortcuts"})

    def test_the_settings_lead_to_all_that_the_page_of_the_others_lists(self):
        arch = self.env["res.config.settings"].with_user(self.admin).get_view()["arch"]
        for link in self.links(self.users["manager"], "settings"):
            action = self.env.ref(f"{ADDON}.{link}")
            self.assertTrue(re.search(rf'<button name="{action.id}"', arch), link)

    # -- The switches ------------------------------------------------------------------------------

    def test_the_settings_switch_an_entry_on_and_off(self):
        settings = self.env["res.config.settings"].with_user(self.admin)
        court_files = f"{ADDON}.action_account_dunning_case"
        self.assertNotIn(court_files, self.entries(self.users["biller"]))
        settings.create({"group_dunning_cases": True}).execute()
        self.assertIn(court_files, self.entries(self.users["biller"]))
        settings.create({"group_dunning_cases": False}).execute()
        self.assertNotIn(court_files, self.entries(self.users["biller"]))

    def test_a_switch_hides_nothing_that_is_open_and_says_how_much_is(self):
        partner = self.customer()
        self.invoice(partner, 10)
        plan = self.env["account.dunning.payment.plan"].create({"partner_id": partner.id})
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        self.assertEqual(settings.dunning_plans_open, 1)
        for user in self.users.values():
            self.assertEqual(plan.with_user(user).state, "draft")
            self.assertIn("action_account_dunning_payment_plan", self.links(user, "reports"))
