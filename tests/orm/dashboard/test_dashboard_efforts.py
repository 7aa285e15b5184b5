"""The dashboard: what was done to collect, its cost, terms, losses, stages, limitation."""

from odoo import Command
from odoo.tests import tagged

from ..dashboard_common import DashboardCommon
from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDashboardEfforts(DashboardCommon, DunningCommon):
    """Alpha owes 1 000 since 1 May, Beta 500 since 20 May 2026; today is 1 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.dashboard = cls.env["account.dunning.dashboard"]
        cls.alpha = cls.customer("Alpha", dunning_regime="b2b")
        cls.beta = cls.customer("Beta", dunning_profile="strategic")
        cls.late = cls.invoice(cls.alpha, "2026-05-01", 1000)
        cls.other = cls.invoice(cls.beta, "2026-05-20", 500)

    @classmethod
    def account(cls, code, kind, amount, on, partner=None):
        """Post an entry on an account of this code, against the income."""
        account = cls.env["account.account"].create(
            {"code": code, "name": code, "account_type": kind}
        )
        lines = [(account, amount), (cls.income, -amount)]
        cls.env["account.move"].create(
            {
                "journal_id": cls.company_data["default_journal_misc"].id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "name": code,
                            "partner_id": partner and partner.id,
                        }
                    )
                    for account, balance in lines
                ],
            }
        ).action_post()

    def call(self, partner, outcome, on):
        call = self.env["account.dunning.call"].create({"partner_id": partner.id, "date": on})
        call.sudo().write({"state": "done", "outcome": outcome, "done_on": f"{on} 10:00:00"})
        call.flush_recordset()  # one call waits per customer: the next is created after it
        return call

    def dispute(self, move, amount, opened, closed=None):
        with self.on(opened):
            dispute = self.env["account.dunning.dispute"].create(
                {"move_id": move.id, "amount": amount}
            )
        if closed:
            with self.on(closed):
                dispute.action_reject()
        return dispute

    # -- Terms -------------------------------------------------------------------------------------

    def test_the_term_agreed_and_the_delay_make_the_time_to_pay(self):
        self.pay(self.late)  # 30 days agreed, paid 31 late
        with self.on("2026-05-10"):
            self.pay(self.other, 250)  # 30 days agreed, half of it paid 10 early
        data = self.data()
        # Σ 61 × 1 000 + 20 × 250 over 1 250; 31 × 1 000 - 10 × 250 over 1 250.
        self.assertEqual(self.figure(self.tile("contractual_dso", data)["value"]), 30)
        self.assertEqual(self.figure(self.tile("mean_delay", data)["value"]), 22.8)
        tile = self.tile("payment_time", data)
        self.assertEqual(self.figure(tile["value"]), 52.8)
        self.assertEqual(sum(self.behind(tile["action"]).mapped("credit")), 1250)

    def test_each_instalment_counts_with_its_own_term(self):
        halves = self.instalments(self.alpha, "2026-05-01", "2026-05-31", 600)
        self.pay(halves)
        # 300 at 30 days, 300 at 60 days.
        self.assertEqual(self.figure(self.tile("contractual_dso")["value"]), 45)

    def test_without_payment_there_is_no_term_to_tell(self):
        data = self.data()
        self.assertIn("–", self.tile("contractual_dso", data)["value"])
        self.assertIn("–", self.tile("payment_time", data)["value"])

    # -- Activity ----------------------------------------------------------------------------------

    def test_a_late_customer_is_active_once_reminded_called_or_paying(self):
        tile = self.tile("activation")
        self.assertEqual(self.figure(tile["value"]), 0)
        self.assertIn("0 of 2", tile["note"])
        self.history(self.first, "2026-05-10", self.late)
        self.assertEqual(self.figure(self.tile("activation")["value"]), 50)
        self.call(self.beta, "reached", "2026-05-28")
        tile = self.tile("activation")
        self.assertEqual(self.figure(tile["value"]), 100)
        self.assertEqual(self.behind(tile["action"]).move_id, self.late | self.other)

    def test_a_payment_is_an_activity_and_a_courtesy_message_is_none(self):
        self.history(self.courtesy, "2026-04-26", self.late)
        self.assertEqual(self.figure(self.tile("activation")["value"]), 0)
        self.pay(self.other, 10)
        self.assertEqual(self.figure(self.tile("activation")["value"]), 50)

    def test_what_was_done_before_the_period_does_not_count(self):
        self.invoice(self.alpha, "2026-01-10", 70)
        self.history(self.first, "2026-02-01", self.late)
        self.call(self.beta, "reached", "2026-02-15")
        data = self.data()
        self.assertEqual(self.figure(self.tile("activation", data)["value"]), 0)
        self.assertIn("–", self.tile("contact", data)["value"])

    def test_a_filter_narrows_the_activity(self):
        self.history(self.first, "2026-05-10", self.late)
        self.call(self.beta, "reached", "2026-05-28")
        data = self.data(profile="strategic")
        self.assertIn("1 of 1", self.tile("activation", data)["note"])
        self.assertIn("1 of 1", self.tile("contact", data)["note"])
        self.assertIn("–", self.tile("first", data)["value"])

    def test_the_first_reminder_is_counted_from_the_due_date(self):
        self.history(self.courtesy, "2026-04-26", self.late)
        self.history(self.first, "2026-05-06", self.late)  # 5 days
        self.history(self.firm, "2026-05-16", self.late)  # not the first one
        self.history(self.first, "2026-05-28", self.other)  # 8 days
        tile = self.tile("first")
        self.assertEqual(self.figure(tile["value"]), 6.5)
        self.assertEqual(len(self.behind(tile["action"])), 3)

    def test_calls_that_reached_somebody(self):
        made = [
            self.call(self.alpha, outcome, on)
            for outcome, on in (
                ("unreachable", "2026-05-04"),
                ("message", "2026-05-05"),
                ("promise", "2026-05-06"),
                ("refuses", "2026-06-01"),
            )
        ]
        tile = self.tile("contact")
        self.assertEqual(self.figure(tile["value"]), 50)
        self.assertIn("2 of 4", tile["note"])
        self.assertEqual(set(self.behind(tile["action"])), set(made))
        before = self.tile("contact", as_of="2026-05-31")
        self.assertIn("1 of 3", before["note"])
        self.assertEqual(len(self.behind(before["action"])), 3)

    def test_the_page_of_the_customers_has_a_tile_once_a_message_brought_a_link(self):
        groups = self.data()["tiles"]
        self.assertNotIn("page", [tile["key"] for group in groups for tile in group["tiles"]])
        whose = {"company_id": self.company.id, "partner_id": self.alpha.id}
        links = self.env["account.dunning.link"].sudo()
        for number, opened in enumerate((0, 3)):
            vals = {"channel": "email", "token_hash": f"{number}", "until": "2099-01-01"}
            links |= links.create({**whose, **vals, "opened_count": opened})
        links.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_dunning_link SET create_date = '2026-05-20 10:00:00' WHERE id IN %s",
            [tuple(links.ids)],
        )
        requests = self.env["account.dunning.request"].sudo()
        for made_at in ("2026-05-21 10:00:00", "2026-06-02 10:00:00"):
            requests |= requests.create({**whose, "kind": "message", "made_at": made_at})
        tile = self.tile("page")
        self.assertEqual(self.figure(tile["value"]), 50)
        self.assertIn("1 of 2 links opened, 1 requests, 0 payments", tile["note"])
        self.assertEqual(self.behind(tile["action"]), requests[:1])

    # -- Disputes ----------------------------------------------------------------------------------

    def test_disputes_count_their_days_and_their_share_of_the_sales(self):
        solved = self.dispute(self.late, 300, "2026-05-05", "2026-05-15")
        running = self.dispute(self.other, 60, "2026-05-25")
        tile = self.tile("disputes")
        self.assertEqual(self.figure(tile["value"]), 10)
        self.assertIn("24.0", tile["note"])  # 360 of 1 500
        self.assertEqual(self.behind(tile["action"]), solved | running)
        self.assertIn("–", self.tile("disputes", as_of="2026-05-10")["value"])

    # -- Cost --------------------------------------------------------------------------------------

    def test_without_prices_nor_fees_there_is_no_cost(self):
        tile = self.tile("cost")
        self.assertEqual(tile["value"], "–")
        self.assertIn("settings", tile["note"])

    def test_the_cost_of_a_euro_paid_late(self):
        self.company.write({"dunning_letter_cost": 2, "dunning_call_cost": 6})
        letter = self.history(self.firm, "2026-05-16", self.late)
        letter._write({"send_letter": True})
        self.call(self.alpha, "reached", "2026-05-20")
        case = self.env["account.dunning.case"].create(
            {"partner_id": self.alpha.id, "company_id": self.company.id}
        )
        self.env["account.dunning.case.cost"].create(
            {"case_id": case.id, "name": "Act", "amount": 42, "date": "2026-05-30"}
        )
        self.assertEqual(self.tile("cost")["value"], "–")  # nothing came in yet
        self.pay(self.late, 250)
        early = self.invoice(self.beta, "2026-06-30", 900)
        self.pay(early)  # not late: nobody had to ask
        tile = self.tile("cost")
        self.assertEqual(self.figure(tile["value"]), 0.2)  # 50 for 250
        self.assertEqual(self.behind(tile["action"]), letter)

    # -- Losses and doubtful debts -----------------------------------------------------------------

    def test_losses_are_set_against_the_turnover_of_the_year(self):
        tax = self.company_data["default_tax_sale"]
        line = {"name": "Taxed", "price_unit": 500, "account_id": self.income.id}
        self.invoice(
            self.alpha,
            "2026-05-15",
            invoice_line_ids=[Command.create({**line, "tax_ids": [Command.set(tax.ids)]})],
        )
        self.account("654100", "expense", 30, "2026-05-31", self.alpha)
        self.account("654400", "expense", 99, "2025-05-31", self.alpha)  # a year ago already
        tile = self.tile("losses")
        self.assertEqual(self.figure(tile["value"]), 1.5)  # 30 of 2 000 without taxes
        self.assertEqual(sum(self.behind(tile["action"]).mapped("balance")), 30)

    def test_doubtful_debts_and_what_covers_them(self):
        self.account("416100", "asset_current", 800, "2024-12-31", self.alpha)
        self.account("491100", "asset_current", -200, "2025-12-31")
        tile = self.tile("doubtful")
        self.assertEqual(self.figure(tile["value"]), 800)
        self.assertIn("25.0", tile["note"])
        self.assertEqual(sum(self.behind(tile["action"]).mapped("balance")), 800)
        self.assertFalse(self.tile("doubtful", regime="b2b")["note"])

    def test_what_is_depreciated_and_the_vat_to_get_back_have_their_lists(self):
        self.account("491100", "asset_current", -200, "2025-12-31", self.alpha)
        tile = self.tile("provided")
        self.assertEqual(self.figure(tile["value"]), 200)
        self.assertEqual(sum(self.behind(tile["action"]).mapped("balance")), -200)
        item = self.items(self.invoice(self.alpha, "2026-03-01", 120))
        reliefs = self.env["account.dunning.vat.relief"].sudo()
        line = {"move_line_id": item.id, "claim": 120, "net": 100, "vat": 20}
        line["tax_id"] = self.company_data["default_tax_sale"].id
        open_one, _later, _done = reliefs.create(
            [
                {
                    "partner_id": self.alpha.id,
                    "ground": ground,
                    "event_date": event,
                    "state": state,
                    "line_ids": [Command.create(line)],
                }
                for ground, event, state in (
                    ("liquidation", "2026-05-04", "issued"),
                    ("remission", "2026-07-01", "draft"),
                    ("irrecoverable", "2026-05-04", "booked"),
                )
            ]
        )
        tile = self.tile("vat_back")
        self.assertEqual(self.figure(tile["value"]), 20)
        self.assertEqual(self.behind(tile["action"]), open_one)

    def test_a_chart_without_these_accounts_has_no_such_tile(self):
        keys = {tile["key"] for group in self.data()["tiles"] for tile in group["tiles"]}
        self.assertFalse(
            {"losses", "doubtful", "provided", "vat_back", "limit", "plans", "promises"} & keys
        )

    # -- Limitation --------------------------------------------------------------------------------

    def test_what_is_soon_time_barred_follows_the_regime(self):
        person = self.customer("Person", dunning_regime="b2c")
        town = self.customer("Town", dunning_regime="b2g")
        soon = self.invoice(self.alpha, "2021-12-01", 10)  # 1 December 2026
        soon |= self.invoice(person, "2024-12-01", 20)
        soon |= self.invoice(town, "2021-06-01", 40)  # 31 December 2025
        self.invoice(self.alpha, "2021-12-02", 1000)
        self.invoice(person, "2024-12-02", 1000)
        self.invoice(town, "2022-01-01", 1000)  # 31 December 2026
        tile = self.tile("limit")
        self.assertEqual(self.figure(tile["value"]), 70)
        self.assertEqual(self.behind(tile["action"]).move_id, soon)

    # -- Credit limits -----------------------------------------------------------------------------

    def test_what_is_owed_beyond_the_credit_limits(self):
        self.alpha.credit_limit = 700  # owes 1 000
        self.beta.credit_limit = 1000  # owes 500
        self.invoice(self.customer("Free"), 5, 5000)
        keys = {tile["key"] for group in self.data()["tiles"] for tile in group["tiles"]}
        self.assertNotIn("credit_limit", keys)
        self.company.account_use_credit_limit = True
        tile = self.tile("credit_limit")
        self.assertEqual(self.figure(tile["value"]), 300)
        self.assertIn("customers: 1", tile["note"])
        self.assertIn("88.2", tile["note"])  # 1 500 of 1 700
        self.assertEqual(self.behind(tile["action"]).move_id, self.late)
        self.payment(self.alpha, 400)
        tile = self.tile("credit_limit")
        self.assertEqual(self.figure(tile["value"]), 0)
        self.assertFalse(self.behind(tile["action"]))

    def test_the_usual_limit_holds_for_who_has_none_of_his_own(self):
        self.company.account_use_credit_limit = True
        self.env["ir.default"].set("res.partner", "credit_limit", 600, company_id=self.company.id)
        self.beta.credit_limit = 450
        tile = self.tile("credit_limit")
        self.assertEqual(self.figure(tile["value"]), 450)  # 400 and 50
        self.assertEqual(self.behind(tile["action"]).move_id, self.late | self.other)

    # -- Payment plans -----------------------------------------------------------------------------

    def test_instalments_paid_in_time(self):
        with self.on("2026-05-02"):
            plan = self.env["account.dunning.payment.plan"].create(
                {
                    "partner_id": self.alpha.id,
                    "item_ids": self.items(self.late).ids,
                    "first_date": "2026-05-10",
                    "count": 4,
                    "signed_on": "2026-05-02",
                    "signer": "Somebody",
                }
            )
            plan.line_ids.sorted("date")[1].date = "2026-05-20"
            plan.action_start()
        with self.on("2026-05-09"):
            self.pay(self.late, 250)
        tile = self.tile("plans")
        self.assertEqual(self.figure(tile["value"]), 50)
        self.assertIn("1 of 2", tile["note"])
        self.assertEqual(self.behind(tile["action"]), plan)

    # -- Stages ------------------------------------------------------------------------------------

    def test_court_files_show_by_stage_with_what_is_left(self):
        case = self.env["account.dunning.case"].create(
            {"partner_id": self.alpha.id, "company_id": self.company.id}
        )
        self.env["account.dunning.case.item"].create(
            {"case_id": case.id, "move_line_id": self.items(self.late).id}
        )
        self.pay(self.late, 400)
        (row,) = self.data()["cases"]
        self.assertEqual((row["key"], row["count"]), ("case_preparation", 1))
        self.assertEqual(self.figure(row["value"]), 600)
        self.assertEqual(self.behind(row["action"]), case)
        self.assertFalse(self.data(profile="strategic")["cases"])

    def test_registered_letters_show_by_what_became_of_them(self):
        notice = self.history(self.registered, "2026-05-20", self.late)
        letter = (
            self.env["account.dunning.registered"]
            .sudo()
            .create(
                {"notice_id": notice.id, "posted_on": "2026-05-20", "delivered_on": "2026-05-22"}
            )
        )
        (row,) = self.data()["registered"]
        self.assertEqual((row["key"], row["count"]), ("registered_delivered", 1))
        self.assertEqual(self.behind(row["action"]), letter)
        self.assertFalse(self.data(as_of="2026-05-19")["registered"])
