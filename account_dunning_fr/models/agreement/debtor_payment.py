"""What a customer chose to pay on his page, and how: an account, a code, or online."""

from functools import cached_property
from urllib.parse import urlencode

from odoo.tools import format_amount

from ...core.money import to_decimal
from ...core.typed_values import RefusedError, read_amount
from ..notice.account_dunning_claim import fit_transfer_text
from ..notice.qr_code import draw_qr_code


class DebtorPayment:
    """A choice of items, all of them or another amount; what cannot be is said in ``problem``."""

    def __init__(self, page, ids=(), amount=None):
        """Take what was chosen.

        :param DebtorPage page: what he owes
        :param ids: of items, all that is late by default
        :param amount: as it was typed, all of them by default
        """
        self.page, self.problem, self.typed = page, "", amount or ""
        chosen = page.find(set(ids))
        if not chosen:  # an address that was kept, of what was paid meanwhile
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
        """The currency of what was chosen: one."""
        return self.chosen[0].currency

    @property
    def moves(self):
        """The invoices chosen, the oldest due first."""
        return self.page.env["account.move"].union(*(owed.move for owed in self.chosen))

    @property
    def ids(self):
        """The ids of the items chosen."""
        return [owed.item.id for owed in self.chosen]

    @cached_property
    def account(self):
        """The account into which it is paid, empty where there is no single one.

        None of ours on a page that shows an invoice of a factor.
        """
        if not self.chosen[0].payee and any(owed.payee for owed in self.page.owed):
            return self.page.env["res.partner.bank"]
        return self.moves._get_dunning_common_account()

    @property
    def reference(self):
        """What the customer writes on the transfer: the invoices, else who he is."""
        names = dict.fromkeys(owed.name for owed in self.chosen)
        return fit_transfer_text(names, self.page.partner.name)

    @cached_property
    def code(self):
        """The SEPA code of exactly that sum as a ``data:`` address, or False."""
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
        """Return where this choice is paid online.

        :param str address: of the page
        """
        chosen = [*(("item", each) for each in self.ids), ("amount", str(self.amount))]
        return f"{address}/pay?{urlencode(chosen)}"

    def covers(self, amount):
        """Whether a sum that a browser sends is one that this choice may be paid by."""
        try:
            wanted = to_decimal(amount, self.currency.rounding)
        except (ArithmeticError, TypeError, ValueError):
            return False
        return 0 < wanted <= self.total
