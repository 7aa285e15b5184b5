from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...core.claim import ORDERS
from ...core.territories import is_french

STATES = [
    ("preparation", "In preparation"),
    ("handed_over", "Handed over"),
    ("filed", "Filed"),
    ("order", "Order made"),
    ("served", "Served"),
    ("opposition", "Opposition"),
    ("enforceable", "Enforceable"),
    ("executed", "Executed"),
    ("closed", "Closed"),
]
ROUTES = [
    ("order_commercial", "Order to pay – commercial court or TAE"),
    ("order_judicial", "Order to pay – judicial court"),
    ("order_protection", "Order to pay – judge for consumer credit and leases (JCP)"),
    ("small_claim", "Small claims procedure"),
    ("interim", "Interim payment (référé-provision)"),
    ("summons", "Summons on the merits"),
    ("european", "European order for payment"),
    ("european_small", "European small claims procedure"),
    ("administrative", "Administrative route (public debtor)"),
    ("declaration", "Declaration of claim (insolvency)"),
    ("uncontested", "Uncontested commercial claim (CPCE L. 126-1)"),
]
# What says what was claimed stays once the file has left; what happens to it, once it is closed.
CLAIM = "create preparation"
COURSE = " ".join(["create", *(state for state, _label in STATES if state != "closed")])


