"""What a closing finds of each customer of a company: claims, taxes, what is booked, the facts.

A fixed number of queries for all customers; the decisions are in ``core.impairment``.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from odoo.tools import SQL

from ...core.impairment import Split, Taxes, set_off, split
from ...core.money import CENT, ZERO, round_to_step, to_decimal
from . import closing_query as query

AGES = (("late_90", 90), ("late_180", 180), ("late_365", 365), ("late_more", None))


@dataclass
class Claim:
    """An open item at the closing, amounts in the company's currency.

    :ivar residual: open amount; ``left``: once unallocated money is set against the oldest items
    :ivar relief: share of the claim that was VAT, already recovered; ``step``: the unit to which it
        is rounded
    :ivar rate: units of its own currency for one of the company's
    :ivar split: of ``left``; ``moved``: the part of it on 416, and ``moved_currency``
    """

    item_id: int
    move_id: int
    account_id: int
    currency_id: int
    due: object
    residual: Decimal
    rate: Decimal
    moved: Decimal = ZERO
    moved_currency: Decimal = ZERO
    left: Decimal = ZERO
    relief: Decimal = ZERO
    step: Decimal = CENT
    split: Split = field(default_factory=lambda: Split(ZERO, {}, {}))

    @property
    def relieved(self):
        """VAT recovered on what is left of it."""
        return round_to_step(self.left * self.relief, self.step)


@dataclass
class Customer:
    """A customer at the closing.

    :ivar credits: unallocated money and credit notes; ``gone``: balance on 416 for settled items;
        ``provided``: on 491; ``lost``: 654 of the lost items; ``recovered``: on 7583 since;
        ``facts``: ``{ground: day}``
    """

    partner_id: int
    claims: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    credits: Decimal = ZERO
    provided: Decimal = ZERO
    lost: Decimal = ZERO
    recovered: Decimal = ZERO
    facts: dict = field(default_factory=dict)

    @cached_property
    def claim(self):
        """All that is left, tax included."""
        return sum((claim.left for claim in self.claims), ZERO)

    @cached_property
    def base(self):
        """What would be lost, without the VAT."""
        return sum((claim.split.base for claim in self.claims), ZERO)

    @cached_property
    def vat(self):
        """VAT declared on it, which the State may give back."""
        return sum((sum(claim.split.declared.values(), ZERO) for claim in self.claims), ZERO)

    @cached_property
    def waiting(self):
        """VAT that becomes due when it is paid."""
        return sum((sum(claim.split.waiting.values(), ZERO) for claim in self.claims), ZERO)

    @cached_property
    def moved(self):
        """The customer's balance on 416, settled items included."""
        return sum((claim.moved for claim in [*self.claims, *self.gone]), ZERO)

    @cached_property
    def money_left(self):
        """Unallocated money in excess of what is open."""
        owed = sum((claim.residual for claim in self.claims), ZERO)
        return max(self.credits - owed, ZERO)

    @cached_property
    def recoverable(self):
        """Receipts of lost debts that are not booked as such yet."""
        return min(self.money_left, max(self.lost - self.recovered, ZERO))

    @cached_property
    def vat_to_get_back(self):
        """VAT that was not recovered yet."""
        return sum(
            (sum(each.split.declared.values(), ZERO) for each in self.claims if not each.relief),
            ZERO,
        )

    def days_late(self, day):
        """Return by how many days the oldest item is late; zero if none is."""
        return max([(day - claim.due).days for claim in self.claims if claim.left] + [0])

    def ages(self, day):
        """Return what is left by age: ``not_due`` and the names of ``AGES``."""
        found = dict.fromkeys(["not_due", *(name for name, _until in AGES)], ZERO)
        for claim in self.claims:
            days = (day - claim.due).days
            name = next((n for n, until in AGES if until is None or days <= until), "late_more")
            found["not_due" if days <= 0 else name] += claim.left
        return found

    def is_shown(self, day):
        """Whether the closing has anything to say about this customer."""
        booked = self.moved or self.provided or self.recoverable
        return bool(booked or (self.claim and (self.facts or self.days_late(day))))


def gather(company, day, partners=None):
    """Return what a closing finds, with full rights: check the user's first.

    :param company: ``res.company`` whose books are read
    :param date day: last day that counts
    :param partners: only these customers
    :return: ``{partner id: Customer}``
    """
    env = company.sudo().env
    customers = _read_claims(env, company, day, partners)
    _add_booked(env, company, customers, partners)
    _add_facts(env, company, day, customers)
    _cut(env, company, customers)
    return customers


