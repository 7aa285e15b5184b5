from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...core.claim import ORDERS
from ...core.competent_court import is_commercial, is_seized
from ...core.merchants import merchant
from ...core.route import advise
from ...core.territories import is_french
from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day
from ..common.private_context import pass_on, passed
from ..hold.account_dunning_hold import DISPUTES
from ..penalty.penalty_statement import IMPUTATIONS, make_statement
from .account_dunning_route import ROUTES
from .states import STATES

# The fields of the claim are frozen once the file was handed over, the others once it is closed.
CLAIM = "create preparation"
COURSE = " ".join(["create", *(state for state, _label in STATES if state != "closed")])


class AccountDunningCase(models.Model):
    """One debtor's file for the judicial phase, from its preparation to what was recovered.

    It reads the ledger, the notices and their proofs, and changes none of them. A dunning manager
    opens it; billing users add its pieces. The claim is computed from the books up to the date of
    the sums, and is frozen once the file was handed over.
    """

    _name = "account.dunning.case"
    _description = "Court File"
    _inherit = [
        "account.dunning.case.archive",  # the ZIP made of it, its seal and its link
        "account.dunning.case.receipts",  # receipts booked since it was handed over
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
        "account.dunning.plausible",
    ]
    _order = "id DESC"
    _mail_post_access = "read"
    _dunning_kept = Kept("case", "closed_on", (("state", "=", "closed"),))

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
        IMPUTATIONS,
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
    listed_routes = fields.Char(compute="_compute_listed_routes")
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
    asks_capitalisation = fields.Boolean(
        string="Ask for the capitalisation of interest",
        help="The request asks that interest due for a full year at least bear interest in its "
        "turn: a contract or a decision must say so (C. civ. 1343-2). No sum is computed of it.",
        writer=CLAIM,
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

    @api.depends("partner_id")  # and as the contact is corrected, see ``res.partner.write``
    def _compute_merchant(self):
        for case in self:
            case.merchant = self._propose_merchant(case.partner_id)

    @api.model
    def _propose_merchant(self, partner):
        known = partner.sudo()
        regime, form = known.dunning_regime, known.dunning_legal_form
        return merchant(regime, is_company=known.is_company, legal_form=form)

    @api.depends("route")
    def _compute_is_order(self):
        for case in self:
            case.is_order = case.route in ORDERS

    @api.depends("company_id", "partner_id", "merchant", "item_ids")
    def _compute_listed_routes(self):
        """List the routes to choose from, without those that are not switched on."""
        for case in self:
            listed = {advice.route for advice in advise(case.finding_ids._get_route_facts(case))}
            routes = [route for route, _label in ROUTES if route in (*listed, case.route)]
            case.listed_routes = ",".join(routes)

    @api.depends("partner_id.zip", "partner_id.city", "route", "merchant")
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
        return is_commercial(self.route, self.merchant)

    @api.constrains("item_ids", "partner_id", "company_id")
    def _check_items(self):
        for case in self:
            case.company_id._check_dunning_owed(case.item_ids.move_line_id)
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
        """:raise AccessError: unless the user may manage court files, and these among them"""
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
        cases._sync_clocks()
        return cases

    def write(self, vals):
        before = {case.id: case.state for case in self}
        changed = self.filtered(
            lambda case: "court_id" in vals and case.court_id.id != vals["court_id"]
        )
        result = super().write(vals)
        if "court_confirmed_by" not in vals:
            changed.sudo().write({"court_confirmed_by": False, "court_confirmed_on": False})
        if {"route", "merchant"}.intersection(vals):
            self._check_court()
        if {"route", "merchant", "court_id"}.intersection(vals):
            self.finding_ids._forget_route()
            self.filtered("finding_ids")._examine_again()
        self._follow_course(before, vals)
        return result

    def _check_court(self):
        """Propose the court again, unless a person confirmed one of the right kind."""
        for case in self:
            is_right = case.court_id.is_commercial == case._is_commercial()
            if not (case.court_confirmed_by and is_right and is_seized(case.route)):
                case._propose_court()

    def _check_in_preparation(self):
        """:raise UserError: if one of these files has left: the sum that it claims stays"""
        if any(case.state != "preparation" for case in self):
            raise UserError(self.env._("This file has left: what it claims stays as it was."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left(self):
        if any(case.state != "preparation" or case.has_left for case in self):
            raise UserError(
                self.env._("A file that has left is evidence: close it instead of deleting it.")
            )

    def _get_default_ground(self):
        """Return the legal ground that the books can state; a person completes it."""
        self.ensure_one()
        return self.with_context(lang=self._get_dunning_print_lang()).env._(
            "Price of the goods and services ordered by the debtor, delivered or performed, and "
            "invoiced, a claim whose cause is contractual and whose amount is determined "
            "(CPC art. 1405)."
        )

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.name}"

    def _get_dunning_print_lang(self):
        """Return the language of the documents: French for a French court."""
        installed = dict(self.env["res.lang"].get_installed())
        return "fr_FR" if "fr_FR" in installed else self.env.lang or "en_US"

    # Its name in e-mail templates that an update leaves alone.
    _get_document_lang = _get_dunning_print_lang

    # -- The court -------------------------------------------------------------------------------

    def _propose_court(self):
        """Select the court if there is only one candidate; a person confirms it in every case.

        No court if the route leads to none of them: it would be printed as the one seized.
        """
        for case in self:
            found = case.candidate_ids if is_seized(case.route) else case.candidate_ids.browse()
            case.court_id = found if len(found) == 1 else False

    def action_confirm_court(self):
        """Confirm the court chosen for the file."""
        self._check_manage()
        for case in self:
            if not case.court_id:
                raise UserError(self.env._("Choose the court first."))
            case._owned().write(
                {
                    "court_confirmed_by": self.env.uid,
                    "court_confirmed_on": creditors_day(self),
                }
            )

    # -- Links -----------------------------------------------------------------------------------

    def action_view_invoices(self):
        """Open the invoices of the file."""
        self.ensure_one()
        return self.move_ids._get_records_action(name=self.env._("Invoices"))

    def _get_debtor_place(self):
        """Return where the debtor is established, as ``core.claim.Facts.place`` defines it."""
        self.ensure_one()
        country = self.partner_id.country_id
        if not country or is_french(country.code):
            return "france"
        if country.code == "DK":
            return "denmark"
        return "europe" if country in self.env.ref("base.europe").country_ids else "abroad"

    # -- Examination -------------------------------------------------------------------------------
    # What speaks for and against the file, as ``account.dunning.case.finding`` finds it.

    finding_ids = fields.One2many("account.dunning.case.finding", "case_id", string="Examination")
    open_finding_count = fields.Integer(compute="_compute_open_finding_count")
    advice_html = fields.Html(
        string="Routes", compute="_compute_advice_html", sanitize=False, readonly=True
    )

    @api.depends("finding_ids.level", "finding_ids.reason")
    def _compute_open_finding_count(self):
        for case in self:
            case.open_finding_count = len(case.finding_ids.filtered("is_open"))

    @api.depends("item_ids", "merchant", "partner_id", "imputation", "date")
    @api.depends_context("lang")
    def _compute_advice_html(self):
        for case in self:
            case.advice_html = self.env["ir.qweb"]._render(
                "account_dunning_fr.case_advice", {"advices": case.finding_ids._get_advices(case)}
            )

    def action_examine(self):
        """Examine the file again on today's facts; accepted warnings stay accepted."""
        self.check_access("read")
        self.env["account.dunning.case.piece"].check_access("write")  # billing users prepare files
        for case in self.sudo():
            case.finding_ids._examine(case)

    def action_take_advised_route(self):
        """Take the recommended route, if there is one."""
        self._check_manage()
        for case in self:
            advised = [
                a["route"]
                for a in case.finding_ids._get_advices(case)
                if a["standing"] == "advised"
            ]
            case.route = advised[0] if advised else False

    def _get_formal_notices(self):
        """Return the last formal notice that claimed each item of the file when it was due.

        :return: ``{item id: account.dunning.notice}``
        """
        self.ensure_one()
        items = self.item_ids.move_line_id
        lines = self.env["account.dunning.notice.line"]._find_formal_notices(items)
        return {
            line.move_line_id.id: line.notice_id
            for line in lines.sorted(lambda line: (line.notice_id.date, line.id))
        }

    def _get_proven_notices(self):
        """Return the notices whose receipt or refusal is proved by a piece of the file."""
        self.ensure_one()
        return self.piece_ids.filtered(
            lambda piece: piece.state == "ready" and piece.proves_receipt
        ).notice_id

    def _get_disputed_lines(self):
        """Return the items of the file that have an open dispute."""
        holds = self.env["account.dunning.hold"].search(
            [
                ("partner_id", "in", (self.partner_id | self.move_ids.partner_id).ids),
                ("reason", "in", DISPUTES),
                ("is_current", "=", True),
            ]
        )
        lines = self.item_ids.move_line_id
        return lines.filtered(
            lambda line: any(
                (
                    hold.partner_id in (self.partner_id | line.move_id.partner_id)
                    and not hold.move_id
                )
                or (
                    hold.move_id == line.move_id
                    and (not hold.move_line_id or hold.move_line_id == line)
                )
                for hold in holds
            )
        )

    def _get_credits_domain(self):
        companies = self.company_id._get_dunning_companies()
        return [
            ("partner_id", "child_of", self.partner_id.ids),
            *self.env["account.move.line"]._get_dunning_credits_domain(companies),
        ]

    # -- Figures -----------------------------------------------------------------------------------
    # The sums of a file: what the books say, element by element, up to the date of the sums.

    amount_principal = fields.Monetary(string="Principal", readonly=True)
    amount_interest = fields.Monetary(string="Late-payment interest", readonly=True)
    amount_indemnity = fields.Monetary(string="Flat indemnities", readonly=True)
    amount_costs = fields.Monetary(
        string="Accessory costs",
        compute="_compute_amount_costs",
        help="The costs recorded below that are claimed from the debtor.",
    )
    amount_total = fields.Monetary(string="Total claimed", compute="_compute_amount_total")
    amount_recovered = fields.Monetary(
        string="Recovered",
        compute="_compute_amount_recovered",
        help="Principal paid or credited since the hand-over, by the books.",
    )
    figures_problem = fields.Char(readonly=True)
    rate_figures = fields.Json(
        readonly=True, copy=False, help="The published rates that the sums rest on."
    )
    rate_warning = fields.Char(compute="_compute_rate_warning")

    @api.depends("rate_figures")
    @api.depends_context("lang")
    def _compute_rate_warning(self):
        """Warn that a rate used for the claim is not confirmed."""
        rates = self.env["account.dunning.rate"]
        for case in self:
            case.rate_warning = rates._explain_kept(case.rate_figures)

    @api.depends("cost_ids.amount", "cost_ids.claimed")
    def _compute_amount_costs(self):
        for case in self:
            case.amount_costs = sum(case.cost_ids.filtered("claimed").mapped("amount"))

    @api.depends(
        "amount_principal",
        "amount_interest",
        "amount_indemnity",
        "amount_costs",
        "penal_clause_amount",
    )
    def _compute_amount_total(self):
        for case in self:
            case.amount_total = sum(amount for _label, amount in case._get_elements())

    @api.depends("item_ids.amount_left", "item_ids.amount_at_handover", "state")
    def _compute_amount_recovered(self):
        for case in self:
            left = case.item_ids if case.state != "preparation" else case.item_ids.browse()
            # An invoice that is no longer posted, or is another customer's, was not paid.
            case.amount_recovered = sum(
                item._to_euros(item.amount_at_handover - item.amount_left)
                for item in left
                if item._is_owed()
            )

    def _get_elements(self):
        """Return the elements of the claim, in euros, as ``(label, amount)``."""
        self.ensure_one()
        return [
            (self.env._("Principal"), self.amount_principal),
            (self.env._("Late-payment interest"), self.amount_interest),
            (self.env._("Flat indemnity for recovery costs"), self.amount_indemnity),
            (self.env._("Penalty clause"), self.penal_clause_amount),
            (self.env._("Accessory costs"), self.amount_costs),
        ]

    def _get_bank_account(self):
        """Return the creditor's bank account into which the debtor pays."""
        self.ensure_one()
        return self.move_ids._get_dunning_common_account()

    # -- The statement ---------------------------------------------------------------------------

    def _get_statement(self):
        """Return the penalty statement of all items, even disputed, up to the date of the sums.

        :return: ``PenaltyStatement``
        """
        self.ensure_one()
        known = passed(self.env, "statements", {})
        if self.id in known:
            return known[self.id]  # computed once for all the documents of a file
        # Whoever may read the file may read its sums; opening the statement dialog is another
        # right.
        self.check_access("read")
        case = self.sudo()
        claimed = case.item_ids
        if case.state == "preparation":  # what left is stated as it was
            claimed = claimed.filtered(lambda item: item._is_owed())
        items = claimed.move_line_id
        return make_statement(
            case.company_id,
            case.partner_id,
            # By id: this is kept for all documents, and records whose prefetch set left the cache
            # would be read one by one.
            items.browse(items.ids),
            case.date,
            imputation=case.imputation,
            with_disputed=True,
        )

    def _with_statement(self):
        """Return this case with its statement, computed once for all the documents of its file."""
        self.ensure_one()
        return pass_on(self, statements={self.id: self._get_statement()})

    def _refresh(self):
        """Recompute the sums from the books and examine the file, unless it was handed over."""
        self.filtered(lambda case: case.state == "preparation")._take_sums()

    def _take_sums(self):
        for case in self.sudo():
            sections = case._get_statement().sections
            euro = case.currency_id
            in_euros = [section for section in sections if section.item.currency_id == euro]
            problems = filter(None, (section.problem for section in sections))
            figures = (figure for section in sections for figure in section.figures)
            case.write(
                {
                    "amount_principal": float(sum(sec.principal_left for sec in in_euros)),
                    "amount_interest": float(sum(sec.interest_claimed for sec in in_euros)),
                    "amount_indemnity": float(sum(sec.indemnity_claimed for sec in sections)),
                    "figures_problem": next(problems, False),
                    "rate_figures": case.env["account.dunning.rate"]._write_figures(figures),
                }
            )
            case.finding_ids._examine(case)

    def action_refresh(self):
        """Recompute the sums, gather the pieces, and examine the file."""
        self.action_gather()

    def action_generate(self):
        """Generate the file and download it; one with many pieces is left to the scheduler.

        :raise UserError: if the law forbids something, or a warning was not accepted
        """
        self.ensure_one()
        self._check_manage()
        runs = self.env["account.dunning.run"]
        if runs._is_long(len(self._get_included_pieces()), at_once=30):
            return runs._enqueue([self], "_generate_queued", finish=(self._name, "_get_generated"))
        self._generate()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.dossier_id.id}?download=true",
            "target": "self",
        }

    def action_statement(self):
        """Open the penalty statement as of today, including payments since the hand-over."""
        self.ensure_one()
        wizard = self.env["account.dunning.statement"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "imputation": self.imputation,
                "item_ids": self.item_ids.filtered(lambda i: i._is_owed()).move_line_id.ids,
                "with_disputed": True,
            }
        )
        return wizard._get_records_action(name=self.env._("Statement of penalties"), target="new")

    # -- Erasure, once the law no longer allows it to be kept --------------------------------------

    def _get_personal_fields(self):
        return ["note", "ground", "amicable_note", "dossier_id", "handover_partner_id"]

    def _erase_parts(self, rule):
        """Erase the pieces and documents; their names and checksums stay."""
        self.piece_ids.write({"attachment_id": False})
        self.document_ids.write({"attachment_id": False, "fingerprint": False})
        self.seal_ids._erase(rule)

    def _get_own_files_to_erase(self):
        pieces = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.dunning.case.piece"),
                ("res_id", "in", self.piece_ids.ids),
                "|",
                ("res_field", "=", False),
                ("res_field", "!=", False),
            ]
        )
        return super()._get_own_files_to_erase() | pieces
