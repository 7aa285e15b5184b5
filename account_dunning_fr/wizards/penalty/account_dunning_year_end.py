from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.common.amounts import get_number_format
from ...models.penalty.account_dunning_penalty import PARTS

AMOUNTS = ("opening", "booked", "received", "closing")


class AccountDunningYearEnd(models.TransientModel):
    """Penalties booked and not yet received, at the end of a financial year.

    They are taxed when they are received (CGI 237 sexies), but booked as soon as they are owed:
    this list shows both, invoice by invoice, and adds up to the ledger.
    """

    _name = "account.dunning.year.end"
    _inherit = [
        "account.dunning.spreadsheet",
        "account.dunning.dialog",
        "account.dunning.plausible",
    ]
    _description = "Penalties at Year End"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.One2many("account.dunning.year.end.line", "year_end_id", readonly=True)

    @api.depends("company_id")
    def _compute_dates(self):
        """Propose the last completed financial year."""
        today = fields.Date.context_today(self)
        for wizard in self:
            company = wizard.company_id or self.env.company
            present = company.compute_fiscalyear_dates(today)
            last = company.compute_fiscalyear_dates(
                fields.Date.subtract(present["date_from"], days=1)
            )
            wizard.date_from, wizard.date_to = last["date_from"], last["date_to"]

    def _compute_rows(self):
        """Read the books into the lines again.

        :raise UserError: if the period ends before it starts, or contains nothing
        """
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Switch to the company %s first.", self.company_id.name))
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it starts."))
        Penalty = self.env["account.dunning.penalty"]
        Penalty.check_access("read")
        rows = Penalty.sudo()._get_year_end_rows(self.company_id, self.date_from, self.date_to)
        if not rows:
            raise UserError(self.env._("No penalty was booked or open in this period."))
        self.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    def action_show(self):
        """Show the list."""
        self._compute_rows()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_year_end_line"
        )
        return {**action, "domain": [("year_end_id", "=", self.id)]}

    def action_export(self):
        """Export the list as a spreadsheet whose totals are formulas."""
        self._compute_rows()
        return self._download_book(
            self.env._("Penalties not received %(date)s.xlsx", date=self.date_to)
        )

    def _fill_book(self, book):
        sheet = book.add_worksheet(self.env._("Penalties"))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        shape = {"num_format": get_number_format(self.company_id.currency_id)}
        money = book.add_format(shape)
        total = book.add_format({**shape, "bold": True, "top": 1})
        names = ("partner_id", "move_id", "date_maturity", "part", *AMOUNTS)
        labels = self.line_ids.fields_get(names, ["string"])
        sheet.write_row(0, 0, [labels[name]["string"] for name in names], bold)
        sheet.set_column(0, 7, 18)
        sheet.freeze_panes(1, 0)
        parts = dict(self.line_ids._fields["part"]._description_selection(self.env))
        for row, line in enumerate(self.line_ids.sorted(), start=1):
            sheet.write_string(row, 0, line.partner_id.display_name or "")
            sheet.write_string(row, 1, line.move_id.name or "")
            sheet.write_datetime(row, 2, line.date_maturity, day)
            sheet.write_string(row, 3, parts[line.part])
            for column, name in enumerate(AMOUNTS, start=4):
                sheet.write_number(row, column, line[name], money)
        last = len(self.line_ids) + 1
        sheet.write_string(last, 0, self.env._("Total"), bold)
        for column, name in enumerate(AMOUNTS, start=4):
            letter = "EFGH"[column - 4]
            value = sum(self.line_ids.mapped(name))
            formula = f"=SUM({letter}2:{letter}{last})"
            sheet.write_formula(last, column, formula, total, value)


class AccountDunningYearEndLine(models.TransientModel):
    """What happened to one penalty in a financial year."""

    _name = "account.dunning.year.end.line"
    _inherit = ["account.dunning.dialog"]
    _description = "Penalty at Year End"
    _order = "partner_id, date_maturity, id"

    year_end_id = fields.Many2one("account.dunning.year.end", required=True, ondelete="cascade")
    penalty_id = fields.Many2one("account.dunning.penalty", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="penalty_id.partner_id", store=True)
    move_id = fields.Many2one(related="penalty_id.move_id", store=True)
    date_maturity = fields.Date(related="penalty_id.date_maturity", store=True)
    part = fields.Selection(PARTS)
    company_currency_id = fields.Many2one(related="year_end_id.company_id.currency_id")
    opening = fields.Monetary(string="Not received before", currency_field="company_currency_id")
    booked = fields.Monetary(string="Booked in the period", currency_field="company_currency_id")
    received = fields.Monetary(
        string="Received in the period",
        currency_field="company_currency_id",
        help="Settled by payments; write-offs count too.",
    )
    closing = fields.Monetary(string="Booked, not received", currency_field="company_currency_id")
