from odoo import api, fields, models

from ..common.creditors_day import creditors_day


class AccountDunningAgencyReceipt(models.Model):
    """What an agency reports as received on an item, and its commission, kept as reported.

    It books nothing: the bank statement line does that. It shows what each euro recovered by the
    agency costs.
    """

    _name = "account.dunning.agency.receipt"
    _description = "Receipt of a Collection Agency"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "date DESC, id DESC"

    line_id = fields.Many2one(
        "account.dunning.assignment.line", string="Item", required=True, index=True
    )
    assignment_id = fields.Many2one(related="line_id.assignment_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    agency_id = fields.Many2one(related="line_id.holder_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one(
        related="line_id.partner_id", store=True, string="Debtor", index="btree_not_null"
    )
    invoice_name = fields.Char(related="line_id.invoice_name", string="Invoice")
    date = fields.Date(required=True, index=True)
    currency_id = fields.Many2one(related="line_id.company_currency_id")
    amount = fields.Monetary(string="Received", required=True)
    commission = fields.Monetary()
    cost = fields.Float(
        string="Per euro recovered", compute="_compute_cost", digits=(16, 4), aggregator="avg"
    )
    reference = fields.Char()

    _once = models.UniqueIndex(
        "(line_id, date, amount, commission, COALESCE(reference, ''))",
        "This receipt of the agency is kept already.",
    )

    @api.depends("amount", "commission")
    def _compute_cost(self):
        for receipt in self:
            receipt.cost = receipt.commission / receipt.amount if receipt.amount else 0

    @api.model
    def _import(self, reading, creditor, agency):
        """Keep what an agency's monthly file reports: all or nothing; known receipts are skipped.

        :param reading: ``core.assigned_file.Reading`` of receipts
        :param creditor: ``res.company``
        :param agency: ``res.partner``
        :return: (number kept, number already known, list of refused lines)
        """
        lines = self.env["account.dunning.assignment.line"].search(
            [
                ("company_id", "=", creditor.id),
                ("holder_id", "=", agency.id),
                ("kind", "=", "agency"),
                ("state", "!=", "draft"),
                ("invoice_name", "in", [row.invoice for row in reading.rows]),
            ]
        )
        by_name = lines.sorted("date").grouped("invoice_name")
        today = creditors_day(self)
        vals_list, refused = [], []
        for row in reading.rows:
            if row.day > today:
                refused.append((row.line, "future", str(row.day)))
            elif not (found := self._choose(by_name.get(row.invoice, lines.browse()), row.day)):
                refused.append((row.line, "unknown", row.invoice))
            else:
                vals_list.append(self._prepare_vals(found, row))
        if reading.problems or refused:
            return 0, 0, refused
        known = self._find_known(vals_list)
        new = [vals for vals in vals_list if tuple(vals.values()) not in known]
        self.sudo().create(new)
        return len(new), len(vals_list) - len(new), []

    @api.model
    def _choose(self, lines, day):
        """Return the item that a receipt of a day concerns: the last one entrusted by then."""
        return lines.filtered(lambda line: line.date <= day)[-1:]

    @api.model
    def _prepare_vals(self, line, row):
        return {
            "line_id": line.id,
            "date": row.day,
            "amount": float(row.amount),
            "commission": float(row.commission),
            "reference": row.reference or False,
        }

    @api.model
    def _find_known(self, vals_list):
        """Return which of these are already kept, as tuples in the order of the values."""
        receipts = self.sudo().search([("line_id", "in", [vals["line_id"] for vals in vals_list])])
        return {
            (each.line_id.id, each.date, each.amount, each.commission, each.reference)
            for each in receipts
        }
