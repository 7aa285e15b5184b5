from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.due import RECEIVABLE_TEXT
from ...models.penalty.account_move import STATEMENT_REPORT


class AccountDunningStatement(models.TransientModel):
    """The statement of penalties (« décompte »): one line per segment, at any date.

    Every line shows its arithmetic, base × rate × days / days of the year: it adds up on paper.
    """

    _name = "account.dunning.statement"
    _inherit = [
        "account.dunning.spreadsheet",
        "account.dunning.dialog",
        "account.dunning.plausible",
    ]
    _description = "Statement of Late-Payment Penalties"

    company_id = fields.Many2one("res.company", required=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    date_until = fields.Date(string="Up to", required=True, default=fields.Date.context_today)
    note_move_id = fields.Many2one(
        "account.move",
        string="Note of penalties",
        readonly=True,
        help="The note to which this statement is attached.",
    )
    imputation = fields.Selection(
        [
            ("principal", "On the principal, as in the books"),
            ("interest", "On the interest first (C. civ. 1343-1)"),
        ],
        string="Partial payments",
        default="principal",
        required=True,
    )
    with_disputed = fields.Boolean(
        string="With what is disputed",
        help="A court file claims what is disputed too: the judge decides.",
    )
    item_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('partner_id', 'child_of', partner_id), ('parent_state', '=', 'posted'),"
        f" {RECEIVABLE_TEXT}, ('dunning_penalty_id', '=', False)]",
    )
    rate_warning = fields.Char(compute="_compute_rate_warning")

    @api.depends("partner_id", "date_until")
    def _compute_item_ids(self):
        for wizard in self:
            if wizard.item_ids:
                continue
            wizard.item_ids = self.env["account.move.line"].search(
                self.env["account.move.line"]._get_dunning_domain(
                    wizard.company_id._get_dunning_companies(),
                    wizard.partner_id.commercial_partner_id,
                )
                & fields.Domain("date_maturity", "<", wizard.date_until),
                order="date_maturity, id",
            )

    @api.depends("item_ids", "date_until")
    def _compute_rate_warning(self):
        """Tell the user, never the debtor, that a rate of the statement is not confirmed."""
        accrual = self.env["account.dunning.accrual"]
        for wizard in self:
            items = wizard.item_ids._origin
            wizard.rate_warning = accrual._explain_unconfirmed(items, wizard.date_until)

    def _get_dunning_print_lang(self):
        return self.partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.partner_id.name}"

    def _get_sections(self):
        """Return the statement, item by item.

        :return: list of dicts: ``item``, ``segments``, ``interest``, ``interest_left``,
            ``principal_left``, ``indemnity``, ``booked`` (interest), ``booked_indemnity``,
            ``retention`` of guarantee, ``rate`` (its last day's) and its ``label``, ``a_day``
            (interest of one more day), ``problem``, ``reductions`` of the base (dicts of the day
            ``on``, ``label``, ``amount``)
        """
        self.ensure_one()
        items = self.item_ids.sorted(lambda item: (item.date_maturity, item.id))
        accrued = self.env["account.dunning.accrual"]._compute_items(
            items, self.date_until, self.imputation, with_disputed=self.with_disputed
        )
        penalties = {
            penalty.move_line_id.id: penalty
            for penalty in self.env["account.dunning.penalty"]
            .sudo()
            .search([("move_line_id", "in", items.ids)])
        }
        sections = []
        for item in items:
            result = accrued[item.id]
            penalty = penalties.get(item.id)
            statement = result.statement
            sections.append(
                {
                    "item": item,
                    "segments": statement.segments if statement else (),
                    "interest": float(result.interest),
                    "interest_left": float(statement.interest_left) if statement else 0.0,
                    "principal_left": (
                        float(statement.principal_left)
                        if statement
                        else item.amount_residual_currency
                    ),
                    "indemnity": float(result.indemnity),
                    "booked": penalty.booked_interest if penalty else 0.0,
                    "booked_indemnity": penalty.booked_indemnity if penalty else 0.0,
                    "retention": float(item._get_dunning_retention()),
                    "label": item._get_dunning_rate_label(),
                    "rate": float(result.annual_rate),
                    "a_day": float(result.a_day),
                    "problem": result.problem,
                    "reductions": self._get_reductions(result.events),
                }
            )
        return sections

    def _get_reductions(self, events):
        """Return what reduced the base of an item, and from which day, named.

        :param events: ``core.interest.Event``
        """
        labels = {
            "payment": self.env._("Payment"),
            "credit_note": self.env._("Credit note"),
            "discount": self.env._("Early-payment discount"),
            "dispute": self.env._("Disputed or held back, not claimed"),
        }
        return [
            {"on": event.on, "label": labels[event.kind], "amount": float(event.amount)}
            for event in events
        ]

    def _get_totals(self, sections):
        """Return the totals by currency; the indemnities are in euros.

        :return: (list of ``{currency, principal, interest}``, indemnity in euros)
        """
        totals = {}
        for section in sections:
            currency = section["item"].currency_id
            total = totals.setdefault(
                currency, {"currency": currency, "principal": 0.0, "interest": 0.0}
            )
            total["principal"] = currency.round(total["principal"] + section["principal_left"])
            total["interest"] = currency.round(total["interest"] + section["interest_left"])
        return list(totals.values()), sum(section["indemnity"] for section in sections)

    def _check_items(self):
        if not self.item_ids:
            raise UserError(self.env._("Choose at least one item that was paid late, or is late."))

    def action_print(self):
        """Print the statement."""
        self._check_items()
        return self.env.ref(STATEMENT_REPORT).report_action(self, config=False)

    def action_export(self):
        """Export the statement as a spreadsheet whose sums are formulas."""
        self._check_items()
        return self._download_book(self.env._("Penalties %(date)s.xlsx", date=self.date_until))

    def _fill_book(self, book):
        # The same figures give the same bytes, whenever they are exported.
        book.set_properties({"created": fields.Datetime.to_datetime(self.date_until)})
        sheet = book.add_worksheet(self.env._("Penalties"))
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        money = book.add_format({"num_format": "#,##0.00"})
        headers = [
            self.env._("Invoice"),
            self.env._("Due date"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Days"),
            self.env._("Base"),
            self.env._("Rate (% a year)"),
            self.env._("Interest"),
            self.env._("Currency"),
        ]
        sheet.write_row(0, 0, headers, bold)
        sheet.set_column(0, 8, 14)
        row, sections = 1, self._get_sections()
        for section in sections:
            item = section["item"]
            for segment in section["segments"]:
                sheet.write_string(row, 0, item.move_id.name or "")
                sheet.write_datetime(row, 1, item.date_maturity, day)
                sheet.write_datetime(row, 2, segment.start, day)
                sheet.write_datetime(row, 3, segment.end, day)
                sheet.write_number(row, 4, segment.days)
                sheet.write_number(row, 5, float(segment.base), money)
                sheet.write_number(row, 6, float(segment.annual_rate), money)
                formula = (
                    f"=ROUND(F{row + 1}*G{row + 1}/100*E{row + 1}/{segment.year},"
                    f"{item.currency_id.decimal_places})"
                )
                sheet.write_formula(row, 7, formula, money, float(segment.interest))
                sheet.write_string(row, 8, item.currency_id.name)
                row += 1
        self._write_totals(sheet, row, sections, bold, money)

    def _write_totals(self, sheet, row, sections, bold, money):
        """Write the totals of the spreadsheet under its lines, one set a currency.

        :param int row: first free row, which is also the number of the last line
        """
        totals, indemnity = self._get_totals(sections)
        last = row
        for total in totals:
            name = total["currency"].name
            mine = [s for s in sections if s["item"].currency_id == total["currency"]]
            accrued = sum(section["interest"] for section in mine)
            settled = total["currency"].round(accrued - total["interest"])
            formula = f'=SUMIF(I2:I{last},"{name}",H2:H{last})' if last > 1 else "=0"
            lines = [(self.env._("Interest"), formula, accrued)]
            if settled:
                lines.append((self.env._("Of which settled by the payments received"), settled, 0))
            booked = sum(section["booked"] for section in mine)
            if booked:
                lines.append((self.env._("Of which already billed"), booked, 0))
            lines.append((self.env._("Principal remaining due"), total["principal"], 0))
            first = row
            for offset, (label, value, result) in enumerate(lines):
                sheet.write_string(first + offset, 0, label, bold)
                if isinstance(value, str):
                    sheet.write_formula(first + offset, 7, value, money, result)
                else:
                    sheet.write_number(first + offset, 7, value, money)
                sheet.write_string(first + offset, 8, name)
            row = first + len(lines)
        if indemnity:
            sheet.write_string(row, 0, self.env._("Flat indemnities for recovery costs"), bold)
            sheet.write_number(row, 7, indemnity, money)
            sheet.write_string(row, 8, "EUR")
