"""What a customer chose to pay on his page, and how: to an account, with a code, or online."""

from functools import cached_property
from urllib.parse import urlencode

from odoo.tools import format_amount

from ...core.money import to_decimal
from ...core.typed_values import RefusedError, read_amount
from ..notice.account_dunning_claim import fit_transfer_text
from ..notice.qr_code import draw_qr_code


class DebtorPayment:
    """A selection of items, paid in full or in part; ``problem`` says what is not possible."""

    def __init__(self, page, ids=(), amount=None):
        """Take the selection.

        :param DebtorPage page: what he owes
        :param ids: ids of items; by default all late ones
        :param amount: as entered; by default the sum of the items
        """
        self.page, self.problem, self.typed = page, "", amount or ""
        chosen = page.find(set(ids))
        if not chosen:  # an address that was kept, for items paid meanwhile
            chosen = page.find(())
            self.problem = page.env._("What you chose is not open any more: choose again.")
        first = chosen[0]
        self.chosen = [
            owed for owed in chosen if (owed.currency, owed.payee) == (first.currency, first.payee)
        ]
        self.total = self.amount = page.sum_of(self.chosen)
        try:
            self.amount = read_amount(amount, first.currency.decimal_places) or self.total
        except RefusedError:
            self.problem = page.env._(
                "This amount cannot be read: write it in figures, for instance 120,50."
            )
        if self.amount > self.total:
            most = format_amount(page.env, float(self.total), self.currency)
            self.problem = page.env._("What you chose comes to %s: choose more, or pay less.", most)
            self.amount = self.total

    @property
    def currency(self):
        """The currency of the selection: only one."""
        return self.chosen[0].currency

    @property
    def moves(self):
        """The selected invoices, the oldest due date first."""
        return self.page.env["account.move"].union(*(owed.move for owed in self.chosen))

    @property
    def ids(self):
        """The ids of the selected items."""
        return [owed.item.id for owed in self.chosen]

    @cached_property
    def account(self):
        """The account to pay into, empty if there is no single one.

        None of ours on a page that shows an invoice of a factor.
        """
        if not self.chosen[0].payee and any(owed.payee for owed in self.page.owed):
            return self.page.env["res.partner.bank"]
        return self.moves._get_dunning_common_account()

    @property
    def reference(self):
        """The text for the transfer: the invoices, or else the customer's name."""
        names = dict.fromkeys(owed.name for owed in self.chosen)
        return fit_transfer_text(names, self.page.partner.name)

    @cached_property
    def code(self):
        """The SEPA code for exactly that amount as a ``data:`` address, or False."""
        text = self.account._get_dunning_transfer_code(
            float(self.amount), self.reference, self.currency, self.page.partner
        )
        return text and draw_qr_code(text)

    @property
    def online(self):
        """Whether it can be paid online."""
        invoices = all(owed.move.is_sale_document() for owed in self.chosen)
        ours = not self.chosen[0].payee
        return invoices and ours and self.page.company.dunning_pays_online

    def get_online_address(self, address):
        """Return the address where this selection is paid online.

        :param str address: address of the page
        """
        chosen = [*(("item", each) for each in self.ids), ("amount", str(self.amount))]
        return f"{address}/pay?{urlencode(chosen)}"

    def covers(self, amount):
        """Whether an amount sent by a browser is one that may be paid for this selection."""
        try:
            wanted = to_decimal(amount, self.currency.rounding)
        except (ArithmeticError, TypeError, ValueError):
            return False
        return 0 < wanted <= self.total
