"""Public bug reports replayed, the penalties' side: what was paid, claimed and owed, in every form.

Rate of 12.15 % a year, as of the first half of 2026, on 365 days; the figures are by hand.
"""

from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.addons.account_dunning_fr.models.case.case_data import get_claim_data
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import day
from ..public_reports_common import PublicReportsCommon


class PenaltyReportsCommon(PublicReportsCommon):
    """What an invoice of one item owes."""

    def assert_owed(self, invoice, until, interest, indemnity):
        """Check interest and flat indemnity of an invoice of one item."""
        accrued = self.accrued(invoice, until)
        self.assertEqual(
            (accrued.interest, accrued.indemnity), (Decimal(interest), Decimal(indemnity))
        )


@tagged("post_install", "-at_install")
class TestPublicReportsSettlements(PenaltyReportsCommon):
    """K6: settled by an entry, whatever it is made of, is settled that day."""

    # K6 Dolibarr/dolibarr#17749
    def test_k06_a_card_settlement_net_of_its_fee_pays_the_whole_invoice(self):
        fees = self.account("627800", "expense")
        a = self.invoice(self.b2b("K6"), "2026-03-31", 1000)
        self.settle_by_entry(a, "2026-04-10", (self.outstanding, 970), (fees, 30))
        self.assert_interest(a, "2026-06-01", "3.33")

    # K6 odoo/odoo#68215
    def test_k06_a_compensation_with_a_discount_stops_interest(self):
        discount = self.account("665000", "expense")
        a = self.invoice(self.b2b("K6b"), "2026-03-31", 1000)
        payable = self.company_data["default_account_payable"]
        self.settle_by_entry(a, "2026-04-10", (payable, 990), (discount, 10))
        self.assert_interest(a, "2026-06-01", "3.33")

    def test_k06_booking_stops_at_the_card_settlement(self):
        fees = self.account("627800", "expense")
        p = self.b2b("K6c")
        a = self.late("2026-03-31", 100000, partner=p)
        self.settle_by_entry(a, "2026-05-20", (self.outstanding, 97000), (fees, 3000))
        self.assertEqual(
            self.parts(self.book("2026-06-30", partners=p)),
            [("interest", 1664.38), ("indemnity", 40)],
        )

    def test_k06_an_advance_a_factor_or_an_expense_settles_the_whole(self):
        p = self.b2b("K6 kinds")
        advance = self.account("419100", "liability_current", reconcile=True)
        factor = self.account("467100", "asset_current", reconcile=True)
        commission = self.account("622500", "expense")
        interest = self.account("661600", "expense")
        goodwill = self.account("658000", "expense")
        for name, lines in {
            "an advance": [(advance, 1000)],
            "a factor": [(factor, 100), (self.outstanding, 860), (commission, 30), (interest, 10)],
            "a gesture": [(self.outstanding, 995), (goodwill, 5)],
        }.items():
            with self.subTest(name):
                a = self.invoice(p, "2026-03-31", 1000)
                self.settle_by_entry(a, "2026-04-10", *lines)
                self.assert_owed(a, "2026-06-01", "3.33", 40)  # 1 000 × 12.15 % × 10 / 365

    def test_k06_what_the_creditor_gave_up_alone_still_bears_interest(self):
        p = self.b2b("K6 loss")
        vat = self.account("445710", "liability_current")
        provision = self.account("491000", "asset_current", reconcile=True)
        reversal = self.account("781740", "income")
        # 1 000 × 12.15 % × 62 / 365 = 20.6384
        for name, lines in {
            "a loss": [(self.losses, 1000)],
            "a loss with its VAT": [(self.losses, 833.33), (vat, 166.67)],
            "a doubtful debt": [(self.doubtful, 1000)],
            "a loss beside its provision": [
                (self.losses, 1000),
                (provision, 1000),
                (reversal, -1000),
            ],
        }.items():
            with self.subTest(name):
                a = self.invoice(p, "2026-03-31", 1000)
                self.settle_by_entry(a, "2026-04-10", *lines)
                self.assert_interest(a, "2026-06-01", "20.64")

    def test_k06_half_paid_half_lost_with_its_vat_bears_interest_on_half(self):
        vat = self.account("445710", "liability_current")
        a = self.invoice(self.b2b("K6 half"), "2026-03-31", 1200)
        self.settle_by_entry(
            a, "2026-04-10", (self.outstanding, 600), (self.losses, 500), (vat, 100)
        )
        # 1 200 × 12.15 % × 10 / 365 = 3.9945; 600 × 12.15 % × 52 / 365 = 10.3858
        self.assert_interest(a, "2026-06-01", "14.38")

    def test_k06_an_entry_not_matched_yet_bears_the_interest_that_it_will_bear(self):
        vat = self.account("445710", "liability_current")
        factor = self.account("467100", "asset_current", reconcile=True)
        # 1 000 × 12.15 % × 61 / 365 = 20.3055; on 30 days of 1 000 and 31 of 600, each line of the
        # statement rounded, 9.99 + 6.19; with 31 of 800, 9.99 + 8.26
        for name, lines, interest in (
            ("a loss", [(self.losses, 400)], "20.31"),
            ("a loss with its VAT", [(self.losses, 333.33), (vat, 66.67)], "20.31"),
            ("a doubtful debt", [(self.doubtful, 400)], "20.31"),
            ("money", [(self.bank.default_account_id, 400)], "16.18"),
            ("a factor", [(factor, 400)], "16.18"),
            ("half money, half loss", [(self.outstanding, 200), (self.losses, 200)], "18.25"),
        ):
            with self.subTest(name):
                p = self.b2b(f"K6 {name}")
                a = self.invoice(p, "2026-03-31", 1000)
                receivable = self.item(a).account_id
                entry = self.entry(self.misc, "2026-04-30", p, (receivable, -400), *lines)
                self.assert_interest(a, "2026-05-31", interest)
                (self.receivable(entry) + self.item(a)).reconcile()
                self.assert_interest(a, "2026-05-31", interest)

    def test_k06_what_comes_in_on_a_doubtful_account_counts_whether_the_transfer_is_matched(self):
        p = self.b2b("K6 doubtful")
        a = self.invoice(p, "2026-03-31", 1000)
        receivable, cash = self.item(a).account_id, self.bank.default_account_id
        moved = self.entry(self.misc, "2026-04-10", p, (receivable, -1000), (self.doubtful, 1000))
        received = self.entry(self.misc, "2026-04-30", p, (self.doubtful, -400), (cash, 400))
        lines = (moved + received).line_ids
        lines.filtered(lambda line: line.account_id == self.doubtful).reconcile()
        self.assert_interest(a, "2026-05-31", "16.18")
        (self.receivable(moved) + self.item(a)).reconcile()
        self.assert_interest(a, "2026-05-31", "16.18")


