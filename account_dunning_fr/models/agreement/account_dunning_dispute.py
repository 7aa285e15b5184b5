from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ..common.account_dunning_retained import Kept
from ..common.creditors_day import creditors_day
from ..common.due import INSTALMENTS_TEXT
from ..hold.account_dunning_hold import follow_invoice

SOLVE_DAYS = 15  # days proposed to whoever solves a dispute
OPEN = ("open", "credit_note")


class AccountDunningDispute(models.Model):
    """What a customer contests on an invoice, who solves it and by when.

    While it is open its amount is not claimed, but the rest is. Once solved, dunning resumes at the
    same level.
    """

    _name = "account.dunning.dispute"
    _description = "Dispute on an Invoice"
    _inherit = ["account.dunning.agreement", "account.dunning.plausible"]
    _order = "date_due, id"

    _hold_owner = "dispute_id"
    _reply_outcome = "dispute"
    _dunning_kept = Kept("dispute", "closed_on")

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')), ('state', '=', 'posted'),"
        " ('payment_state', 'not in', ('paid', 'reversed')),"
        " ('company_id', 'child_of', company_id)]",
        writer="create",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        ondelete="cascade",
        domain=INSTALMENTS_TEXT,
        help="Empty: the whole invoice.",
        writer="create open credit_note",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        default=None,  # it would look like the result
    )
    partner_id = fields.Many2one(
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        writer="create",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(
        string="Amount disputed",
        tracking=True,
        help="What is not contested is still claimed. Empty: all that is due on the invoice.",
        writer="create open credit_note",
    )
    amount_company = fields.Monetary(
        string="Disputed (company currency)",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
    )
    reason = fields.Selection(
        [
            ("not_received", "Invoice not received"),
            ("goods", "Goods or service"),
            ("price", "Price or conditions"),
            ("delivery", "Delivery"),
            ("administrative", "Administrative: order number, address, form"),
            ("other", "Other"),
        ],
        required=True,
        default="goods",
        tracking=True,
        writer="create open credit_note",
    )
    date_open = fields.Date(string="Opened on", required=True, default=creditors_day, readonly=True)
    date_due = fields.Date(
        string="To be solved by",
        required=True,
        default=lambda self: self._default_date_due(),
        tracking=True,
        writer="create open credit_note",
    )
    state = fields.Selection(
        [
            ("open", "Opened"),
            ("credit_note", "Credit note expected"),
            ("accepted", "Founded, solved"),
            ("rejected", "Rejected"),
        ],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    closed_on = fields.Date(readonly=True, copy=False)
    closed_by = fields.Many2one("res.users", readonly=True, copy=False)
    credit_note_id = fields.Many2one(
        "account.move",
        string="Solved by the credit note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    days_open = fields.Integer(
        string="Days to solve", compute="_compute_days_open", store=True, aggregator="avg"
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _open_once = models.UniqueIndex(
        "(move_id, COALESCE(move_line_id, 0)) WHERE state IN ('open', 'credit_note')",
        "A dispute on this invoice is open already: add to it.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount IS NULL OR amount >= 0)", "The disputed amount cannot be negative."
    )

    @api.model
    def _default_date_due(self):
        return fields.Date.context_today(self) + timedelta(days=SOLVE_DAYS)

    @api.depends("move_id")
    def _compute_company_id(self):
        follow_invoice(self)

    @api.depends("move_id")
    def _compute_partner_id(self):
        for dispute in self:
            dispute.partner_id = dispute.move_id.commercial_partner_id or dispute.partner_id

    @api.depends("move_id", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for dispute in self:
            dispute.display_name = self.env._(
                "Dispute on %(invoice)s: %(reason)s",
                invoice=dispute.move_id.name,
                reason=labels.get(dispute.reason),
            )

    # Not based on what is still due: reports need the amount at stake.
    @api.depends("amount", "move_id", "move_line_id")
    def _compute_amount_company(self):
        for dispute in self:
            debt = dispute.move_line_id or dispute.move_id
            amount = dispute.amount or (
                debt.amount_residual_currency if dispute.move_line_id else debt.amount_residual
            )
            dispute.amount_company = dispute.currency_id._convert(
                amount, dispute.company_currency_id, dispute.company_id, dispute.date_open
            )

    @api.depends("date_open", "closed_on")
    def _compute_days_open(self):
        for dispute in self:
            dispute.days_open = dispute.closed_on and (dispute.closed_on - dispute.date_open).days

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = creditors_day(self)
        for dispute in self:
            dispute.is_late = dispute.state in OPEN and dispute.date_due < today

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = creditors_day(self)
        late = fields.Domain([("state", "in", OPEN), ("date_due", "<", today)])
        return late if True in value else ~late

    @api.constrains("company_id", "move_id")
    def _check_creditor(self):
        for dispute in self:
            dispute.company_id._check_dunning_owed(dispute.move_id)

    @api.constrains("amount", "move_line_id")
    def _check_amount(self):
        for dispute in self:
            if dispute.move_line_id and dispute.move_line_id.move_id != dispute.move_id:
                raise ValidationError(
                    self.env._("This instalment is not part of the disputed invoice.")
                )
            if (
                dispute.currency_id.compare_amounts(dispute.amount, dispute.move_id.amount_total)
                > 0
            ):
                raise ValidationError(
                    self.env._(
                        "More is disputed than the invoice %(invoice)s amounts to (%(amount)s).",
                        invoice=dispute.move_id.name,
                        amount=format_amount(
                            self.env, dispute.move_id.amount_total, dispute.currency_id
                        ),
                    )
                )

    # -- CRUD ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._check_invoice()
            dispute._hold()
            dispute._ask_to_solve()
        return disputes

    def _ask_to_solve(self):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_due,
            user_id=self.user_id.id or self.env.uid,
            summary=self._in_dunning_lang().env._("Solve the dispute"),
        )

    def _check_invoice(self):
        if self.move_id.state != "posted" or not self.move_id.is_sale_document():
            raise UserError(self.env._("Only a posted customer invoice can be disputed."))

    def write(self, vals):
        result = super().write(vals)
        if {"amount", "move_line_id", "reason", "note"} & set(vals):
            for dispute in self.filtered(lambda dispute: dispute.state in OPEN):
                vals = dispute._prepare_hold_vals()
                del vals["date_from"]  # its hold may be of a later day, if it was opened again
                dispute._get_holds().write(vals)
        if {"date_due", "user_id"} & set(vals):
            for dispute in self:
                dispute.activity_reschedule(
                    ["mail.mail_activity_data_todo"],
                    date_deadline=dispute.date_due,
                    new_user_id=dispute.user_id.id,
                )
        return result

    def _prepare_hold_vals(self):
        speaking = self._in_dunning_lang().env
        label = dict(self._fields["reason"]._description_selection(speaking))[self.reason]
        return {
            "move_id": self.move_id.id,
            "move_line_id": self.move_line_id.id,
            "reason": "dispute",
            "date_from": self.date_open,
            "amount_held": self.amount,
            "note": label,
        }

    def _hold(self):
        self.ensure_one()
        if not self._get_holds():
            self._open_holds([self._prepare_hold_vals()])

    def _propose_end(self):
        """Ask whether disputes are solved that were credited meanwhile, or their invoice cancelled.

        Only ask: the credit note may be for something else, and the dispute may go on about the
        rest, or about the invoice that replaces a cancelled one.
        """
        today = creditors_day(self)
        for dispute in self:
            env = dispute._in_dunning_lang().env
            if dispute.move_id.state == "cancel":
                asked = env._("The disputed invoice was cancelled: close the dispute?")
            elif dispute._is_credited():
                asked = env._("What is disputed was credited: close the dispute?")
            else:
                continue
            todo = dispute.activity_search(["mail.mail_activity_data_todo"])
            # Whoever postponed the question is not asked again by every payment.
            todo = todo.filtered(lambda activity, asked=asked: activity.summary != asked)
            todo.write({"date_deadline": today, "summary": asked})

    def _is_credited(self):
        """Whether credit notes applied to the invoice since cover what is disputed."""
        self.ensure_one()
        items = self.move_line_id or self.move_id.line_ids._filter_dunning_receivable()
        notes = items.matched_credit_ids.filtered(
            lambda partial: (
                partial.credit_move_id.move_id.move_type == "out_refund"
                and partial.create_date >= self.create_date
            )
        )
        credited = sum(notes.mapped("debit_amount_currency"))
        disputed = self.amount or sum(items.mapped("amount_currency"))
        return self.currency_id.compare_amounts(credited, disputed) >= 0

    # -- Actions ---------------------------------------------------------------------------------

    def action_expect_credit_note(self):
        """The customer is right: nothing is claimed until the credit note is posted."""
        self._check_open(("open",))
        self._owned().state = "credit_note"

    def action_accept(self):
        """The customer was right, and it is solved: dunning goes on with what is still due."""
        self._check_open(OPEN)
        self._close("accepted")

    def action_reject(self):
        """The amount is due: dunning resumes where it was."""
        self._check_open(OPEN)
        self._close("rejected")

    def action_reopen(self):
        """Reopen the dispute, and put its amount on hold again."""
        if any(dispute.state in OPEN for dispute in self):
            raise UserError(self.env._("This dispute is open already."))
        self._owned().write({"state": "open", **self._unsolved()})
        for dispute in self:
            dispute._hold()

    @api.model
    def _unsolved(self):
        """Return the values that reset how a dispute was solved."""
        return dict.fromkeys(("closed_on", "closed_by", "credit_note_id"), False)

    def _await_credit_note(self):
        """Wait again for the credit notes that solved these disputes and have left the books.

        Unless the invoice has another open dispute by now: that one goes on.
        """
        others = self.search([("move_id", "in", self.move_id.ids), ("state", "in", OPEN)])
        again = self.filtered(lambda dispute: dispute.move_id not in others.move_id)
        again._owned().write({"state": "credit_note", **self._unsolved()})
        for dispute in again:
            dispute._hold()
            dispute._ask_to_solve()

    def _close(self, state):
        if not self:
            return
        self._owned().write(
            {
                "state": state,
                "closed_on": creditors_day(self),
                "closed_by": self.env.user.id,
            }
        )
        self._release_holds()
        self.activity_feedback(["mail.mail_activity_data_todo"])
