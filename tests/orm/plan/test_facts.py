"""What the dunning tabs ask for once they are shown, and what their buttons change."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import DunningCommon

# Some of what the form of a customer shows of ours.
SHOWN = {
    "dunning_hold_ids": {"fields": {"reason": {}}},
    "dunning_check_ids": {"fields": {"kind": {}}},
    "dunning_contact_ids": {"fields": {"name": {}}},
    "dunning_notice_count": {},
    "dunning_case_count": {},
}


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

    def test_an_invoice_lists_what_was_contested_of_it(self):
        disputes = self.env["account.dunning.dispute"].with_user(self.biller)
        first = disputes.create({"move_id": self.late.id, "reason": "price", "amount": 50})
        first.action_reject()
        self.env.flush_all()
        second = disputes.create({"move_id": self.late.id, "reason": "goods"})
        [table] = [
            group["table"]
            for group in self.late.with_user(self.reader).get_dunning_facts()
            if group.get("table") and group["table"]["model"] == disputes._name
        ]
        self.assertEqual(
            {row["id"]: (row["tone"], row["opens"]["id"]) for row in table["rows"]},
            {first.id: ("muted", first.id), second.id: ("warning", second.id)},
        )

    def test_a_customer_tells_his_holds_and_each_opens_and_ends(self):
        hold = self.hold(self.partner, reason="manual", note="Waits for a credit note")
        over = self.hold(self.partner, reason="manual", date_from="2026-01-01")
        over.action_release()

        def table(user):
            groups = self.partner.with_user(user).get_dunning_facts()
            [found] = [group["table"] for group in groups if group.get("table")]
            return {row["id"]: row for row in found["rows"]}, found["columns"]

        rows, columns = table(self.biller)
        self.assertIn("Waits for a credit note", rows[hold.id]["cells"])
        self.assertEqual(rows[hold.id]["opens"], {"model": hold._name, "id": hold.id})
        # The link is in the first column, a button that the keyboard reaches.
        self.assertTrue(columns[0]["opens"])
        self.assertEqual(rows[hold.id]["button"]["name"], "action_release")
        self.assertEqual((rows[over.id]["tone"], rows[over.id]["button"]), ("muted", None))
        self.assertIsNone(table(self.reader)[0][hold.id]["button"])

    def test_the_holds_of_another_creditor_are_not_told(self):
        company = self.env["res.company"].create({"name": "Another creditor"})
        self.hold(self.partner, company_id=company.id)
        groups = self.partner.with_user(self.biller).get_dunning_facts()
        self.assertFalse([group for group in groups if group.get("table")])

    def test_who_is_no_accountant_gets_no_facts(self):
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
        slow = ("dunning_reason", "dunning_stop", "dunning_penalty_to_date")
        asked = ("dunning_hold_ids", "dunning_check_ids", "dunning_risk_class")
        told = ("dunning_line_ids", "dunning_einvoice_ids", "dunning_case_id", "dunning_level_id")
        for record, xmlid, names in (
            (self.late, "account.view_move_form", (*slow, *told, "dunning_rate_difference")),
            (self.partner, "base.view_partner_form", (*slow, *asked)),
        ):
            view = record.get_views([(self.env.ref(xmlid).id, "form")])["views"]["form"]
            self.assertIn('name="dunning_facts"', view["arch"])
            for name in names:
                self.assertNotIn(f'name="{name}"', view["arch"])

    # -- What the form of a customer has none of, known at once ------------------------------------

    def opened(self, partner, user=None):
        """Read what the form of a customer shows of ours; nothing is forgotten in between."""
        [values] = partner.with_user(user or self.biller).web_read(SHOWN)
        return {name: value for name, value in values.items() if value and name != "id"}

    def test_what_came_since_shows_on_the_form_of_who_had_none(self):
        self.env.invalidate_all()
        self.assertEqual(self.opened(self.partner), {})
        self.send(self.partner)
        hold = self.hold(self.partner, reason="manual")
        self.partner.child_ids = [Command.create({"name": "Anna"})]
        for forgotten in (False, True):
            if forgotten:
                self.env.invalidate_all()
            found = self.opened(self.partner)
            self.assertEqual([line["id"] for line in found["dunning_hold_ids"]], hold.ids)
            self.assertEqual([line["name"] for line in found["dunning_contact_ids"]], ["Anna"])
            self.assertNotIn("dunning_check_ids", found)
        # A counter is of the request that opens the form.
        self.assertEqual(found["dunning_notice_count"], 1)

    def test_who_may_not_read_it_is_not_told_that_there_is_one(self):
        company = self.env["res.company"].create({"name": "Another creditor"})
        self.hold(self.partner, company_id=company.id)
        self.env.invalidate_all()
        self.assertEqual(self.opened(self.partner), {})

    def test_a_customer_of_whom_there_is_nothing_takes_one_statement(self):
        quiet = self.customer("Quiet").with_user(self.biller)
        self.opened(quiet)  # the rules of access are known from then on

        def count(names):
            self.env.invalidate_all()
            quiet.commercial_partner_id.mapped("name")
            before = self.cr.sql_log_count
            quiet.web_read({name: SHOWN[name] for name in names})
            return self.cr.sql_log_count - before

        self.assertEqual(count(SHOWN), count(["dunning_hold_ids"]))

    def test_a_customer_who_was_reminded_takes_no_statement_more(self):
        names = ("dunning_contact_ids", "dunning_notice_count", "dunning_case_count")
        quiet = self.customer("Quiet").with_user(self.biller)
        self.send(self.partner)
        reminded = self.partner.with_user(self.biller)

        def count(partner):
            self.env.invalidate_all()
            partner.commercial_partner_id.mapped("name")
            before = self.cr.sql_log_count
            [values] = partner.web_read({name: SHOWN[name] for name in names})
            return values["dunning_notice_count"], self.cr.sql_log_count - before

        count(quiet)  # the rules of access are known from then on
        (none, few), (one, as_few) = count(quiet), count(reminded)
        self.assertEqual((none, one, as_few), (0, 1, few))

    def test_reminders_are_counted_under_the_rules_of_who_opens_the_form(self):
        self.send(self.partner)
        company = self.env["res.company"].create({"name": "Another creditor"})
        other = self.new_user("other", "account.group_account_invoice", company=company)
        for user, reminders in ((self.biller, 1), (other, 0), (self.reader, 1)):
            self.env.invalidate_all()
            found = self.opened(self.partner, user)
            self.assertEqual(found.get("dunning_notice_count", 0), reminders)
        outsider = self.new_user("outsider")
        for name in SHOWN:
            with self.assertRaises(AccessError):
                self.partner.with_user(outsider).web_read({name: {}, "name": {}})

    def test_what_follows_a_counter_or_a_field_is_there_once_that_is(self):
        names = ("dunning_contact_ids", "dunning_insolvency_warning", "dunning_rate_warning")
        partner = self.partner.with_user(self.biller)

        def warned():
            self.env.invalidate_all()
            [values] = partner.web_read({name: {} for name in names})
            return [bool(values[name]) for name in names[1:]]

        self.assertEqual(warned(), [False, False])
        self.partner.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 1})
        self.assertEqual(warned(), [False, True])
        self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.partner.id,
                "date_opening": "2026-05-15",
                "court": "Court",
                "representative_id": self.customer("Representative").id,
            }
        )
        self.assertEqual(warned(), [True, True])

    def test_the_tab_is_of_the_customer_and_of_no_contact_of_his(self):
        person = {"is_company": False}
        firm = self.customer("Firm")
        for partner in (
            firm,
            self.customer("Alone", **person),
            self.customer("Contact", parent_id=firm.id, **person),
            self.customer("Branch", parent_id=firm.id),
        ):
            # As the form says it, which reads no commercial partner for it.
            is_contact = bool(partner.parent_id and not partner.is_company)
            self.assertEqual(is_contact, partner.commercial_partner_id != partner)
        form = self.env.ref("base.view_partner_form").id
        view = self.env["res.partner"].with_user(self.biller).get_views([(form, "form")])
        arch = view["views"]["form"]["arch"]
        self.assertIn('invisible="parent_id and not is_company and id"', arch)