@tagged("post_install", "-at_install")
class TestPublicReportsClaimed(PenaltyReportsCommon):
    """K7: what is claimed is what bears interest; K8: nothing runs before the invoice exists."""

    # K7 odoo/odoo#38788
    def test_k07_the_interest_stated_is_that_of_the_sum_claimed(self):
        p = self.b2b("K7")
        self.climbed(self.invoice(p, "2026-04-01", 1000))
        self.payment(p, 400, date="2026-05-01")
        self.prepare()
        [row] = self.live(p)._get_penalty_statement()["rows"]
        # 1000 x 12.15 % x 30/365 + 600 x 12.15 % x 31/365; 600 x 12.15 % / 365 a day
        self.assertEqual((row["interest"], round(row["a_day"], 2)), (16.18, 0.20))

    def test_k07_booking_stops_at_the_receipt(self):
        p = self.b2b("K7b")
        self.late("2026-03-31", 1000, partner=p)
        self.statement(p, 1000, on="2026-05-20")
        self.assertEqual(
            self.parts(self.book("2026-06-30", partners=p)),
            [("interest", 16.64), ("indemnity", 40)],
        )

    def test_k07_a_receipt_put_straight_on_the_customer_s_account_counts_on_its_day(self):
        p = self.b2b("K7 account")
        a = self.late("2026-03-31", 1000, partner=p)
        self.to_account(self.statement(p, 1000, on="2026-05-20"), self.item(a).account_id)
        self.assertFalse(self.item(a).reconciled)
        self.assert_owed(a, "2026-06-30", "16.64", 40)

    def test_k07_the_oldest_due_date_is_served_first(self):
        p = self.b2b("K7 oldest")
        new, old = self.invoice(p, "2026-04-30", 1000), self.invoice(p, "2026-03-31", 1000)
        self.statement(p, 1500, on="2026-05-10")
        # 1 000 × 12.15 % × 40 / 365 = 13.3151; 1 000 × 10 days = 3.3288, 500 × 22 days = 3.6616
        self.assert_interest(old, "2026-06-01", "13.32")
        self.assert_interest(new, "2026-06-01", "6.99")

    def test_k07_an_open_credit_note_reduces_its_invoice_from_the_due_date(self):
        p = self.b2b("K7 note")
        old, a = self.invoice(p, "2026-03-01", 1000), self.invoice(p, "2026-03-31", 1000)
        self.credit_note(p, 400, a, invoice_date="2026-05-15")
        # 600 × 12.15 % × 62 / 365 = 12.3830; the other one in full: × 92 / 365 = 30.6247
        self.assert_interest(a, "2026-06-01", "12.38")
        self.assert_interest(old, "2026-06-01", "30.62")
        self.company.dunning_credit_note_date = "own"
        # 1 000 × 12.15 % × 45 / 365 = 14.9795; 600 × 12.15 % × 17 / 365 = 3.3953
        self.assert_interest(a, "2026-06-01", "18.38")

    def test_k07_an_open_credit_note_of_the_whole_leaves_nothing_owed(self):
        p = self.b2b("K7 whole")
        a = self.invoice(p, "2026-03-31", 1000)
        self.credit_note(p, 1000, a, invoice_date="2026-05-15")
        self.assert_owed(a, "2026-06-01", 0, 0)

    def test_k07_the_money_counts_the_same_once_it_is_matched(self):
        p = self.b2b("K7 matched")
        a = self.invoice(p, "2026-03-31", 1000)
        line = self.statement(p, 400, on="2026-05-20")
        waiting = self.accrued(a, "2026-06-01")
        self.match(line, self.item(a))
        self.assertEqual(self.accrued(a, "2026-06-01"), waiting)

    def test_k07_a_disputed_part_bears_no_interest_from_its_day_and_its_amount_a_day_follows(self):
        p = self.b2b("K7 disputed")
        a = self.climbed(self.invoice(p, "2026-03-31", 1000))
        hold = self.hold(p, reason="dispute", move_id=a.id, amount_held=400, date_from="2026-04-30")
        accrued = self.accrued(a, "2026-06-01")
        # 1 000 × 12.15 % × 30 / 365 = 9.9863; 600 × 12.15 % × 32 / 365 = 6.3912
        self.assertEqual(
            (accrued.interest, round(accrued.a_day, 2), accrued.indemnity),
            (Decimal("16.38"), Decimal("0.20"), 40),
        )
        self.assertEqual(self.row(a).held_amount, 400)
        hold.action_release()
        self.assert_interest(a, "2026-06-01", "20.64")

    def test_k07_what_is_disputed_whole_bears_nothing_while_it_lasts(self):
        p = self.b2b("K7 whole dispute")
        a = self.late("2026-03-31", 1000, partner=p)
        self.hold(p, reason="dispute", move_id=a.id, date_from="2026-05-20")
        self.assert_owed(a, "2026-06-30", "16.64", 40)
        self.assertEqual(
            self.parts(self.book("2026-06-30", partners=p)),
            [("interest", 16.64), ("indemnity", 40)],
        )

    def test_k07_a_promise_or_a_postponement_takes_nothing_off_the_debt(self):
        p = self.b2b("K7 promise")
        a = self.invoice(p, "2026-03-31", 1000)
        for reason in ("promise", "postponed", "manual"):
            self.hold(p, reason=reason, move_id=a.id, date_from="2026-05-20")
        self.assert_interest(a, "2026-06-01", "20.64")

    def test_k07_a_court_file_claims_what_is_disputed_with_its_interest(self):
        p = self.b2b("K7 court", street="1 rue", zip="75008", city="Paris")
        a = self.invoice(p, "2026-03-31", 1000)
        self.hold(p, reason="dispute", move_id=a.id, amount_held=400, date_from="2026-04-30")
        case = self.prepare_case(a)
        self.assertEqual((case.amount_principal, case.amount_interest), (1000, 20.64))

    # K8 akaunting/akaunting#2113
    def test_k08_nothing_runs_before_the_invoice_exists(self):
        a = self.invoice(self.b2b("K8"), "2026-03-01", 1000, invoice_date="2026-05-20")
        self.assert_interest(a, "2026-06-01", "3.99")

    def test_k08_who_pays_on_the_day_of_the_invoice_is_not_late(self):
        a = self.invoice(self.b2b("K8b"), "2026-03-01", 1000, invoice_date="2026-05-20")
        self.pay_on("2026-05-20", a)
        self.assert_owed(a, "2026-06-01", 0, 0)

    def test_k08_a_public_body_owes_the_rate_of_when_the_invoice_existed(self):
        buyer = self.customer("Commune K8", dunning_regime="b2g")
        a = self.invoice(buyer, "2026-05-31", 1000, invoice_date="2026-07-10")
        accrued = self.accrued(a, "2026-07-31")
        # ECB 2.40 on 1 July + 8: 1 000 × 10.40 % × 21 / 365 = 5.9836
        self.assertEqual(
            (accrued.annual_rate, accrued.interest), (Decimal("10.40"), Decimal("5.98"))
        )

    def test_k08_an_instalment_due_before_the_invoice_waits_for_it(self):
        a = self.instalments(self.b2b("K8c"), "2026-05-20", "2026-06-20", 2000)
        first, second = self.items(a)
        first.date_maturity = "2026-03-01"  # the invoice is of 20 April
        accrued = self.Accrual._compute_items(first + second, day("2026-06-01"))
        # 1 000 × 12.15 % × 42 / 365 = 13.9808
        self.assertEqual([accrued[i.id].interest for i in (first, second)], [Decimal("13.98"), 0])

    # -- Money that left by the bank ---------------------------------------------------------------

    def test_a_returned_debit_without_its_invoice_bears_nothing(self):
        p = self.b2b("Returned")
        a = self.invoice(p, "2026-04-30", 1000)
        account = self.item(a).account_id
        line = self.statement(p, -1000, on="2026-05-11")
        self.to_account(line, account)
        entry = self.entry(
            self.bank, "2026-05-11", p, (account, 500), (self.bank.default_account_id, -500)
        )
        refund = self.payment(p, 250, payment_type="outbound", date="2026-04-01").move_id
        for move in (line.move_id, entry, refund):
            [item] = move.line_ids.filtered(lambda line: line.account_id == account)
            accrued = self.Accrual._compute_items(item, day("2026-06-01"))[item.id]
            self.assertEqual((accrued.interest, accrued.indemnity, accrued.problem), (0, 0, False))

    def test_an_opening_entry_stands_for_an_invoice(self):
        p = self.b2b("Opening")
        account = self.item(self.invoice(p, "2026-04-30", 1000)).account_id
        entry = self.entry(self.misc, "2026-04-01", p, (account, 1000), (self.income, -1000))
        [item] = entry.line_ids.filtered(lambda line: line.account_id == account)
        item.date_maturity = "2026-03-31"
        accrued = self.Accrual._compute_items(item, day("2026-06-01"))[item.id]
        self.assertEqual((accrued.interest, accrued.indemnity), (Decimal("20.64"), 40))


