from odoo import models

from ..common.letter_formats import write_once


def _get_payee(move):
    """Return a key for the account into which an invoice is paid: ids, which compare faster."""
    factor = move._get_dunning_factor_account()
    if factor is not None:
        return (factor.id,)
    return move.company_id.id, move.partner_bank_id.id, move.currency_id.id


class AccountMove(models.Model):
    """Into which bank account an invoice is paid: one choice for all that is printed of it."""

    _inherit = "account.move"

    def _get_dunning_factor_account(self):
        """Return the account of the factor to whom this invoice was assigned.

        A hook for the room of assignments. A factored invoice is never paid into an account of
        ours, not even if the factor's account is unknown.

        :return: None while the invoice is ours, else ``res.partner.bank``, which may be empty
        """
        self.ensure_one()
        return None

    def _get_dunning_bank_accounts(self):
        """Return the bank account into which each of these invoices is paid.

        The factor's; else the invoice's own if a bank journal of the creditor has it; else the
        creditor's for that currency. Any other account on an invoice is not ours to print: Odoo
        fills it in by sequence, from all the accounts of the company's contact. A document that
        shows one factored invoice shows no account of ours at all: a debtor pays into the account
        he sees.

        :return: ``{invoice: res.partner.bank}``, empty where there is none
        """
        accounts, ours = {}, []
        for group in self.sudo().grouped(_get_payee).values():
            first = group[0]
            account = first._get_dunning_factor_account()
            if account is None:
                ours += group
                creditor = first.company_id.dunning_creditor_id
                key = ("accounts", creditor.id)
                own = write_once(self.env, key, creditor._get_dunning_bank_accounts)
                account = first._choose_dunning_own_account(own)
            accounts.update(dict.fromkeys(group, account))
        if len(ours) < len(accounts):
            accounts.update(dict.fromkeys(ours, self.env["res.partner.bank"].sudo()))
        return accounts

    def _choose_dunning_own_account(self, own):
        """Return the account of the creditor into which an invoice that is ours is paid.

        :param own: his accounts that may be printed (``res.company._get_dunning_bank_accounts``)
        :return: ``res.partner.bank``, empty if none of them is for it
        """
        self.ensure_one()
        creditor = self.company_id.dunning_creditor_id
        return self.partner_bank_id & own or creditor._choose_dunning_account(own, self.currency_id)

    def _filter_dunning_factored(self):
        """Return the invoices that were assigned to a factor."""
        return self.filtered(lambda move: move._get_dunning_factor_account() is not None)

    def _get_dunning_common_account(self):
        """Return the one account into which all these invoices are paid, else an empty recordset.

        If there are several and all are the creditor's, return the creditor's default one.
        """
        found = self._get_dunning_bank_accounts()
        accounts = self.env["res.partner.bank"].sudo().union(*found.values())
        if len(accounts) <= 1 and all(found.values()):
            return accounts
        creditors = self.company_id.sudo().dunning_creditor_id
        own = creditors._get_dunning_bank_accounts() if len(creditors) == 1 else accounts.browse()
        if accounts - own or not all(found.values()):
            return accounts.browse()
        return creditors._choose_dunning_account(own, self.currency_id[:1])
