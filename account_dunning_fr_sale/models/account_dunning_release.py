from odoo import api, fields, models
from odoo.addons.account_dunning_fr.models.common.creditors_day import creditors_day
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

MANAGER = "account_dunning_fr.group_dunning_manager"


class AccountDunningRelease(models.Model):
    """A manager's permission for a customer who is held back: how much, why, and until when.

    Each order that passes under it is deducted from its amount; the deliveries of these orders
    pass, too.
    """

    _name = "account.dunning.release"
    _description = "Release of Orders"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "date_until desc, id desc"
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        index=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, writer="create"
    )
    order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: every order of the customer, up to the amount.",
        writer="create",
    )
    reason = fields.Char(required=True, writer="create")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        string="Up to", required=True, help="Of orders, taxes included.", writer="create"
    )
    date_until = fields.Date(string="Until", required=True, writer="create")
    date_from = fields.Date(
        string="Released on", required=True, default=creditors_day, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Released by", default=lambda self: self.env.user, readonly=True
    )
    ended_on = fields.Date(readonly=True, copy=False)
    ended_by = fields.Many2one("res.users", readonly=True, copy=False)
    taken_ids = fields.One2many("sale.order", "dunning_release_id", string="Orders let pass")
    # Written each time, at whatever moment, so that the database refuses a second writer
    # (``_take``).
    taken_on = fields.Datetime(string="Last order let pass on", readonly=True, copy=False)
    left = fields.Monetary(compute="_compute_left")
    is_current = fields.Boolean(compute="_compute_is_current", search="_search_is_current")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "Say up to which amount orders are released."
    )
    _dates_order = models.Constraint(
        "CHECK (date_until >= date_from)", "A release cannot end before it starts."
    )

    @api.depends("amount", "taken_ids.amount_total", "taken_ids.state")
    def _compute_left(self):
        for release in self:
            taken = release.sudo().taken_ids.filtered(lambda order: order.state != "cancel")
            used = sum(order._get_dunning_value(release.company_id) for order in taken)
            release.left = release.currency_id.round(release.amount - used)

    @api.depends("date_until", "ended_on")
    def _compute_is_current(self):
        current = self.filtered_domain(self._get_current_domain())
        for release in self:
            release.is_current = release in current

    @api.model
    def _get_current_domain(self):
        today = creditors_day(self)
        return [("ended_on", "=", False), ("date_from", "<=", today), ("date_until", ">=", today)]

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = self._search(self._get_current_domain())
        return [("id", "in" if True in value else "not in", current)]

    @api.constrains("partner_id", "order_id")
    def _check_coherent(self):
        for release in self:
            order = release.order_id.sudo()
            if order and release.partner_id not in order._get_dunning_customers():
                raise ValidationError(self.env._("This order is not one of this customer's."))

    @api.model_create_multi
    def create(self, vals_list):
        releases = super().create(vals_list)
        for release in releases:
            if release.partner_id.parent_id:
                release.sudo().partner_id = release.partner_id.commercial_partner_id
            release.order_id._tell_dunning_release(release)
        return releases

    def action_end(self):
        """End these releases today: what has not passed yet is held back again."""
        if self.filtered("ended_on"):
            raise UserError(self.env._("This release has ended already."))
        self._owned().write({"ended_on": creditors_day(self), "ended_by": self.env.user.id})

    @api.model
    def _find_for(self, orders):
        """Return the release under which each of these orders passes: ``{order: release}``.

        The one under which it passed before, as long as it is current; otherwise a release of the
        order itself or of its customer with a sufficient remainder.

        :param orders: ``sale.order`` records, as superuser
        """
        releases = self.sudo().search(
            [
                *self._get_current_domain(),
                ("company_id", "in", orders.company_id.dunning_creditor_id.ids),
                ("partner_id", "in", orders._get_dunning_customers().ids),
            ]
        )
        found = {}
        for order in orders:
            fitting = releases.filtered(lambda release, order=order: release._fits(order))
            if fitting:
                own = fitting.filtered("order_id")
                found[order] = (fitting & order.dunning_release_id or own or fitting)[:1]
        return found

    def _fits(self, order):
        """Whether an order of its customer may pass under this release."""
        self.ensure_one()
        if (
            self.company_id != order.company_id.dunning_creditor_id
            or self.partner_id not in order._get_dunning_customers()
            or self.order_id not in (order.browse(), order)
        ):
            return False
        if self == order.dunning_release_id:
            return self.left >= 0
        return (
            self.currency_id.compare_amounts(order._get_dunning_value(self.company_id), self.left)
            <= 0
        )

    def _take(self, order):
        """Let an order pass under this release, once.

        Of two simultaneous orders the second waits here until the first is committed; its
        transaction is then retried, and sees what is left.
        """
        self.ensure_one()
        if order.dunning_release_id == self:
            return
        release = self.sudo()
        release.taken_on = fields.Datetime.now()
        release.flush_recordset(["taken_on"])
        order.sudo().dunning_release_id = release

    def _get_sentence(self):
        """Return who released what, until when and why, for the user."""
        self.ensure_one()
        return self.env._(
            "Released by %(who)s up to %(amount)s until %(until)s: %(reason)s",
            who=self.user_id.sudo().name,
            amount=format_amount(self.env, self.amount, self.currency_id),
            until=format_date(self.env, self.date_until),
            reason=self.reason,
        )
