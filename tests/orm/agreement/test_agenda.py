"""The agenda says of each day to come what the run of that day then does, the books standing still.

What a person confirms is confirmed on the day, a working day; what waits to be paid is not paid.
"""

from datetime import timedelta
from random import Random
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

DAYS = 20
MOST_LOOKS = "odoo.addons.account_dunning_fr.models.notice.account_dunning_agenda.MOST_LOOKS"


@tagged("post_install", "-at_install")
class TestAgenda(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agenda = cls.env["account.dunning.agenda"]
        cls.soft = cls.new_policy(
            (-5, "courtesy"), (5, "reminder"), (12, "reminder"), (20, "reminder")
        )
        cls.hard = cls.new_policy(
            (3, "reminder"), (10, "registered"), (18, "formal_notice"), name="Hard", min_interval=3
        )
        cls.hard.level_ids.filtered(lambda level: level.kind != "reminder").automatic = False
        cls.large = cls.new_policy((4, "reminder"), (11, "reminder"), name="Large", min_amount=150)
        cls.company.write(
            {"dunning_policy_id": cls.soft.id, "dunning_daily_limit": 3, "dunning_contact_max": 1}
        )
        cls.env["account.dunning.rule"].create(
            {"policy_id": cls.hard.id, "amount_min": 500, "company_id": cls.company.id}
        )

    @classmethod
    def debtor(cls, name, policy=None, *dues, amount=100, **values):
        """Create a customer with one invoice for each number of days by which it is overdue."""
        values = {"company_registry": "552100554", "dunning_regime": "b2b", **values}
        partner = cls.customer(name, **values)
        if policy:
            partner.dunning_policy_id = policy
        return partner, [cls.invoice(partner, due, amount) for due in dues]

    @classmethod
    def populate(cls):
        """Write a ledger in which each rule that depends on the day has its customer."""
        cls.debtor("Ann", cls.soft, -8, -3, 10, 40)
        cls.debtor("Bob", cls.hard, -6, 1, 25)
        _cid, (late, _other) = cls.debtor("Cid", cls.soft, 13, -2)
        cls.hold(move_id=late.id, date_until="2026-06-12")
        cls.debtor("Gus", cls.large, 6, -8)
        _hal, moves = cls.debtor("Hal", cls.hard, 9, 30)
        first = cls.hard.level_ids.sorted("days")[0]
        cls.history(first, "2026-05-29", *moves, deadline="2026-06-09")
        _ian, (part,) = cls.debtor("Ian", cls.soft, 7)
        cls.hold(move_id=part.id, amount_held=100, date_until="2026-06-16")
        jim, _moves = cls.debtor("Jim", cls.soft, 2)
        cls.hold(jim, date_from="2026-06-03", date_until="2026-06-14", reason="postponed")
        cls.debtor("Lou", None, 1, -4, amount=300)
        cls.debtor("Fay", cls.soft, -20, 6, 1, is_company=False, dunning_regime="b2c")
        cls.promise(*cls.debtor("Dee", cls.soft, 8, 20))
        cls.payment_plan(*cls.debtor("Eve", cls.hard, 12))
        # A consumer's plan ends after the time that he was left: that runs already.
        kim = cls.debtor("Kim", cls.soft, 15, is_company=False, dunning_regime="b2c")
        plan = cls.payment_plan(*kim).sudo()
        plan.line_ids[0].date = "2026-05-20"
        plan.write({"warned_line_id": plan.line_ids[0].id, "grace_until": "2026-06-10"})

    @classmethod
    def promise(cls, partner, moves):
        cls.env["account.dunning.promise"].create(
            {
                "partner_id": partner.id,
                "item_ids": [Command.set(cls.items(*moves).ids)],
                "amount": 150,
                "date_promised": "2026-06-09",
            }
        )

    @classmethod
    def payment_plan(cls, partner, moves):
        plan = cls.env["account.dunning.payment.plan"].create(
            {
                "partner_id": partner.id,
                "item_ids": [Command.set(cls.items(*moves).ids)],
                "first_date": "2026-06-03",
            }
        )
        plan.write({"signed_on": TODAY, "signer": "The debtor"})
        plan.action_start()
        return plan

    def foresee(self, first=TODAY, days=DAYS):
        """Return what the agenda says: ``{(day, customer, level, amount)}``."""
        return {
            (
                str(each.on),
                each.level.id and self.name(each.partner_id),
                each.level.name,
                each.amount,
            )
            for each in self.agenda._foresee(self.company, day(first), days).sendings
        }

    def name(self, partner_id):
        return self.env["res.partner"].browse(partner_id).name

    def live_through(self, on):
        """Do what the scheduled actions do; on working days a person confirms what waits."""
        self.prepare()
        scheduler = self.Notice.with_user(SUPERUSER_ID)
        scheduler._get_sendable(day(on))._send_locked(day(on))
        waiting = self.Notice.search([("state", "=", "draft")])
        if waiting and day(on).weekday() < 5:
            waiting.action_confirm()
            waiting.action_send()
        sent = self.Notice.search([("state", "=", "sent"), ("date", "=", on)])
        return {
            (on, notice.partner_id.name, notice.level_id.name, round(notice.amount_total, 2))
            for notice in sent
        }

    def test_each_day_is_what_the_run_then_does(self):
        self.populate()
        foreseen, done = {}, set()
        for count in range(DAYS):
            on = str(day(TODAY) + timedelta(days=count))
            with self.on(on):
                if count in (0, 9):
                    self.env.invalidate_all()
                    foreseen[on] = self.foresee(on, DAYS - count)
                done |= self.live_through(on)
        for first, expected in foreseen.items():
            with self.subTest(first=first):
                found = {each for each in done if each[0] >= first}
                self.assertEqual(sorted(expected - found), sorted(found - expected))
        names = {name for _day, name, _level, _amount in done}
        self.assertEqual(len(names), 12, names)  # each of them was written to

    def test_who_is_not_looked_at_on_a_day_would_have_said_the_same(self):
        chance = Random(23)
        self.populate()
        policies = (self.soft, self.hard, self.large, None)
        for count in range(24):
            dues = [chance.randint(-25, 45) for _ in range(chance.randint(1, 4))]
            amount = chance.choice((4, 20, 100, 400))
            kind = {"is_company": False, "dunning_regime": "b2c"} if count % 5 == 0 else {}
            partner, moves = self.debtor(
                f"Debtor {count}", chance.choice(policies), *dues, amount=amount, **kind
            )
            if count % 7 == 0:
                start = chance.randint(1, 20)
                self.hold(
                    partner,
                    date_from=day(TODAY) + timedelta(days=start),
                    date_until=day(TODAY) + timedelta(days=start + 6),
                )
            if count % 6 == 0:
                level = chance.choice((self.soft | self.hard | self.large).level_ids)
                self.history(level, "2026-05-28", moves[0], deadline="2026-06-07")
        everyone = set(self.env["res.partner"].search([]).ids)
        foresee_day = type(self.agenda)._foresee_day

        def look_at_all(agenda, creditor, on, looked, *rest):
            foresee_day(agenda, creditor, on, looked if looked is None else everyone, *rest)

        for limit in (0, 4):
            self.company.dunning_daily_limit = limit
            found = self.foresee(days=24)
            with patch.object(type(self.agenda), "_foresee_day", look_at_all):
                expected = self.foresee(days=24)
            with self.subTest(limit=limit):
                self.assertEqual(sorted(found - expected), sorted(expected - found))
                self.assertGreater(len(found), 30)

    # -- The page ----------------------------------------------------------------------------------

    def test_it_ends_where_too_many_change_again(self):
        self.debtor("Ann", self.soft, 6)
        self.debtor("Bob", self.soft, 3)
        with patch(MOST_LOOKS, 1):
            page = self.agenda.get_page()
        self.assertEqual([len(week) for week in page["weeks"]], [5])
        self.assertIn("The agenda ends on 06/06/2026", page["until"])
        self.assertFalse(self.agenda.get_page()["until"])

    def days_of(self, partner, user=None):
        """Return the days on which the page shows a message to a customer."""
        page = self.agenda.with_user(user or self.env.user).get_page()
        return [
            each["date"]
            for week in page["weeks"]
            for each in week
            if partner.id in each["partner_ids"]
        ]

    def postpone(self, partner, on, to, note="Asked for a week"):
        """Drag a message to a later day, and say why."""
        action = self.agenda.action_move(self.company.id, partner.id, on, to)
        dialog = (
            self.env[action["res_model"]].with_context(action["context"]).create({"note": note})
        )
        dialog.action_confirm()

    def test_a_drag_postpones_and_dragging_back_undoes(self):
        ann, _moves = self.debtor("Ann", self.soft, 2)
        before = self.days_of(ann)
        self.assertEqual(before, ["2026-06-04", "2026-06-13", "2026-06-23"])
        self.postpone(ann, "2026-06-04", "2026-06-10")
        self.assertEqual(self.days_of(ann)[0], "2026-06-10")
        hold = ann.dunning_hold_ids
        self.assertEqual(
            (hold.reason, hold.note, hold.user_id, str(hold.date_from), str(hold.date_until)),
            ("postponed", "Asked for a week", self.env.user, "2026-06-04", "2026-06-09"),
        )
        self.postpone(ann, "2026-06-10", "2026-06-15")  # further: one postponement, not two
        self.assertEqual(self.days_of(ann)[0], "2026-06-15")
        self.assertEqual(len(ann.dunning_hold_ids.filtered("is_current")), 0)
        self.assertEqual(len(ann.dunning_hold_ids.filtered(lambda h: not h.released_on)), 1)
        self.agenda.action_move(self.company.id, ann.id, "2026-06-15", "2026-06-09")
        self.assertEqual(self.days_of(ann)[0], "2026-06-09")
        self.agenda.action_move(self.company.id, ann.id, "2026-06-09", "2026-06-04")
        self.assertEqual(self.days_of(ann), before)
        with self.assert_refused(UserError, "Nothing postponed the message to Ann"):
            self.agenda.action_move(self.company.id, ann.id, "2026-06-04", "2026-06-02")

    def test_todays_message_is_taken_back_when_it_is_postponed(self):
        bob, _moves = self.debtor("Bob", self.soft, 6)
        notice = self.draft(bob)
        self.postpone(bob, TODAY, "2026-06-03")
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(self.days_of(bob)[0], "2026-06-03")

    def test_the_page_shows_working_days_and_the_weekend_on_which_any_leaves(self):
        self.debtor("Cid", self.soft, 0)  # due today: the reminder of the 6th is of a Saturday
        page = self.agenda.get_page()
        first = page["weeks"][0]
        self.assertEqual([each["column"] for each in first], [1, 2, 3, 4, 5, 6])
        self.assertEqual([each["count"] for each in first], [1, 0, 0, 0, 0, 1])
        self.assertEqual(first[5]["levels"][0]["by_itself"], True)
        self.assertEqual([len(week) for week in page["weeks"]][1:3], [5, 5])
        self.company.dunning_active = False  # then a person confirms, on Monday
        page = self.agenda.get_page()
        self.assertEqual([each["count"] for each in page["weeks"][0]], [1, 0, 0, 0, 0])
        self.assertEqual(page["weeks"][1][0]["count"], 1)
        self.assertEqual(page["inactive"], [self.company.name])

    def test_what_cannot_leave_by_e_mail_does_not_leave_by_itself(self):
        def leaves(partner):
            self.env.flush_all()
            self.env.invalidate_all()  # a page is another transaction
            fore = self.agenda._foresee(self.company)
            [first, *_others] = [s for s in fore.sendings if s.partner_id == partner.id]
            return first.by_itself

        partner, _moves = self.debtor("Eve", self.soft, 6)
        contact = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": partner.id, "email": "compta@eve.example"}
        )
        for when in ("foreseen", "prepared"):
            with self.subTest(when):
                if when == "prepared":
                    self.prepare()
                self.assertTrue(leaves(partner))
                for address in (False, "not an address"):
                    partner.email = address
                    self.assertFalse(leaves(partner))
                partner.dunning_contact_id = contact
                self.assertTrue(leaves(partner))
                contact.message_bounce = 1
                self.assertFalse(leaves(partner))
                contact.message_bounce = 0
                contact.email = False
                self.assertFalse(leaves(partner))
                contact.email = "compta@eve.example"
                self.company.email = False
                self.assertFalse(leaves(partner))
                self.company.email = "compta@creancier.example"
                partner.write({"email": "eve@client.example", "dunning_contact_id": False})
        self.assertTrue(leaves(partner))

    def test_an_address_that_refused_for_good_gets_nothing_by_itself(self):
        partner, [move] = self.debtor("Gil", self.soft, 13)
        earlier = self.history(self.soft.level_ids[1], "2026-05-20", move)
        earlier.write(
            {
                "undelivered": True,
                "refused_to": partner.email,
                "delivery_reason": "550 no such user",
            }
        )
        self.prepare()
        message = self.Notice.search([("partner_id", "=", partner.id), ("state", "=", "ready")])
        self.assertEqual(message.state, "ready")

        def get_first():
            self.env.flush_all()
            self.env.invalidate_all()
            fore = self.agenda._foresee(self.company)
            return next(each for each in fore.sendings if each.partner_id == partner.id)

        self.assertFalse(get_first().by_itself)
        scheduler = self.Notice.with_user(SUPERUSER_ID)
        scheduler._get_sendable(day(TODAY))._send_locked(day(TODAY))
        self.assertEqual(message.state, "ready")
        self.assertIn("550 no such user", message.blocking_reason, "the run leaves it to a person")
        earlier.action_settle_delivery()
        self.assertTrue(get_first().by_itself)

    def first_to(self, partner):
        """Return the first message to a customer that the agenda foresees."""
        self.env.flush_all()
        self.env.invalidate_all()
        fore = self.agenda._foresee(self.company)
        return next(each for each in fore.sendings if each.partner_id == partner.id)

    def send_scheduled(self):
        scheduler = self.Notice.with_user(SUPERUSER_ID)
        scheduler._get_sendable(day(TODAY))._send_locked(day(TODAY))

    def row_of(self, partner):
        """Return the row of a customer in the page of the agenda, and its level."""
        for found in (each for week in self.agenda.get_page()["weeks"] for each in week):
            for row in found["rows"]:
                if row["partner_id"] == partner.id:
                    levels = found["levels"]
                    return row, next(each for each in levels if partner.id in each["partner_ids"])
        return None

    def test_what_waits_for_a_rate_says_for_which_and_for_whom(self):
        self.company.dunning_send_unconfirmed = False
        self.company.partner_id.dunning_lang = "en_US"  # what the run notes is in its language
        rates = self.env["account.dunning.rate"].sudo()
        rate = rates.search([("date_from", "=", "2026-01-01")])
        rate.write({"ecb_state": "to_confirm"})
        self.soft.level_ids.sudo().penalties = "stated"
        partner, _moves = self.debtor("Ida", self.soft, 13)
        free, _moves = self.debtor("Joe", self.soft, 13, is_company=False, dunning_regime="b2c")
        for when in ("foreseen", "prepared"):
            with self.subTest(when):
                if when == "prepared":
                    self.prepare()
                sending = self.first_to(partner)
                self.assertFalse(sending.by_itself)
                self.assertIn("A dunning manager confirms it", sending.waits)
                self.assertTrue(self.first_to(free).by_itself, "it states no interest")
                row, level = self.row_of(partner)
                self.assertEqual(row["waits"], sending.waits)
                self.assertEqual((level["by_itself"], level["waits"]), (False, sending.waits))
        self.send_scheduled()
        message = self.Notice.search([("partner_id", "=", partner.id)])
        self.assertEqual((message.state, message.waiting_reason), ("ready", sending.waits))
        rate.write({"ecb_state": "confirmed"})
        self.assertTrue(self.first_to(partner).by_itself)
        rate.write({"ecb_state": "to_confirm"})
        self.company.dunning_send_unconfirmed = True
        self.assertTrue(self.first_to(partner).by_itself)

    def test_a_formal_notice_that_lacks_something_says_what(self):
        policy = self.new_policy((10, "formal_notice"), name="At once")
        policy.level_ids.automatic = True
        partner, _moves = self.debtor("Kay", policy, 13, street="1 rue", zip="69001", city="Lyon")
        self.company.dunning_user_id.partner_id.function = "Accountant"
        self.assertTrue(self.first_to(partner).by_itself)
        for when in ("foreseen", "prepared"):
            with self.subTest(when):
                if when == "prepared":
                    self.prepare()
                self.company.dunning_legal_form = False
                sending = self.first_to(partner)
                self.assertFalse(sending.by_itself)
                self.assertIn("Sender: the legal form", sending.waits)
                self.assertEqual(self.row_of(partner)[0]["waits"], sending.waits)
                partner.city = False
                self.assertIn("Customer: street, post code and town", self.first_to(partner).waits)
                partner.city = "Lyon"
                self.company.dunning_legal_form = "SAS"
                self.assertTrue(self.first_to(partner).by_itself)

    def test_the_address_of_who_was_invoiced_counts_in_the_agenda(self):
        partner, _moves = self.debtor("Fay", self.soft)
        contact = self.env["res.partner"].create(
            {"name": "Site", "parent_id": partner.id, "email": "site@fay.example"}
        )
        partner.email = False
        self.invoice(contact, 6)
        fore = self.agenda._foresee(self.company)
        self.assertTrue(next(s.by_itself for s in fore.sendings if s.partner_id == partner.id))

    def test_many_customers_cost_no_query_each(self):
        """Neither who can be written to, nor who has no address or only a contact's."""

        def count():
            return self.count_queries(self.agenda._foresee, self.company)

        def add(number):
            for kind in range(number):
                self.debtor(f"Written to {kind}", self.soft, 6)
                self.debtor(f"Without address {kind}", self.soft, 6)[0].email = False
                partner, _moves = self.debtor(f"Of a contact {kind}", self.soft, 6)
                partner.email = False
                self.env["res.partner"].create(
                    {"name": "Site", "parent_id": partner.id, "type": "invoice"}
                    | {"email": f"site{kind}@contact.example"}
                )

        self.company.dunning_daily_limit = 0  # else there are more days to look at
        add(3)
        few = count()
        add(12)
        self.assertLessEqual(count(), few + 2)

    def test_who_reads_the_agenda_and_who_moves(self):
        dee, _moves = self.debtor("Dee", self.soft, 6)
        reader = self.new_user("reader", "account.group_account_readonly")
        agenda = self.agenda.with_user(reader)
        self.assertFalse(agenda.get_page()["may_postpone"])
        self.assertTrue(self.days_of(dee, reader))
        with self.assertRaises(AccessError):
            self.agenda.with_user(self.new_user("employee")).get_page()
        other = self.new_user("other", "account.group_account_invoice", company=self.other())
        self.assertEqual(self.days_of(dee, other), [])

    def other(self):
        return self.env["res.company"].create({"name": "Other company"})
