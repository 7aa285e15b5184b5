"""The table of rates as data, its confirmation and its reminders; the terms kept on invoices."""

from contextlib import contextmanager
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import day
from ..penalty_common import PenaltyCommon, read_csv

CONFIRMED = ("official", "secondary")
KINDS = ("ecb", "legal")
COLUMNS = {
    "ecb_rate": "ecb_main_refinancing_rate",
    "legal_rate_individuals": "legal_rate_individuals",
    "legal_rate_other": "legal_rate_other",
}


@tagged("post_install", "-at_install")
class TestRates(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rate = cls.env["account.dunning.rate"]

    def half_year(self, text):
        return self.Rate.search([("date_from", "=", text)])

    def new_rate(self, text="2027-01-01", **values):
        figures = {"ecb_rate": 2.4, "legal_rate_individuals": 6.8, "legal_rate_other": 2.8}
        return self.Rate.create({"date_from": text, **figures, **values})

    @contextmanager
    def refused_by_the_database(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            yield

    # -- The table ---------------------------------------------------------------------------------

    def test_the_shipped_table_is_the_table_of_rates_csv(self):
        published = read_csv("rates.csv")
        self.assertEqual(len(published), 30)
        for row in published:
            rate = self.half_year(row["date_from"])
            for field, column in COLUMNS.items():
                figure = Decimal(row[column])
                self.assertEqual(Decimal(f"{rate[field]:.2f}"), figure, (row["semester"], field))
            state = "confirmed" if row["confidence"] in CONFIRMED else "to_confirm"
            for kind in KINDS:
                self.assertEqual(rate[f"{kind}_state"], state, (row["semester"], kind))
                self.assertTrue(rate[f"{kind}_source"], (row["semester"], kind))
                self.assertTrue(rate[f"{kind}_certainty"], (row["semester"], kind))
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "account_dunning_fr"), ("model", "=", "account.dunning.rate")]
        )
        self.assertEqual(len(shipped), len(published))

    def test_the_rates_of_a_half_year_follow_from_the_published_ones(self):
        rate = self.half_year("2026-07-01")
        self.assertEqual((rate.b2b_rate, rate.b2g_rate, rate.floor_rate), (12.40, 10.40, 8.25))

    def test_a_half_year_starts_in_january_or_july(self):
        for text in ("2027-02-01", "2027-01-02", "2027-07-31"):
            with self.refused_by_the_database():
                self.new_rate(text)

    def test_a_half_year_has_one_row(self):
        with self.refused_by_the_database():
            self.new_rate("2026-01-01")

    def test_a_rate_is_typed_in_percent(self):
        for values in ({"legal_rate_other": 275}, {"legal_rate_other": -1}, {"ecb_rate": 240}):
            with self.assert_refused(ValidationError, "percent a year"):
                self.new_rate(**values)

    def test_a_negative_rate_of_the_central_bank_is_possible(self):
        self.assertEqual(self.new_rate(ecb_rate=-0.5).b2b_rate, 9.5)

    def states(self, rate):
        return rate.ecb_state, rate.legal_state

    def test_each_figure_has_its_own_source_and_its_own_confirmation(self):
        rate = self.new_rate()
        self.assertEqual(self.states(rate), ("to_confirm", "to_confirm"))
        with self.assert_refused(ValidationError, "Source"):
            rate.action_confirm_legal()
        rate.legal_source = "Order of 15 December 2026"
        rate.action_confirm_legal()
        self.assertEqual(self.states(rate), ("to_confirm", "confirmed"))
        with self.assert_refused(ValidationError, "Source"):
            rate.action_confirm_ecb()
        rate.ecb_source = "Decision of the ECB"
        rate.action_confirm_ecb()
        self.assertEqual(self.states(rate), ("confirmed", "confirmed"))

    def test_a_figure_typed_again_is_to_be_confirmed_again_and_the_other_stays(self):
        cases = (
            ("ecb_rate", 2.65, ("to_confirm", "confirmed")),
            ("legal_rate_other", 2.9, ("confirmed", "to_confirm")),
            ("legal_rate_individuals", 6.9, ("confirmed", "to_confirm")),
            ("legal_source", "Order", ("confirmed", "confirmed")),
        )
        rate = self.new_rate(ecb_source="ECB", legal_source="JO")
        for name, value, states in cases:
            with self.subTest(name):
                rate.action_confirm_ecb()
                rate.action_confirm_legal()
                rate[name] = value
                self.assertEqual(self.states(rate), states)

    def test_the_half_year_of_today_is_told_with_its_certainty(self):
        rate = self.half_year("2026-07-01")
        self.assertEqual((rate.ecb_certainty, rate.legal_certainty), ("certain", "plausible"))
        self.assertIn("order of June 2026 not seen", rate.legal_source)
        self.assertIn("order of 15/12/2025", self.half_year("2026-01-01").legal_source)
        self.assertEqual(self.half_year("2026-01-01").legal_certainty, "official")

    def test_a_billing_user_reads_the_rates_and_a_manager_completes_them(self):
        billing = self.new_user("billing", "account.group_account_invoice")
        rate = self.half_year("2026-01-01")
        self.assertEqual(rate.with_user(billing).ecb_rate, 2.15)
        with self.assertRaises(AccessError):
            rate.with_user(billing).ecb_rate = 3
        manager = self.new_user("manager", "account_dunning_fr.group_dunning_manager")
        rate = self.Rate.with_user(manager).create(
            {
                "date_from": "2027-01-01",
                "ecb_rate": 2.4,
                "legal_rate_other": 2.8,
                "legal_source": "JO",
            }
        )
        with self.assertRaises(AccessError):
            rate.with_user(billing).action_confirm_legal()
        rate.action_confirm_legal()
        self.assertEqual(rate.legal_state, "confirmed")

    # -- Reminders to complete it ------------------------------------------------------------------

    def test_a_half_year_that_is_missing_or_to_confirm_is_warned_about(self):
        self.assertFalse(self.Rate._get_warning(day("2026-06-30")))
        rate = self.half_year("2026-07-01").sudo()
        for left, told, quiet in (
            (("ecb", "legal"), "ECB rate of the half-year from 07/01/2026, legal rate", "missing"),
            (("ecb",), "ECB rate", "legal rate"),
            (("legal",), "legal rate", "ECB rate"),
        ):
            with self.subTest(left):
                for kind in KINDS:
                    rate[f"{kind}_state"] = "to_confirm" if kind in left else "confirmed"
                warning = self.Rate._get_warning(day("2026-07-01"))
                self.assertIn(told, warning)
                self.assertNotIn(quiet, warning)
        self.assertIn("01/01/2027 are missing", self.Rate._get_warning(day("2027-01-01")))
        self.assertIn("nothing is extrapolated", self.Rate._get_warning(day("2027-01-01")))

    def test_each_manager_has_one_to_do_until_the_half_year_is_there(self):
        managers = [
            self.new_user(login, "account_dunning_fr.group_dunning_manager")
            for login in ("first_manager", "second_manager")
        ]

        def todos():
            return self.env["mail.activity"].search(
                [
                    ("res_model", "=", "account.dunning.rate"),
                    ("user_id", "in", [manager.id for manager in managers]),
                ]
            )

        with self.on("2027-01-04"):
            for _run in range(3):
                self.run_cron("rates")
            self.assertEqual(sorted(todos().user_id.ids), sorted(m.id for m in managers))
            self.assertEqual(len(todos()), 2)
            self.assertIn("01/01/2027", todos()[0].note)
            rate = self.new_rate(ecb_source="ECB", legal_source="Order")
            rate.action_confirm_ecb()
            self.assertTrue(todos(), "the legal rate is still to be confirmed")
            rate.action_confirm_legal()
            self.assertFalse(todos())
            self.run_cron("rates")
            self.assertFalse(todos())

    # -- What waits for it -------------------------------------------------------------------------

    def stating(self, name, *, regime="b2b", due="2026-03-31", **terms):
        """Prepare the message of 1 June that states the penalties of a debt of this customer."""
        partner = self.customer(name, dunning_regime=regime, dunning_lang="en_US", **terms)
        move = self.invoice(partner, due, 1000)
        if regime == "b2c":  # owes interest from a formal notice that reached him
            self.history(self.formal_notice, "2026-05-01", move)
        self.history(self.first, "2026-05-10", move)
        notice = self.draft(partner)
        self.assertEqual(notice.level_id, self.firm)
        return notice

    def unconfirm(self, *kinds, on="2026-01-01"):
        rate = self.half_year(on).sudo()
        rate.write({f"{kind}_state": "to_confirm" for kind in kinds})
        return rate

    TERMS = (
        # the terms of the customer, and what the message waits for
        ("Default", {}, {"ecb"}),
        ("Default typed", {"dunning_rate_type": "legal"}, {"ecb"}),
        ("Public", {"regime": "b2g"}, {"ecb"}),
        ("Three times", {"dunning_rate_type": "multiple", "dunning_rate_multiple": 3}, {"legal"}),
        ("Four times", {"dunning_rate_type": "multiple", "dunning_rate_multiple": 4}, {"legal"}),
        ("Fixed", {"dunning_rate_type": "fixed", "dunning_rate_percent": 15}, set()),
        ("Fixed low", {"dunning_rate_type": "fixed", "dunning_rate_percent": 5}, set()),
        ("Zero base", {"dunning_rate_type": "fixed", "dunning_rate_percent": 9.5}, set()),
    )

    def test_a_message_waits_for_the_figure_that_it_uses_and_for_no_other(self):
        self.unconfirm("ecb", "legal")
        for name, terms, awaited in self.TERMS:
            with self.subTest(name):
                notice = self.stating(name, **terms)
                figures = notice._get_awaited_figures()
                self.assertEqual({figure.kind for figure in figures}, awaited)
                self.assertEqual(bool(notice.rate_warning), bool(awaited))
                if awaited:
                    with self.assert_refused(UserError, "waits for a rate"):
                        notice.action_send()
                else:
                    notice.action_send()
                self.assertEqual(notice.state, "ready" if awaited else "sent")

    def test_a_message_leaves_once_its_figure_is_confirmed_whatever_the_other(self):
        for name, terms, used in (
            ("Default", {}, "ecb"),
            ("Public", {"regime": "b2g"}, "ecb"),
            ("Three times", {"dunning_rate_type": "multiple", "dunning_rate_multiple": 3}, "legal"),
        ):
            with self.subTest(name):
                rate = self.unconfirm("ecb", "legal")
                notice = self.stating(name, **terms)
                self.assertTrue(notice._get_rate_problem())
                rate[f"{used}_state"] = "confirmed"
                notice.action_send()
                self.assertEqual(notice.state, "sent")

    def test_only_the_half_years_of_the_delay_count(self):
        for due, on, waits in (
            ("2026-03-31", "2025-07-01", False),
            ("2025-12-20", "2025-07-01", True),
            ("2025-12-31", "2025-07-01", False),
            ("2025-12-30", "2025-07-01", True),
        ):
            with self.subTest(due=due):
                self.unconfirm("ecb", on=on)
                notice = self.stating(f"Due {due}", due=due)
                self.assertEqual(bool(notice._get_awaited_figures()), waits)

    def test_a_message_that_states_no_penalty_waits_for_nothing(self):
        self.unconfirm("ecb", "legal")
        partner = self.customer("Mild", dunning_regime="b2b")
        self.invoice(partner, 10)
        notice = self.draft(partner)
        self.assertEqual(notice.level_id, self.first)
        notice.action_send()
        self.assertEqual(notice.state, "sent")

    def test_the_scheduled_sending_says_what_a_message_waits_for_and_sends_the_others(self):
        self.company.partner_id.dunning_lang = "en_US"  # in which the reason speaks
        rate = self.unconfirm("ecb")
        waiting = self.stating("Waiting")
        other = self.stating("Other", dunning_rate_type="fixed", dunning_rate_percent=12)
        self.run_cron("send")
        self.assertEqual((waiting.state, other.state), ("ready", "sent"))
        self.assertIn("ECB rate of the half-year from 01/01/2026", waiting.waiting_reason)
        self.assertFalse(waiting.blocking_reason, "nothing failed")
        rate.ecb_state = "confirmed"
        self.run_cron("send")
        self.assertEqual((waiting.state, waiting.waiting_reason), ("sent", False))

    def test_a_company_may_send_with_figures_to_confirm_and_its_history_says_so(self):
        self.unconfirm("ecb")
        notice = self.stating("Allowed")
        settings = self.env["res.config.settings"].with_user(self.company_admin())
        settings.create({"dunning_send_unconfirmed": True}).execute()
        self.assertTrue(self.company.dunning_send_unconfirmed)
        changes = self.env["account.dunning.change"].sudo()
        change = changes.search([("field_name", "=", "dunning_send_unconfirmed")], limit=1)
        self.assertEqual((change.company_id, change.kind), (self.company, "changed"))
        notice.invalidate_recordset(["rate_warning"])
        self.assertIn("sends all the same", notice.rate_warning)
        notice.action_send()
        self.assertEqual(notice.state, "sent")

    def company_admin(self):
        return self.new_user(
            "settings", "base.group_system", "account_dunning_fr.group_dunning_manager"
        )

    def test_the_page_of_the_day_confirms_a_figure_in_one_click(self):
        manager = self.new_user("manager", "account_dunning_fr.group_dunning_manager")
        clerk = self.new_user("clerk", "account_dunning_fr.group_dunning_user")
        rate = self.unconfirm("ecb", "legal")
        page = self.env["account.dunning.today"]

        def cards(user):
            tasks = page.with_user(user).get_page()["tasks"]
            return {task["key"]: task for task in tasks if task["key"].startswith("rate_")}

        self.assertEqual(list(cards(manager)), ["rate_ecb_2026-01-01", "rate_legal_2026-01-01"])
        card = cards(manager)["rate_legal_2026-01-01"]
        self.assertIn("legal rate of the half-year from 01/01/2026, 2.62", card["label"])
        self.assertIn("Official text seen. Order of 15/12/2025", card["detail"])
        self.assertFalse(cards(clerk)["rate_legal_2026-01-01"]["button"])
        button = card["button"]
        with self.assertRaises(AccessError):
            getattr(self.Rate.with_user(clerk).browse(button["ids"]), button["method"])()
        getattr(
            self.env[button["model"]].with_user(manager).browse(button["ids"]), button["method"]
        )()
        self.assertEqual(self.states(rate), ("to_confirm", "confirmed"))
        self.assertEqual(list(cards(manager)), ["rate_ecb_2026-01-01"])

    def test_what_does_not_wait_says_that_a_rate_is_not_confirmed(self):
        """A statement, a booking and a court file use the figure; who makes them is told."""
        self.partner.write({"street": "1 rue", "zip": "75008", "city": "Paris"})
        move = self.late("2026-02-28", 1000)
        own = {"company_id": self.company.id, "partner_id": self.partner.id}
        statement = self.env["account.dunning.statement"].create(own)
        booking = self.preview(self.partner)
        case = self.env["account.dunning.case"].sudo().create({**own, "route": "summons"})
        case.item_ids = [Command.create({"move_line_id": self.item(move).id})]
        case._refresh()  # as whoever prepares a file does: the sums, and the rates they rest on
        records = (statement, booking, case)
        for kinds, told in (
            ((), False),
            (("legal",), False),  # the claim rests on the other one
            (("ecb",), "Not confirmed yet: ECB rate of the half-year from 01/01/2026."),
        ):
            self.half_year("2026-01-01").action_confirm_ecb()
            self.unconfirm(*kinds)
            for record in records:
                with self.subTest(kinds=kinds, record=record._name):
                    record.invalidate_recordset(["rate_warning"])
                    self.assertEqual(bool(record.rate_warning), bool(told))
                    self.assertIn(told or "", record.rate_warning or "")

    def test_the_page_of_the_day_tells_the_half_years_that_messages_need(self):
        old = self.unconfirm("ecb", on="2024-01-01")
        page = self.env["account.dunning.today"]

        def kinds():
            return [task.key for task in page._get_tasks(self.company) if task.key[:5] == "rate_"]

        self.assertEqual(kinds(), [])
        self.stating("Old", due="2024-03-31")
        self.assertEqual(kinds(), ["rate_ecb_2024-01-01"])
        old.ecb_state = "confirmed"
        self.assertEqual(kinds(), [])

    # -- Terms -------------------------------------------------------------------------------------

    def test_the_terms_of_the_company_are_written_down_on_its_invoices(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.company.dunning_rate_percent = 20
        self.assertEqual((invoice.dunning_rate_type, invoice.dunning_rate_percent), ("fixed", 15))
        # 1 000 × 15 % × 30 / 365 = 12.3288; at 20 %: 16.4384
        self.assert_interest(invoice, "2026-04-30", "12.33")
        self.assert_interest(self.invoice(self.partner, "2026-03-31", 1000), "2026-04-30", "16.44")

    def test_an_invoice_under_the_legal_rate_keeps_it_when_the_company_takes_another(self):
        self.company.dunning_rate_type = "legal"
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 20})
        self.assert_interest(invoice, "2026-04-30", "9.99")

    def test_terms_typed_later_hold_for_invoices_posted_before_any_were_known(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.assert_interest(invoice, "2026-04-30", "9.99")
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        self.assert_interest(invoice, "2026-04-30", "12.33")

    def test_the_terms_of_the_customer_come_before_those_of_the_company(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        self.partner.write({"dunning_rate_type": "multiple", "dunning_rate_multiple": 4})
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        # 1 000 × 4 × 2.62 % × 30 / 365 = 8.6137
        self.assert_interest(invoice, "2026-04-30", "8.61")

    def test_a_rate_typed_on_the_invoice_stays_and_a_copy_takes_the_present_terms(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        typed = {"dunning_rate_type": "fixed", "dunning_rate_percent": 20}
        invoice = self.invoice(self.partner, "2026-03-31", 1000, **typed)
        self.assert_interest(invoice, "2026-04-30", "16.44")
        self.assertFalse(invoice.copy().dunning_rate_type)

    def test_terms_need_their_figure(self):
        with self.assert_refused(ValidationError, "fixed late-payment rate"):
            self.partner.dunning_rate_type = "fixed"
        with self.assert_refused(ValidationError, "multiplied"):
            self.partner.dunning_rate_type = "multiple"