@tagged("post_install", "-at_install")
class TestPublicReportsFlat(PenaltyReportsCommon):
    """K14: currencies of 0, 2 and 3 decimals; K15: receipts; a rest that is a rounding."""

    # K14 axelor/axelor-open-suite#11455
    def test_k14_three_decimals_paid_in_time_owe_nothing(self):
        kwd = self.setup_other_currency("KWD", rounding=0.001, rates=[("2020-01-01", 0.33)])
        a = self.invoice(self.b2b("K14"), "2026-04-30", 100.122, currency_id=kwd.id)
        for on in ("2026-04-10", "2026-04-20", "2026-04-29"):
            self.pay_on(on, a, 33.374, currency_id=kwd.id)
        self.assertEqual(str(self.accrued(a, "2026-06-01").indemnity), "0.00")

    def test_k14_interest_has_the_decimals_of_its_currency_and_is_booked_once(self):
        # 100 122.5 × 12.15 % × 32 / 365 = 1066.510...; the yen has none, the dinar three
        for name, rounding, amount, expected in (
            ("JPY", 1.0, 100122, "1067"),
            ("USD", 0.01, 100122.50, "1066.51"),
            ("KWD", 0.001, 100122.501, "1066.510"),
        ):
            with self.subTest(name):
                currency = self.setup_other_currency(
                    name, rounding=rounding, rates=[("2020-01-01", 2)]
                )
                p = self.b2b(f"K14 {name}")
                a = self.late("2026-04-30", amount, partner=p, currency_id=currency.id)
                self.assert_interest(a, "2026-06-01", expected)
                booked = self.parts(self.book("2026-06-01", partners=p))
                self.assertEqual(booked, [("interest", float(expected)), ("indemnity", 40)])
                self.assertFalse(self.book("2026-06-01", partners=p))
                [section] = self.statement_of(a)._make_dunning_statement().sections
                self.assertEqual(section.booked, Decimal(expected))

    def statement_of(self, move):
        action = move.action_dunning_statement()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_k14_a_partial_payment_keeps_its_decimals(self):
        kwd = self.setup_other_currency("KWD", rounding=0.001, rates=[("2020-01-01", 0.33)])
        a = self.invoice(self.b2b("K14b"), "2026-04-30", 100.122, currency_id=kwd.id)
        self.pay_on("2026-05-10", a, 33.374, currency_id=kwd.id)
        bases = [segment.base for segment in self.accrued(a, "2026-06-01").statement.segments]
        self.assertEqual(bases, [Decimal("100.122"), Decimal("66.748")])

    # K15 variation on odoo/odoo#189465
    def test_k15_one_indemnity_for_a_sales_receipt(self):
        a = self.receipt("K15")
        accrued = self.Accrual._compute_items(self.items(a), day("2026-06-01"))
        self.assertEqual(sum(accrued[i.id].indemnity for i in self.items(a)), 40)

    def receipt(self, name):
        return self.invoice(
            self.b2b(name),
            "2026-04-30",
            1000,
            move_type="out_receipt",
            invoice_date="2026-03-31",
            invoice_payment_term_id=self.half_and_half(30, 45).id,
        )

    def test_k15_a_receipt_of_which_one_instalment_is_asked_for_bears_it_once(self):
        a = self.receipt("K15b")
        first, second = self.items(a)
        self.history(self.formal_notice, "2026-05-20", a)
        booked = self.parts(self.book("2026-06-01", partners=a.partner_id))
        self.assertEqual([amount for part, amount in booked if part == "indemnity"], [40])
        self.pay_on("2026-06-01", a, 500)
        self.assertTrue(first.reconciled)
        accrued = self.Accrual._compute_items(second, day("2026-06-30"))
        self.assertEqual(accrued[second.id].indemnity, 0)

    def test_k15_a_receipt_takes_the_terms_of_its_day_and_shows_what_it_owes(self):
        self.company.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 15})
        a = self.receipt("K15c")
        self.assertEqual(a.dunning_rate_percent, 15)
        # 500 × 15 % × 32 / 365 = 6.5753; 500 × 15 % × 17 / 365 = 3.4932; 40 €
        self.assertEqual(a.dunning_penalty_to_date, 50.07)
        self.assertIn("First reminder", a.dunning_reason)

    # -- A rest that is a rounding -----------------------------------------------------------------

    def test_a_rest_of_one_cent_owes_no_indemnity(self):
        a = self.invoice(self.b2b("Cent"), "2026-04-30", 1000)
        self.pay_on("2026-04-30", a, 999.99)
        self.assert_owed(a, "2026-06-01", 0, 0)

    def test_three_thirds_that_leave_a_cent_owe_no_indemnity(self):
        a = self.invoice(self.b2b("Thirds"), "2026-04-30", 100)
        for on in ("2026-04-10", "2026-04-20", "2026-04-30"):
            self.pay_on(on, a, 33.33)
        self.assert_owed(a, "2026-06-01", 0, 0)

    def test_a_receipt_that_leaves_a_cent_and_waits_owes_no_indemnity(self):
        p = self.b2b("Waits")
        a = self.invoice(p, "2026-04-30", 1000)
        self.statement(p, 999.99, on="2026-04-29")
        self.assert_owed(a, "2026-06-01", 0, 0)

    def test_a_small_rest_is_late_all_the_same(self):
        """CJEU C-279/23: neither the smallness of the sum nor that of the delay excuses it."""
        a = self.invoice(self.b2b("Small"), "2026-04-30", 1000)
        self.pay_on("2026-04-30", a, 999)
        self.assert_owed(a, "2026-06-01", "0.01", 40)


