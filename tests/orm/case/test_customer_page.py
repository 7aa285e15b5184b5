"""The page of a customer: what he owes and why (not) chased, what happened, what one may do."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon

BILLING = [
    "action_dunning_chase",
    "action_dunning_call",
    "action_dunning_promise",
    "action_dunning_dispute",
    "action_dunning_payment_plan",
    "action_dunning_account_statement",
    "action_dunning_hold",
]


@tagged("post_install", "-at_install")
class TestCustomerPage(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")
        cls.partner, cls.clear = cls.customer("Late customer"), cls.customer("Settled customer")
        cls.late = cls.invoice(cls.partner, 20, 300)
        cls.held = cls.invoice(cls.partner, 10, 50)
        cls.hold(cls.partner, move_id=cls.held.id, reason="manual", note="Waits for the manager")

    def page(self, partner=None, user=None):
        page = self.env["account.dunning.customer"].with_user(user or self.biller)
        return page.with_context(lang="en_US").get_page((partner or self.partner).id)

    def part(self, page, key, place="side"):
        return next((part for part in page["parts"][place] if part["key"] == key), None)

    # -- What he owes, and why ---------------------------------------------------------------------

    def test_each_item_says_why_it_is_chased_or_not(self):
        rows = self.part(self.page(), "items", "items")["rows"]
        by_move = {row["id"]: row for row in rows}
        self.assertEqual([row["id"] for row in rows], [self.late.id, self.held.id])
        for move in (self.late, self.held):
            with self.subTest(move=move.name):
                sentence = move.with_user(self.biller).with_context(lang="en_US").dunning_reason
                self.assertEqual(by_move[move.id]["why"], sentence)
        self.assertIn("Waits for the manager", by_move[self.held.id]["why"])
        self.assertIn("20 days late", by_move[self.late.id]["late"])

    def test_what_happens_next_is_said_once(self):
        (part,) = self.page()["parts"]["next"]
        self.assertIn(self.row(self.late).next_level_id and "sent today", part["rows"][0]["title"])

    def test_what_a_person_confirmed_no_longer_waits_for_him(self):
        self.policy.level_ids.automatic = False
        self.assertEqual(self.said("confirmed by a person"), {self.late})
        self.draft(self.partner).action_confirm()
        self.assertEqual(self.said("sent today"), {self.late})
        (part,) = self.page()["parts"]["next"]
        self.assertIn("sent today", part["rows"][0]["title"])
        other = self.invoice(self.partner, 21, 80)  # in no message yet
        self.assertEqual(self.said("sent today"), {self.late})
        self.assertEqual(self.said("confirmed by a person"), {other})

    def said(self, words):
        """Return the invoices of which the page says so; each says the same of itself."""
        self.env.invalidate_all()
        page = self.page()
        rows = [row for row in self.part(page, "items", "items")["rows"] if words in row["why"]]
        for row in rows:
            move = self.late.browse(row["id"]).with_user(self.biller).with_context(lang="en_US")
            self.assertIn(words, move.dunning_reason)
        return {self.late.browse(row["id"]) for row in rows}

    def test_the_messages_are_read_once_a_page(self):
        self.policy.level_ids.automatic = False
        self.draft(self.partner).action_confirm()
        self.page()
        few = self.count_queries(self.page)
        self.invoices(*((self.partner, days, 60) for days in range(15, 27)))
        self.prepare()
        self.live(self.partner).action_confirm()
        self.page()
        self.assertLessEqual(self.count_queries(self.page), few + 2)

    def test_a_settled_customer_has_no_empty_part(self):
        page = self.page(self.clear)
        self.assertEqual((page["parts"]["items"], page["parts"]["next"]), ([], []))
        self.assertEqual(page["parts"]["figures"], [])
        self.assertEqual({part["key"] for part in page["parts"]["side"]}, {"contacts", "identity"})
        self.assertTrue(all(part["rows"] for part in page["parts"]["side"]))
        self.assertEqual(page["events"], [])

    def test_a_contact_leads_to_the_page_of_his_company(self):
        contact = self.partner.child_ids.create({"name": "Who pays", "parent_id": self.partner.id})
        self.assertEqual(self.page(contact)["id"], self.partner.id)
        for record in (contact, self.partner, self.late):
            action = record.with_user(self.biller).action_dunning_page()
            self.assertEqual(
                (action["res_id"], action["res_model"]), (self.partner.id, "res.partner")
            )

    # -- What the rooms add ------------------------------------------------------------------------

    def test_the_rooms_add_what_they_know(self):
        self.draft(self.partner)
        self.env["account.dunning.promise"].create(
            {"partner_id": self.partner.id, "amount": 10, "date_promised": "2026-06-20"}
        )
        self.env["account.dunning.dispute"].create({"move_id": self.late.id, "amount": 5})
        self.env["account.dunning.call"].create({"partner_id": self.partner.id})
        sides = {part["key"]: part for part in self.page()["parts"]["side"]}
        self.assertLessEqual({"promises", "disputes", "call", "notice", "contacts"}, set(sides))
        self.assertEqual(len(sides["holds"]["rows"]), 1)  # those of the promise are told with it
        for key in ("promises", "disputes", "call", "notice", "holds"):
            with self.subTest(part=key):
                (row,) = sides[key]["rows"]
                record = self.env[row["model"]].with_user(self.biller).browse(row["id"])
                self.assertTrue(record.display_name)

    def test_exchanges_are_one_line_of_time_with_the_notes_of_colleagues(self):
        self.send_on("2026-05-25", self.partner)
        page = self.env["account.dunning.customer"].with_user(self.biller)
        page.add_note(self.partner.id, "He is on holiday")
        events = self.page()["events"]
        self.assertEqual(
            [event["on"] for event in events],
            sorted((event["on"] for event in events), reverse=True),
        )
        kinds = [event["kind"] for event in events]
        self.assertIn("notice", kinds)
        (note,) = (event for event in events if event["kind"] == "note")
        self.assertEqual(note["title"], "He is on holiday")
        told = self.env["account.dunning.chronology"]._get_events(self.partner, self.company)
        self.assertNotIn("He is on holiday", " ".join(event.title for event in told))

    def test_a_note_is_plain_text_of_whoever_is_in_billing(self):
        page = self.env["account.dunning.customer"]
        page.with_user(self.biller).add_note(self.partner.id, "<b>bold</b> & more")
        (note,) = (event for event in self.page()["events"] if event["kind"] == "note")
        self.assertEqual(note["title"], "<b>bold</b> & more")
        self.assertEqual(note["detail"], self.biller.name)
        with self.assertRaises(AccessError):
            page.with_user(self.reader).add_note(self.partner.id, "Not mine to say")
        for text in ("", "  ", None, "x" * 2001):
            with self.subTest(text=text), self.assertRaises(UserError):
                page.with_user(self.biller).add_note(self.partner.id, text)

    # -- Who may what ------------------------------------------------------------------------------

    def test_each_role_has_its_buttons(self):
        expected = {
            self.reader: [],
            self.biller: BILLING,
            self.manager: [*BILLING, "action_prepare_dunning_case"],
        }
        for user, names in expected.items():
            with self.subTest(user=user.login):
                shown = [button["name"] for button in self.page(user=user)["buttons"]]
                self.assertEqual([name for name in shown if name in {*BILLING, *names}], names)

    def test_every_button_leads_somewhere(self):
        page = self.page(user=self.manager)
        partner = self.partner.with_user(self.manager)
        for button in page["buttons"]:
            with self.subTest(button=button["name"]):
                self.assertIn("type", getattr(partner, button["name"])())

    def test_the_dispute_is_about_the_invoice_overdue_longest(self):
        action = self.partner.with_user(self.biller).action_dunning_dispute()
        self.assertEqual(action["context"]["default_move_id"], self.late.id)
        action = self.clear.with_user(self.biller).action_dunning_dispute()
        self.assertFalse(action["context"]["default_move_id"])

    def test_another_company_and_other_roles_get_nothing(self):
        other = self.env["res.company"].create({"name": "Other company"})
        group = "account_dunning_fr.group_dunning_manager"
        stranger = self.new_user("stranger", group, company=other)
        page = self.page(user=stranger)
        self.assertEqual((page["parts"]["items"], page["events"]), ([], []))
        self.assertEqual({part["key"] for part in page["parts"]["side"]}, {"contacts", "identity"})
        self.partner.company_id = self.company
        for user in (stranger, self.new_user("employee")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.page(user=user)

    def test_no_customer_has_no_page(self):
        page = self.env["account.dunning.customer"].with_user(self.biller)
        for asked in ("1", None, [self.partner.id], 999_999_999):
            with self.subTest(asked=asked), self.assertRaises(UserError):
                page.get_page(asked)

    def test_many_items_cost_no_more_queries(self):
        self.page()
        few = self.count_queries(self.page)
        self.invoices(*((self.partner, due, 40) for due in range(11, 19)))
        self.assertLessEqual(self.count_queries(self.page), few + 2)
