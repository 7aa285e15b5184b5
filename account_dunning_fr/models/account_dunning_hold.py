from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

REASONS = [
    ("dispute", "Dispute"),
    ("promise", "Promise to pay"),
    ("plan", "Payment plan"),
    ("insolvency", "Insolvency proceedings"),
    ("einvoice_refused", "E-invoice refused"),
    ("address", "Address to correct"),
    ("case", "Court file"),
    ("postponed", "Postponed"),
    ("manual", "Other"),
]


class AccountDunningHold(models.Model):
    """Why a customer, an invoice or one item of it is not chased, and until when."""

    _name = "account.dunning.hold"
    _description = "Dunning Hold"
    _order = "date_from, id"
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_move_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Empty: everything this customer owes.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('move_id', '=', move_id), ('account_type', '=', 'asset_receivable')]",
        help="One instalment of the invoice. Empty: the whole invoice.",
    )
    reason = fields.Selection(REASONS, required=True, default="manual")
    note = fields.Char(help="What happened, for whoever reads this later.")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_until = fields.Date(
        string="Until", help="Last day of the hold. Empty: until released; it is then reviewed."
    )
    claims_before = fields.Date(
        string="Only invoices dated before",
        help="For insolvency proceedings: invoices of this date or later go on being chased.",
    )
    user_id = fields.Many2one(
        "res.users", string="Set by", default=lambda self: self.env.user, readonly=True
    )
    released_on = fields.Date(readonly=True)
    released_by = fields.Many2one("res.users", readonly=True)
    is_current = fields.Boolean(compute="_compute_is_current", search="_search_is_current")

    _dates_order = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)",
        "A hold cannot end before it starts.",
    )

    @api.model
    def _default_company_id(self):
        return self.env.company.dunning_creditor_id

    @api.depends("move_line_id")
    def _compute_move_id(self):
        for hold in self:
            hold.move_id = hold.move_line_id.move_id or hold.move_id

    @api.depends("move_id", "move_line_id")
    def _compute_partner_id(self):
        for hold in self:
            # An entry may have no customer of its own, its items do.
            debtor = hold.move_line_id.partner_id or hold.move_id.line_ids.partner_id[:1]
            hold.partner_id = (
                hold.move_id.commercial_partner_id
                or debtor.commercial_partner_id
                or hold.partner_id
            )

    @api.depends("date_from", "date_until", "released_on")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for hold in self:
            hold.is_current = (
                not hold.released_on
                and hold.date_from
                and hold.date_from <= today
                and (not hold.date_until or hold.date_until >= today)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        current = self._search(
            [
                ("released_on", "=", False),
                ("date_from", "<=", today),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", today),
            ]
        )
        return [("id", "in" if True in value else "not in", current)]

    @api.constrains("partner_id", "move_id", "move_line_id")
    def _check_coherent(self):
        for hold in self:
            if hold.move_line_id and hold.move_line_id.move_id != hold.move_id:
                raise ValidationError(self.env._("This item is not part of the chosen invoice."))
            debtors = hold.move_id.line_ids.partner_id.commercial_partner_id
            if hold.move_id and hold.partner_id not in debtors:
                raise ValidationError(self.env._("This invoice is not one of this customer's."))

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        for hold in holds.filtered(lambda hold: hold.partner_id.parent_id):
            hold.partner_id = hold.partner_id.commercial_partner_id
        return holds

    def action_release(self):
        """End the holds today; their items are chased again from the level where they were."""
        released = self.filtered("released_on")
        if released:
            raise UserError(self.env._("This hold was already released."))
        self.write(
            {"released_on": fields.Date.context_today(self), "released_by": self.env.user.id}
        )

    def _get_sentence(self):
        """Return why these items are not chased, in one sentence for the user."""
        self.ensure_one()
        reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        if self.date_until:
            sentence = self.env._(
                "On hold until %(until)s: %(reason)s",
                until=format_date(self.env, self.date_until),
                reason=reason,
            )
        else:
            sentence = self.env._("On hold: %(reason)s", reason=reason)
        return f"{sentence} ({self.note})" if self.note else sentence
