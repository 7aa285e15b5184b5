from odoo import models

DOUBTFUL = "416"  # PCG 416 « Clients douteux ou litigieux »


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_dunning_cash(self):
        """Return the money that settled these items, positive and in the company's currency.

        For what was moved to a doubtful account: what is received there, in proportion.
        """
        shares = [
            *((part.amount, part.credit_move_id) for part in self.matched_credit_ids),
            *((part.amount, part.debit_move_id) for part in self.matched_debit_ids),
        ]
        return sum(amount * counterpart._get_dunning_cash_share() for amount, counterpart in shares)

    def _get_dunning_cash_share(self):
        """Return which share of what this counterpart settles is money: 0 to 1."""
        self.ensure_one()
        lines = self.move_id.line_ids
        same = lines.filtered_domain([("account_id", "=", self.account_id.id)])
        settled = abs(sum(same.mapped("balance")))
        if self.company_currency_id.is_zero(settled):
            return 0.0
        return min(1.0, self._get_dunning_cash_beside(lines) / settled)

    def _get_dunning_cash_beside(self, lines):
        """Return the money that the other lines of a counterpart's entry represent.

        :param lines: lines of the entry
        """
        move = self.move_id
        if source := move.origin_payment_id or move.statement_line_id:
            return abs(sum(source._seek_for_lines()[0].mapped("balance")))
        if cash := lines.filtered_domain([("account_id.account_type", "=", "asset_cash")]):
            return abs(sum(cash.mapped("balance")))
        opposite = lines.filtered(lambda line: line.balance * self.balance < 0)
        moved = opposite.filtered(lambda line: (line.account_id.code or "").startswith(DOUBTFUL))
        return moved._get_dunning_cash() if moved else 0.0
