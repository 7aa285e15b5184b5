"""A factor's list compared with the books: what it hands over, and what it cannot."""

from collections import defaultdict

from odoo import Command, fields

from ..common.creditors_day import creditors_day

SALES = ("out_invoice", "out_receipt")


class RemittanceList:
    """The rows of a list, sorted into new, already known, returned and refused.

    :ivar new: ``{(number, date): [items]}`` to be handed over
    :ivar known: number of rows that change nothing
    :ivar back: ``{(number, day): [invoices]}`` that came back
    :ivar refused: list of (line, reason, value)
    """

    def __init__(self, assignments, rows, terms):
        """Compare the rows with the books; nothing is written.

        :param assignments: ``account.dunning.assignment``, in the environment of the user
        :param rows: of ``core.assigned_file.Remitted``
        :param dict terms: values common to all documents, including the creditor and the factor
        """
        self.env = assignments.env
        self.today = creditors_day(assignments)
        self.terms = terms
        self.creditor = self.env["res.company"].browse(terms["company_id"])
        self.new, self.back = defaultdict(list), defaultdict(list)
        self.known, self.refused = 0, []
        self.moves = self._find_invoices({row.invoice for row in rows})
        self.items = self._find_items()
        self.hands = self._find_hands()
        known = assignments.search(
            [
                ("company_id", "=", self.creditor.id),
                ("holder_id", "=", terms["holder_id"]),
                ("name", "in", [row.number for row in rows]),
            ]
        )
        self.documents = {document.name: document for document in known}
        self.days = {}
        for row in rows:
            if reason := self._sort(row):
                self.refused.append((row.line, *reason))

    def _find_invoices(self, names):
        """Return the creditor's posted invoices with these names, ``{name: invoices}``."""
        found = self.env["account.move"].search(
            [
                ("name", "in", list(names)),
                ("company_id", "in", self.creditor._get_dunning_companies().ids),
                ("move_type", "in", SALES),
                ("state", "=", "posted"),
            ]
        )
        return found.grouped("name")

    def _find_items(self):
        """Return the open items of the invoices in the list, ``{invoice: items}``."""
        lines = self.env["account.move.line"]
        moves = self.env["account.move"].union(*self.moves.values())
        domain = lines._get_dunning_domain(self.creditor._get_dunning_companies())
        found = lines.search(domain & fields.Domain("move_id", "in", moves.ids))
        return found.grouped("move_id")

    def _find_hands(self):
        items = self.env["account.move.line"].union(*self.items.values())
        return self.env["account.dunning.hand"]._get_live(items).grouped("move_id")

    def _sort(self, row):
        """Sort a row; return why it is refused, ``(reason, value)``, or None."""
        document = self.documents.get(row.number)
        day = self.days.setdefault(row.number, document.date if document else row.day)
        if row.day != day:
            return "dates", str(row.day)
        if max(row.day, row.back or row.day) > self.today:
            return "future", str(row.back or row.day)
        moves = self.moves.get(row.invoice, ())
        if len(moves) != 1:
            return "several" if moves else "unknown", row.invoice
        lines = document.line_ids.filtered(lambda line: line.move_id == moves) if document else ()
        if lines:
            return self._sort_known(row, lines)
        return self._sort_new(row, document, moves)

    def _sort_known(self, row, lines):
        """Sort a row whose invoice is already in the document: it came back, or nothing changes."""
        if row.back and any(line.state == "out" for line in lines):
            self.back[row.number, row.back].append(lines.move_id)
        else:
            self.known += 1
        return None

    def _sort_new(self, row, document, move):
        items = self.items.get(move)
        if not items:
            return "unknown", row.invoice
        if move in self.hands:
            return "refused", self.hands[move][:1]._get_sentence()
        if document:
            return "left", row.number
        left = sum(items.mapped("amount_residual_currency"))
        sums = (left, move.amount_total)
        if row.amount and all(
            move.currency_id.compare_amounts(float(row.amount), each) for each in sums
        ):
            return "amount", str(row.amount)
        self.new[row.number, row.day].append(items)
        if row.back:
            self.back[row.number, row.back].append(move)
        return None

    def prepare_vals(self):
        """Return the values of the documents to create."""
        return [
            {
                **self.terms,
                "name": number,
                "date": day,
                "line_ids": [
                    Command.create({"move_line_id": item.id}) for items in groups for item in items
                ],
            }
            for (number, day), groups in self.new.items()
        ]
