"""The facts about the accounts to which invoices are to be paid, for many invoices at once."""

from ..party.res_partner import DEBIT_METHODS

# The payment states in which nothing remains to be transferred.
SETTLED = ("in_payment", "paid", "reversed")


class AccountFacts:
    """The facts about the accounts on several invoices; each account is examined once.

    Letters choose among the same accounts, by the same rule.
    """

    def __init__(self):
        self._own = {}
        self._found = {}

    def examine(self, move):
        """Return what is wrong with the account on an invoice to a customer.

        :param move: ``account.move`` with the server's full rights
        :return: set of names of facts (``core.invoice_terms.Facts``); empty where no account is
            needed: the invoice is paid, collected by direct debit, or payable to a factor
        """
        key = move.company_id.id, move.partner_bank_id.id, move.currency_id.id
        if key not in self._found:
            self._found[key] = self._look(move)
        # Only the few invoices with a problem are asked whether they are exempt: that costs
        # queries.
        return frozenset() if self._found[key] and _needs_none(move) else self._found[key]

    def _look(self, move):
        account = move.partner_bank_id
        if not account:
            return frozenset({"no_account"})
        currency = move.currency_id
        euro = currency._get_dunning_euro()
        told = {
            "other_account": not self._is_given_by_letters(move, account),
            # No transfer in euros without an IBAN (regulation (EU) 260/2012, art. 5).
            "no_iban": currency == euro and account.acc_type != "iban",
            "wrong_key": account.dunning_wrong_key,
            "other_currency": bool(account.currency_id) and account.currency_id != currency,
        }
        return frozenset(name for name, is_so in told.items() if is_so)

    def _is_given_by_letters(self, move, account):
        creditor = move.company_id.dunning_creditor_id
        # Most invoices bear the account that the letters give by default. It is stored on the
        # creditor whenever it changes and read with the creditor; for the other invoices, the
        # journals are read.
        usual = account.acc_number == creditor.dunning_iban
        if usual and account.partner_id == creditor.partner_id:
            return account.active
        if creditor not in self._own:
            self._own[creditor] = creditor._get_dunning_bank_accounts()
        return move._choose_dunning_own_account(self._own[creditor]) == account


def _needs_none(move):
    return (
        move.payment_state in SETTLED
        or move.preferred_payment_method_line_id.code in DEBIT_METHODS
        or move.commercial_partner_id._pays_dunning_by_debit()
        or move._get_dunning_factor_account() is not None
    )
