"""What the law leaves open is a setting of the creditor; retention of guarantee; rate terms."""

from base64 import b64decode
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

MARCH = "2026-03-31"


@tagged("post_install", "-at_install")
class TestPenaltiesOptions(PenaltyCommon):
    def open_statement(self, invoice):
        action = invoice.action_dunning_statement()
        return self.env[action["res_model"]].browse(action["res_id"])

    # -- Days of the year --------------------------------------------------------------------------

    def test_the_days_of_the_real_year_give_the_other_worked_case(self):
        invoice = self.invoice(self.partner, "2023-12-15", 8400)
        self.pay_on("2024-07-10", invoice)
        self.assert_interest(invoice, "2024-12-31", "691.67")
        self.company.dunning_day_basis = "actual"
        accrued = self.accrued(invoice, "2024-12-31")
        self.assertEqual(
            [(s.days, s.interest) for s in accrued.statement.segments],
            [(16, Decimal("51.55")), (182, Decimal("605.67")), (10, Decimal("32.70"))],
        )
        statement = self.open_statement(invoice)
        statement.action_export()
        sheet = load_workbook(BytesIO(b64decode(statement.xlsx_file))).active
        self.assertEqual(
            [sheet[f"H{row}"].value[-6:] for row in (2, 3, 4)], ["365,2)", "366,2)", "366,2)"]
        )
        self.assertEqual(accrued.interest, Decimal("689.92"))

    # -- Flat indemnity ----------------------------------------------------------------------------

    def test_each_late_instalment_bears_an_indemnity_where_the_creditor_says_so(self):
        invoice = self.instalments(self.partner, MARCH, "2026-08-31", 6000)
        self.history(self.formal_notice, "2026-05-15", invoice)
        self.assert_booked(self.book("2026-09-14"), *self.worked_e6(40))
        self.company.dunning_indemnity_per = "instalment"
        self.assert_booked(self.book("2026-09-14"), ("indemnity", 40))
        self.company.dunning_indemnity_per = "invoice"
        self.assert_booked(self.book("2026-09-14"), ("indemnity", -40))

    @staticmethod
    def worked_e6(indemnity):
        return ("interest", 168.34), ("indemnity", indemnity), ("interest", 14.27)

    # -- Credit notes ------------------------------------------------------------------------------

    def test_a_credit_note_counts_at_its_own_date_where_the_creditor_says_so(self):
        invoice = self.late(MARCH, 1000)
        self.credit(invoice, 400, "2026-04-30")
        # 600 × 12.15 % × 61 / 365 = 12.1833
        self.assert_interest(invoice, "2026-05-31", "12.18")
        self.company.dunning_credit_note_date = "own"
        # 1 000 × 12.15 % × 30 / 365 = 9.9863; 600 × 12.15 % × 31 / 365 = 6.1915
        self.assert_interest(invoice, "2026-05-31", "16.18")

    def test_an_invoice_credited_in_full_owes_nothing_either_way(self):
        self.company.dunning_credit_note_date = "own"
        invoice = self.late(MARCH, 1000)
        self.credit(invoice, 400, "2026-04-30")
        self.credit(invoice, 600, "2026-05-15")
        accrued = self.accrued(invoice, "2026-05-31")
        self.assertEqual((accrued.interest, accrued.indemnity), (0, 0))

    # -- Retention of guarantee --------------------------------------------------------------------

    def public_invoice(self, **values):
        buyer = self.customer("Commune", dunning_regime="b2g")
        return self.late("2026-06-10", 24000, partner=buyer, **values)

    def test_the_retention_of_guarantee_bears_no_interest(self):
        """Worked case E4: 24 000 less 5 %, one rate, 71 days."""
        invoice = self.public_invoice()
        invoice.dunning_retention = 1200
        self.pay_on("2026-08-20", invoice, 22800)
        accrued = self.accrued(invoice, "2026-10-31")
        self.assertEqual(
            [(s.days, s.base, s.annual_rate, s.interest) for s in accrued.statement.segments],
            [(71, Decimal("22800.0"), Decimal("10.15"), Decimal("450.16"))],
        )
        self.assertEqual(accrued.indemnity, 40)
        self.assertEqual(accrued.statement.principal_left, 0)

    def test_without_the_retention_the_whole_bears_interest(self):
        # 24 000 × 10.15 % × 71 / 365 = 473.8521
        self.assert_interest(self.public_invoice(), "2026-08-20", "473.85")

    def test_the_buyer_who_pays_all_but_the_retention_in_time_is_not_late(self):
        invoice = self.public_invoice()
        invoice.dunning_retention = 1200
        self.pay_on("2026-06-10", invoice, 22800)
        accrued = self.accrued(invoice, "2026-10-31")
        self.assertEqual((accrued.interest, accrued.indemnity), (0, 0))

    def test_the_last_instalment_bears_the_retention(self):
        invoice = self.instalments(self.customer("City", dunning_regime="b2g"), MARCH, "2026-04-30")
        invoice.dunning_retention = 60
        borne = [item._get_dunning_retention() for item in self.items(invoice)]
        self.assertEqual(borne, [10, 50])

    def test_a_professional_s_retention_changes_nothing(self):
        invoice = self.late(MARCH, 1000)
        invoice.dunning_retention = 50
        self.assert_interest(invoice, "2026-05-31", "20.31")

    def test_the_retention_shows_for_public_bodies_and_lies_within_the_total(self):
        public, private = self.public_invoice(), self.late(MARCH, 1000)
        self.assertTrue(public.dunning_has_retention)
        self.assertFalse(private.dunning_has_retention)
        for wrong in (-1, 24000):
            with self.assert_refused(ValidationError, "between zero and the total"):
                public.dunning_retention = wrong

    def test_the_statement_tells_the_retention(self):
        invoice = self.public_invoice()
        invoice.dunning_retention = 1200
        [section] = self.open_statement(invoice)._make_dunning_statement().sections
        self.assertEqual(section.retention, 1200)

    # -- Rate terms --------------------------------------------------------------------------------

    def test_terms_that_changed_since_the_invoice_are_told_on_it(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        invoice = self.late(MARCH, 1000)
        self.assertFalse(invoice.dunning_rate_difference)
        self.partner.write({"dunning_rate_type": "multiple", "dunning_rate_multiple": 3})
        invoice.invalidate_recordset()
        self.assertIn("15.00 % a year", invoice.dunning_rate_difference)
        self.assertIn("Menuiserie are the 3 times", invoice.dunning_rate_difference)
        self.assert_interest(invoice, "2026-04-30", "12.33")  # 1 000 × 15 % × 30 / 365

    def test_the_floor_is_told_for_professionals_only(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 5})
        invoice = self.late(MARCH, 1000)
        self.partner.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 5})
        for record in (invoice, self.partner, self.company):
            self.assertIn("L. 441-10", record.dunning_rate_warning)
        for regime in ("b2c", "b2g"):
            self.partner.dunning_regime = regime
            self.assertFalse(invoice.dunning_rate_warning or self.partner.dunning_rate_warning)

    # -- Insolvency --------------------------------------------------------------------------------

    def test_an_insolvency_without_its_own_limit_stops_interest_on_the_eve_of_its_first_day(self):
        invoice = self.late(MARCH, 1000)
        hold = self.hold(self.partner, reason="insolvency", date_from="2026-05-01")
        self.assert_interest(invoice, "2026-05-31", "9.99")  # 30 days to 30 April
        hold.claims_before = "2026-04-11"
        self.assert_interest(invoice, "2026-05-31", "3.33")  # 10 days to 10 April

    def test_a_later_invoice_is_not_touched_by_the_judgment(self):
        invoice = self.late(MARCH, 1000)
        self.hold(
            self.partner,
            reason="insolvency",
            date_from="2026-05-01",
            claims_before=day(MARCH) - timedelta(days=30),
        )
        self.assert_interest(invoice, "2026-05-31", "20.31")
