from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.insured_steps import exclusion
from ..common.creditors_day import creditors_day
from ..party.firms import name_firms


class AccountDunningCover(models.Model):
    """An insurer's decision about a customer: a limit or a refusal from a day on, until it ends."""

    _name = "account.dunning.cover"
    _description = "Cover of a Customer"
    _inherit = ["mail.thread", "account.dunning.guarded", "account.dunning.plausible"]
    _order = "date_from DESC, id DESC"
    _rec_name = "partner_id"
    _mail_post_access = "read"

    insurance_id = fields.Many2one(
        "account.dunning.insurance",
        string="Contract",
        required=True,
        index=True,
        ondelete="restrict",
        writer="create",
    )
    company_id = fields.Many2one(related="insurance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        writer="create",
    )
    decision = fields.Selection(
        [("granted", "Granted"), ("refused", "Refused by the insurer")],
        string="Decision of the insurer",
        required=True,
        default="granted",
        tracking=True,
    )
    limit = fields.Monetary(
        tracking=True,
        help="What the insurer covers of all that this customer owes, the oldest debts first.",
    )
    date_from = fields.Date(
        string="As from", required=True, default=fields.Date.context_today, tracking=True
    )
    date_until = fields.Date(
        string="Until",
        tracking=True,
        help="Invoices issued after this day are not covered. Empty: until further notice.",
    )
    reference = fields.Char(string="Insurer's reference", tracking=True)
    note = fields.Text()
    insured_ids = fields.One2many(
        "account.dunning.insured", "cover_id", string="Insured items overdue", readonly=True
    )
    owed = fields.Monetary(string="Outstanding", compute="_compute_owed")
    covered = fields.Monetary(
        compute="_compute_owed", help="What is owed of covered invoices, within the limit."
    )
    uncovered = fields.Monetary(compute="_compute_owed")

    _once = models.UniqueIndex(
        "(company_id, partner_id) WHERE date_until IS NULL",
        "This customer has a decision of the insurer already: end it first.",
    )
    _limit_positive = models.Constraint('CHECK ("limit" >= 0)', "A limit cannot be negative.")

    @api.depends("partner_id", "decision", "limit", "date_from", "date_until")
    def _compute_owed(self):
        for creditor, covers in self.grouped("company_id").items():
            items = covers._get_open_items(creditor)
            owed, covered = defaultdict(float), defaultdict(float)
            for item in items:
                owed[item.partner_id.commercial_partner_id] += item.amount_residual
            for item, cover in covers._choose_all(items).items():
                covered[cover] += item.amount_residual
            for cover in covers:
                cover.owed = owed[cover.partner_id]
                cover.covered = min(covered[cover], cover.limit)
                cover.uncovered = cover.owed - cover.covered

    def _get_open_items(self, creditor):
        """Return what the customers of these decisions owe to a creditor."""
        items = self.env["account.move.line"].sudo()
        if not creditor:  # no contract is chosen yet
            return items
        return items.search(
            items._get_dunning_domain(creditor._get_dunning_companies())
            & Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
        )

    @api.constrains("date_from", "date_until", "decision", "limit")
    def _check_decision(self):
        for cover in self:
            if cover.date_until and cover.date_until < cover.date_from:
                raise ValidationError(self.env._("A cover cannot end before it starts."))
            if cover.decision == "granted" and not cover.limit:
                raise ValidationError(
                    self.env._("Type the limit that the insurer granted, or say that he refused.")
                )

    @api.constrains("partner_id", "insurance_id", "date_from", "date_until")
    def _check_one_a_day(self):
        """:raise ValidationError: if two decisions about a customer apply on the same day"""
        for cover in self:
            others = self.sudo().search(
                [
                    ("insurance_id.company_id", "=", cover.insurance_id.company_id.id),
                    ("partner_id", "=", cover.partner_id.id),
                    ("id", "!=", cover.id),
                    "|",
                    ("date_until", "=", False),
                    ("date_until", ">=", cover.date_from),
                    *([("date_from", "<=", cover.date_until)] if cover.date_until else []),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%s has a decision of the insurer on these days already: end it the day "
                        "before.",
                        cover.partner_id.display_name,
                    )
                )

    @api.model
    def _explain_dunning_merged(self, customers):
        """The limits of two decisions are not added up: the insurer says which one holds."""
        live = self.search([("partner_id", "in", customers.ids), ("date_until", "=", False)])
        if not (names := live._name_dunning_doubles("company_id")):
            return super()._explain_dunning_merged(customers)
        return self.env._(
            "The insurer decided on each of these customers: %s. One decision holds at a time: "
            "end the others, then merge.",
            names,
        )

    @api.model_create_multi
    def create(self, vals_list):
        name_firms(self.env, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        self.sudo().insured_ids._follow(creditors_day(self))
        return result

    def _choose_all(self, items):
        """Return the decision among these that covers each item, ``{item: decision}``.

        :param items: ``account.move.line``; those without cover are left out
        """
        by_partner = self.grouped("partner_id")
        chosen = {
            item: by_partner.get(item.partner_id.commercial_partner_id, self.browse())._choose(item)
            for item in items
        }
        return {item: cover for item, cover in chosen.items() if cover}

    def _choose(self, item):
        """Return the decision among these that covers an item: that of the day of its invoice.

        A refusal covers nothing, and no contract covers an invoice whose term exceeds its maximum.
        """
        issued, due = item.move_id.invoice_date or item.date, item.date_maturity or item.date
        return self.filtered(
            lambda cover: (
                cover.decision == "granted"
                and cover.date_from <= issued
                and (not cover.date_until or issued <= cover.date_until)
                and not exclusion(cover.insurance_id._get_contract(), issued, due)
            )
        )[:1]

    def action_look(self):
        """Find the overdue insured items now."""
        self.check_access("write")
        for creditor in self.company_id:
            insured = self.env["account.dunning.insured"]
            insured._look(creditor, creditors_day(self), self.partner_id)