@tagged("post_install", "-at_install")
class TestPublicReportsDiscount(PenaltyReportsCommon):
    """Who took the early-payment discount that was offered owes nothing more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "20 %", "amount": 20})

    def offered(self, computation="included", name=None, partner=None, **values):
        """Invoice 1,000 + 20 % on 11 March, due on 10 April; 2 % less until 21 March."""
        term = self.env["account.payment.term"].create(
            {
                "name": f"2 % {computation}",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        line = {
            "name": "Service",
            "price_unit": 1000,
            "tax_ids": [Command.set(self.tax.ids)],
            "account_id": self.income.id,
        }
        return self.late(
            "2026-04-10",
            1000,
            partner=partner or self.b2b(name or f"Discount {computation}"),
            invoice_payment_term_id=term.id,
            invoice_line_ids=[Command.create(line)],
            **values,
        )

    def test_the_discounted_sum_in_time_owes_nothing_by_each_computation(self):
        for computation, total, paid in (
            ("included", 1200, 1176),
            ("excluded", 1200, 1180),
            ("mixed", 1196, 1176),
        ):
            with self.subTest(computation):
                a = self.offered(computation)
                item = self.item(a)
                self.assertEqual((a.amount_total, item.discount_amount_currency), (total, paid))
                line = self.statement(a.partner_id, paid, on="2026-03-21")
                self.assert_owed(a, "2026-06-01", 0, 0)  # it waits to be matched
                self.match(line, item)
                self.assertFalse(item.reconciled)
                self.assert_owed(a, "2026-06-01", 0, 0)
                self.assertEqual(self.accrued(a, "2026-06-01").statement.principal_left, 0)
                self.assertFalse(self.book("2026-06-01", partners=a.partner_id))

    def test_the_plan_claims_nothing_of_it_and_says_what_to_do(self):
        self.company.partner_id.dunning_lang = "en_US"
        for computation, paid in (("included", 1176), ("excluded", 1180), ("mixed", 1176)):
            with self.subTest(computation):
                a = self.offered(computation)
                line = self.statement(a.partner_id, paid, on="2026-03-21")
                self.assert_stopped(a, "discount")
                self.match(line, self.item(a))
                self.assert_stopped(a, "discount")
                a.invalidate_recordset()
                self.assertIn("discount taken, to be booked", a.dunning_reason)
        self.prepare()
        self.assertFalse(self.live(a.partner_id))

    def test_the_plan_claims_what_is_left_of_who_paid_late_short_or_for_another_invoice(self):
        for name, on, paid in (("late", "2026-03-22", 1176), ("short", "2026-03-21", 1175)):
            with self.subTest(name):
                a = self.offered(name=f"Claimed {name}")
                line = self.statement(a.partner_id, paid, on=on)
                self.assertFalse(self.row(a).stop)
                self.match(line, self.item(a))
                row = self.row(a)
                self.assertEqual((row.stop, row.residual), (None, 1200 - paid))
        older = self.offered(name="Older")
        before = self.invoice(older.partner_id, "2026-03-01", 1176)
        self.statement(older.partner_id, 1176, on="2026-03-21")
        self.assert_stopped(before, "covered")
        self.assertFalse(self.row(older).stop)

    def test_what_is_no_payment_takes_no_discount_matched_or_not(self):
        factor = self.account("467100", "asset_current", reconcile=True)
        for name, lines, taken in (
            ("a loss", [(self.losses, 1176)], False),
            ("a doubtful debt", [(self.doubtful, 1176)], False),
            ("half money, half loss", [(self.outstanding, 600), (self.losses, 576)], False),
            ("money", [(self.outstanding, 1176)], True),
            ("a factor", [(factor, 1176)], True),
        ):
            with self.subTest(name):
                a = self.offered(name=name)
                receivable = self.item(a).account_id
                entry = self.entry(
                    self.misc, "2026-03-20", a.partner_id, (receivable, -1176), *lines
                )
                self.assert_discount(a, taken)
                (self.receivable(entry) + self.item(a)).reconcile()
                self.assert_discount(a, taken)

    def assert_discount(self, invoice, taken):
        """Check that the plan and the interest say the same of the discount of an invoice."""
        self.assertEqual(self.row(invoice).stop == "discount", taken)
        events = self.accrued(invoice, "2026-06-01").events
        self.assertEqual("discount" in [event.kind for event in events], taken)

    def test_a_credit_note_lowers_the_price_and_the_discounted_sum_with_it(self):
        # 1 200 less 200: 1 000, of which 980 are asked in time
        for name, noted, paid, taken in (
            ("a note alone", 1176, 0, False),
            ("the rest in time", 200, 980, True),
            ("short", 200, 979, False),
        ):
            with self.subTest(name):
                a = self.offered(name=name)
                note = self.credit_note(a.partner_id, noted, a, invoice_date="2026-03-15")
                if paid:
                    line = self.statement(a.partner_id, paid, on="2026-03-20")
                self.assert_discount(a, taken)
                if paid:
                    self.match(line, self.item(a))
                    self.assert_discount(a, taken)
                (self.receivable(note) + self.item(a)).reconcile()
                self.assert_discount(a, taken)

    def test_one_payment_takes_the_discount_of_one_invoice_only(self):
        # What came in time covers the older, as long as nobody says otherwise; the rest came late.
        older = self.offered(name="Two")
        newer = self.offered(partner=older.partner_id)
        self.statement(older.partner_id, 1200, on="2026-03-20")
        self.statement(older.partner_id, 1176, on="2026-03-25")
        self.assert_stopped(older, "covered")
        self.assert_discount(newer, False)

    def test_a_day_late_or_a_euro_short_owes_what_is_left(self):
        late = self.offered(name="Late")
        self.match(self.statement(late.partner_id, 1176, on="2026-03-22"), self.item(late))
        # 24 × 12.15 % × 52 / 365 = 0.4154
        self.assert_owed(late, "2026-06-01", "0.42", 40)
        short = self.offered(name="Short")
        self.match(self.statement(short.partner_id, 1175, on="2026-03-21"), self.item(short))
        # 25 × 12.15 % × 52 / 365 = 0.4327
        self.assert_owed(short, "2026-06-01", "0.43", 40)

    def test_the_discount_that_odoo_s_dialog_writes_off_owes_nothing(self):
        a = self.offered()
        self.pay_on("2026-03-20", a)
        self.assertTrue(self.item(a).reconciled)
        self.assert_owed(a, "2026-06-01", 0, 0)

    def test_a_discount_taken_in_two_payments_counts_with_the_second(self):
        a = self.offered()
        for on, amount in (("2026-03-15", 1000), ("2026-03-21", 176)):
            self.match(self.statement(a.partner_id, amount, on=on), self.item(a))
        self.assert_owed(a, "2026-06-01", 0, 0)


@tagged("post_install", "-at_install")
class TestPublicReportsCycle(PenaltyReportsCommon):
    """A receipt moved between the customer's own invoices sends none back to the first reminder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"

    def settled(self, name):
        """An older invoice unpaid, a newer one under formal notice, paid."""
        p = self.b2b(name)
        old = self.invoice(p, "2026-01-31", 1000)
        new = self.invoice(p, "2026-03-31", 1000)
        self.history(self.firm, "2026-04-20", new)
        self.history(self.formal_notice, "2026-05-15", new, deadline="2026-05-25")
        return p, old, new

    def assert_asked(self, move, cycle, level):
        item = self.item(move)
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (cycle, level))
        activity = move.activity_ids
        self.assertEqual(activity.summary, "Receipt moved to another invoice")
        return activity

    def test_a_payment_set_against_an_older_invoice_asks_before_the_newer_starts_anew(self):
        _p, old, new = self.settled("Moved")
        payment = self.pay_on("2026-05-20", new)
        received = self.receivable(payment.move_id)
        received.remove_move_reconcile()
        (received + self.item(old)).reconcile()
        activity = self.assert_asked(new, 0, self.formal_notice)
        self.assertIn(old.name, activity.note)
        self.assertIn(payment.move_id.name, activity.note)

    def receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def test_a_bank_line_matched_again_with_an_older_invoice_asks_too(self):
        p, old, new = self.settled("Bank")
        line = self.statement(p, 1000, on="2026-05-20")
        self.match(line, self.item(new))
        line.action_undo_reconciliation()
        self.assert_waits(new, self.formal_notice)
        self.match(line, self.item(old))
        self.assert_asked(new, 0, self.formal_notice)

    def assert_waits(self, move, level):
        """Check that nothing starts anew while nobody knows where the money goes."""
        item = self.item(move)
        self.assertEqual((item.dunning_cycle, item.dunning_level_id), (0, level))
        self.assertEqual(move.activity_ids.summary, "Receipt taken off this invoice")

    def test_a_receipt_taken_off_is_asked_about_before_anything_starts_anew(self):
        for name, start in (("notice", None), ("by hand", self.firm), ("entry", None)):
            with self.subTest(name):
                p, _old, new = self.settled(f"Taken {name}")
                if start:
                    new = self.invoice(p, "2026-03-31", 1000)
                    self.start(start, new)
                if name == "entry":
                    move = self.settle_by_entry(new, "2026-05-20", (self.losses, 1000))
                else:
                    move = self.pay_on("2026-05-20", new).move_id
                self.receivable(move).remove_move_reconcile()
                self.assert_waits(new, start or self.formal_notice)
                self.assertIn(move.name, new.activity_ids.note)
                move.button_draft()
                item = self.item(new)
                self.assertEqual((item.dunning_cycle, item.dunning_level_id.id), (1, False))
                self.assertFalse(new.activity_ids)

    def test_a_formal_notice_of_what_is_due_later_now_puts_nobody_in_default(self):
        consumer = self.customer("Consumer", is_company=False, dunning_regime="b2c")
        move = self.invoice(consumer, "2026-03-31", 1000)
        notice = self.history(self.formal_notice, "2026-05-04", move, deadline="2026-05-15")
        notice.has_left = True
        case = self.prepare_case(move)
        for due, since in (("2026-05-03", True), ("2026-05-29", False)):
            with self.subTest(due):
                move.button_draft()
                move.invoice_date_due = due
                move.action_post()
                self.assertEqual(bool(self.accrued(move, "2026-06-30").interest), since)
                self.assertEqual(
                    case._get_formal_notices(), {self.item(move).id: notice} if since else {}
                )

    def test_a_receipt_that_goes_is_waited_for_no_longer(self):
        p, _old, new = self.settled("Gone")
        line = self.statement(p, 1000, on="2026-05-20")
        self.match(line, self.item(new))
        line.action_undo_reconciliation()
        self.assert_waits(new, self.formal_notice)
        line.unlink()
        self.assertEqual(self.item(new).dunning_cycle, 1)
        self.assertFalse(new.activity_ids)

    def test_a_receipt_that_paid_somebody_else_starts_it_anew(self):
        _p, _old, new = self.settled("Mine")
        other = self.invoice(self.b2b("Other"), "2026-01-31", 1000)
        received = self.receivable(self.pay_on("2026-05-20", new).move_id)
        received.remove_move_reconcile()
        self.assert_waits(new, self.formal_notice)
        (received + self.item(other)).reconcile()
        self.assertEqual(self.item(new).dunning_cycle, 1)
        self.assertFalse(new.activity_ids)

    def test_said_to_start_anew_it_is_not_taken_back(self):
        _p, old, new = self.settled("Said")
        received = self.receivable(self.pay_on("2026-05-20", new).move_id)
        received.remove_move_reconcile()
        new.action_dunning_start_anew()
        (received + self.item(old)).reconcile()
        self.assertEqual(self.item(new).dunning_cycle, 1)
        self.assertFalse(new.activity_ids)

    def test_a_part_moved_away_and_the_rest_kept_asks_too(self):
        _p, old, new = self.settled("Part")
        old_item, new_item = self.item(old), self.item(new)
        self.pay_on("2026-05-19", old, 400)
        payment = self.pay_on("2026-05-20", new)
        received = self.receivable(payment.move_id)
        received.remove_move_reconcile()
        (received + old_item).reconcile()
        (received + new_item).reconcile()
        self.assertEqual(new_item.amount_residual, 600)
        self.assert_asked(new, 0, self.formal_notice)

    def test_a_start_level_set_by_hand_comes_back(self):
        p = self.b2b("Start")
        old, new = self.invoice(p, "2026-01-31", 1000), self.invoice(p, "2026-03-31", 1000)
        self.start(self.firm, new)
        received = self.receivable(self.pay_on("2026-05-20", new).move_id)
        received.remove_move_reconcile()
        (received + self.item(old)).reconcile()
        self.assert_asked(new, 0, self.firm)

    def test_a_receipt_set_against_the_same_invoice_again_asks_nothing(self):
        _p, _old, new = self.settled("Same")
        received = self.receivable(self.pay_on("2026-05-20", new).move_id)
        received.remove_move_reconcile()
        (received + self.item(new)).reconcile()
        self.assertTrue(self.item(new).reconciled)
        self.assertEqual(self.item(new).dunning_cycle, 0)
        self.assertFalse(new.activity_ids)

    def test_money_that_went_back_starts_anew_without_asking(self):
        for name in ("returned", "cancelled", "reversed"):
            with self.subTest(name):
                p, _old, new = self.settled(f"Undone {name}")
                payment = self.pay_on("2026-05-20", new)
                received = self.receivable(payment.move_id)
                if name == "returned":
                    received.remove_move_reconcile()
                    back = self.entry(
                        self.bank,
                        "2026-05-28",
                        p,
                        (received.account_id, 1000),
                        (self.bank.default_account_id, -1000),
                    )
                    (received + self.receivable(back)).reconcile()
                elif name == "cancelled":
                    payment.action_draft()
                    payment.action_cancel()
                else:
                    received.remove_move_reconcile()
                    payment.move_id._reverse_moves(cancel=True)
                item = self.item(new)
                self.assertEqual(
                    (item.dunning_cycle, item.dunning_level_id.id, new.activity_ids.ids),
                    (1, False, []),
                )

    def test_a_dunning_user_starts_it_anew_and_the_question_is_answered(self):
        _p, old, new = self.settled("Answer")
        received = self.receivable(self.pay_on("2026-05-20", new).move_id)
        received.remove_move_reconcile()
        (received + self.item(old)).reconcile()
        biller = self.new_user("answer_biller", "account.group_account_invoice")
        sender = self.new_user("answer_user", "account_dunning_fr.group_dunning_user")
        buttons = new.with_user(sender)._get_dunning_remedies()
        self.assertIn("action_dunning_start_anew", dict(buttons))
        self.assertNotIn(
            "action_dunning_start_anew", dict(new.with_user(biller)._get_dunning_remedies())
        )
        with self.assertRaises(AccessError):
            new.with_user(biller).action_dunning_start_anew()
        new.with_user(sender).action_dunning_start_anew()
        item = self.item(new)
        self.assertEqual((item.dunning_cycle, item.dunning_level_id.id), (1, False))
        self.assertFalse(new.activity_ids)


