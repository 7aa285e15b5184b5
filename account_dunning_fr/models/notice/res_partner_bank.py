from odoo import models

from ..common.letter_formats import write_once

NAME_ROW, NAME_LENGTH = 5, 70  # of the payee, in a transfer code (EPC 069-12)


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _get_dunning_transfer_code(self, amount, reference, currency, debtor):
        """Return the content of the SEPA code for a transfer to this account, or False.

        The content is Odoo's (``sct_qr``), except for the amount, which has two decimals, and the
        name, which has at most 70 characters and no line breaks.

        :param float amount: in ``currency``
        :param str reference: text of the transfer
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

    def _get_error_messages_for_qr(self, qr_method, debtor_partner, currency):
        """Ask once for all letters of a rendering: Odoo reads the SEPA countries each time.

        Whether a SEPA transfer is possible depends on the account and the currency, not on the
        debtor.
        """
        ask = super()._get_error_messages_for_qr
        if qr_method != "sct_qr":
            return ask(qr_method, debtor_partner, currency)
        key = ("sct_qr", self.env.lang, self.id, currency.id)
        return write_once(self.env, key, lambda: ask(qr_method, debtor_partner, currency))

    # -- Letters follow a change of bank account ---------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if {"acc_number", "active", "currency_id", "partner_id"} & vals.keys():
            self._get_dunning_companies()._follow_dunning_account()
        return result

    def unlink(self):
        companies = self._get_dunning_companies()
        result = super().unlink()
        companies._follow_dunning_account()
        return result

    def _get_dunning_companies(self):
        """Return the companies that have a bank journal with one of these accounts."""
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search([("bank_account_id", "in", self.ids)]).company_id
