from odoo import api, fields, models
from odoo.addons.account_dunning_fr.core.brake import DELIVERIES, DELIVERY, NONE
from odoo.exceptions import UserError

from .stock_move import goes_to_customer


class StockPicking(models.Model):
    """A delivery to a held customer says so; if his deliveries are stopped, it waits."""

    _inherit = "stock.picking"

    dunning_brake = fields.Char(compute="_compute_dunning_brake", compute_sudo=True)
    dunning_brake_text = fields.Char(
        string="Commercial brake", compute="_compute_dunning_brake", compute_sudo=True
    )

    @api.depends("partner_id", "sale_id", "state", "location_dest_id")
    @api.depends_context("lang")
    def _compute_dunning_brake(self):
        brake = self.env["account.dunning.brake"]
        leaving = self._filter_leaving()
        held = leaving._find_dunning_held()
        stops = leaving._get_dunning_stops(held)
        for picking in self:
            each = held.get(picking)
            if picking in stops:
                picking.dunning_brake = DELIVERIES
                picking.dunning_brake_text = brake._get_text(each)
            elif each and each.decision.brake != DELIVERIES:
                picking.dunning_brake = "warn"
                picking.dunning_brake_text = f"{brake._get_sentence(each)}."
            else:  # nothing, or paid, or released
                picking.dunning_brake, picking.dunning_brake_text = NONE, False

    def _filter_leaving(self):
        """Return those that have not left for a customer yet."""
        return self.filtered(
            lambda picking: picking.state not in ("done", "cancel") and goes_to_customer(picking)
        )

    def _find_dunning_held(self):
        """Return which of these deliveries go to a customer held back: ``{picking: Held}``."""
        wanted = {}
        for picking in self:
            order = picking.sudo().sale_id
            partners = (
                order._get_dunning_customers()
                if order
                else picking.sudo().partner_id.commercial_partner_id._origin
            )
            wanted[picking] = (picking.company_id.sudo().dunning_creditor_id, partners)
        return self.env["account.dunning.brake"].sudo()._find_held(wanted)

    def _get_dunning_stops(self, held):
        """Return the deliveries that may not leave: ``{picking: Held}``.

        :param dict held: of these deliveries, as returned by ``_find_dunning_held``
        """
        order_of = {picking: picking.sudo().sale_id for picking in held}
        by_order = {order: held[picking] for picking, order in order_of.items() if order}
        orders = self.env["sale.order"].sudo().union(*by_order)
        stops, _releases = orders._get_dunning_stops(DELIVERY, by_order)
        found = {}
        for picking, each in held.items():
            if order_of[picking]:
                stopped = order_of[picking] in stops
            else:
                stopped = each.decision.brake == DELIVERIES and not self._find_dunning_release(each)
            if stopped:
                found[picking] = each
        return found

    @api.model
    def _find_dunning_release(self, held):
        """Return a release of all orders of a customer, for a delivery without an order."""
        releases = self.env["account.dunning.release"].sudo()
        return releases.search(
            [
                *releases._get_current_domain(),
                ("company_id", "=", held.creditor.id),
                ("partner_id", "=", held.partner.id),
                ("order_id", "=", False),
            ],
            limit=1,
        )

    def button_validate(self):
        leaving = self._filter_leaving()
        stops = leaving._get_dunning_stops(leaving._find_dunning_held())
        for picking, held in stops.items():
            order = picking.sudo().sale_id.with_env(self.env)
            if order and len(stops) == 1:
                raise order._prepare_dunning_refusal(held)
        if stops:
            named = self.env["account.dunning.brake"]._name_stops(stops)
            raise UserError(self.env._("Deliveries that are stopped:\n%s", named))
        return super().button_validate()

    def action_dunning_brake(self):
        """Open what can be done with the order of a stopped delivery."""
        self.ensure_one()
        return self.sale_id.action_dunning_brake()
