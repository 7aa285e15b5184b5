"""Which payments, or which open items, the debits returned by a bank are: a value, read once."""

import re
from collections import defaultdict
from datetime import timedelta

from odoo.fields import Domain

from ...core.money import to_decimal
from ..common.due import MONEY_JOURNALS

DAYS = 500  # between a debit and its return, at most: thirteen months for an unauthorised debit
OF_INVOICES = ("name", "payment_reference", "ref")
_SIGNS = re.compile(r"[^A-Z0-9]")


def plain(text):
    """Return a reference in the form common to all banks: only capital letters and digits."""
    return _SIGNS.sub("", (text or "").upper())


def tokens(text):
    """Return what a text may refer to: all of it, its words, and the parts between dashes."""
    words = re.split(r"[\s,;:()]+", text or "")
    parts = [part for word in words for part in re.split(r"[-_]", word)]
    return {plain(each) for each in (text, *words, *parts)} - {""}


class ReturnMatching:
    """What the debits of a file are in the books of some companies.

    Matched by what names them (end-to-end identification, mandate, reference) and the amount;
    without a name known in the books, by the customer's account and the amount, if only one debit
    matches. If the bank does not repeat the amount, by the whole identification, among the payments
    of customers who pay by direct debit: the amount is then that of the payment.
    """

    def __init__(self, env, companies, rows):
        """Read what these debits may be, as superuser.

        :param env: environment of the superuser
        :param companies: ``res.company`` records whose books are searched
        :param rows: ``core.return_entries.Returned``
        """
        self.env, self.companies = env, companies
        self.amounts = {float(row.amount) for row in rows if row.amount is not None}
        self.unsummed = [row.end_to_end for row in rows if row.amount is None]
        self.first = min(row.day for row in rows) - timedelta(days=DAYS)
        wanted = set().union(*map(self._get_tokens, rows))
        ibans = {plain(row.iban) for row in rows} - {""}
        self.holders = self._find_holders(ibans)
        self.named = defaultdict(set)  # token: candidates
        self.by_holder = defaultdict(set)  # partner: candidates
        for candidate in [*self._find_payments(), *self._find_registered(), *self._find_open()]:
            for name in self._get_names(candidate) & wanted:
                self.named[name].add(candidate)
            self.by_holder[candidate.partner_id.commercial_partner_id.id].add(candidate)

    def match(self, row):
        """Return what a debit is, or why it could not be determined.

        :param row: ``core.return_entries.Returned``
        :return: records (the receivable item of a payment, an ``account.payment`` without an entry,
            or open items) and an empty text, or None and « unknown », « several » or « amount »
        """
        named = {each for name in self._get_tokens(row) for each in self.named[name]}
        named = {each for each in named if self._may_be(row, each)}
        held = {each for id_ in self.holders[plain(row.iban)] for each in self.by_holder[id_]}
        if row.amount is None:
            named = {each for each in named if self._is_debit(each)}
        same = [each for each in named if self._is_amount(row, each)]
        if len(same) > 1 and held.intersection(same):
            same = [each for each in same if each in held]
        if not named and row.amount is not None:
            same = [each for each in held if self._may_be(row, each) and self._is_amount(row, each)]
        together = None if same else self._find_together(row, named)
        if together:
            return together, ""
        same = self._prefer_paid(same)
        if len(same) == 1:
            return same[0], ""
        return None, "several" if same else ("amount" if named else "unknown")

    def complete(self, row, found):
        """Return a row with the amount of its match, if the bank did not repeat it.

        :param row: ``core.return_entries.Returned``
        :param found: what the debit is, as returned by ``match``
        """
        if row.amount is not None:
            return row
        return row._replace(amount=to_decimal(self._get_amount(found), found.currency_id.rounding))

    # -- What a row names --------------------------------------------------------------------------

    def _get_tokens(self, row):
        if row.amount is None:
            return {plain(row.end_to_end)}
        return tokens(row.end_to_end) | tokens(row.mandate) | tokens(row.words)

    def _find_holders(self, ibans):
        """Return the customers who have these accounts: ``{account: set of ids}``."""
        holders = defaultdict(set)
        accounts = self.env["res.partner.bank"].with_context(active_test=False)
        for each in accounts.search([("sanitized_acc_number", "in", list(ibans))]):
            holders[each.sanitized_acc_number].add(each.partner_id.commercial_partner_id.id)
        return holders

    # -- Candidates --------------------------------------------------------------------------------

    def _find_payments(self):
        """Return the customers' payments with an entry, reconciled with what they paid.

        A payment reconciled only with a debit of the bank has already been returned.
        """
        Item = self.env["account.move.line"]
        found = Item.search(
            [
                ("company_id", "in", self.companies.ids),
                ("account_id", "in", Item._get_dunning_accounts(self.companies).ids),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "=", "entry"),
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("partner_id", "!=", False),
                ("balance", "<", 0),
                ("date", ">=", self.first),
                ("matched_debit_ids", "!=", False),
                *self._get_searched(
                    ("amount_currency", "in", [-amount for amount in self.amounts]),
                    *("name", "ref", "move_id.name", "move_id.ref"),
                    *("payment_id.name", "payment_id.memo", "payment_id.payment_reference"),
                    *(f"matched_debit_ids.debit_move_id.move_id.{name}" for name in OF_INVOICES),
                ),
            ]
        )
        return found.filtered(
            lambda payment: any(
                paid.journal_id.type not in MONEY_JOURNALS
                for paid in payment.matched_debit_ids.debit_move_id
            )
        )

    def _find_registered(self):
        """Return the payments that wait for the bank line and have no entry yet."""
        return self.env["account.payment"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("state", "in", ("in_process", "paid")),
                ("move_id", "=", False),
                ("payment_type", "=", "inbound"),
                ("partner_type", "=", "customer"),
                ("date", ">=", self.first),
                ("invoice_ids", "!=", False),
                *self._get_searched(
                    ("amount", "in", list(self.amounts)),
                    *("name", "memo", "payment_reference"),
                    *(f"invoice_ids.{name}" for name in OF_INVOICES),
                ),
            ]
        )

    def _get_searched(self, of_sums, *names):
        """Return how payments are searched: by the known amounts; if one is unknown, also by name.

        :param of_sums: condition
        :param names: paths to what may name the debit of a payment, as it was sent to the bank
        """
        domain = Domain(*of_sums)
        if self.unsummed:
            domain |= Domain.OR(Domain(name, "in", self.unsummed) for name in names)
        return domain

    def _find_open(self):
        Item = self.env["account.move.line"]
        domain = Item._get_dunning_domain(self.companies) & Domain(
            "move_id.move_type", "!=", "entry"
        )
        return Item.search(domain & Domain("date_maturity", ">=", self.first))

    def _get_names(self, candidate):
        """Return all that names a candidate, in the form common to all banks."""
        if candidate._name == "account.payment":
            payment, moves = candidate, candidate.invoice_ids
            told = []
        else:
            payment = candidate.payment_id
            moves = candidate.move_id | candidate.matched_debit_ids.debit_move_id.move_id
            told = [candidate.name, candidate.ref]
        told += [payment.name, payment.memo, payment.payment_reference]
        told += [each for move in moves for each in (move.name, move.payment_reference, move.ref)]
        told += payment._get_dunning_debit_names() if payment else []
        return {plain(each) for each in told} - {""}

    # -- One of them -------------------------------------------------------------------------------

    def _may_be(self, row, candidate):
        """Whether a candidate is in the currency of a debit, and not later than its return."""
        code = candidate.currency_id.name
        on = candidate.date
        paid = candidate._name == "account.payment" or candidate.balance < 0
        return (not row.currency or code == row.currency) and (not paid or on <= row.day)

    def _get_amount(self, candidate):
        if candidate._name == "account.payment":
            return candidate.amount
        if candidate.balance < 0:
            return -candidate.amount_currency
        return candidate.amount_residual_currency

    def _is_debit(self, candidate):
        """Whether a candidate is a payment, reconciled, of a customer who pays by direct debit."""
        if not candidate.partner_id._pays_dunning_by_debit():
            return False  # a transfer for the same invoice would be taken for the debit
        if candidate._name == "account.payment":
            return candidate.state in ("in_process", "paid")
        return candidate.balance < 0 and bool(candidate.matched_debit_ids)

    def _is_amount(self, row, candidate):
        if row.amount is None:
            return True
        rounding = candidate.currency_id.rounding
        return to_decimal(self._get_amount(candidate), rounding) == row.amount

    def _prefer_paid(self, same):
        """If a payment and an open item have the same name and amount, the payment was returned."""
        paid = [each for each in same if each._name == "account.payment" or each.balance < 0]
        return paid or same

    def _find_together(self, row, named):
        """Return the open items of one customer that one debit was for, if they add up to it."""
        items = [each for each in named if each._name != "account.payment" and each.balance > 0]
        found = self.env["account.move.line"].union(*items)
        total = sum(
            to_decimal(each.amount_residual_currency, each.currency_id.rounding) for each in found
        )
        alone = len(found.partner_id.commercial_partner_id) == 1 and len(found.company_id) == 1
        return found if alone and total == row.amount else None
