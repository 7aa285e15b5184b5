"""The dashboard: figures that tie to the books, rights, filters, days past, lists behind."""

from odoo import Command
from odoo.addons.account_dunning_fr.models.dashboard.parts import get_owing
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dashboard_common import DashboardCommon, Page
from ..dunning_common import DunningCommon, day

# Figures of the page that add up what is left of the items of their lists.
KEY_AMOUNTS = ("receivables", "overdue", "at_risk", "due_soon", "credits")


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon, DunningCommon):
    """Sold: 1 000 in April (due 1 May), 2 000 in May (half due, half not), 300 in January."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.env.ref("base.USD").active = True
        cls.dashboard = cls.env["account.dunning.dashboard"]
        cls.ann = cls.new_user("ann", "account.group_account_invoice")
        cls.alpha = cls.customer("Alpha", user_id=cls.ann.id)
        cls.beta = cls.customer("Beta", dunning_regime="b2b")
        cls.old = cls.invoice(cls.alpha, "2026-02-01", 300)
        cls.late = cls.invoice(cls.alpha, "2026-05-01", 1000)
        cls.just_late = cls.invoice(cls.beta, "2026-05-31", 1000, invoice_date="2026-05-02")
        cls.open = cls.invoice(cls.beta, "2026-06-15", 1000, invoice_date="2026-05-10")

    def residual_behind(self, action):
        return sum(self.behind(action).mapped("dunning_residual_on"))

    # -- Figures that tie --------------------------------------------------------------------------

    def test_the_total_shown_is_the_balance_of_the_books(self):
        control = self.data()["control"]
        self.assertTrue(control["agrees"])
        self.assertEqual(self.figure(control["shown"]), 3300)
        self.assertEqual(control["shown"], control["ledger"])
        self.assertEqual(sum(self.behind(control["action"]).mapped("balance")), 3300)

    def test_a_payment_without_an_invoice_keeps_the_tie(self):
        self.payment(self.alpha, 150)
        data = self.data()
        self.assertTrue(data["control"]["agrees"])
        self.assertEqual(self.figure(data["control"]["shown"]), 3150)
        self.assertEqual(self.figure(self.tile("credits", data)["value"]), -150)

    def test_an_item_without_a_customer_is_pointed_at(self):
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": balance, "name": "Lost"})
                    for account, balance in (
                        (self.company_data["default_account_receivable"], 70),
                        (self.income, -70),
                    )
                ],
            }
        )
        entry.action_post()
        control = self.data()["control"]
        self.assertTrue(control["agrees"])
        self.assertEqual(self.behind(control["orphans_action"]).move_id, entry)

    def test_overdue_and_not_due_make_up_the_whole(self):
        data = self.data()
        self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 3300)
        self.assertEqual(self.figure(self.tile("not_due", data)["value"]), 1000)
        self.assertEqual(self.figure(self.tile("overdue", data)["value"]), 2300)
        self.assertIn("69.7", self.tile("overdue", data)["note"])
        self.assertEqual(self.figure(self.tile("at_risk", data)["value"]), 300)

    def test_the_list_behind_each_situation_tile_adds_up_to_it(self):
        self.payment(self.alpha, 150)
        self.credit_note(self.beta, 40)
        for key in (*KEY_AMOUNTS, "not_due"):
            tile = self.tile(key)
            self.assertEqual(self.residual_behind(tile["action"]), self.figure(tile["value"]), key)

    def test_the_other_figures_are_told_by_their_lists_as_well(self):
        self.payment(self.alpha, 150)
        self.payment(self.beta, 20, date="2026-04-25")
        self.payment(self.alpha, 30, payment_type="outbound")
        data = self.data()
        self.assertEqual(len(data["figures"]), 8)
        for each in data["figures"]:
            self.assertTrue(each["question"].endswith("?"), each["key"])
            self.assertTrue(each["action"]["name"], each["key"])
        received = self.tile("received", data)
        self.assertEqual(self.figure(received["value"]), 120)
        self.assertIn("20", received["note"])
        self.assertEqual(-sum(self.behind(received["action"]).mapped("balance")), 120)
        late = self.behind(self.tile("age", data)["action"])
        weighted = sum(item.dunning_residual_on * item.dunning_days_late for item in late)
        mean = weighted / sum(late.mapped("dunning_residual_on"))
        self.assertEqual(self.figure(self.tile("age", data)["value"]), round(mean, 1))
        # All that was sold since January, of which 3 180 are unpaid: 120 of them longer ago.
        sales = sum(self.behind(self.tile("dso", data)["action"]).mapped("amount_total_signed"))
        self.assertEqual(sales, 3300)
        self.assertIn("3,300", self.tile("dso", data)["note"])

    def test_the_list_behind_each_age_adds_up_to_it(self):
        self.payment(self.alpha, 150)
        rows = self.data()["ages"]
        amounts = [self.figure(row["value"]) for row in rows]
        self.assertEqual(amounts, [-150, 1000, 1000, 1000, 0, 300, 0])
        for row in rows:
            self.assertEqual(
                self.residual_behind(row["action"]), self.figure(row["value"]), row["label"]
            )

    def test_what_falls_due_today_is_not_overdue(self):
        self.invoice(self.alpha, 0, 50)
        self.assertEqual(self.figure(self.tile("not_due")["value"]), 1050)

    def test_the_customers_most_overdue_come_first(self):
        rows = self.data()["customers"]
        self.assertEqual([row["label"] for row in rows], ["Alpha", "Beta"])
        self.assertEqual([self.figure(row["value"]) for row in rows], [1300, 1000])
        self.assertIn("120", rows[0]["note"])
        self.assertEqual(self.behind(rows[1]["action"]).move_id, self.just_late)

    # -- Speed -------------------------------------------------------------------------------------

    def test_days_of_sales_by_both_methods(self):
        # May sold 2 000, April 1 000, January 300; June, one day old, nothing.
        # Count-back of 3 300: 1 + 31 + 30 + 31 + 28 + 31 days. Not due 1 000: 1 + 31 / 2.
        data = self.data()
        self.assertEqual(self.figure(self.tile("dso", data)["value"]), 152)
        self.assertIn("16.5", self.tile("dso", data)["note"])
        self.assertEqual(self.figure(self.tile("add", data)["value"]), 135.5)
        # 3 300 owed of 3 300 sold since 1 July 2025: 336 days.
        self.assertEqual(self.figure(self.tile("accounting_dso", data)["value"]), 336)

    def test_a_company_that_sold_nothing_has_no_days_of_sales(self):
        other = self.setup_other_company()["company"]
        data = Page(
            self.dashboard.with_company(other).with_context(allowed_company_ids=other.ids), {}
        )
        self.assertIn("–", self.tile("dso", data)["value"])
        self.assertIn("–", self.tile("recovery", data)["value"])
        self.assertTrue(data["control"]["agrees"])
        self.assertTrue(data["forecast"]["empty"])

    def test_the_average_delay_weighs_the_money(self):
        self.pay(self.late)  # 31 days late
        on_time = self.invoice(self.beta, "2026-06-01", 3000)
        self.pay(on_time)
        tile = self.tile("mean_delay")
        self.assertEqual(self.figure(tile["value"]), 7.8)  # 31 000 / 4 000
        # With 300 at 120 days and 1 000 at 1 day: 68 000 / 5 300.
        self.assertIn("12.8", tile["note"])
        self.assertEqual(self.figure(self.tile("on_time")["value"]), 75)

    def test_a_credit_note_is_no_payment(self):
        note = self.credit_note(self.alpha, 1000, of=self.late)
        self.items(self.late, note).reconcile()
        self.assertIn("–", self.tile("mean_delay")["value"])
        self.assertEqual(self.figure(self.tile("recovery")["value"]), 0)

    # -- Results -----------------------------------------------------------------------------------

    def test_the_recovery_rate_counts_what_was_overdue_at_the_opening(self):
        # Opening 1 March 2026: 300 overdue since 1 February.
        self.pay(self.old, 120)
        self.pay(self.late)  # not yet invoiced at the opening
        self.assertEqual(self.figure(self.tile("recovery")["value"]), 40)

    def test_the_effectiveness_index_is_what_came_in_of_what_could(self):
        # (300 + 3 000 - 2 300) / (300 + 3 000 - 1 000)
        self.pay(self.late)
        self.assertEqual(self.figure(self.tile("effectiveness")["value"]), 43.5)

    def test_a_message_is_credited_with_what_came_before_the_next_one(self):
        self.history(self.first, "2026-05-06", self.late)
        self.env["account.dunning.notice.line"].search([("move_id", "=", self.late.id)])._write(
            {"amount_due_company": 1000}
        )
        with self.on("2026-05-10"):
            self.pay(self.late, 250)
        self.pay(self.late, 100)  # more than 7 days later
        (row,) = self.data()["steps"]
        self.assertEqual((row["label"], row["count"]), (self.first.name, 1))
        self.assertEqual(self.figure(row["claimed"]), 1000)
        self.assertEqual(self.figure(row["collected"]), 250)
        self.assertIn("25.0", row["percent"])
        self.assertEqual(self.behind(row["action"]).line_ids.move_id, self.late)

    # -- What waits and what is held ---------------------------------------------------------------

    def test_what_is_held_shows_by_reason(self):
        self.hold(move_id=self.late.id, reason="dispute")
        self.hold(self.beta, reason="promise", date_until="2026-06-20")
        rows = {row["key"]: row for row in self.data()["holds"]}
        self.assertEqual(self.figure(rows["dispute"]["value"]), 1000)
        self.assertEqual(self.figure(rows["promise"]["value"]), 2000)
        self.assertEqual(self.behind(rows["promise"]["action"]).partner_id, self.beta)

    def test_what_is_held_is_what_the_plan_holds(self):
        self.hold(move_id=self.late.id, reason="dispute", amount_held=400)
        # Of Beta's two invoices, one is dated before the judgment.
        self.hold(self.beta, reason="insolvency", claims_before="2026-05-05")
        rows = {row["key"]: row for row in self.data()["holds"]}
        self.assertEqual(self.figure(rows["dispute"]["value"]), 400)
        self.assertEqual(self.figure(rows["insolvency"]["value"]), 1000)
        planned = self.plan._simulate(self.company)
        held = {row.move_id: row for row in planned if row.hold_id or row.held_amount}
        self.assertEqual(set(held), {self.late.id, self.just_late.id})
        self.assertEqual(float(held[self.late.id].held_amount), 400)

    def test_a_past_day_shows_the_part_that_was_held_on_it(self):
        with self.on("2026-05-20"):
            hold = self.hold(move_id=self.late.id, reason="dispute", amount_held=400)
        with self.on("2026-05-25"):
            hold.amount_held = 150
        for on, held in (("2026-05-22", 400), ("2026-05-25", 150), ("2026-06-01", 150)):
            rows = {row["key"]: row for row in self.data(as_of=on)["holds"]}
            self.assertEqual(self.figure(rows["dispute"]["value"]), held, on)

    def test_an_item_promised_later_was_not_held_before(self):
        with self.on("2026-05-05"):
            promise = self.env["account.dunning.promise"].create(
                {
                    "partner_id": self.alpha.id,
                    "item_ids": [Command.set(self.items(self.late).ids)],
                    "date_promised": "2026-06-10",
                }
            )
        with self.on("2026-05-20"):
            promise.item_ids |= self.items(self.old)
        for on, held in (("2026-05-04", 0), ("2026-05-19", 1000), ("2026-05-20", 1300)):
            rows = {row["key"]: row for row in self.data(as_of=on)["holds"]}
            shown = self.figure(rows["promise"]["value"]) if rows else 0
            self.assertEqual(shown, held, on)

    def test_a_past_day_sees_the_penalties_that_a_plan_suspended_on_it(self):
        self.alpha.dunning_regime = "b2b"
        items = self.items(self.late)
        with self.on("2026-05-10"):
            plan = self.env["account.dunning.payment.plan"].create(
                {
                    "partner_id": self.alpha.id,
                    "item_ids": [Command.set(items.ids)],
                    "first_date": "2026-05-20",
                    "penalties": "suspended",
                }
            )
            plan.write({"signed_on": "2026-05-10", "signer": "The debtor"})
            plan.action_start()

        def owing(as_of):
            scope = self.dashboard._get_scope({"as_of": as_of})
            return items <= get_owing(self.dashboard, scope)

        days = ("2026-05-09", "2026-05-10", "2026-05-20", "2026-06-01")
        self.assertEqual(list(map(owing, days)), [True, False, False, False])
        with self.on("2026-05-21"):
            plan.action_cancel()
        self.assertEqual(list(map(owing, days)), [True, False, False, True])

    def test_a_hold_follows_the_debt_of_a_customer_who_becomes_a_contact(self):
        self.hold(self.beta, reason="dispute")
        opening = self.invoice(self.alpha, 40, 70)  # of the company that he joins: never held
        before = {row["key"]: row["value"] for row in self.data()["holds"]}
        for parent in (self.customer("Group"), self.alpha, self.env["res.partner"]):
            self.beta.parent_id = parent
            with self.subTest(parent=parent.name):
                self.env.flush_all()
                rows = {row["key"]: row["value"] for row in self.data()["holds"]}
                self.assertEqual(rows, before)
                planned = self.plan._simulate(self.company)
                held = [row for row in planned if row.hold_id]
                self.assertEqual(
                    sum(float(row.residual) for row in held), self.figure(rows["dispute"])
                )
                self.assertNotIn(opening.id, [row.move_id for row in held])

    def test_a_part_of_an_invoice_is_held_on_its_first_instalments(self):
        parts = self.instalments(self.customer("Gamma"), "2026-05-01", "2026-05-15", 1000)
        self.hold(move_id=parts.id, reason="dispute", amount_held=600)
        [row] = self.data()["holds"]
        self.assertEqual(self.figure(row["value"]), 600)
        planned = {row.move_line_id: row for row in self.plan._simulate(self.company)}
        held = [float(planned[item.id].held_amount) for item in self.items(parts)]
        self.assertEqual(held, [500, 100])

    def test_money_given_back_ties_to_the_books_and_is_not_late(self):
        before = self.tile("overdue")["value"]
        self.payment(self.alpha, 50, payment_type="outbound", date="2026-04-01")
        data = self.data()
        self.assertTrue(data["control"]["agrees"])
        self.assertEqual(self.figure(data["control"]["shown"]), 3350)
        overdue = self.tile("overdue", data)
        self.assertEqual(overdue["value"], before)
        self.assertEqual(self.residual_behind(overdue["action"]), self.figure(before))
        for row in data["ages"]:
            self.assertEqual(self.residual_behind(row["action"]), self.figure(row["value"]))

    def test_a_hold_released_shows_on_the_days_before(self):
        held = self.hold(self.beta, reason="dispute", date_from="2026-05-15")
        held.action_release()
        self.assertFalse(self.data()["holds"])
        self.assertTrue(self.data(as_of="2026-05-31")["holds"])

    def test_the_tasks_of_today_open_their_list(self):
        self.history(self.firm, "2026-04-01", self.old, deadline="2026-04-10")
        self.prepare()  # a registered letter asks somebody
        tasks = {row["key"]: row for row in self.data()["tasks"]}
        waiting = self.Notice.search([("state", "=", "draft")])
        self.assertEqual((tasks["to_confirm"]["count"], len(waiting)), (1, 1))
        self.assertEqual(self.behind(tasks["to_confirm"]["action"]), waiting)

    def test_a_formal_notice_expires_after_its_printed_deadline(self):
        self.history(self.formal_notice, "2026-05-10", self.old, deadline="2026-05-31")
        self.history(self.formal_notice, "2026-05-20", self.late, deadline="2026-06-01")
        tile = self.tile("formal_notices")
        self.assertEqual(self.figure(tile["value"]), 1300)
        self.assertIn("300", tile["note"])
        self.pay(self.old, 300)  # its notice was sent as well, and claims nothing any more
        tile = self.tile("formal_notices")
        self.assertEqual(self.figure(tile["value"]), 1000)
        self.assertEqual(self.residual_behind(tile["action"]), 1000)

    def test_who_was_given_time_is_under_formal_notice_in_no_figure_and_no_list(self):
        self.history(self.formal_notice, "2026-05-10", self.old, deadline="2026-05-31")
        self.history(self.formal_notice, "2026-05-20", self.late, deadline="2026-06-01")
        self.items(self.old).date_maturity = "2026-05-30"
        tile = self.tile("formal_notices")
        self.assertEqual(self.figure(tile["value"]), 1000)
        self.assertEqual(self.behind(tile["action"]), self.items(self.late))

    def test_a_list_is_named_after_the_figure_that_it_is_behind(self):
        self.hold(move_id=self.late.id, reason="dispute")
        data = self.data()
        (row,) = data["holds"]
        self.assertEqual(row["action"]["name"], row["label"])
        for shown in (*data["figures"], *data["ages"], row):
            action = shown["action"]
            self.assertEqual(action.get("display_name", action["name"]), action["name"])

    # -- Forecast ----------------------------------------------------------------------------------

    def test_the_forecast_holds_all_that_is_open(self):
        self.hold(move_id=self.open.id, reason="promise", date_until="2026-06-12")
        self.hold(move_id=self.late.id, reason="dispute")
        forecast = self.data()["forecast"]
        totals = {name: self.figure(text) for name, text in forecast["totals"].items()}
        # Without any payment yet, what is late is beyond the habits.
        self.assertEqual(totals, {"certain": 1000, "probable": 0, "at_risk": 2300})
        self.assertEqual(len(forecast["weeks"]), 14)
        self.assertEqual(self.figure(forecast["weeks"][1]["total"]), 1000)

    def test_a_payment_plan_is_expected_instalment_by_instalment(self):
        item = self.old.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        plan = self.env["account.dunning.payment.plan"].create(
            {
                "partner_id": self.old.partner_id.id,
                "item_ids": item.ids,
                "first_date": "2026-06-10",
                "count": 3,
                "signed_on": "2026-06-01",
                "signer": "The manager",
            }
        )
        plan.action_start()
        forecast = self.data()["forecast"]
        totals = {name: self.figure(text) for name, text in forecast["totals"].items()}
        self.assertEqual(totals, {"certain": 300, "probable": 1000, "at_risk": 2000})
        for week, line in zip((1, 5, 10), plan.line_ids, strict=True):
            self.assertEqual(self.figure(forecast["weeks"][week]["total"]), line.amount)
        # On hold for a dispute as well, nothing is certain any more.
        self.hold(move_id=self.old.id, reason="dispute")
        certain = self.data()["forecast"]["totals"]["certain"]
        self.assertEqual(self.figure(certain), 0)

    def test_the_habits_of_a_customer_move_his_expected_day(self):
        with self.on("2026-05-21"):
            self.pay(self.late)  # Alpha pays 20 days late
        self.invoice(self.alpha, "2026-05-30", 500)
        weeks = self.data()["forecast"]["weeks"]
        # 30 May + 20 days: the week of 15 June.
        self.assertEqual(self.figure(weeks[2]["total"]), 1500)

    # -- Filters -----------------------------------------------------------------------------------

    def test_a_filter_narrows_every_figure_and_not_the_control(self):
        data = self.data(salesperson_id=self.ann.id)
        self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 1300)
        self.assertEqual([row["label"] for row in data["customers"]], ["Alpha"])
        self.assertEqual(self.figure(data["control"]["shown"]), 3300)
        self.assertEqual(self.figure(data["control"]["filtered"]), 1300)
        action = self.tile("receivables", data)["action"]
        self.assertEqual(self.residual_behind(action), 1300)

    def test_the_collector_is_the_salesperson_unless_somebody_else_is_set(self):
        self.assertEqual(
            self.figure(self.tile("receivables", collector_id=self.ann.id)["value"]), 1300
        )
        self.beta.dunning_user_id = self.ann
        tile = self.tile("receivables", collector_id=self.ann.id)
        self.assertEqual(self.figure(tile["value"]), 3300)
        self.assertEqual(self.residual_behind(tile["action"]), 3300)

    def test_regime_and_currency_filter(self):
        for regime, expected in (("b2b", 2000), ("none", 1300), ("b2c", 0)):
            tile = self.tile("receivables", regime=regime)
            self.assertEqual(self.figure(tile["value"]), expected)
            self.assertEqual(self.residual_behind(tile["action"]), expected)
        usd = self.env.ref("base.USD")
        self.assertEqual(self.figure(self.tile("receivables", currency_id=usd.id)["value"]), 0)

    def test_the_profile_follows_from_the_regime_unless_another_is_set(self):
        public = self.customer("Town", dunning_regime="b2g")
        strategic = self.customer("Key", dunning_regime="b2g", dunning_profile="strategic")
        self.invoice(public, 10, 500)
        self.invoice(strategic, 10, 70)
        for profile, expected in (
            ("public", 500),
            ("strategic", 70),
            ("consumer", 0),
            ("none", 3300),
        ):
            tile = self.tile("receivables", profile=profile)
            self.assertEqual(self.figure(tile["value"]), expected, profile)
            self.assertEqual(self.residual_behind(tile["action"]), expected, profile)

    def test_each_filter_is_offered_and_remembered(self):
        self.beta.dunning_user_id = self.ann
        self.customer("Other", user_id=self.new_user("bob").id)
        chosen = {
            "salesperson_id": self.ann.id,
            "collector_id": self.ann.id,
            "regime": "b2b",
            "profile": "historic",
            "currency_id": self.company.currency_id.id,
        }
        shown = {row["name"]: row for row in self.data(**chosen)["filters"]}
        self.assertEqual({name: shown[name]["chosen"] for name in shown}, chosen)
        for name, value in chosen.items():
            self.assertIn(value, [choice["value"] for choice in shown[name]["choices"]], name)

    def test_a_customer_must_pass_every_filter(self):
        data = self.data(regime="b2b", salesperson_id=self.ann.id)
        self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 0)
        self.beta.user_id = self.ann
        data = self.data(regime="b2b", salesperson_id=self.ann.id, as_of="2026-05-31")
        self.assertEqual(self.figure(self.tile("overdue", data)["value"]), 0)
        self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 2000)

    def test_what_is_no_filter_filters_nothing(self):
        data = self.data(regime="'; DROP TABLE", profile="x'", company_ids=[-1], unknown=1)
        self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 3300)

    # -- Days past ---------------------------------------------------------------------------------

    def test_a_past_day_shows_what_was_open_then(self):
        self.pay(self.late)
        data = self.data(as_of="2026-05-31")
        self.assertEqual((data["as_of"], data["is_today"]), ("2026-05-31", False))
        self.assertTrue(data["control"]["agrees"])
        self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 3300)
        # 1 000 fell due on that very day.
        tile = self.tile("overdue", data)
        self.assertEqual(self.figure(tile["value"]), 1300)
        self.assertEqual(self.residual_behind(tile["action"]), 1300)
        self.assertEqual(self.figure(self.tile("receivables")["value"]), 2300)

    def test_a_day_to_come_is_today(self):
        self.assertEqual(self.data(as_of="2027-01-01")["as_of"], "2026-06-01")

    # -- Rights ------------------------------------------------------------------------------------

    def test_accounting_roles_see_it(self):
        reader = self.new_user("reader", "account.group_account_readonly")
        for user in (reader, self.ann):
            self.assertEqual(self.figure(self.tile("receivables", self.data(user))["value"]), 3300)

    def test_who_is_no_accountant_sees_no_dashboard(self):
        outsider = self.new_user("outsider")
        with self.assert_refused(AccessError, "Only accounting users"):
            self.data(outsider)

    def test_a_user_of_another_company_sees_its_books_only(self):
        other = self.setup_other_company()["company"]
        stranger = self.new_user("stranger", "account.group_account_invoice", company=other)
        for filters in ({}, {"company_ids": self.company.ids}):
            data = self.data(stranger, **filters)
            self.assertEqual(self.figure(data["control"]["shown"]), 0)
            self.assertEqual(self.figure(self.tile("receivables", data)["value"]), 0)
            self.assertFalse(data["customers"])

    def test_two_companies_add_up_in_the_currency_of_the_present_one(self):
        other = self.setup_other_company()["company"]
        usd = self.env.ref("base.USD")
        other.currency_id = usd
        self.env["res.currency.rate"].search([("currency_id", "=", usd.id)]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "name": day("2026-01-01"), "company_rate": 2}
        )
        both = self.company | other
        env = self.env(context={**self.env.context, "allowed_company_ids": both.ids})
        data = env["account.dunning.dashboard"].get_data()
        self.assertTrue(data["control"]["agrees"])
        self.assertEqual(self.figure(data["control"]["shown"]), 3300)
        (choice,) = (row for row in data["filters"] if row["name"] == "company_ids")
        self.assertEqual(len(choice["choices"]), 2)

    # -- Promises ----------------------------------------------------------------------------------

    def test_promises_count_by_their_money_and_open_their_list(self):
        promises = self.env["account.dunning.promise"]
        for move, paid in ((self.late, 1000), (self.old, 100)):
            with self.on("2026-05-10"):
                promises |= promises.create(
                    {
                        "partner_id": self.alpha.id,
                        "item_ids": self.items(move).ids,
                        "amount": move.amount_total,
                        "date_promised": "2026-05-15",
                    }
                )
            with self.on("2026-05-14"):
                self.pay(move, paid)
        promises._review(self.company, day("2026-06-01"))
        tile = self.tile("promises")
        self.assertAlmostEqual(self.figure(tile["value"]), 84.6)  # 1 100 of 1 300
        self.assertEqual(self.behind(tile["action"]), promises)
