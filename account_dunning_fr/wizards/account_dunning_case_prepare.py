from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AccountDunningCasePrepare(models.TransientModel):
    """« Préparer une injonction de payer »: which items of a customer go into a court file."""

    _name = "account.dunning.case.prepare"
    _description = "Prepare an Order to Pay"

    company_id = fields.Many2one("res.company", string="Creditor", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, readonly=True)
    date = fields.Date(string="Sums up to", required=True, default=fields.Date.context_today)
    candidate_ids = fields.Many2many(
        "account.move.line",
        "account_dunning_case_prepare_candidate_rel",
        compute="_compute_candidate_ids",
    )
    item_ids = fields.Many2many(
        "account.move.line", string="Items", domain="[('id', 'in', candidate_ids)]"
    )
    amount_total = fields.Monetary(string="Remaining due", compute="_compute_amount_total")
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.model
    def _get_candidates_domain(self, partner, creditor):
        return [
            ("company_id", "in", creditor._get_dunning_companies().ids),
            ("partner_id", "child_of", partner.ids),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
            ("date_maturity", "!=", False),
            ("dunning_penalty_id", "=", False),
        ]

    @api.depends("partner_id", "company_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = self.env["account.move.line"].search(
                self._get_candidates_domain(wizard.partner_id, wizard.company_id),
                order="date_maturity, id",
            )

    @api.depends("item_ids")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = sum(wizard.item_ids.mapped("amount_residual"))

    @api.model
    def _open(self, partner, creditor, moves=None):
        """Open the wizard, or the file being prepared that already claims all of this.

        :param moves: invoices to claim; every overdue one by default
        :raise UserError: nothing is open
        """
        self.env["account.dunning.case"]._check_manage()
        lines = self.env["account.move.line"].search(
            self._get_candidates_domain(partner, creditor), order="date_maturity, id"
        )
        today = fields.Date.context_today(self)
        if moves is None:
            lines = lines.filtered(lambda line: line.date_maturity < today)
        else:
            lines = lines.filtered(lambda line: line.move_id in moves)
        known = self.env["account.dunning.case.item"].search(
            [("move_line_id", "in", lines.ids), ("is_live", "=", True)]
        )
        if lines and len(known) == len(lines):
            return known.case_id._get_records_action(name=self.env._("Court file"))
        lines -= known.move_line_id
        if not lines:
            raise UserError(
                self.env._("Nothing overdue is left to pay by %s.", partner.display_name)
            )
        wizard = self.create(
            {
                "company_id": creditor.id,
                "partner_id": partner.id,
                "item_ids": [Command.set(lines.ids)],
            }
        )
        return wizard._get_records_action(name=self.env._("Prepare an order to pay"), target="new")

    def action_prepare(self):
        """Open the file with these items: sums, pieces, court and examination follow."""
        self.ensure_one()
        Case = self.env["account.dunning.case"]
        Case._check_manage()
        if not self.item_ids:
            raise UserError(self.env._("Choose at least one item."))
        Item = self.env["account.dunning.case.item"]
        case = Case.create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "date": self.date,
                "item_ids": [Command.create(Item._prepare_vals(line)) for line in self.item_ids],
            }
        )
        case._refresh()
        case.action_take_advised_route()
        case.action_gather()
        return case._get_records_action(name=self.env._("Court file"))
