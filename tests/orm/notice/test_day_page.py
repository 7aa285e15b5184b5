"""« À faire aujourd'hui »: who is to be dealt with, in which order, by whom, and what is done."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.account_dunning_fr.models.common import account_dunning_today
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

QUERIES = 40  # at most, from an empty cache, whatever the number of customers


@tagged("post_install", "-at_install")
class TestDayPage(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.new_user("sender", "account_dunning_fr.group_dunning_user")
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")
        cls.biller = cls.new_user("biller", "account.group_account_invoice")
        cls.reader = cls.new_user("reader", "account.group_account_readonly")
        cls.first.automatic = False
        cls.small, cls.large = cls.customer("Small"), cls.customer("Large")
        cls.small_move = cls.invoice(cls.small, 10, 100)
        cls.large_move = cls.invoice(cls.large, 10, 500)
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)

    def page(self, user=None, **asked):
        page = self.env["account.dunning.today"].with_user(user or self.sender)
        return page.with_context(lang="en_US").get_page(**asked)

    def names(self, page):
        return [row["name"] for row in page["rows"]]

    def acts(self, page, partner):
        (row,) = (row for row in page["rows"] if row["partner_id"] == partner.id)
        return [act["card"] for act in row["acts"]]

    def cards(self, page):
        return {card["key"]: card["count"] for card in page["cards"]}

    def call(self, partner, **values):
        return self.env["account.dunning.call"].create({"partner_id": partner.id, **values})

    # -- Order, and nothing twice ------------------------------------------------------------------

    def test_customers_come_by_urgency_then_by_amount(self):
        third = self.customer("Called")
        self.invoice(third, 3, 9000)
        self.call(third)
        page = self.page()
        self.assertEqual(self.names(page), ["Large", "Small", "Called"])

    def test_an_expired_formal_notice_comes_before_a_larger_reminder(self):
        tiny = self.customer("Tiny")
        move = self.invoice(tiny, 80, 10)
        notice = self.history(self.formal_notice, "2026-05-01", move, deadline="2026-05-20")
        notice.write({"delivery": "taken", "left_on": "2026-05-01"})
        page = self.page(self.manager)
        self.assertEqual(self.names(page)[0], "Tiny")
        self.assertEqual(page["rows"][0]["acts"][0]["method"], "action_prepare_dunning_case")

    def test_a_customer_with_several_acts_is_one_row(self):
        self.call(self.small)
        page = self.page()
        self.assertEqual(page["total"], 2)
        self.assertEqual(self.acts(page, self.small), ["confirm", "call"])
        self.assertEqual(self.cards(page), {"confirm": 2, "call": 1})
        keys = [act["key"] for row in page["rows"] for act in row["acts"]]
        self.assertEqual(len(keys), len(set(keys)))

    def test_two_clicks_of_one_name_say_what_they_are_about(self):
        page, dunning = self.env["account.dunning.today"], self.company.dunning_creditor_id

        def named(*acts):
            row = account_dunning_today.Row(dunning.id, self.small.id)
            for number, (label, detail, button) in enumerate(acts, 1):
                what = {"label": label, "detail": detail, "button": button}
                row.acts.append(
                    account_dunning_today.Act(
                        "card",
                        self.small.id,
                        dunning.id,
                        1,
                        model="res.partner",
                        ids=(number,),
                        **what,
                    )
                )
            [shown] = page._show_rows(dunning, [row])
            return [act["name"] for act in shown["acts"]]

        self.assertEqual(
            named(("Call", "5 days", "Call"), ("Dispute", "", "Resolve"), ("Letter", "", "")),
            ["Call", "Resolve", ""],
        )
        self.assertEqual(
            named(("To declare", "by Friday", "Look"), ("To check", "by Friday", "Look")),
            ["Look · To declare", "Look · To check"],
        )
        self.assertEqual(
            named(("Request", "says he paid", "Answer"), ("Request", "wants a plan", "Answer")),
            ["Answer · says he paid", "Answer · wants a plan"],
        )

    def test_what_the_cards_count_is_no_task_beside_them(self):
        self.call(self.small)
        told = {task["key"] for task in self.page(self.manager)["tasks"]}
        self.assertFalse(told & {"to_confirm", "to_post", "blocked", "calls", "to_hand_over"})

    def test_a_card_narrows_the_customers_and_puts_its_act_first(self):
        self.call(self.small)
        page = self.page(card="call")
        self.assertEqual((self.names(page), page["total"]), (["Small"], 1))
        self.assertEqual(self.acts(page, self.small), ["call", "confirm"])
        self.assertEqual(self.cards(page), {"confirm": 2, "call": 1})

    def test_a_message_that_something_stops_is_told_once_with_its_reason(self):
        self.live(self.large).sudo().blocking_reason = "No address"
        page = self.page()
        self.assertEqual(self.acts(page, self.large), ["blocked"])
        self.assertEqual(page["rows"][0]["acts"][0]["warning"], "No address")

    def test_a_call_to_somebody_to_be_left_in_peace_waits(self):
        person = self.customer("Person", is_company=False)
        self.invoice(person, 3, 50)
        call = self.call(person)
        self.assertIn("call", self.cards(self.page()))
        with patch.object(type(call), "is_quiet", True):
            self.assertNotIn("call", self.cards(self.page()))

    def test_a_letter_is_printed_then_posted(self):
        notice = self.live(self.large)
        notice.write({"send_letter": True, "send_email": False})
        notice.action_confirm()
        (row,) = self.page(card="post")["rows"]
        (act,) = row["acts"]
        self.assertEqual((act["card"], act["method"]), ("post", "action_print"))
        notice.sudo().printed_on = TODAY
        page = self.page(card="post")
        (act,) = page["rows"][0]["acts"]
        self.assertEqual(act["method"], "action_record_posting")
        (card,) = (card for card in page["cards"] if card["key"] == "post")
        self.assertEqual([button["ids"] for button in card["buttons"]], [notice.ids, notice.ids])

    # -- Done, and what changed --------------------------------------------------------------------

    def test_what_is_done_counts_and_leaves_the_list(self):
        before = self.page()
        self.assertEqual((before["done"], before["planned"]), (0, 2))
        (card,) = before["cards"]
        (button,) = card["buttons"]
        notices = self.Notice.with_user(self.sender).browse(button["ids"])
        getattr(notices, button["method"])()
        after = self.page()
        self.assertEqual((after["done"], after["planned"]), (2, 2))
        self.assertFalse(after["rows"] or after["cards"])
        getattr(notices, button["undo"])()
        self.assertEqual((self.page()["done"], self.page()["total"]), (0, 2))

    def test_it_tells_what_happened_since_the_last_working_day(self):
        with self.on("2026-05-29"):  # the Friday before
            self.pay(self.small_move, 30)
        promise = {"partner_id": self.large.id, "amount": 10, "date_promised": "2026-06-20"}
        self.env["account.dunning.promise"].create(promise)
        broken = self.env["account.dunning.promise"].create(
            {**promise, "partner_id": self.small.id}
        )
        broken.sudo().write({"state": "broken", "closed_on": TODAY})
        self.live(self.large).sudo().bounced_on = TODAY
        page = self.page()
        news = {each["key"]: each["count"] for each in page["news"]}
        self.assertEqual(news, {"paid": 1, "promised": 2, "returned": 1, "broken": 1})
        self.assertIn("Friday", page["since"])
        for each in page["news"]:
            action = each["action"]
            found = self.env[action["res_model"]].with_user(self.sender)
            self.assertGreaterEqual(found.search_count(action["domain"]), each["count"])
        with self.on("2026-06-03"):
            page = self.page()
            self.assertEqual((page["since"], page["news"]), ("Since yesterday", []))

    # -- Who may what ------------------------------------------------------------------------------

    def test_each_role_has_the_buttons_that_it_may_press(self):
        self.call(self.small)
        methods = {
            self.manager: ("action_confirm", "Confirm", "Call now"),
            self.sender: ("action_confirm", "Confirm", "Call now"),
            self.biller: ("", "Read it", "Call now"),
            self.reader: ("", "Read it", ""),
        }
        for user, (method, button, call) in methods.items():
            with self.subTest(user=user.login):
                page = self.page(user)
                (row,) = (row for row in page["rows"] if row["name"] == "Small")
                confirm, calls = row["acts"]
                self.assertEqual((confirm["method"], confirm["button"]), (method, button))
                self.assertEqual(calls["button"], call)
                at_once = [each for card in page["cards"] for each in card["buttons"]]
                self.assertEqual(bool(at_once), user in (self.manager, self.sender))

    def test_another_company_sees_nothing_and_others_no_page(self):
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account_dunning_fr.group_dunning_user", company=other)
        page = self.page(stranger)
        self.assertEqual((page["rows"], page["cards"], page["planned"]), ([], [], 0))
        with self.assertRaises(AccessError):
            self.page(self.new_user("employee"))

    def test_pages_that_do_not_exist_are_refused_or_the_last_one(self):
        for asked in ({"card": ["call"]}, {"offset": -1}, {"offset": "1; DROP"}, {"card": None}):
            with self.subTest(asked=asked), self.assertRaises(UserError):
                self.page(**asked)
        self.assertEqual(self.page(offset=4000)["offset"], 0)
        self.assertEqual(self.page(card="none of them")["rows"], [])

    # -- Many --------------------------------------------------------------------------------------

    def test_many_customers_come_by_pages_and_cost_no_more_queries(self):
        self.page()  # what is read once a server
        few = self.count_queries(self.page)
        partners = [self.customer(f"Customer {rank}") for rank in range(5)]
        for partner in partners:
            self.invoice(partner, 10, 50)
        self.prepare()
        self.assertLessEqual(self.count_queries(self.page), min(few, QUERIES))
        with patch.object(account_dunning_today, "ROWS", 3):
            pages = [self.page(offset=offset) for offset in (0, 3, 6)]
        self.assertEqual([len(page["rows"]) for page in pages], [3, 3, 1])
        shown = [row["key"] for page in pages for row in page["rows"]]
        self.assertEqual((len(set(shown)), pages[0]["total"]), (7, 7))

    def test_the_morning_of_the_next_day_starts_at_nothing_done(self):
        self.live(self.large).with_user(self.sender).action_confirm()
        self.assertEqual(self.page()["done"], 1)
        self.Notice.search([("state", "=", "ready")]).sudo().write(
            {"state": "sent", "date": day(TODAY)}
        )
        with self.on(str(day(TODAY) + timedelta(days=1))):
            self.assertEqual(self.page()["done"], 0)
