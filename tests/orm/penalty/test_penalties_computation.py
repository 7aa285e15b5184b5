"""Penalties from real postings: what the books show unpaid, day by day, at the legal rates."""

from decimal import Decimal
from unittest.mock import patch

from odoo.addons.account_dunning_fr.models.penalty import account_dunning_penalty as computation
from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import CASES, PenaltyCommon, segments_of, written

D = Decimal


@tagged("post_install", "-at_install")
class TestPenaltiesComputation(PenaltyCommon):
    # -- Worked cases ------------------------------------------------------------------------------

    def worked(self, case, **partner_values):
        """Write a worked case in the books: the invoice, then its payments."""
        row = CASES[case]
        partner = self.customer(f"Customer {case}", **{"dunning_regime": "b2b", **partner_values})
        invoice = self.invoice(partner, row["due"], float(row["principal"]))
        for event in filter(None, row["events"].split("|")):
            on, _kind, amount = event.split()
            self.pay_on(on, invoice, float(amount))
        return invoice

    def test_a_contractual_rate_of_15_percent_gives_the_published_example(self):
        invoice = self.worked("E1", dunning_rate_type="fixed", dunning_rate_percent=15)
        self.pay_on("2025-03-02", invoice)
        accrued = self.accrued(invoice, "2025-12-31")
        self.assertEqual(segments_of(accrued), written(CASES["E1"]["segments"]))
        self.assertEqual((accrued.interest, accrued.indemnity), (D("184.93"), D(40)))

    def test_the_default_rate_follows_each_half_year_and_the_partial_payment(self):
        self.assert_case("E2", self.worked("E2"))

    def test_a_payment_settles_the_interest_first_where_that_is_asked(self):
        self.assert_case("E2i", self.worked("E2"))

    def test_a_leap_year_counts_its_days_over_365(self):
        self.assert_case("E3", self.worked("E3"))

    def test_the_interest_stops_on_the_day_of_payment_included(self):
        invoice = self.worked("E3")
        self.pay_on("2024-07-10", invoice)
        self.assert_interest(invoice, "2026-11-21", "691.67")

    def test_a_public_body_owes_one_rate_frozen_when_the_interest_began(self):
        self.assert_case("E4", self.worked("E4", dunning_regime="b2g"))

    def test_a_public_body_keeps_the_public_rate_whatever_the_terms_of_the_company(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        self.assert_case("E4", self.worked("E4", dunning_regime="b2g"))

    def test_two_instalments_bear_their_own_interest_and_one_indemnity(self):
        invoice = self.instalments(self.partner, "2026-03-31", "2026-08-31", 6000)
        first, second = self.items(invoice)
        accrued = self.Accrual._compute_items(first + second, day("2026-09-14"))
        self.assertEqual(segments_of(accrued[first.id]), written(CASES["E6a"]["segments"]))
        self.assertEqual(segments_of(accrued[second.id]), written(CASES["E6b"]["segments"]))
        self.assertEqual(sum(a.interest for a in accrued.values()), D("182.61"))
        self.assertEqual([a.indemnity for a in accrued.values()], [D(40), D(0)])

    def test_however_many_are_computed_at_once_an_invoice_is_not_split(self):
        invoices = [
            self.instalments(self.partner, "2026-03-31", "2026-08-31", 6000) for _number in range(3)
        ]
        items = self.env["account.move.line"].union(*map(self.items, invoices))
        items = items.sorted(lambda item: (item.move_id.id, item.id))
        for size, lengths in ((1, [2, 2, 2]), (3, [4, 2]), (4, [4, 2]), (6, [6]), (7, [6])):
            with self.subTest(size=size), patch.object(computation, "COMPUTED_TOGETHER", size):
                chunks = list(self.Penalty._split_items(items))
                self.assertEqual(list(map(len, chunks)), lengths)
                self.assertEqual(self.env["account.move.line"].concat(*chunks), items)

    def test_the_indemnity_is_due_once_when_only_a_later_instalment_is_asked_for(self):
        invoice = self.instalments(self.partner, "2026-03-31", "2026-05-31", 6000)
        first, second = self.items(invoice)
        self.pay_on("2026-04-10", invoice, 3000)
        self.assertTrue(first.reconciled)
        accrued = self.Accrual._compute_items(second, day("2026-09-14"))
        self.assertEqual(accrued[second.id].indemnity, D(40))

    def test_a_contractual_rate_under_the_floor_is_used_as_typed_and_warned_about(self):
        partner = self.customer("Low", dunning_regime="b2b")
        with self.on("2026-11-21"):
            partner.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 5})
            warning = partner.dunning_rate_warning
        for part in ("5.00 %", "8.25 %", "L. 441-10 II", "L. 441-16", "2 million"):
            self.assertIn(part, warning)
        invoice = self.invoice(partner, "2026-06-30", 10000)
        self.assertEqual(partner.dunning_rate_percent, 5)
        self.assert_case("E7", invoice)

    def test_three_times_the_legal_rate_is_the_floor_itself_and_not_warned_about(self):
        partner = self.customer("Floor", dunning_regime="b2b")
        with self.on("2026-11-21"):
            partner.write({"dunning_rate_type": "multiple", "dunning_rate_multiple": 3})
            self.assertFalse(partner.dunning_rate_warning)
        # 10 000 × 8.25 % × 144 / 365
        self.assert_interest(self.invoice(partner, "2026-06-30", 10000), "2026-11-21", "325.48")

    def test_the_opening_of_insolvency_freezes_the_interest_the_day_before(self):
        invoice = self.worked("E2")
        self.hold(invoice.partner_id, reason="insolvency", claims_before="2026-07-01")
        self.assert_case("E8", invoice, until="2026-11-21")

    def test_an_invoice_after_the_opening_of_insolvency_bears_interest(self):
        self.hold(self.partner, reason="insolvency", claims_before="2026-07-01")
        later = self.invoice(self.partner, "2026-08-31", 3000)
        self.assert_interest(later, "2026-09-14", "14.27")

    def test_no_indemnity_for_what_fell_due_after_the_opening_of_insolvency(self):
        self.hold(self.partner, reason="insolvency", claims_before="2026-07-01")
        invoice = self.invoice(self.partner, "2026-07-15", 1000)
        accrued = self.accrued(invoice, "2026-09-14")
        self.assertEqual((accrued.interest, accrued.indemnity), (D(0), D(0)))

    def test_a_consumer_owes_the_legal_rate_from_the_receipt_of_the_formal_notice(self):
        invoice = self.invoice(self.customer("Consumer", dunning_regime="b2c"), "2026-03-31", 850)
        self.policy.transit_days = 3
        self.history(self.formal_notice, "2026-05-15", invoice)  # received on 18 May
        accrued = self.accrued(invoice, "2026-11-21")
        self.assertEqual(segments_of(accrued), written(CASES["E5"]["segments"]))
        self.assertEqual((accrued.interest, accrued.indemnity), (D("11.84"), D(0)))

    def test_a_consumer_owes_nothing_before_a_formal_notice(self):
        partner = self.customer(
            "Consumer", dunning_regime="b2c", dunning_rate_type="fixed", dunning_rate_percent=15
        )
        invoice = self.invoice(partner, "2025-03-31", 850)
        self.history(self.firm, "2025-05-15", invoice)
        accrued = self.accrued(invoice, "2026-11-21")
        self.assertEqual((accrued.interest, accrued.indemnity), (D(0), D(0)))
        self.assertFalse(accrued.problem)

    def test_an_overpayment_stops_the_interest_and_gives_none_back(self):
        invoice = self.worked("C3")
        self.assertEqual(CASES["C3"]["events"], "2026-07-10 payment 1500.00")
        self.assert_case("C3", invoice)

    # -- Payments ----------------------------------------------------------------------------------

    def test_a_payment_on_the_due_date_owes_nothing(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.pay_on("2026-03-31", invoice)
        accrued = self.accrued(invoice, "2026-11-21")
        self.assertEqual((accrued.interest, accrued.indemnity), (D(0), D(0)))

    def test_a_payment_a_day_late_owes_a_day_and_the_indemnity(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.pay_on("2026-04-01", invoice)
        accrued = self.accrued(invoice, "2026-11-21")
        # 1 000 × 12.15 % × 1 / 365 = 0.3329
        self.assertEqual((accrued.interest, accrued.indemnity), (D("0.33"), D(40)))

    def test_a_payment_counts_on_the_day_of_its_bank_line(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        payment = self.pay_on("2026-05-10", invoice)
        self.assert_interest(invoice, "2026-11-21", "13.32")  # 40 days by the payment's date
        outstanding = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == self.outstanding
        )
        self.match(self.statement(self.partner, 1000, on="2026-05-20"), outstanding)
        # 50 days: 1 000 × 12.15 % × 50 / 365 = 16.6438
        self.assert_interest(invoice, "2026-11-21", "16.64")

    def test_a_bank_line_reconciled_with_the_invoice_counts_on_its_day(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.match(self.statement(self.partner, 1000, on="2026-05-20"), self.item(invoice))
        self.assertTrue(self.item(invoice).reconciled)
        self.assert_interest(invoice, "2026-11-21", "16.64")

    def test_one_payment_of_two_invoices_stops_both(self):
        one = self.invoice(self.partner, "2026-03-31", 1000)
        two = self.invoice(self.partner, "2026-04-30", 2000)
        self.pay_on("2026-05-20", one + two, group_payment=True)
        self.assert_interest(one, "2026-11-21", "16.64")
        # 2 000 × 12.15 % × 20 / 365 = 13.3151
        self.assert_interest(two, "2026-11-21", "13.32")

    def test_an_unallocated_payment_stops_the_interest_of_what_it_covers_on_its_day(self):
        """It is not claimed any more: what is claimed is what bears interest."""
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.payment(self.partner, 1000, date="2026-05-10")
        self.assert_interest(invoice, "2026-04-30", "9.99")
        self.assert_interest(invoice, "2026-05-20", "13.32")

    # -- Credit notes ------------------------------------------------------------------------------

    def test_a_credit_note_after_the_due_date_reduces_the_principal_from_the_due_date(self):
        invoice = self.invoice(self.partner, "2026-03-31", 5000)
        self.credit(invoice, 1200, "2026-05-15")
        accrued = self.accrued(invoice, "2026-09-30")
        # 3 800 × 12.15 % × 91 / 365 = 115.1088; × 12.40 % × 92 / 365 = 118.7682
        self.assertEqual(
            segments_of(accrued), written("91d@12.15 on 3800=115.11|92d@12.40 on 3800=118.77")
        )

    def test_a_credit_note_before_the_due_date_reduces_the_principal(self):
        invoice = self.invoice(self.partner, "2026-03-31", 5000)
        self.credit(invoice, 1200, "2026-03-15")
        self.assert_interest(invoice, "2026-09-30", "233.88")

    def test_an_invoice_fully_credited_owes_nothing_not_even_the_indemnity(self):
        invoice = self.invoice(self.partner, "2026-03-31", 5000)
        self.credit(invoice, 5000, "2026-08-15")
        accrued = self.accrued(invoice, "2026-09-30")
        self.assertEqual((accrued.interest, accrued.indemnity), (D(0), D(0)))

    # -- What is not money -------------------------------------------------------------------------

    def test_a_write_off_does_not_stop_the_interest(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.settle_by_entry(invoice, "2026-04-15", (self.losses, 1000))
        self.assertTrue(self.item(invoice).reconciled)
        self.assert_interest(invoice, "2026-05-20", "16.64")

    def test_a_write_off_in_the_payment_counts_for_the_money_received_only(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.pay_on(
            "2026-04-20",
            invoice,
            600,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.losses.id,
        )
        self.assertTrue(self.item(invoice).reconciled)
        # 1 000 × 12.15 % × 20 / 365 = 6.6575; 400 × 12.15 % × 30 / 365 = 3.9945
        self.assert_interest(invoice, "2026-05-20", "10.65")

    def test_a_cheque_banked_by_an_entry_with_its_fee_counts_for_the_money_received(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        bank = self.bank.default_account_id
        self.settle_by_entry(invoice, "2026-04-20", (bank, 990), (self.losses, 10))
        statement = self.accrued(invoice, "2026-05-20").statement
        self.assertEqual([segment.base for segment in statement.segments], [D(1000), D(10)])

    def test_a_move_to_doubtful_debts_does_not_stop_the_interest(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        self.settle_by_entry(invoice, "2026-04-15", (self.doubtful, 1000))
        self.assert_interest(invoice, "2026-05-20", "16.64")

    def test_what_is_received_on_a_doubtful_debt_reduces_its_invoice(self):
        invoice = self.invoice(self.partner, "2026-03-31", 1000)
        transfer = self.settle_by_entry(invoice, "2026-04-15", (self.doubtful, 1000))
        moved = transfer.line_ids.filtered(lambda line: line.account_id == self.doubtful)
        self.match(self.statement(self.partner, 400, on="2026-04-20"), moved)
        # 1 000 × 12.15 % × 20 / 365 = 6.6575; 600 × 12.15 % × 30 / 365 = 5.9918
        self.assert_interest(invoice, "2026-05-20", "12.65")

    # -- Other currencies --------------------------------------------------------------------------

    def test_an_invoice_in_dollars_is_computed_in_dollars_and_its_indemnity_in_euros(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        invoice = self.invoice(self.partner, "2026-03-31", 1000, currency_id=usd.id)
        accrued = self.accrued(invoice, "2026-05-20")
        self.assertEqual((accrued.interest, accrued.indemnity), (D("16.64"), D(40)))

    def test_an_exchange_difference_is_no_payment(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25), ("2026-04-01", 1.0)])
        invoice = self.invoice(self.partner, "2026-03-31", 1000, currency_id=usd.id)
        self.pay_on("2026-04-20", invoice, 400, currency_id=usd.id)
        self.pay_on("2026-05-20", invoice, 600, currency_id=usd.id)
        item = self.item(invoice)
        self.assertTrue((item.matched_credit_ids).exchange_move_id)
        accrued = self.accrued(invoice, "2026-11-21")
        # 1 000 × 12.15 % × 20 / 365 = 6.6575; 600 × 12.15 % × 30 / 365 = 5.9918
        self.assertEqual(
            segments_of(accrued), written("20d@12.15 on 1000=6.66|30d@12.15 on 600=5.99")
        )

    # -- What stops the computation ----------------------------------------------------------------

    def test_nothing_is_computed_before_the_regime_is_confirmed(self):
        invoice = self.invoice(self.customer("Unknown"), "2026-03-31", 1000)
        accrued = self.accrued(invoice, "2026-05-20")
        self.assertEqual((accrued.interest, accrued.indemnity), (D(0), D(0)))
        self.assertIn("not confirmed", accrued.problem)

    def test_a_missing_half_year_is_named_and_never_extrapolated(self):
        invoice = self.invoice(self.partner, "2026-12-15", 1000)
        accrued = self.accrued(invoice, "2027-01-15")
        self.assertIsNone(accrued.statement)
        self.assertIn("01/01/2027", accrued.problem)

    def test_several_hundred_items_are_computed_in_a_constant_number_of_queries(self):
        partners = [self.customer(f"Customer {n}", dunning_regime="b2b") for n in range(4)]
        invoices = [self.invoice(partner, "2026-03-31", 1000) for partner in partners]
        few, many = self.items(*invoices[:2]), self.items(*invoices)

        def count(items):
            return self.count_queries(self.Accrual._compute_items, items, day("2026-05-20"))

        count(many)
        self.assertEqual(count(few), count(many))
