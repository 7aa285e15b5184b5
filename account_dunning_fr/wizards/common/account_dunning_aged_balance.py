from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.common.account_dunning_balance import AGED_COLUMNS as COLUMNS
from ...models.common.amounts import get_number_format

AMOUNTS = (*COLUMNS, "total")
REPORT = "account_dunning_fr.report_aged_balance"


class AccountDunningAgedBalance(models.TransientModel):
    """The aged balance of customers on any day: list, PDF and spreadsheet, tied to the ledger.

    The control line compares its total with the balance of the receivable accounts on that day.
    """

    _name = "account.dunning.aged.balance"
    _inherit = [
        "account.dunning.spreadsheet",
        "account.dunning.dialog",
        "account.dunning.plausible",
    ]
    _description = "Aged Balance"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="On",
        required=True,
        default=fields.Date.context_today,
        help="Any past day: what was settled later was still open then.",
    )
    group_by = fields.Selection(
        [("partner_id", "Customer"), ("user_id", "Salesperson, then customer")],
        string="By",
        default="partner_id",
        required=True,
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", help="Empty: all of them.")
    line_ids = fields.One2many("account.dunning.aged.balance.line", "balance_id", readonly=True)
    ledger = fields.Monetary(
        string="Balance of the receivable accounts",
        readonly=True,
        help="From the entries of the receivable accounts, posted up to that day.",
    )
    total = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True)

    def _get_dunning_foot(self):
        return self.company_id.name

    # -- The figures -------------------------------------------------------------------------------

    def _read_books(self):
        """Read the books into the lines again, and compare their total with the ledger."""
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Switch to the company %s first.", self.company_id.name))
        self.env["account.move.line"].check_access("read")
        Balance = self.env["account.dunning.balance"].sudo()
        companies = self.company_id._get_dunning_companies()
        partners = self.partner_ids.commercial_partner_id or None
        by_user = self.group_by == "user_id"
        rows = Balance._get_aged_rows(companies, self.date, partners, by_user)
        if not rows:
            raise UserError(self.env._("Nothing was open on that day."))
        self.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]
        self.ledger = Balance._get_ledger_balance(companies, self.date, partners)
        self.total = self.currency_id.round(sum(self.line_ids.mapped("total")))
        self.difference = self.currency_id.round(self.ledger - self.total)

    def _get_sections(self):
        """Return the balance as printed.

        :return: list of ``(salesperson, rows, totals)``: a single section, without salesperson, if
            grouped by customer; rows and totals are dicts of the columns, rows with ``partner``
        """
        groups = {None: self.line_ids}
        if self.group_by == "user_id":
            users = self.line_ids.user_id.sorted("name")
            grouped = self.line_ids.grouped("user_id")
            groups = {user: grouped[user] for user in users}
            if self.env["res.users"] in grouped:
                groups[self.env["res.users"]] = grouped[self.env["res.users"]]
        return [
            (user, self._get_rows(lines), self._get_totals(lines)) for user, lines in groups.items()
        ]

    def _get_rows(self, lines):
        rows = [
            {"partner": partner, **self._get_totals(of_partner)}
            for partner, of_partner in lines.grouped("partner_id").items()
        ]
        return sorted(rows, key=lambda row: (row["partner"].display_name or "", row["partner"].id))

    def _get_totals(self, lines):
        """Return the sum of each column."""
        return {name: self.currency_id.round(sum(lines.mapped(name))) for name in AMOUNTS}

    def _get_shares(self):
        """Return the percentage of each column in the total; zero if nothing is owed."""
        totals = self._get_totals(self.line_ids)
        if self.currency_id.is_zero(totals["total"]):
            return dict.fromkeys(AMOUNTS, 0.0)
        return {name: 100 * totals[name] / totals["total"] for name in AMOUNTS}

    # -- Actions -----------------------------------------------------------------------------------

    def action_show(self):
        """Show the balance as a list that can be grouped and opened."""
        self._read_books()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_aged_balance_line"
        )
        context = {"search_default_group_user_id": 1} if self.group_by == "user_id" else {}
        return {**action, "domain": [("balance_id", "=", self.id)], "context": context}

    def action_print(self):
        """Print the balance."""
        self._read_books()
        return self.env.ref(REPORT).report_action(self, config=False)

    def action_export(self):
        """Export the balance as a spreadsheet whose totals are formulas."""
        self._read_books()
        return self._download_book(self.env._("Aged balance %(date)s.xlsx", date=self.date))

    def _fill_book(self, book):
        sheet = book.add_worksheet(self.env._("Aged balance"))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        shape = {"num_format": get_number_format(self.currency_id)}
        money = book.add_format(shape)
        total = book.add_format({**shape, "bold": True, "top": 1})
        names = ("partner_id", "user_id", *AMOUNTS)
        labels = self.line_ids.fields_get(names, ["string"])
        sheet.write_row(0, 0, [labels[name]["string"] for name in names], bold)
        sheet.set_column(0, 1, 28)
        sheet.set_column(2, 9, 15)
        sheet.freeze_panes(1, 1)
        lines = self.line_ids.sorted(lambda line: line.partner_id.display_name or "")
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, line.partner_id.display_name or "")
            sheet.write_string(row, 1, line.user_id.name or "")
            for column, name in enumerate(AMOUNTS, start=2):
                sheet.write_number(row, column, line[name], money)
        last = len(lines) + 1
        sheet.write_string(last, 0, self.env._("Total"), bold)
        for column, (name, letter) in enumerate(zip(AMOUNTS, "CDEFGHIJ", strict=True), start=2):
            value = self.currency_id.round(sum(lines.mapped(name)))
            formula = f"=SUM({letter}2:{letter}{last})"
            sheet.write_formula(last, column, formula, total, value)
        sheet.write_string(last + 1, 0, self.env._("Balance of the receivable accounts"))
        sheet.write_number(last + 1, 9, self.ledger, money)
        sheet.write_string(last + 2, 0, self.env._("Difference"))
        formula = f"=ROUND(J{last + 2}-J{last + 1},{self.currency_id.decimal_places})"
        sheet.write_formula(last + 2, 9, formula, money, self.difference)


class AccountDunningAgedBalanceLine(models.TransientModel):
    """What one customer owed on the day, by days past due."""

    _name = "account.dunning.aged.balance.line"
    _inherit = ["account.dunning.dialog"]
    _description = "Line of the Aged Balance"
    _order = "total DESC, id"

    balance_id = fields.Many2one("account.dunning.aged.balance", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="balance_id.company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer")
    user_id = fields.Many2one("res.users", string="Salesperson")
    credit = fields.Monetary(string="Not allocated", help="Credit notes and payments.")
    not_due = fields.Monetary()
    days_30 = fields.Monetary(string="1–30 days")
    days_60 = fields.Monetary(string="31–60 days")
    days_90 = fields.Monetary(string="61–90 days")
    days_120 = fields.Monetary(string="91–120 days")
    older = fields.Monetary(string="Over 120 days")
    total = fields.Monetary()

    def action_open_items(self):
        """Open the items of this customer that were open on the day of the balance."""
        self.ensure_one()
        companies = self.balance_id.company_id._get_dunning_companies()
        query = (
            self.env["account.dunning.balance"]
            .sudo()
            ._get_open_items_query(companies, self.balance_id.date, self.partner_id)
        )
        self.env.cr.execute(query)
        items = [row[0] for row in self.env.cr.fetchall()]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Items open on that day"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [("id", "in", items)],
        }
