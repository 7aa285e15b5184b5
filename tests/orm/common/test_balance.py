"""What was open on a past day, against the ledger and against Odoo's own residuals."""

import random
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..dunning_common import DunningCommon, day

SEED = 20260602
START, LAST = day("2026-01-05"), day("2026-06-01")
ENTRIES, MATCHES = 60, 45


@tagged("post_install", "-at_install")
class TestBalance(DunningCommon):
    """Entries and reconciliations drawn at random (fixed seed), in euros and in dollars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Balance = cls.env["account.dunning.balance"]
        cls.draw = random.Random(SEED)
        cls.dollar = cls.setup_other_currency(
            "USD", rates=[("2020-01-01", 1.25), ("2026-03-01", 1.1), ("2026-05-01", 1.4)]
        )
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.other_receivable = cls.receivable.copy({"code": "411900"})
        cls.partners = [cls.customer(f"Client {n}") for n in range(4)]
        cls.entries = cls.env["account.move"]
        for _number in range(ENTRIES):
            cls.entries |= cls.draw_entry()
        cls.entries.action_post()
        cls.days = [START + timedelta(days=n) for n in range(-1, 150, 13)] + [LAST]
        cls.match()
        cls.env.flush_all()

    @classmethod
    def draw_entry(cls):
        """Create an entry that debits or credits a customer, on a day drawn."""
        on = START + timedelta(days=cls.draw.randint(0, (LAST - START).days))
        currency = cls.draw.choice([cls.company.currency_id, cls.dollar])
        amount = cls.draw.choice([1, 1, -1]) * cls.draw.randint(100, 90000) / 100
        balance = currency._convert(amount, cls.company.currency_id, cls.company, on)
        common = {"partner_id": cls.draw.choice(cls.partners).id, "currency_id": currency.id}
        account = cls.draw.choice([cls.receivable, cls.receivable, cls.other_receivable])
        return cls.env["account.move"].create(
            {
                "journal_id": cls.company_data["default_journal_misc"].id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": side.id,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                            "name": "Entry",
                        }
                    )
                    for side, sign in ((account, 1), (cls.income, -1))
                ],
            }
        )

    @classmethod
    def match(cls):
        """Reconcile pairs drawn; Odoo books the exchange differences."""
        lines = cls.entries.line_ids.filtered(
            lambda line: line.account_id in cls.receivable + cls.other_receivable
        )
        for _number in range(MATCHES):
            debit = cls.draw.choice(lines.filtered(lambda line: line.balance > 0))
            credits = lines.filtered(
                lambda line, debit=debit: (
                    line.balance < 0
                    and not line.reconciled
                    and line.account_id == debit.account_id
                    and line.partner_id == debit.partner_id
                )
            )
            if credits and not debit.reconciled:
                (debit + cls.draw.choice(credits)).reconcile()

    def read(self, as_of, **values):
        """Run the query; rows as dicts."""
        query = self.Balance._get_open_items_query(self.company, as_of, **values)
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    def total(self, as_of, **values):
        """Add the items up in the database, where amounts are exact."""
        query = self.Balance._get_open_items_query(self.company, as_of, **values)
        [(total,)] = self.env.execute_query(
            SQL("SELECT COALESCE(sum(residual), 0) FROM (%s) item", query)
        )
        return total

    # -- The tie -----------------------------------------------------------------------------------

    def test_the_items_add_up_to_the_ledger_on_each_day(self):
        for as_of in self.days:
            with self.subTest(as_of=as_of):
                balance = self.Balance._get_ledger_balance(self.company, as_of)
                self.assertEqual(self.total(as_of), balance)
        self.assertTrue(self.Balance._get_ledger_balance(self.company, LAST))

    def test_a_customer_adds_up_too(self):
        for partner in self.partners:
            rows = self.read(LAST, partners=partner)
            self.assertEqual({row["partner_id"] for row in rows}, {partner.id})
            self.assertEqual(
                self.total(LAST, partners=partner),
                self.Balance._get_ledger_balance(self.company, LAST, partners=partner),
            )

    def test_an_account_adds_up_too(self):
        rows = self.read(LAST, accounts=self.other_receivable)
        self.assertEqual({row["account_id"] for row in rows}, {self.other_receivable.id})
        self.assertEqual(
            self.total(LAST, accounts=self.other_receivable),
            self.Balance._get_ledger_balance(self.company, LAST, accounts=self.other_receivable),
        )

    def test_today_it_is_what_odoo_shows_as_open(self):
        today = {
            row["move_line_id"]: (row["residual"], row["residual_currency"])
            for row in self.read("2100-01-01")
        }
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "in", (self.receivable + self.other_receivable).ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        self.assertTrue(lines.filtered(lambda line: line.amount_residual != line.balance))
        self.assertEqual(
            today,
            {line.id: (line.amount_residual, line.amount_residual_currency) for line in lines},
        )

    def test_a_past_day_is_what_odoo_would_have_shown_on_that_day(self):
        for as_of in self.days:
            with self.subTest(as_of=as_of):
                found = {
                    row["move_line_id"]: (row["residual"], row["residual_currency"])
                    for row in self.read(as_of)
                }
                self.assertEqual(found, self.added_up_by_hand(as_of))

    def added_up_by_hand(self, as_of):
        """Return the residuals of a day, item by item, from the reconciliations known by then."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "in", (self.receivable + self.other_receivable).ids),
                ("parent_state", "=", "posted"),
                ("date", "<=", as_of),
            ]
        )
        partials = (lines.matched_credit_ids | lines.matched_debit_ids).filtered(
            lambda partial: partial.max_date <= as_of
        )
        residuals = {line: [line.balance, line.amount_currency] for line in lines}
        for partial in partials:
            residuals[partial.debit_move_id][0] -= partial.amount
            residuals[partial.debit_move_id][1] -= partial.debit_amount_currency
            residuals[partial.credit_move_id][0] += partial.amount
            residuals[partial.credit_move_id][1] += partial.credit_amount_currency
        rounded = {
            line.id: (line.company_currency_id.round(amount), line.currency_id.round(in_currency))
            for line, (amount, in_currency) in residuals.items()
        }
        return {line_id: amounts for line_id, amounts in rounded.items() if any(amounts)}

    def test_the_ledger_drawn_has_exchange_differences_and_part_payments(self):
        partials = self.entries.line_ids.matched_debit_ids
        self.assertTrue(partials.exchange_move_id)
        self.assertTrue(self.entries.line_ids.filtered("matched_debit_ids").filtered("reconciled"))

    # -- Plain cases -------------------------------------------------------------------------------

    def test_an_invoice_paid_later_was_open_before_the_payment(self):
        partner = self.customer("Late payer", dunning_regime="b2b")
        invoice = self.invoice(partner, "2026-03-31", 100)
        with self.on("2026-05-10"):
            self.pay(invoice, 40)
        residuals = [
            [row["residual"] for row in self.read(as_of, partners=partner)]
            for as_of in ("2026-02-28", "2026-03-01", "2026-05-09", "2026-05-10")
        ]
        self.assertEqual(residuals, [[], [100], [100], [60]])

    def test_a_draft_and_a_cancelled_invoice_are_not_in_the_books(self):
        partner = self.customer("Drafts")
        self.invoice(partner, "2026-03-31", 100, post=False)
        cancelled = self.invoice(partner, "2026-03-31", 100)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertFalse(self.read(LAST, partners=partner))

    def test_a_debt_set_against_money_of_another_company_stays_open_in_each(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id, "company_registry": "732829320"}
        )
        self.env.user.company_ids += branch
        partner = self.customer("Group", dunning_regime="b2b")
        invoice = self.invoice(partner, "2026-03-31", 100)
        received = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "company_id": branch.id,
                "date": "2026-05-10",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": balance,
                            "name": "Received by the branch",
                        }
                    )
                    for account, balance in ((self.receivable, -100), (self.income, 100))
                ],
            }
        )
        received.action_post()
        (self.items(invoice) + self.items(received)).reconcile()
        self.assertTrue(self.items(invoice).reconciled)
        [row] = self.read(LAST, partners=partner)
        self.assertEqual((row["move_id"], row["residual"]), (invoice.id, 100))
        both = self.Balance._get_open_items_query(self.company + branch, LAST, partners=partner)
        self.assertFalse(self.env.execute_query(both))
