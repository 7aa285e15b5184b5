"""Money that waits reduces a debt from its day on, whatever the books set against it later.

Each shape stands beside the same money set against the debts by hand, as the law imputes it.
"""

from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

DAYS = ("2026-02-10", "2026-02-28", "2026-03-10", "2026-03-15", "2026-06-30")


@tagged("post_install", "-at_install")
class TestPenaltiesWaitingMoney(PenaltyCommon):
    def debtor(self):
        return self.customer("Debtor", dunning_regime="b2b")

    def receive(self, partner, on, amount):
        return self.payment(partner, amount, date=on)

    def assert_as(self, debts, same):
        """Check that these invoices owe, on each day, what those owe on which all was matched."""
        for on in DAYS:
            for number, (debt, other) in enumerate(zip(debts, same, strict=True)):
                with self.subTest(on=on, debt=number):
                    found, expected = self.accrued(debt, on), self.accrued(other, on)
                    self.assertEqual(found.interest, expected.interest)
                    self.assertEqual(found.indemnity, expected.indemnity)

    def matched(self, *debts):
        """Return invoices of another customer: ``(due, amount, [(day, amount)])`` each."""
        partner, invoices = self.debtor(), []
        for due, amount, payments in debts:
            invoices.append(self.invoice(partner, due, amount))
            for on, paid in payments:
                self.pay_on(on, invoices[-1], paid)
        return invoices

    def test_what_a_later_payment_leaves_open_in_part(self):
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.receive(partner, "2026-02-15", 3000)
        self.pay_on("2026-03-15", debt, 9000)
        same = self.matched(("2026-01-31", 10000, [("2026-02-15", 3000), ("2026-03-15", 7000)]))
        self.assert_as([debt], same)

    def test_what_a_later_payment_settles(self):
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.receive(partner, "2026-02-15", 3000)
        self.pay_on("2026-03-15", debt, 10000)
        self.assertTrue(self.items(debt).reconciled)
        same = self.matched(("2026-01-31", 10000, [("2026-02-15", 3000), ("2026-03-15", 7000)]))
        self.assert_as([debt], same)

    def test_what_a_later_payment_set_free_reduces_the_next_debt_from_that_day(self):
        partner = self.debtor()
        first = self.invoice(partner, "2026-01-31", 10000)
        second = self.invoice(partner, "2026-02-05", 5000)
        self.receive(partner, "2026-02-15", 3000)
        self.pay_on("2026-03-15", first, 10000)
        same = self.matched(
            ("2026-01-31", 10000, [("2026-02-15", 3000), ("2026-03-15", 7000)]),
            ("2026-02-05", 5000, [("2026-03-15", 3000)]),
        )
        self.assert_as([first, second], same)

    def test_what_a_person_matches_decides_since_when_each_debt_is_paid(self):
        # See docs/decisions/what-the-books-match.md.
        partner = self.debtor()
        first = self.invoice(partner, "2026-01-31", 10000)
        second = self.invoice(partner, "2026-03-31", 5000)
        money = self.receive(partner, "2026-02-15", 3000)
        self.pay_on("2026-03-15", first, 10000)
        (money.move_id.line_ids + second.line_ids).filtered(
            lambda line: line.account_id == self.items(second).account_id
        ).reconcile()
        same = self.matched(
            ("2026-01-31", 10000, [("2026-03-15", 10000)]),
            ("2026-03-31", 5000, [("2026-02-15", 3000)]),
        )
        self.assert_as([first, second], same)

    def test_several_sums_and_payments(self):
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.receive(partner, "2026-02-12", 2000)
        self.pay_on("2026-02-20", debt, 5000)
        self.receive(partner, "2026-03-01", 1000)
        self.pay_on("2026-03-12", debt, 4500)
        same = self.matched(
            (
                "2026-01-31",
                10000,
                [
                    ("2026-02-12", 2000),
                    ("2026-02-20", 5000),
                    ("2026-03-01", 1000),
                    ("2026-03-12", 2000),
                ],
            )
        )
        self.assert_as([debt], same)

    def test_a_line_of_the_bank_that_nobody_matched(self):
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.statement(partner, 3000, on="2026-02-15")
        self.pay_on("2026-03-15", debt, 9000)
        same = self.matched(("2026-01-31", 10000, [("2026-02-15", 3000), ("2026-03-15", 7000)]))
        self.assert_as([debt], same)

    def test_a_payment_of_before_the_due_date_made_twice(self):
        """What was paid in time is not late because the customer paid it again."""
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.receive(partner, "2026-01-20", 10000)
        self.pay_on("2026-03-15", debt, 10000)
        self.assert_as([debt], self.matched(("2026-01-31", 10000, [("2026-01-20", 10000)])))
        self.assertEqual(self.accrued(debt, "2026-06-30").interest, 0)

    def test_money_of_after_a_debt_was_settled_takes_nothing_off_it(self):
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.pay_on("2026-02-14", debt, 10000)
        self.receive(partner, "2026-02-15", 3000)
        self.assert_as([debt], self.matched(("2026-01-31", 10000, [("2026-02-14", 10000)])))

    def test_a_credit_note_counts_from_the_due_date_or_from_its_own(self):
        for dated, on in (("due", "2026-01-31"), ("own", "2026-02-15")):
            with self.subTest(dated):
                self.company.dunning_credit_note_date = dated
                partner = self.debtor()
                debt = self.invoice(partner, "2026-01-31", 10000)
                self.credit_note(partner, 3000, invoice_date="2026-02-15")
                self.pay_on("2026-03-15", debt, 9000)
                same = self.matched(("2026-01-31", 10000, [(on, 3000), ("2026-03-15", 7000)]))
                self.assert_as([debt], same)

    def test_what_is_taken_off_a_payment_is_told_where_it_counts(self):
        partner = self.debtor()
        debt = self.invoice(partner, "2026-01-31", 10000)
        self.receive(partner, "2026-02-15", 3000)
        self.pay_on("2026-03-15", debt, 9000)
        counted = [(event.on, event.amount) for event in self.accrued(debt, "2026-06-30").events]
        self.assertEqual(counted, [(day("2026-02-15"), 3000), (day("2026-03-15"), 7000)])
