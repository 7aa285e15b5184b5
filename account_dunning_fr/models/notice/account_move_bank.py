from odoo import models

NAME_ROW, NAME_LENGTH = 5, 70  # who is paid, in a transfer code (EPC 069-12)


class AccountMove(models.Model):
    """The account into which an invoice is paid."""

    _inherit = "account.move"

    def _get_dunning_factor_account(self):
        """Return the account of the factor to whom this invoice was assigned.

        A hook: an addon for factoring extends it. Nothing of a factored invoice is then paid into
        an account of ours, not even where the factor's account is not known.

        :return: None while the invoice is ours, else ``res.partner.bank``, which may be empty
        """
        self.ensure_one()
        return None

    def _get_dunning_bank_accounts(self):
        """Return the account into which each of these invoices is paid.

        The factor's; else the invoice's own, where it is one of a bank journal of the creditor;
        else the creditor's for that currency. Another account on an invoice is not ours to print:
        Odoo fills it in by sequence, from all the accounts on the company's contact.

        :return: ``{invoice: res.partner.bank}``, empty where there is none
        """
        accounts = {}
        by_creditor = self.sudo().grouped(lambda move: move.company_id.dunning_creditor_id)
        for creditor, moves in by_creditor.items():
            own = creditor._get_dunning_bank_accounts()
            for move in moves:
                account = move._get_dunning_factor_account()
                if account is None:
                    account = move.partner_bank_id & own
                    account = account or creditor._choose_dunning_account(own, move.currency_id)
                accounts[move] = account
        return accounts

    def _get_dunning_common_account(self):
        """Return the one account into which all these invoices are paid, else an empty recordset.

        Of several accounts that are all the creditor's, the one he uses by default.
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


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _get_dunning_transfer_code(self, amount, reference, currency, debtor):
        """Return what the SEPA code of a transfer into this account says, or False.

        What it says is Odoo's (``sct_qr``), but for the amount, which has two decimals, and the
        name, which has 70 characters at most and no line of its own.

        :param float amount: in ``currency``
        :param str reference: what the transfer says
        :param debtor: ``res.partner``
        """
        if not self:
            return False
        vals = self._build_qr_code_vals(
            amount, reference, None, currency, debtor, qr_method="sct_qr"
        )
        if not vals:
            return False
        vals["amount"] = f"{amount:.2f}"
        rows = self._get_qr_vals(**vals)
        rows[NAME_ROW] = " ".join(rows[NAME_ROW].split())[:NAME_LENGTH]
        return "\n".join(rows)