class _Customers(dict):
    def __missing__(self, partner_id):
        self[partner_id] = customer = Customer(partner_id)
        return customer


def _read_claims(env, company, day, partners):
    step, customers = company.currency_id.rounding, _Customers()
    open_items = env["account.dunning.balance"]._get_open_items_query(company, day, partners)
    for row in env.execute_query_dict(SQL(query.ITEMS, open_items=open_items)):
        residual = to_decimal(row["residual"], step)
        customer = customers[row["partner_id"]]
        if residual <= 0 or row["is_paid_out"]:
            customer.credits -= residual
            continue
        customer.claims.append(
            Claim(
                item_id=row["move_line_id"],
                move_id=row["move_id"],
                account_id=row["account_id"],
                currency_id=row["currency_id"],
                due=row["date_maturity"],
                residual=residual,
                rate=to_decimal(row["residual_currency"]) / residual,
            )
        )
    for customer in customers.values():
        customer.credits = max(customer.credits, ZERO)
    return customers


def _add_booked(env, company, customers, partners):
    step = company.currency_id.rounding
    known = {claim.item_id: claim for each in customers.values() for claim in each.claims}
    wanted = None if partners is None else set(partners.ids)
    moved = [
        row
        for row in env.execute_query(query.moved(company, query.DOUBTFUL))
        if row[2] and (wanted is None or row[1] in wanted)
    ]
    settled = env["account.move.line"].browse({row[0] for row in moved} - set(known))
    settled.fetch(["move_id", "account_id", "currency_id"])
    for item_id, partner_id, balance, amount in moved:
        claim = known.get(item_id)
        if not claim:
            item = settled.browse(item_id).with_prefetch(settled._prefetch_ids)
            claim = Claim(
                item_id, item.move_id.id, item.account_id.id, item.currency_id.id, None, ZERO, ZERO
            )
            customers[partner_id].gone.append(claim)
        claim.moved, claim.moved_currency = to_decimal(balance, step), to_decimal(amount)
    for item_id, share in env.execute_query(SQL(query.RELIEVED, company=company.id)):
        if item_id in known:
            known[item_id].relief = to_decimal(share)
            known[item_id].step = to_decimal(step)
    for name, code, sign in (
        ("provided", query.DEPRECIATION, -1),
        ("recovered", query.RECOVERED, -1),
    ):
        for partner_id, balance in env.execute_query(query.booked(company, code, partners)):
            setattr(customers[partner_id], name, sign * to_decimal(balance, step))
    for code in (query.LOSS, query.EARLIER_LOSS):
        for _item, partner_id, balance, _amount in env.execute_query(query.moved(company, code)):
            if wanted is None or partner_id in wanted:
                customers[partner_id].lost += to_decimal(balance, step)


def _add_facts(env, company, day, customers):
    env.flush_all()
    creditor = company.dunning_creditor_id
    zone = creditor.sudo()._get_dunning_timezone()
    rows = env.execute_query(SQL(query.FACTS, creditor=creditor.id, day=day, zone=zone))
    for partner_id, ground, since in rows:
        if partner_id in customers:
            customers[partner_id].facts[ground] = since


def _cut(env, company, customers):
    """Set unallocated money against the oldest claims, and split what is left."""
    step = to_decimal(company.currency_id.rounding)
    taxes = _read_taxes(env, company, customers)
    for customer in customers.values():
        lefts = set_off([claim.residual for claim in customer.claims], customer.credits)
        for claim, left in zip(customer.claims, lefts, strict=True):
            claim.left = left
            if left:
                claim.split = split(left, taxes[claim.move_id], step)


def _read_taxes(env, company, customers):
    step = company.currency_id.rounding
    found = defaultdict(lambda: Taxes(ZERO, {}, {}))
    moves = {claim.move_id for each in customers.values() for claim in each.claims if claim.move_id}
    for row in env.execute_query_dict(SQL(query.TAXES, moves=tuple(moves) or (0,))):
        taxes = found.setdefault(row["move_id"], Taxes(to_decimal(row["total"], step), {}, {}))
        parts = taxes.waiting if row["waits"] else taxes.declared
        parts[row["tax_line_id"]] = to_decimal(row["amount"], step)
    return found
