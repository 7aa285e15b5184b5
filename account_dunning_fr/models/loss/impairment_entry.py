"""The entry of one customer at a closing: what should be booked, minus what is.

416/411 for the claim, 681740/491000 and 491000/781740 for the impairment, 6541 or 6544 for a loss
with its VAT, 758300 for what is paid after a loss.
"""

from functools import cache

from odoo.exceptions import UserError

from ...core.impairment import depreciation
from ...core.money import CENT, ZERO, to_decimal
from ..common.letter_formats import format_letter_date
from . import closing_query as query
from .entry_values import prepare_entry, prepare_line


class Closing:
    """What the entries of one closing share, looked up once.

    :param company: ``res.company``
    :param date day: day of the closing
    """

    def __init__(self, company, day):
        self.company, self.env = company, company.env
        self.account = cache(company._get_dunning_coded_account)
        self.year_start = company.compute_fiscalyear_dates(day)["date_from"]

    def fetch(self, customers):
        """Fetch the invoices of these customers at once.

        :param customers: of ``closing_facts.Customer``
        """
        claims = [claim for each in customers for claim in [*each.claims, *each.gone]]
        self.moves = self.env["account.move"].browse({claim.move_id for claim in claims})
        self.moves.fetch(["name", "invoice_date", "date"])
        return self

    def move(self, claim):
        """Return the entry of a claim."""
        return self.moves.browse(claim.move_id).with_prefetch(self.moves._prefetch_ids)


class ImpairmentEntry:
    """Three steps: ``ImpairmentEntry(record, customer, closing)``, ``add_all()``, ``vals()``.

    :param record: ``account.dunning.impairment``, in the language of the creditor
    :param customer: ``closing_facts.Customer``
    :param Closing closing: what the entries of a closing share
    """

    def __init__(self, record, customer, closing):
        self.record, self.customer, self.lines = record, customer, []
        self.company, self.env, self.closing = record.company_id, record.env, closing
        self.step = to_decimal(self.company.currency_id.rounding)

    def add_all(self):
        """Add all the lines that the treatment requires.

        :raise UserError: if VAT is to be recovered and no duplicate was sent
        """
        if self.record.treatment == "loss" and self.record.takes_vat:
            self._check_duplicate_sent()
        for claim in self.customer.gone:
            self._transfer(claim, ZERO)
        for claim in self.customer.claims:
            if self.record.treatment == "loss":
                self._lose(claim)
            else:
                keeps = self.record.treatment == "keep"
                self._transfer(claim, -claim.relieved if keeps else claim.left - claim.relieved)
        self._provide()
        self._recover()
        return self

    def vals(self, journal, date):
        """Return the values of the entry, or None if there is nothing to book."""
        if not self.lines:
            return None
        ref = self.env._("Doubtful customers on %s", format_letter_date(self.env, self.record.date))
        return prepare_entry(journal, self.record.partner_id, date, ref, self.lines)

    def _check_duplicate_sent(self):
        record = self.record
        if self.customer.vat_to_get_back and not record._get_sent_reliefs():
            raise UserError(
                self.env._(
                    "%s: the VAT comes back once its duplicates have been sent. Issue and send "
                    "them under « VAT to get back », or book the loss without its VAT.",
                    record.partner_id.display_name,
                )
            )

    # -- Parts -------------------------------------------------------------------------------------

    def _transfer(self, claim, target):
        """Bring the balance of an item on 416 to an amount, against the account of the item."""
        amount = target - claim.moved
        if amount:
            label = self.env._("Doubtful: %s", self._name(claim))
            foreign = amount * claim.rate if claim.rate else -claim.moved_currency
            doubtful = self.closing.account(query.DOUBTFUL)
            self._add(doubtful.id, amount, label, claim, foreign)
            self._add(claim.account_id, -amount, label, claim, -foreign)

    def _lose(self, claim):
        """Move what is left of an item from 416 and its own account to 654 and its taxes."""
        if not claim.left:
            return self._transfer(claim, ZERO)
        label = self.env._("Irrecoverable: %s", self._name(claim))
        if claim.moved:
            doubtful = self.closing.account(query.DOUBTFUL)
            self._add(doubtful.id, -claim.moved, label, claim, -claim.moved_currency)
        if rest := claim.left - claim.relieved - claim.moved:
            foreign = (claim.left - claim.relieved) * claim.rate - claim.moved_currency
            self._add(claim.account_id, -rest, label, claim, -foreign)
        move = self.closing.move(claim)
        earlier = (move.invoice_date or move.date) < self.closing.year_start
        account = self.closing.account(query.EARLIER_LOSS if earlier else query.LOSS)
        lost = claim.left - claim.relieved
        for tax_id, amount in claim.split.waiting.items():
            tax = self.env["account.tax"].browse(tax_id)
            waiting = tax.cash_basis_transition_account_id or self._get_tax_account(tax)
            self._add(waiting.id, amount, label)
            lost -= amount
        for tax_id, amount in claim.split.declared.items():
            if self.record.takes_vat and amount and not claim.relief:
                self._give_back(tax_id, amount, label)
                lost -= amount
        self._add(account.id, lost, label, claim)
        return None

    def _give_back(self, tax_id, amount, label):
        """Recover VAT, on the account and with the tags of the tax's credit notes."""
        tax = self.env["account.tax"].browse(tax_id)
        lines = self._get_tax_lines(tax)
        self._add(self._get_tax_account(tax).id, amount, label, tags=lines.tag_ids)

    def _get_tax_lines(self, tax):
        lines = tax.refund_repartition_line_ids
        return lines.filtered(lambda line: line.repartition_type == "tax")[:1]

    def _get_tax_account(self, tax):
        collected = self._get_tax_lines(tax).account_id
        return collected or self.closing.account("44571")

    def _provide(self):
        """Bring 491 to the amount of the impairment."""
        wanted = ZERO
        if self.record.treatment == "provision":
            percent = to_decimal(self.record.rate, CENT)
            wanted = depreciation(self.customer.base, percent, self.step)
        amount = wanted - self.customer.provided
        if amount:
            label = self.env._("Depreciation: %s", self.record.partner_id.display_name)
            code = query.CHARGE if amount > 0 else query.REVERSAL
            depreciated = self.closing.account(query.DEPRECIATION)
            self._add(self.closing.account(code).id, amount, label)
            self._add(depreciated.id, -amount, label)

    def _recover(self):
        """Book receipts of a lost debt as income."""
        if amount := self.customer.recoverable:
            label = self.env._("Paid after the loss: %s", self.record.partner_id.display_name)
            income = self.closing.account(query.RECOVERED)
            receivable = self.record.partner_id.with_company(self.company)
            self._add(receivable.property_account_receivable_id.id, amount, label)
            self._add(income.id, -amount, label)

    # -- Lines -------------------------------------------------------------------------------------

    def _name(self, claim):
        return self.closing.move(claim).name or ""

    def _add(self, account_id, amount, label, claim=None, foreign=None, tags=None):
        """Add a line; ``foreign`` is its amount in the currency of the claim."""
        if not amount:
            return
        currency = self.company.currency_id
        if claim and foreign is not None:
            currency = self.env["res.currency"].browse(claim.currency_id)
        else:
            foreign = amount
        partner, item_id = self.record.partner_id, claim.item_id if claim else False
        foreign = currency.round(float(foreign))
        self.lines.append(
            prepare_line(account_id, partner, label, amount, currency, foreign, item_id, tags)
        )