@tagged("post_install", "-at_install")
class TestPublicReportsOneRule(PenaltyReportsCommon):
    """Part D: one computation of the amount a day, one run of the plan for an invoice's tab."""

    def test_the_amount_a_day_is_the_same_in_every_document(self):
        self.company.dunning_day_basis = "actual"
        rates = self.env["account.dunning.rate"]
        latest = rates.search([], order="date_from desc", limit=1)
        for start in ("2027-01-01", "2027-07-01", "2028-01-01"):
            if not rates.search([("date_from", "=", start)]):
                latest.copy({"date_from": start})
        self.partner.write({"dunning_rate_type": "fixed", "dunning_rate_percent": 12.15})
        a = self.invoice(self.partner, "2027-12-31", 5880)
        with self.on("2028-03-15"):
            self.climbed(a, (self.first, "2028-01-10"), (self.firm, "2028-01-25"))
            # 5 880 × 12.15 % / 366 = 1.9520; on 365 it would be 1.9573
            self.assertEqual(round(self.accrued(a, "2028-03-15").a_day, 2), Decimal("1.95"))
            self.prepare()
            statement = self.live(self.partner)._get_penalty_statement()
            [row] = [row for row in statement["rows"] if row["line"].move_id == a]
            self.assertEqual(round(row["a_day"], 2), 1.95)
            case = self.prepare_case(a)
            sections = case._get_statement().sections
            [basis] = case.document_ids._get_bases(sections)
            self.assertEqual((round(float(sections[0].a_day), 2), basis["a_day"]), (1.95, 1.95))
            page, _type = self.env["ir.actions.report"]._render_qweb_html(
                "account_dunning_fr.report_case_request", case.ids
            )
            text = page.decode()
            self.assertRegex(text, r"1[.,]95")
            self.assertNotRegex(text, r"1[.,]96")
            item = get_claim_data(case)["items"][0]
            self.assertEqual(item["interest_a_day"], "1.95")
            self.assertEqual([s["days_of_year"] for s in item["segments"]], [366])
            [segment] = sections[0].segments
            by_hand = segment.base * segment.annual_rate * segment.days / 100 / segment.year
            self.assertEqual(round(by_hand, 2), segment.interest)

    def test_the_tab_of_an_invoice_runs_the_plan_once(self):
        a = self.invoice(self.b2b("Once"), 20, 100)
        self.hold(a.partner_id, reason="promise", move_id=a.id)
        plan = type(self.env["account.dunning.plan"])
        simulate = plan._simulate
        with patch.object(plan, "_simulate", autospec=True, side_effect=simulate) as run:
            a.invalidate_recordset()
            a.get_dunning_facts()
        self.assertEqual(run.call_count, 1)
