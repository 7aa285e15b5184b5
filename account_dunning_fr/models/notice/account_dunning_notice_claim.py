from odoo import api, fields, models

from ..common.letter_dates import format_letter_amount, format_letter_date


class AccountDunningNotice(models.Model):
    """What a message asks to be paid: the principal, and the penalties that it applies."""

    _inherit = "account.dunning.notice"

    # Whoever reads a message reads it whole, the invoices of another branch too.
    penalties_text = fields.Char(compute="_compute_penalties_text", compute_sudo=True)
    demanded_text = fields.Char(
        string="Sum asked",
        compute="_compute_demanded_text",
        compute_sudo=True,
        help="What the message asks to be paid: the principal, and the penalties that it applies.",
    )

    @api.depends("letter_date", "line_ids.amount_due", "line_ids.left_out", "level_id")
    @api.depends_context("lang")
    def _compute_demanded_text(self):
        for notice in self:
            notice.demanded_text = notice._get_transfer_text()

    def _get_applied_account(self):
        """Return the account of a message that claims penalties with the principal, or False.

        A level that only states them claims the principal alone.
        """
        self.ensure_one()
        if self.level_id.penalties != "applied":
            return False
        return self._get_recapitulation(self._get_penalty_statement())

    @api.depends("letter_date", "line_ids.amount_due", "line_ids.left_out", "level_id")
    @api.depends_context("lang")
    def _compute_penalties_text(self):
        """The penalties claimed beside the sum, as the demand of a formal notice says them."""
        euro = self.env["res.currency"]._get_dunning_euro()
        for notice in self:
            account = notice._get_applied_account()
            if not account:
                notice.penalties_text = ""
                continue
            facts = {
                name: format_letter_amount(self.env, account[name], euro)
                for name in ("interest", "indemnity", "total")
            }
            facts["date"] = format_letter_date(self.env, notice.letter_date)
            if account["indemnity"]:
                notice.penalties_text = self.env._(
                    " in principal, plus %(interest)s of interest and %(indemnity)s of flat "
                    "indemnity at %(date)s, that is %(total)s in all,",
                    **facts,
                )
            else:
                notice.penalties_text = self.env._(
                    " in principal, plus %(interest)s of interest at %(date)s, that is %(total)s "
                    "in all,",
                    **facts,
                )

    def _get_penalties_applied(self):
        """Return the penalties claimed with the principal, ``{line: euros}``; empty if only stated.

        The sum is that of the account that the message gives.
        """
        self.ensure_one()
        if not self._get_applied_account():
            return {}
        rows = self._get_penalty_statement()["rows"]
        return {row["line"]: row["interest"] + row["indemnity"] for row in rows}

    def _get_transfer_text(self):
        """Return what is to be transferred, in words: one amount a currency."""
        amounts = {}
        for transfer in self._get_transfers():
            currency = transfer["currency"]
            amounts[currency] = currency.round(amounts.get(currency, 0.0) + transfer["amount"])
        return " + ".join(
            format_letter_amount(self.env, amount, currency) for currency, amount in amounts.items()
        )

    def _get_discounts(self):
        """Return the early-payment discounts still to be had, for a message before the due date.

        :return: list of dicts: ``name`` (invoice), ``amount``, ``full``, ``currency``, ``date``
        """
        self.ensure_one()
        if self.kind != "courtesy":
            return []
        return [
            {
                "name": line.invoice_name,
                "amount": item.discount_amount_currency,
                "full": line.amount_due,
                "currency": line.currency_id,
                "date": item.discount_date,
            }
            for line in self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
            for item in line.move_line_id
            if item.discount_date
            and item.discount_date >= self.letter_date
            and line.currency_id.compare_amounts(line.amount_due, line.amount_total) == 0
        ]
