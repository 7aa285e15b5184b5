"""The entries of a VAT to recover: taken off the claim or loss, and due again when paid."""

import csv
from io import StringIO

from ...core.money import ZERO, to_decimal
from ..case.case_data import guard
from ..common.amounts import write_plain
from ..common.creditors_day import creditors_day
from . import closing_query as query
from .entry_values import prepare_entry, prepare_line


class ReliefEntry:
    """``ReliefEntry(relief)``, then ``take_back()`` or ``give_back(due)``, then ``post()``.

    :param relief: ``account.dunning.vat.relief``, with full rights
    """

    def __init__(self, relief):
        self.relief, self.company, self.env = relief, relief.company_id, relief.env
        self.lines, self.repaid = [], 0.0
        self.step = to_decimal(self.company.currency_id.rounding)
        self.standing = self._read(query.DOUBTFUL)
        self.lost = self._read(query.EARLIER_LOSS) | self._read(query.LOSS)

    def _read(self, code):
        """Return what is on the accounts of a code, by item."""
        rows = self.env.execute_query(query.moved(self.company, code))
        return {item: (code, to_decimal(balance, self.step)) for item, _p, balance, _a in rows}

    def take_back(self):
        """Debit the VAT against the loss that bore it, or else against 416."""
        for line in self.relief.line_ids.filtered("vat"):
            self._add(line, to_decimal(line.vat, self.step))

    def give_back(self, due):
        """Credit the VAT that is due again, less what was already given back.

        :param dict due: ``{line: Decimal}``, the total due again so far
        """
        done = to_decimal(self.relief.repaid, self.step)
        for line, amount in due.items():
            settled = min(done, amount)
            done -= settled
            if rest := amount - settled:
                self._add(line, -rest)
                self.repaid += float(rest)

    def _add(self, line, amount):
        tax = line.tax_id.refund_repartition_line_ids.filtered(
            lambda part: part.repartition_type == "tax"
        )[:1]
        account = tax.account_id or self.company._get_dunning_coded_account("44571")
        label = line.move_id.name or ""
        self._line(account, amount, label, tags=tax.tag_ids)
        self._line(self._get_counterpart(line), -amount, label, item=line.move_line_id)

    def _get_counterpart(self, line):
        """Return the account that bears the VAT: that of the loss, else 416, where the claim is."""
        code, balance = self.lost.get(line.move_line_id.id, (None, ZERO))
        if balance > 0:
            return self.company._get_dunning_coded_account(code)
        return self.company._get_dunning_coded_account(query.DOUBTFUL)

    def _line(self, account, amount, label, tags=None, item=None):
        partner, currency = self.relief.partner_id, self.company.currency_id
        item_id = item.id if item else False
        self.lines.append(
            prepare_line(account.id, partner, label, amount, currency, float(amount), item_id, tags)
        )

    def post(self):
        """Create and post the entry on the first open day.

        :return: ``account.move``
        """
        journal = self.company._get_dunning_closing_journal()
        today = creditors_day(self.relief)
        moves = self.env["account.move"].with_company(self.company)
        partner = self.relief.partner_id
        day = self.company._get_dunning_open_day(today, journal, True)
        ref = self.relief._in_dunning_lang().env._(
            "VAT on unpaid invoices: %s", partner.display_name
        )
        move = moves.create(prepare_entry(journal, partner, day, ref, self.lines))
        move.action_post()
        return move

    @staticmethod
    def as_csv(move):
        """Return an entry as a CSV file for an audit (semicolons, decimal commas), as bytes."""
        stream = StringIO(newline="")
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["Piece", "Date", "Compte", "Libelle", "Debit", "Credit", "Grilles"])
        for line in move.line_ids:
            code = line.account_id.with_company(move.company_id).code
            tags = " ".join(line.tax_tag_ids.with_context(lang="en_US").mapped("name"))
            sums = (
                write_plain(amount, line.company_currency_id).replace(".", ",")
                for amount in (line.debit, line.credit)
            )
            day = line.date.strftime("%d/%m/%Y")
            row = [move.name, day, code, line.name or "", *sums, tags]
            writer.writerow([guard(value) for value in row])
        return stream.getvalue().encode("utf-8-sig")
