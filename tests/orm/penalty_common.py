"""What the tests of penalties add: accounts, ways to pay, and figures written as in the cases."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from odoo import Command

from .dunning_common import DunningCommon, day

DATA = Path(__file__).parents[1] / "unit" / "data"


def read_csv(name):
    with (DATA / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


CASES = {row["case"]: row for row in read_csv("penalty_cases.csv")}
SEGMENT = re.compile(r"(\d+)d@([\d.]+) on ([\d.]+)=([\d.]+)")


def segments_of(accrued):
    """Return ``(days, annual rate, base, interest)`` of the segments computed for an item."""
    return [(s.days, s.annual_rate, s.base, s.interest) for s in accrued.statement.segments]


def written(text):
    """Read segments written as in the worked cases: ``61d@13.15 on 12000=263.72|...``."""
    return [tuple(map(Decimal, SEGMENT.fullmatch(part).groups())) for part in text.split("|")]


class PenaltyCommon(DunningCommon):
    """The creditor books penalties and posts them; its customer is a professional."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Penalty = cls.env["account.dunning.penalty"]
        cls.Accrual = cls.env["account.dunning.accrual"]
        cls.partner = cls.customer("Menuiserie", dunning_regime="b2b")
        cls.misc = cls.company_data["default_journal_misc"]
        cls.doubtful = cls.account("416000", "asset_current", reconcile=True)
        cls.losses = cls.account("654000", "expense")
        cls.penalty_income = cls.account("763100", "income_other")
        cls.outstanding = cls.account("519990", "asset_current", reconcile=True)
        cls.bank.inbound_payment_method_line_ids.payment_account_id = cls.outstanding
        cls.pen = cls.env["account.journal"].create(
            {
                "name": "Penalties",
                "code": "PEN",
                "type": "general",
                "company_id": cls.company.id,
            }
        )
        cls.company.write(
            {
                "dunning_book_penalties": True,
                "dunning_post_penalties": True,
                "dunning_journal_id": cls.pen.id,
                "dunning_penalty_account_id": cls.penalty_income.id,
            }
        )

    @classmethod
    def account(cls, code, account_type, **values):
        return cls.env["account.account"].create(
            {"code": code, "name": f"Account {code}", "account_type": account_type, **values}
        )

    # -- The ledger --------------------------------------------------------------------------------

    @classmethod
    def item(cls, move):
        (item,) = cls.items(move)
        return item

    @classmethod
    def pay_on(cls, text, invoices, amount=None, **values):
        """Register a payment of these invoices on a given day, as their button does."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        values |= {"journal_id": cls.bank.id, "payment_date": text}
        if amount is not None:
            values["amount"] = amount
        return wizard.create(values)._create_payments()

    @classmethod
    def match(cls, statement_line, *counterparts):
        """Reconcile a line of the bank statement with journal items, as the bank screen does."""
        _bank, suspense, _other = statement_line._seek_for_lines()
        suspense.account_id = counterparts[0].account_id
        for counterpart in counterparts:
            (suspense + counterpart).reconcile()

    @classmethod
    def credit(cls, invoice, amount, on):
        """Post a credit note on a given day and reconcile it with its invoice."""
        note = cls.credit_note(
            invoice.partner_id, amount, invoice, invoice_date=on, currency_id=invoice.currency_id.id
        )
        (cls.items(note) + cls.items(invoice)).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        return note

    @classmethod
    def entry(cls, journal, on, partner, *lines):
        """Post an entry from ``(account, debit)`` pairs; a credit is negative."""
        move = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": on,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": debit,
                            "name": "Entry",
                        }
                    )
                    for account, debit in lines
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def settle_by_entry(cls, invoice, on, *lines):
        """Settle an invoice with a miscellaneous entry whose debits are these pairs."""
        item = cls.item(invoice)
        total = sum(debit for _account, debit in lines)
        entry = cls.entry(cls.misc, on, invoice.partner_id, *lines, (item.account_id, -total))
        (
            entry.line_ids.filtered(lambda line: line.account_id == item.account_id) + item
        ).reconcile()
        return entry

    # -- The penalties -----------------------------------------------------------------------------

    @classmethod
    def late(cls, due, amount, *, partner=None, **values):
        """Post an invoice for which a formal notice was sent, so that its penalties are booked."""
        invoice = cls.invoice(partner or cls.partner, due, amount, **values)
        cls.history(
            cls.formal_notice,
            day(due) + timedelta(days=45),
            invoice,
            company=invoice.company_id.dunning_creditor_id,
        )
        return invoice

    def accrued(self, invoice, until, imputation="principal"):
        """Compute the single item of an invoice."""
        item = self.item(invoice)
        return self.Accrual._compute_items(item, day(until), imputation)[item.id]

    def book(self, until, *, company=None, force=True, partners=None):
        """Run the booking on a given day and return its entries."""
        creditor = company or self.company
        result = self.Penalty._run(creditor, day(until), partners=partners, force=force)
        return result["entries"]

    def preview(self, records):
        """Open the preview of a booking as the button of these records does."""
        if records._name == "account.dunning.penalty":
            action = records.action_book()
        else:
            action = records.action_book_dunning_penalties()
        return records.env[action["res_model"]].browse(action["res_id"])

    def penalty(self, invoice):
        penalty = self.Penalty.search([("move_line_id", "in", self.items(invoice).ids)])
        penalty.ensure_one()
        return penalty

    # -- What is expected --------------------------------------------------------------------------

    def assert_interest(self, invoice, until, expected):
        """Check the interest on an invoice with one item, in its currency."""
        self.assertEqual(self.accrued(invoice, until).interest, Decimal(expected))

    def assert_booked(self, entries, *expected):
        """Check ``(part, amount in its currency)`` of the receivable items of entries."""
        lines = entries.line_ids.filtered("dunning_penalty_id").sorted("id")
        booked = [(line.dunning_penalty_part, line.amount_currency) for line in lines]
        self.assertEqual(booked, list(expected))

    def assert_case(self, case, invoice, until=None):
        """Check an invoice against a worked case, segment by segment."""
        row = CASES[case]
        accrued = self.accrued(invoice, until or row["until"], row["imputation"])
        statement = accrued.statement
        self.assertEqual(segments_of(accrued), written(row["segments"]))
        self.assertEqual(
            (statement.interest, statement.interest_left, statement.principal_left),
            tuple(Decimal(row[name]) for name in ("interest", "interest_left", "principal_left")),
        )
        self.assertEqual(accrued.indemnity, Decimal(row["indemnity"]))