class AccountDunningCase(models.Model):
    """One debtor's file for the judicial phase, from its preparation to what was recovered.

    It reads the ledger, the reminders and their proofs, and changes none of them. A dunning manager
    opens it; billing users add its pieces. What is claimed is computed from the books up to the
    date of the sums, and stays as it was once the file has left.
    """

    _name = "account.dunning.case"
    _description = "Court File"
    _inherit = [
        "account.dunning.sealed",
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
    ]
    _order = "id DESC"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        readonly=True,
        index=True,
        writer=CLAIM,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        writer=CLAIM,
    )
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, index=True, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    date = fields.Date(
        string="Sums up to",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="The request is dated this day; penalties are computed up to it, included.",
        writer=CLAIM,
    )
    imputation = fields.Selection(
        [
            ("principal", "On the principal, as in the books"),
            ("interest", "On the interest first (C. civ. 1343-1)"),
        ],
        string="Partial payments",
        default="principal",
        required=True,
        writer=CLAIM,
    )
    item_ids = fields.One2many("account.dunning.case.item", "case_id", string="Items", writer=CLAIM)
    move_ids = fields.Many2many("account.move", compute="_compute_move_ids", string="Invoices")
    move_count = fields.Integer(compute="_compute_move_ids")
    regime = fields.Selection(related="partner_id.dunning_regime", related_sudo=True)
    merchant = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        string="Debtor is a merchant",
        compute="_compute_merchant",
        store=True,
        readonly=False,
        help="A merchant, an artisan or a commercial company: its registration tells. It decides "
        "between the commercial and the judicial court (C. com. L. 721-3).",
        writer=CLAIM,
    )
    route = fields.Selection(ROUTES, tracking=True, writer=CLAIM)
    is_order = fields.Boolean(compute="_compute_is_order")
    ground = fields.Text(
        string="Ground of the claim",
        help="Contract, order, deliveries: why the sum is due (CPC 1407).",
        writer=CLAIM,
    )
    penal_clause_amount = fields.Monetary(string="Penalty clause", writer=CLAIM)
    penal_clause_text = fields.Char(
        help="Where the clause is: article of the general terms.", writer=CLAIM
    )
    opposition_court = fields.Char(
        string="Court in case of opposition",
        help="Court to which the case is to go if the debtor opposes (CPC 1408). Empty: the court "
        "of the request.",
        writer=COURSE,
    )
    amicable_note = fields.Text(
        string="Amicable steps",
        help="Steps taken to settle, where the law asks for them.",
        writer=COURSE,
    )
    court_id = fields.Many2one("account.dunning.court", tracking=True, writer=CLAIM)
    court_confirmed_by = fields.Many2one("res.users", readonly=True, copy=False)
    court_confirmed_on = fields.Date(readonly=True, copy=False)
    candidate_ids = fields.Many2many(
        "account.dunning.court", compute="_compute_candidate_ids", string="Courts proposed"
    )
    court_is_exact = fields.Boolean(compute="_compute_candidate_ids")
    note = fields.Html(string="Notes")

    @api.depends("company_id")
    def _compute_currency_id(self):
        self.currency_id = self.env["res.currency"]._get_dunning_euro()

    @api.depends("item_ids.move_id")
    def _compute_move_ids(self):
        for case in self:
            case.move_ids = case.item_ids.move_id
            case.move_count = len(case.move_ids)

    @api.depends("partner_id.dunning_regime")
    def _compute_merchant(self):
        for case in self:
            regime = case.partner_id.sudo().dunning_regime
            company = regime == "b2b" and case.partner_id.is_company
            case.merchant = "no" if regime in ("b2c", "b2g") else "yes" if company else "unknown"

    @api.depends("route")
    def _compute_is_order(self):
        for case in self:
            case.is_order = case.route in ORDERS

    @api.depends("partner_id.zip", "partner_id.city", "route")
    def _compute_candidate_ids(self):
        for case in self:
            courts, exact = self.env["account.dunning.court"]._get_candidates(
                case.partner_id, case._is_commercial()
            )
            case.candidate_ids = courts
            case.court_is_exact = exact

    def _is_commercial(self):
        """Whether the claim goes to a commercial court."""
        self.ensure_one()
        if self.route:
            civil = self.route in ("order_judicial", "order_protection", "small_claim")
            return not civil and self.merchant != "no"
        return self.merchant != "no"

    @api.constrains("item_ids", "partner_id")
    def _check_items(self):
        for case in self:
            debtors = case.item_ids.move_line_id.partner_id.commercial_partner_id
            if debtors - case.partner_id:
                raise ValidationError(self.env._("A file claims the invoices of one debtor."))

    @api.constrains("company_id")
    def _check_creditor(self):
        for creditor in self.company_id:
            if problem := creditor._get_dunning_foreign_problem():
                raise ValidationError(problem)

    # -- Rights, creation, the frozen record -----------------------------------------------------

    def _check_manage(self):
        """:raise AccessError: unless the user may lead court files, and these among them"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account_dunning_fr.group_dunning_manager"
        ):
            raise AccessError(self.env._("Only dunning managers open and lead court files."))

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        cases = super().create(vals_list)
        for case in cases:
            sequence = self.env["ir.sequence"].with_company(case.company_id)
            case.sudo().name = sequence.next_by_code("account.dunning.case")
            case.ground = case.ground or case._get_default_ground()
            case._propose_court()
        return cases

    def write(self, vals):
        changed = self.filtered(
            lambda case: "court_id" in vals and case.court_id.id != vals["court_id"]
        )
        result = super().write(vals)
        if "court_confirmed_by" not in vals:
            changed.sudo().write({"court_confirmed_by": False, "court_confirmed_on": False})
        if {"route", "merchant"}.intersection(vals):
            self._check_court()
        return result

    def _check_court(self):
        """Propose the court again, unless a person confirmed one of the right order."""
        for case in self:
            court = case.court_id
            if not case.court_confirmed_by or court.is_commercial != case._is_commercial():
                case._propose_court()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left(self):
        if any(case.state != "preparation" or case.has_left for case in self):
            raise UserError(
                self.env._("A file that has left is evidence: close it instead of deleting it.")
            )

    def _get_default_ground(self):
        """Return the ground that the books can state; a person completes it."""
        self.ensure_one()
        return self.with_context(lang=self._get_document_lang()).env._(
            "Price of the goods and services ordered by the debtor, delivered or performed, and "
            "invoiced, a claim whose cause is contractual and whose amount is determined "
            "(CPC art. 1405)."
        )

    def _get_dunning_print_lang(self):
        return self._get_document_lang()

    def _get_document_lang(self):
        """Return the language of the documents: French, before a French court."""
        installed = dict(self.env["res.lang"].get_installed())
        return "fr_FR" if "fr_FR" in installed else self.env.lang or "en_US"

    # -- The court -------------------------------------------------------------------------------

    def _propose_court(self):
        """Choose the court where there is no choice; a person confirms it in every case."""
        for case in self:
            if not case.is_order and case.route:
                continue
            case.court_id = case.candidate_ids if len(case.candidate_ids) == 1 else False

    def action_confirm_court(self):
        """Confirm the court chosen for the file."""
        self._check_manage()
        for case in self:
            if not case.court_id:
                raise UserError(self.env._("Choose the court first."))
            case._owned().write(
                {
                    "court_confirmed_by": self.env.uid,
                    "court_confirmed_on": fields.Date.context_today(self),
                }
            )

    # -- Links -----------------------------------------------------------------------------------

    def action_view_invoices(self):
        """Open the invoices of the file."""
        self.ensure_one()
        return self.move_ids._get_records_action(name=self.env._("Invoices"))

    def _get_debtor_place(self):
        """Return where the debtor is established, as ``core.claim.Facts.place`` says."""
        self.ensure_one()
        country = self.partner_id.country_id
        if not country or is_french(country.code):
            return "france"
        if country.code == "DK":
            return "denmark"
        return "europe" if country in self.env.ref("base.europe").country_ids else "abroad"
