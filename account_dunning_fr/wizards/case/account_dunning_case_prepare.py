from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.common.creditors_day import creditors_day

STEPS = [
    ("items", "1. Items"),
    ("examination", "2. Examination"),
    ("request", "3. Court and request"),
    ("pieces", "4. Pieces"),
    ("done", "5. File"),
]
# Printed on the request, and stored on the parties: (field here, party, field there).
MENTIONS = (
    ("creditor_form", "company_id", "dunning_legal_form"),
    ("creditor_representative", "company_id", "dunning_representative"),
    ("debtor_form", "partner_id", "dunning_legal_form"),
    ("debtor_registry", "partner_id", "company_registry"),
    ("debtor_street", "partner_id", "street"),
    ("debtor_zip", "partner_id", "zip"),
    ("debtor_city", "partner_id", "city"),
)


class AccountDunningCasePrepare(models.TransientModel):
    """« Préparer une injonction de payer »: from the items of a customer to the file, step by step.

    The first step creates the file in preparation; the others show what the file itself examines,
    so that no rule is written twice. The file can be closed and reopened at any step.
    """

    _name = "account.dunning.case.prepare"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Prepare an Order to Pay"

    company_id = fields.Many2one("res.company", string="Creditor", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, readonly=True)
    date = fields.Date(string="Sums up to", required=True, default=creditors_day)
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
    step = fields.Selection(STEPS, required=True, readonly=True, default="items")
    case_id = fields.Many2one("account.dunning.case", string="Court file", readonly=True)
    # What the file says about itself.
    finding_ids = fields.One2many(related="case_id.finding_ids")
    advice_html = fields.Html(related="case_id.advice_html")
    piece_ids = fields.One2many(related="case_id.piece_ids")
    open_finding_count = fields.Integer(related="case_id.open_finding_count")
    missing_count = fields.Integer(related="case_id.missing_count")
    is_settled = fields.Boolean(compute="_compute_is_settled")
    amount_principal = fields.Monetary(related="case_id.amount_principal")
    amount_interest = fields.Monetary(related="case_id.amount_interest")
    amount_indemnity = fields.Monetary(related="case_id.amount_indemnity")
    amount_claimed = fields.Monetary(related="case_id.amount_total")
    figures_problem = fields.Char(related="case_id.figures_problem")
    dossier_id = fields.Many2one(related="case_id.dossier_id")
    dossier_sha256 = fields.Char(related="case_id.dossier_sha256")
    export_note = fields.Text(related="case_id.export_note")
    # The court and the mentions of the request, on one page (CPC 54, 57 and 1407).
    route = fields.Selection(related="case_id.route", readonly=False)
    listed_routes = fields.Char(related="case_id.listed_routes")
    merchant = fields.Selection(related="case_id.merchant", readonly=False)
    is_order = fields.Boolean(related="case_id.is_order")
    court_candidate_ids = fields.Many2many(related="case_id.candidate_ids")
    court_id = fields.Many2one(related="case_id.court_id", readonly=False)
    court_is_exact = fields.Boolean(related="case_id.court_is_exact")
    court_confirmed_by = fields.Many2one(related="case_id.court_confirmed_by")
    imputation = fields.Selection(related="case_id.imputation", readonly=False)
    ground = fields.Text(related="case_id.ground", readonly=False)
    amicable_note = fields.Text(related="case_id.amicable_note", readonly=False)
    creditor_form = fields.Char(
        string="Legal form of the creditor",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("creditor_form"),
    )
    creditor_representative = fields.Char(
        string="Represented by",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("creditor_representative"),
    )
    debtor_form = fields.Char(
        string="Legal form of the debtor",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_form"),
    )
    debtor_registry = fields.Char(
        string="SIREN or SIRET of the debtor",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_registry"),
    )
    debtor_street = fields.Char(
        string="Registered office: street",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_street"),
    )
    debtor_zip = fields.Char(
        string="Postal code",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_zip"),
    )
    debtor_city = fields.Char(
        string="Town",
        compute="_compute_mentions",
        inverse=lambda self: self._keep_mention("debtor_city"),
    )

    @api.model
    def _get_candidates_domain(self, partner, creditor):
        """Return what may be claimed in court: returned payments are linked to invoices first."""
        domain = self.env["account.move.line"]._get_dunning_domain(
            creditor._get_dunning_companies(), partner.commercial_partner_id
        )
        return domain & fields.Domain("date_maturity", "!=", False)

    @api.depends("partner_id", "company_id")
    def _compute_candidate_ids(self):
        """What the customer owes and nobody else is in charge of."""
        for wizard in self:
            lines = self.env["account.move.line"].search(
                self._get_candidates_domain(wizard.partner_id, wizard.company_id),
                order="date_maturity, id",
            )
            others = (
                self.env["account.dunning.hand"]
                ._get_live(lines)
                .filtered(lambda hand, case=wizard.case_id: not case or hand.case_id != case)
            )
            wizard.candidate_ids = lines - others.move_line_id

    @api.depends("item_ids")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = sum(wizard.item_ids.mapped("amount_residual"))

    @api.depends("step")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Prepare an order to pay")

    @api.depends("open_finding_count", "missing_count", "figures_problem", "case_id")
    def _compute_is_settled(self):
        for wizard in self:
            case = wizard.case_id
            wizard.is_settled = (
                case
                and not wizard.open_finding_count
                and not wizard.missing_count
                and not wizard.figures_problem
                and (not case.is_order or case.court_confirmed_by)
            )

    @api.model
    def _get_known_items(self, lines):
        """Return the items of open files that claim these journal items."""
        return self.env["account.dunning.case.item"].search(
            [("move_line_id", "in", lines.ids), ("is_live", "=", True)]
        )

    @api.model
    def _open(self, partner, creditor, moves=None):
        """Open the wizard, or the file in preparation that already claims all these items.

        :param moves: invoices to claim; all overdue ones by default
        :raise UserError: if nothing is open
        """
        self.env["account.dunning.case"]._check_manage()
        if problem := creditor._get_dunning_foreign_problem():
            raise UserError(problem)
        lines = self.env["account.move.line"].search(
            self._get_candidates_domain(partner, creditor), order="date_maturity, id"
        )
        today = creditors_day(self)
        if moves is None:
            lines = lines.filtered(lambda line: line.date_maturity < today)
        else:
            lines = lines.filtered(lambda line: line.move_id in moves)
        known = self._get_known_items(lines)
        if lines and len(known) == len(lines):
            return known.case_id._get_records_action(name=self.env._("Court file"))
        hands = self.env["account.dunning.hand"]
        free = lines - hands._get_live(lines).move_line_id
        if lines and not free:
            hands._check_free(lines)
        lines = free
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
        return wizard._get_records_action(name=self.env._("Prepare an order to pay"))

    @api.model
    def _open_case(self, case):
        """Open the wizard on a file in preparation."""
        case._check_manage()
        wizard = self.create(
            {
                "company_id": case.company_id.id,
                "partner_id": case.partner_id.id,
                "date": case.date,
                "item_ids": [Command.set(case.item_ids.move_line_id.ids)],
                "case_id": case.id,
                "step": "examination",
            }
        )
        return wizard._get_records_action(name=self.env._("Prepare an order to pay"))

    # -- The court and the mentions of the request -------------------------------------------------

    @api.depends("company_id", "partner_id")
    def _compute_mentions(self):
        for wizard in self.sudo():
            for here, party, there in MENTIONS:
                wizard[here] = wizard[party][there]

    def _keep_mention(self, name):
        """Store a mention on the party it describes.

        A dunning manager may not be allowed to edit companies: only these mentions are written.
        """
        self.env["account.dunning.case"]._check_manage()
        party, there = next(there for here, *there in MENTIONS if here == name)
        for wizard in self.sudo():
            wizard[party][there] = wizard[name]
            wizard.case_id.action_examine()

    # -- Steps -----------------------------------------------------------------------------------

    def action_prepare(self):
        """Open the file itself, with these items: it can be worked on there as well."""
        self.ensure_one()
        return self._prepare_case()._get_records_action(name=self.env._("Court file"))

    def action_next(self):
        """Go to the next step; the file is examined again on the way."""
        self.ensure_one()
        if self.step == "items":
            self._prepare_case()
        else:
            self.case_id.action_gather()
        self._move(1)

    def action_back(self):
        """Go back one step."""
        self.ensure_one()
        self._move(-1)
        if self.step == "items":
            self.item_ids = self.case_id.item_ids.move_line_id

    def _move(self, by):
        steps = [step for step, _label in STEPS]
        self.step = steps[steps.index(self.step) + by]

    def action_refresh(self):
        """Refresh the amounts, the pieces and the findings."""
        self.ensure_one()
        self.case_id.action_gather()

    def action_confirm_court(self):
        """Confirm the court chosen."""
        self.case_id.action_confirm_court()
        self.case_id.action_examine()

    def action_add_piece(self):
        """Add a document that is not in Odoo."""
        return self.case_id.action_add_piece()

    def action_generate(self):
        """Generate the file.

        :raise UserError: if anything is still open
        """
        self.ensure_one()
        self.case_id.action_generate()
        self.step = "done"

    def action_download(self):
        """Download the file as it is now."""
        return self.case_id.action_generate()

    def action_hand_over(self):
        """Hand the file over to the commissaire de justice, or to another agent."""
        return self.case_id.action_hand_over()

    def action_abandon(self):
        """Delete the file in preparation, and go back to the list of files."""
        self.ensure_one()
        if self.case_id.state == "preparation":
            self.case_id.unlink()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr.action_account_dunning_case"
            ),
            "target": "main",
        }

    def _prepare_case(self):
        """Create the file with these items, or update its items: amounts and pieces follow.

        :return: ``account.dunning.case``
        """
        self.ensure_one()
        Case = self.env["account.dunning.case"]
        Case._check_manage()
        if not self.item_ids:
            raise UserError(self.env._("Choose at least one item."))
        known = self.case_id.item_ids
        vals = {
            "date": self.date,
            "item_ids": [
                *(
                    Command.delete(item.id)
                    for item in known
                    if item.move_line_id not in self.item_ids
                ),
                *(
                    # The item reads everything else from the books itself.
                    Command.create({"move_line_id": line.id, "move_id": line.move_id.id})
                    for line in self.item_ids - known.move_line_id
                ),
            ],
        }
        if self.case_id:
            self.case_id.write(vals)
        else:
            self.case_id = Case.create(
                {"company_id": self.company_id.id, "partner_id": self.partner_id.id, **vals}
            )
        self.case_id._refresh()
        if not self.case_id.route:
            self.case_id.action_take_advised_route()
        self.case_id.action_gather()
        return self.case_id
