from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.creditors_day import creditors_day
from ...models.common.due import RECEIVABLE_TEXT
from ...models.penalty.penalty_statement import IMPUTATIONS, make_statement
from ...models.penalty.statement_book import fill_book

STATEMENT_REPORT = "account_dunning_fr.report_statement"


class AccountDunningStatement(models.TransientModel):
    """The options of a statement of penalties (« décompte »): items, last day, and method.

    The statement itself is a value, ``models/penalty/penalty_statement.py``.
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
    date_until = fields.Date(string="Up to", required=True, default=creditors_day)
    imputation = fields.Selection(
        IMPUTATIONS, string="Partial payments", default="principal", required=True
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

    def _make_dunning_statement(self):
        """Return the statement of the chosen items (``PenaltyStatement``)."""
        self.ensure_one()
        return make_statement(
            self.company_id,
            self.partner_id,
            self.item_ids,
            self.date_until,
            imputation=self.imputation,
            with_disputed=self.with_disputed,
        )

    def _get_dunning_print_lang(self):
        return self.partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.partner_id.name}"

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
        fill_book(self._make_dunning_statement(), book)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _print_dunning_penalties(self, company, items, day):
        """Return the printed statement of penalties of this customer.

        :param company: the creditor, ``res.company``
        :param items: ``account.move.line`` records that it covers
        :param date day: last day that counts
        :rtype: bytes
        """
        self.ensure_one()
        wizard = self.env["account.dunning.statement"].create(
            {
                "company_id": company.id,
                "partner_id": self.id,
                "date_until": day,
                "item_ids": [fields.Command.set(items.ids)],
            }
        )
        reports = self.env["ir.actions.report"]
        content, _kind = reports._render_qweb_pdf(STATEMENT_REPORT, wizard.ids)
        return content
