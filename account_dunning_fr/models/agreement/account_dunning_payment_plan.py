from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ...core.citations import cite
from ...core.claims_allowed import allowed, plan_penalties
from ...core.instalments import schedule
from ...core.money import ZERO, to_cents, to_decimal
from ...core.words import UNITS, sum_in_words
from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day
from ..common.letter_formats import format_letter_amount, format_letter_date
from ..hold.account_dunning_hold import DISPUTES
from ..notice.qr_code import draw_qr_code
from ..party.res_partner import REGIMES
from .account_dunning_agreement import OPEN_ITEMS

DRAFT, RUNNING = ("draft", "running")
FIRST_DAYS = 8


class AccountDunningPaymentPlan(models.Model):
    """Instalments agreed with a customer for chosen items (« échéancier »).

    The agreement is printed and signed, and only then runs: its items are no longer chased. The
    payments decide which instalments are kept; a missed one ends the plan, and dunning resumes
    where it was. The entries of the invoices never change.
    """

    _name = "account.dunning.payment.plan"
    _description = "Payment Plan"
    _inherit = ["account.dunning.agreement"]
    _order = "id DESC"

    _hold_owner = "payment_plan_id"
    _dunning_named_files = ("signed_id",)
    _dunning_shown_state = "(signed_at or signed_sha256) and 'signed' or state"
    _dunning_kept = Kept("plan", "closed_on", (("state", "in", ("kept", "broken", "cancelled")),))

    name = fields.Char(string="Reference", readonly=True, copy=False, default="/")
    item_ids = fields.Many2many(
        "account.move.line",
        "account_dunning_payment_plan_item_rel",
        "plan_id",
        "item_id",
        string="Items",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain=OPEN_ITEMS,
        writer="create draft",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_amount", store=True, precompute=True
    )
    amount = fields.Monetary(
        string="Amount of the plan",
        compute="_compute_amount",
        store=True,
        precompute=True,
        help="What remains due on the items; fixed once the plan runs.",
    )
    first_date = fields.Date(
        string="First payment on",
        required=True,
        default=lambda self: self._default_first_date(),
        writer="create draft",
    )
    first_amount = fields.Monetary(
        string="First payment",
        help="Where it differs. Empty: equal instalments.",
        writer="create draft",
    )
    count = fields.Integer(
        string="Number of instalments", default=3, required=True, writer="create draft"
    )
    months = fields.Integer(
        string="Months between two", default=1, required=True, writer="create draft"
    )
    line_ids = fields.One2many(
        "account.dunning.payment.plan.line",
        "plan_id",
        string="Instalments",
        copy=True,
        writer="create draft",
    )
    regime = fields.Selection(
        REGIMES,
        compute="_compute_regime",
        store=True,
        precompute=True,
        help="Of the customer when the agreement was signed: it decides what the agreement says.",
    )
    penalties = fields.Selection(
        [
            ("running", "Go on running"),
            ("suspended", "Suspended, given up once the plan is kept"),
            ("none", "Nothing is added to the instalments"),
        ],
        required=True,
        compute="_compute_penalties",
        store=True,
        readonly=False,
        precompute=True,
        help="What the agreement says of late-payment penalties. No text suspends them: the "
        "agreement must say it. Interest is never given up to a public body (CCP L. 2192-14), and "
        "nothing is added for a consumer.",
        writer="create draft",
    )
    state = fields.Selection(
        [
            (DRAFT, "To sign"),
            (RUNNING, "Running"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Called off"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )
    signed_on = fields.Date(
        string="Agreement signed on", tracking=True, copy=False, writer="create draft"
    )
    signer = fields.Char(string="Signed by", tracking=True, copy=False, writer="create draft")
    signer_capacity = fields.Char(
        string="Capacity of the signer",
        tracking=True,
        copy=False,
        writer="create draft",
        help="In which capacity the person signed for the customer: manager, owner, accountant "
        "with a mandate.",
    )
    signed_id = fields.Many2one(
        "ir.attachment",
        string="Signed agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    signed_file = fields.Binary(
        string="Scan of the agreement",
        compute="_compute_signed_file",
        inverse="_inverse_signed_file",
        writer="create draft running",
    )
    signed_name = fields.Char(
        compute="_compute_signed_file",
        inverse="_inverse_signed_name",
        writer="create draft running",
    )
    started_on = fields.Date(readonly=True, copy=False)
    allocated_before = fields.Monetary(
        string="Deducted at the start",
        readonly=True,
        copy=False,
        help="What had already been deducted from the amount when the plan started, although it "
        "was paid after the signature.",
    )
    warned_on = fields.Date(
        string="Told of the missed instalment on", readonly=True, copy=False, tracking=True
    )
    warned_line_id = fields.Many2one(
        "account.dunning.payment.plan.line",
        string="Missed instalment",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    grace_until = fields.Date(
        string="Ends if not paid by",
        readonly=True,
        copy=False,
        tracking=True,
        help="The term of a consumer ends only after a message that leaves him a reasonable time.",
    )
    closed_on = fields.Date(readonly=True, copy=False)
    close_reason = fields.Char(readonly=True, copy=False)
    amount_received = fields.Monetary(compute="_compute_received")
    amount_left = fields.Monetary(
        string="Left to pay",
        compute="_compute_received",
        help="Without what is disputed: it is not asked for as long as its dispute is open.",
    )
    amount_disputed = fields.Monetary(string="Amount disputed", compute="_compute_received")
    next_date = fields.Date(string="Next instalment", compute="_compute_received")

    _count_positive = models.Constraint(
        "CHECK (count >= 1 AND count <= 120 AND months >= 1)",
        "A plan has 1 to 120 instalments, one month apart at least.",
    )

    @api.model
    def _default_first_date(self):
        return fields.Date.context_today(self) + timedelta(days=FIRST_DAYS)

    @api.depends("partner_id", "company_id")
    def _compute_item_ids(self):
        for plan in self:
            plan.item_ids = plan._choose_items(plan.item_ids)

    @api.depends("partner_id.dunning_regime", "state")
    def _compute_regime(self):
        for plan in self:
            known = plan.partner_id.commercial_partner_id.sudo().dunning_regime
            plan.regime = known if plan.state == DRAFT else plan.regime

    @api.depends("regime")
    def _compute_penalties(self):
        for plan in self:
            choices = plan_penalties(plan.regime)
            keeps = plan.state != DRAFT or plan.penalties in choices
            plan.penalties = plan.penalties if keeps else choices[0]

    @api.depends("item_ids")
    def _compute_amount(self):
        for plan in self:
            plan.currency_id = plan.item_ids.currency_id[:1] or plan.company_id.currency_id
            plan.amount = plan._get_amount_due()

    @api.depends("signed_id")
    def _compute_signed_file(self):
        for plan in self:
            signed = plan._get_signed_file()
            plan.signed_file = signed.datas
            plan.signed_name = signed.name

    def _get_signed_file(self):
        """Return the agreement as it was signed: a file of this plan, if unaltered."""
        self.ensure_one()
        plan = self.sudo()
        return plan.signed_id._filter_dunning_owned(plan._origin, plan.signed_sha256)

    def _inverse_signed_file(self):
        for plan in self:
            if plan.signed_id and plan.state != DRAFT:
                raise UserError(
                    self.env._(
                        "What was signed is kept as it was: cancel the plan, and make another."
                    )
                )
            if not plan.signed_file:
                plan._owned().signed_id = False
                continue
            plan._owned().signed_id = self.env["ir.attachment"].create(
                {
                    "name": plan.signed_name or self.env._("Signed agreement"),
                    "datas": plan.signed_file,
                    "res_model": plan._name,
                    "res_id": plan.id,
                }
            )

    def _inverse_signed_name(self):
        for plan in self:
            signed = plan._get_signed_file()
            signed.sudo().name = plan.signed_name or signed.name

    @api.depends("line_ids.amount", "state")
    def _compute_received(self):
        sums = self._get_sums()
        for plan in self:
            received, owed, disputed = sums.get(plan.id, (0, plan.amount, 0))
            plan.amount_received = float(received)
            plan.amount_left = float(max(owed - disputed - received, 0))
            plan.amount_disputed = float(disputed)
            open_lines = plan.line_ids.filtered(lambda line: line.state != "kept" and line.left)
            plan.next_date = plan.state in (DRAFT, RUNNING) and open_lines[:1].date

    @api.constrains("item_ids", "partner_id", "company_id")
    def _check_items(self):
        self.filtered(lambda plan: plan.state == DRAFT)._check_agreed_items(
            without=self.env._("Choose the unpaid items that the plan settles."),
            in_several=self.env._("A plan is in one currency: make one for each."),
        )

    @api.constrains("penalties", "regime")
    def _check_penalties(self):
        for plan in self.filtered(lambda plan: plan.state == DRAFT):
            if plan.penalties in plan_penalties(plan.regime):
                continue
            rights = allowed(plan.regime)
            raise ValidationError(
                self.env._(
                    "Interest is not given up to this customer (%s): the penalties go on running.",
                    rights.waiver.source,
                )
                if rights.penalties.at_once
                else self.env._(
                    "The agreement with this customer adds nothing to the instalments (%s).",
                    rights.penalties.source or self.env._("regime not confirmed"),
                )
            )

    @api.onchange("item_ids", "first_date", "first_amount", "count", "months")
    def _onchange_line_ids(self):
        """Preview the instalments."""
        if self.state != DRAFT or not self.item_ids:
            return
        try:
            self.line_ids = self._prepare_lines()
        except ValueError:
            self.line_ids = [Command.clear()]

    # -- CRUD ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        plans = super().create(vals_list)
        for plan in plans:
            plan._owned().name = sequence.next_by_code("account.dunning.payment.plan")
        for plan in plans.filtered(lambda plan: not plan.line_ids):
            plan.action_compute()
        return plans

    def _get_dunning_state(self):
        """What a customer signed online is not changed by hand, even before the plan starts."""
        self.ensure_one()
        return "signed" if self.signed_at or self.signed_sha256 else self.state

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(plan.state not in (DRAFT, "cancelled") for plan in self):
            raise UserError(self.env._("A plan that was signed is evidence: it cannot be deleted."))

    # -- Actions ---------------------------------------------------------------------------------

    def action_compute(self):
        """Compute the instalments: a first payment, and the rest in equal parts."""
        self._check_draft()
        self._owned()._compute_amount()
        for plan in self:
            try:
                plan.line_ids = plan._prepare_lines()
            except ValueError as error:
                raise UserError(
                    self.env._(
                        "%(amount)s cannot be cut into %(count)s instalments with this first "
                        "payment: change the one or the other.",
                        amount=format_amount(self.env, plan.amount, plan.currency_id),
                        count=plan.count,
                    )
                ) from error

    def _prepare_lines(self):
        """Return the commands that create the instalments.

        :raise ValueError: if the amount cannot be divided that way
        """
        self.ensure_one()
        parts = schedule(
            to_decimal(self.currency_id.round(self.amount)),
            self.first_date,
            self.count,
            first_amount=to_decimal(self.first_amount) if self.first_amount else None,
            months=self.months,
            step=to_decimal(self.currency_id.rounding),
        )
        return [
            Command.clear(),
            *[Command.create({"date": due, "amount": float(part)}) for due, part in parts],
        ]

    def action_print(self):
        """Print the agreement to sign."""
        for plan in self.filtered(lambda plan: plan.state == DRAFT):
            plan._check_sum()
        return self.env.ref("account_dunning_fr.report_payment_plan").report_action(
            self, config=False
        )

    def action_start(self):
        """Start the signed plan: its items are not chased as long as it is kept."""
        self._check_draft()
        today = creditors_day(self)
        for plan in self:
            plan._check_sum()
            if not (plan.signed_on and plan.signer):
                raise UserError(
                    self.env._("Enter who signed the agreement and on which day, then start it.")
                )
            if plan.signed_on > today:
                raise UserError(self.env._("An agreement cannot be signed on a day to come."))
            plan._check_free()
            plan._owned().write({"state": RUNNING, "started_on": plan.signed_on})
            plan._owned().allocated_before = float(plan._get_allocated())
            plan._open_holds(
                [
                    {**vals, "reason": "plan", "note": plan.name, "date_from": plan.signed_on}
                    for vals in plan._prepare_item_holds(plan.item_ids)
                ]
            )
        self._seal()

    def action_cancel(self):
        """Cancel the plan without notifying the customer: its items are chased again."""
        self._check_open((DRAFT, RUNNING))
        self._close("cancelled", self.env._("Cancelled by %s", self.env.user.name))

    def action_review(self):
        """Check the payments received up to now."""
        self.check_access("write")
        today = creditors_day(self)
        for creditor, plans in self.grouped("company_id").items():
            self.sudo()._review(creditor.sudo(), today, plans.partner_id)

    def _check_draft(self):
        if any(plan.state != DRAFT for plan in self):
            raise UserError(self.env._("Only a plan that is not signed yet can be changed."))

    def _get_amount_due(self):
        """Return what is still due on the items today, in their currency."""
        self.ensure_one()
        return sum(self.item_ids.mapped("amount_residual_currency"))

    def _check_sum(self):
        """:raise UserError: unless the instalments add up to what is due on the items today"""
        self.ensure_one()
        due = self._get_amount_due()
        if self.has_access("write"):
            self.sudo()._compute_amount()
        total = sum(self.line_ids.mapped("amount"))
        if self.currency_id.compare_amounts(total, due):
            raise UserError(
                self.env._(
                    "The instalments add up to %(total)s, the items to %(amount)s: compute them "
                    "again, or correct one.",
                    total=format_amount(self.env, total, self.currency_id),
                    amount=format_amount(self.env, due, self.currency_id),
                )
            )

    def _check_free(self):
        """:raise UserError: if another running plan already covers one of the items"""
        other = self.search(
            [
                ("id", "!=", self.id),
                ("state", "=", RUNNING),
                ("item_ids", "in", self.item_ids.ids),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "The plan %s already settles one of these items: cancel it first.", other.name
                )
            )

    # -- What is disputed --------------------------------------------------------------------------

    def _get_disputed(self):
        """Return how much of what is open on the items of each plan is disputed, ``{id: Decimal}``.

        What a customer contests is not claimed as long as he does, whatever he signed before.
        """
        disputed = defaultdict(lambda: ZERO)
        for creditor, plans in self.grouped("company_id").items():
            today = creditor.sudo()._get_dunning_today()
            holds = (
                self.env["account.dunning.hold"]
                .sudo()
                ._get_unclaimed(creditor.id, plans.partner_id.ids, today)
                .filtered(lambda hold: hold.reason in DISPUTES)
            )
            for plan in plans if holds else ():
                mine = holds.filtered(lambda hold, plan=plan: hold.partner_id == plan.partner_id)
                for move, items in plan._get_owed_items().grouped("move_id").items():
                    of_move = mine.filtered(lambda hold, move=move: hold.move_id <= move)
                    disputed[plan.id] += _sum_disputed(of_move, items)
        return disputed

    # -- For the agreement -----------------------------------------------------------------------

    def _get_dunning_print_lang(self):
        return self.partner_id._get_dunning_lang()

    _get_lang = _get_dunning_print_lang  # its name in e-mail templates that an update leaves alone

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.name}"

    def _get_rights(self):
        """Return what this agreement may claim (``core.claims_allowed.Allowed``)."""
        self.ensure_one()
        return allowed(self.regime)

    def _get_law(self):
        """Return the articles under which penalties continue, in the language in use."""
        rights = self._get_rights()
        french = (self.env.lang or "").startswith("fr")
        return cite((rights.penalties, rights.indemnity), french=french)

    def _get_amount_in_words(self):
        """Return the amount in words, as an acknowledgement of debt requires (C. civ. 1376).

        Empty for a currency without words in French: the debtor writes them.
        """
        self.ensure_one()
        if not (self.env.lang or "").startswith("fr"):
            return self.currency_id.amount_to_text(self.amount)
        unit = UNITS.get(self.currency_id.name)
        return sum_in_words(to_cents(to_decimal(self.amount)), unit) if unit else ""

    def _get_bank_account(self):
        """Return the bank account for the payments: that of the invoices."""
        self.ensure_one()
        return self.item_ids.move_id._get_dunning_common_account()

    def _get_qr_code(self, amount):
        """Return the SEPA transfer QR code of an amount as a ``data:`` URL, or False."""
        self.ensure_one()
        text = self._get_bank_account()._get_dunning_transfer_code(
            amount, self.name, self.currency_id, self.partner_id
        )
        return text and draw_qr_code(text)

    def _format_date(self, day):
        """Format a date as the messages about this plan do."""
        return format_letter_date(self.env, day)

    def _format_amount(self, amount):
        """Format an amount as the messages about this plan do."""
        return format_letter_amount(self.env, amount, self.currency_id)

    # -- Erasure, once the law no longer allows it to be kept --------------------------------------

    def _get_personal_fields(self):
        return ["note", "signer", "signature", "signed_ip", "signed_id", "access_token"]

    def _erase_parts(self, rule):
        self.seal_ids._erase(rule)


def _sum_open(items):
    return sum(map(to_decimal, items.mapped("amount_residual_currency")), ZERO)


def _sum_disputed(holds, items):
    """Return how much of what is open on these items of an invoice these holds contest."""
    total = ZERO
    for hold in holds:
        left = _sum_open(hold.move_line_id & items if hold.move_line_id else items)
        total += min(to_decimal(hold.amount_held) or left, left)
    return max(min(total, _sum_open(items)), ZERO)
