from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.account_dunning_fr.models.common.notifications import CLOSE, notify
from odoo.exceptions import UserError

from ..models.account_dunning_release import MANAGER
from ..models.sale_order import QUOTATIONS

DAYS = 7  # duration of a release, unless the manager decides otherwise


class AccountDunningOrderStop(models.TransientModel):
    """What can be done with an order of a customer who is held back."""

    _name = "account.dunning.order.stop"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Order Stopped"

    order_id = fields.Many2one("sale.order", required=True)
    is_quotation = fields.Boolean(compute="_compute_state")
    may_release = fields.Boolean(compute="_compute_state")
    text = fields.Char(compute="_compute_text")
    law = fields.Text(compute="_compute_text")
    deposit = fields.Float(
        string="Deposit (%)",
        digits=(5, 2),
        compute="_compute_proposed",
        store=True,
        readonly=False,
    )
    note = fields.Char(string="Why it should be released")
    reason = fields.Char(string="Why it is released")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_proposed", store=True, readonly=True
    )
    amount = fields.Monetary(
        string="Up to", compute="_compute_proposed", store=True, readonly=False
    )
    date_until = fields.Date(
        string="Until", default=lambda self: fields.Date.context_today(self) + timedelta(days=DAYS)
    )
    all_orders = fields.Boolean(
        string="All his orders",
        help="Every order and delivery of the customer up to the amount, not this one alone.",
    )

    @api.depends("order_id")
    def _compute_state(self):
        may_release = self.env.user.has_group(MANAGER)
        for stop in self:
            stop.is_quotation = stop.order_id.state in QUOTATIONS
            stop.may_release = may_release

    @api.depends("order_id")
    @api.depends_context("lang")
    def _compute_text(self):
        brake = self.env["account.dunning.brake"]
        held = self.order_id._find_dunning_held()
        for stop in self:
            each = held.get(stop.order_id)
            stop.text = brake._get_text(each) if each else self.env._("Nothing stops this order.")
            stop.law = each and brake._get_law(each.decision)

    @api.depends("order_id")
    def _compute_proposed(self):
        held = self.order_id._find_dunning_held()
        for stop in self:
            each, order = held.get(stop.order_id), stop.order_id.sudo()
            creditor = order.company_id.dunning_creditor_id
            stop.deposit = (each and float(each.decision.deposit)) or 100.0
            stop.currency_id = creditor.currency_id
            stop.amount = order._get_dunning_value(creditor) if order else 0.0

    def action_ask_deposit(self):
        """Ask for the deposit, and open the e-mail that tells the customer."""
        self.ensure_one()
        self.order_id._ask_dunning_deposit(self.deposit)
        return self.order_id.action_quotation_send()

    def action_ask_release(self):
        """Ask the dunning manager to release the order."""
        self.ensure_one()
        if not (self.note or "").strip():
            raise UserError(self.env._("Write why it should be released."))
        self.order_id._ask_dunning_release(self.note.strip())
        return notify(self.env._("The release was asked for."), then=CLOSE)

    def action_release(self):
        """Release the order, or all orders of the customer."""
        self.ensure_one()
        if not (self.reason or "").strip() or not self.date_until:
            raise UserError(self.env._("Write why it is released, and until when."))
        order = self.order_id.sudo()
        held = self.order_id._find_dunning_held().get(self.order_id)
        customer = held.partner if held else order._get_dunning_customers()[:1]
        release = self.env["account.dunning.release"].create(
            {
                "company_id": order.company_id.dunning_creditor_id.id,
                "partner_id": customer.id,
                "order_id": False if self.all_orders else order.id,
                "reason": self.reason.strip(),
                "amount": self.amount,
                "date_until": self.date_until,
            }
        )
        if self.all_orders:
            self.order_id._tell_dunning_release(release)
        return notify(self.env._("The orders are released."), then=CLOSE)
