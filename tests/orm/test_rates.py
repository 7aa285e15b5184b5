"""The table of rates as data, its confirmation and its reminders; the terms kept on invoices."""

from contextlib import contextmanager
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import day
from .penalty_common import PenaltyCommon, read_csv

CONFIRMED = ("official", "secondary")
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
            self.assertEqual(rate.state, state, row["semester"])
            self.assertTrue(rate.source, row["semester"])
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

    def test_a_confirmation_needs_a_source(self):
        rate = self.new_rate()
        self.assertEqual(rate.state, "to_confirm")
        with self.assert_refused(ValidationError, "Source"):
            rate.action_confirm()
        rate.source = "Decree of 15 December 2026"
        rate.action_confirm()
        self.assertEqual(rate.state, "confirmed")

    def test_a_billing_user_reads_the_rates_and_a_manager_completes_them(self):
        billing = self.new_user("billing", "account.group_account_invoice")
        rate = self.half_year("2026-01-01")
        self.assertEqual(rate.with_user(billing).ecb_rate, 2.15)
        with self.assertRaises(AccessError):
            rate.with_user(billing).ecb_rate = 3
        manager = self.new_user("manager", "account_dunning_fr.group_dunning_manager")
        rate = self.Rate.with_user(manager).create(
            {"date_from": "2027-01-01", "ecb_rate": 2.4, "legal_rate_other": 2.8, "source": "JO"}
        )
        rate.action_confirm()
        self.assertEqual(rate.state, "confirmed")

    # -- Reminders to complete it ------------------------------------------------------------------

    def test_a_half_year_that_is_missing_or_to_confirm_is_warned_about(self):
        self.half_year("2026-01-01").sudo().state = "confirmed"
        self.assertFalse(self.Rate._get_warning(day("2026-06-30")))
        self.half_year("2026-07-01").sudo().state = "to_confirm"
        self.assertIn("07/01/2026 are not confirmed", self.Rate._get_warning(day("2026-07-01")))
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
            self.new_rate(source="Decree").action_confirm()
            self.assertFalse(todos())
            self.run_cron("rates")
            self.assertFalse(todos())

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
