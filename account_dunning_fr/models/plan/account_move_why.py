from odoo import models
from odoo.tools import format_amount

from .account_move import STOPS


class AccountMove(models.Model):
    _inherit = "account.move"

    def _prepare_dunning_plan(self, row):
        return {
            **super()._prepare_dunning_plan(row),
            "dunning_stop": row and row["reason"] in STOPS and row["reason"],
            "dunning_hold_id": row and row["hold_id"],
        }

    def _get_dunning_sentence(self, row):
        sentence = super()._get_dunning_sentence(row)
        if not row or row["stop"]:
            return sentence
        currency = self.env["res.currency"].browse(row["currency_id"])
        if row["held_amount"]:
            amount = format_amount(self.env, float(row["held_amount"]), currency)
            sentence = self.env._(
                "%(sentence)s (%(amount)s disputed, not claimed)", sentence=sentence, amount=amount
            )
        if row["possible_amount"]:
            amount = format_amount(self.env, float(row["possible_amount"]), currency)
            sentence = self.env._(
                "%(sentence)s (%(amount)s not claimed: money that may be its payment)",
                sentence=sentence,
                amount=amount,
            )
        return sentence
