from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.account_dunning_fr.core.brake import ALL, DEPOSIT, NONE, ORDER, may_go_on
from odoo.addons.account_dunning_fr.core.money import to_decimal
from odoo.exceptions import RedirectWarning, UserError

from .account_dunning_release import MANAGER

RELEASE_ASKED = "account_dunning_fr_sale.mail_activity_type_release"
STOPPED = "account_dunning_fr_sale.mail_activity_type_stopped"
QUOTATIONS = ("draft", "sent")


class SaleOrder(models.Model):
    """An order of a customer who is held back is accepted only when it is paid, or released.

    Every way of confirming it goes through its state: the button, an external call, an import. If
    the customer himself accepts or pays online, nothing he did is refused: the quotation remains
    one, and the salesperson gets an activity.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "account.dunning.guarded.odoo"]

    dunning_release_id = fields.Many2one(
        "account.dunning.release",
        string="Let pass by the release",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    dunning_brake = fields.Char(compute="_compute_dunning_brake", compute_sudo=True)
    dunning_brake_text = fields.Char(
        string="Commercial brake", compute="_compute_dunning_brake", compute_sudo=True
    )

    @api.depends(
        "partner_id", "partner_invoice_id", "company_id", "state", "amount_total", "amount_paid"
    )
    @api.depends_context("lang")
    def _compute_dunning_brake(self):
        """Describe on a quotation who is held back and why; once released, by whom."""
        brake = self.env["account.dunning.brake"]
        held = self.filtered(lambda order: order.state in QUOTATIONS)._find_dunning_held()
        stopped = self.browse().union(*held)._origin
        releases = self.env["account.dunning.release"]._find_for(stopped) if stopped else {}
        for order in self:
            each, release = held.get(order), releases.get(order._origin)
            if not each:
                order.dunning_brake, order.dunning_brake_text = NONE, False
            elif release:
                order.dunning_brake = "released"
                order.dunning_brake_text = f"{brake._get_sentence(each)}. {release._get_sentence()}"
            else:
                order.dunning_brake = each.decision.brake
                order.dunning_brake_text = brake._get_text(each)

    # -- Who is held back --------------------------------------------------------------------------

    def _get_dunning_customers(self):
        """Return who would owe these orders: the customer, and the invoiced contact's company."""
        return (self.partner_id | self.partner_invoice_id).commercial_partner_id._origin

    def _get_dunning_value(self, company):
        """Return the total of an order in the currency of a company, at the order's rate."""
        self.ensure_one()
        if self.currency_id == company.currency_id:
            return self.amount_total
        return company.currency_id.round(self.amount_total / (self.currency_rate or 1.0))

    def _get_dunning_paid(self):
        """Return what was paid for an order, online or through its invoices, in its currency."""
        self.ensure_one()
        order = self.sudo()
        billed = order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.currency_id == order.currency_id
        )
        signs = {"out_invoice": 1, "out_refund": -1}
        paid = sum(
            signs.get(move.move_type, 0) * (move.amount_total - move.amount_residual)
            for move in billed
        )
        return max(order.amount_paid, paid)

    def _find_dunning_held(self):
        """Return which of these orders have a customer who is held back: ``{order: Held}``."""
        return (
            self.env["account.dunning.brake"]
            .sudo()
            ._find_held(
                {
                    order: (
                        order.company_id.sudo().dunning_creditor_id,
                        order.sudo()._get_dunning_customers(),
                    )
                    for order in self
                    if order.company_id
                }
            )
        )

    def _get_dunning_stops(self, step=ORDER, held=None):
        """Return the orders that may not proceed, ``{order: Held}``, and the releases of others.

        :param str step: ``order`` to confirm them, ``delivery`` to deliver them
        :param dict held: ``{order: Held}`` of these orders, if already known
        :return: ``(stops, {order: release under which it passes})``
        """
        held = self.sudo()._find_dunning_held() if held is None else held
        stops = {
            order: each
            for order, each in held.items()
            if not may_go_on(
                each.decision,
                step,
                total=to_decimal(max(order.amount_total, 0.0)),
                paid=to_decimal(order._get_dunning_paid()),
                rounding=to_decimal(order.currency_id.rounding),
            )
        }
        if not stops:
            return {}, {}
        orders = self.browse().union(*stops).sudo()
        releases = self.env["account.dunning.release"]._find_for(orders)
        return {order: each for order, each in stops.items() if order not in releases}, releases

    # -- The guard: for every way of confirming an order -------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._pass_dunning_brake()
        return orders

    def write(self, vals):
        taken = self.browse()
        if vals.get("state") == "sale":
            taken = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        taken._pass_dunning_brake()
        if vals.get("signature"):
            self.sudo()._accept_dunning_terms()
        return result

    def _accept_dunning_terms(self):
        """Record that whoever signs a quotation with general terms accepts those in force."""
        Terms = self.env["account.dunning.terms"]
        for order in self.filtered("signature"):
            creditor = order.company_id.dunning_creditor_id
            on = creditor._get_dunning_day(order.signed_on or fields.Datetime.now())
            customer = order.partner_id.commercial_partner_id
            terms = Terms._get_in_force(creditor, on)
            if terms.on_quotations and customer not in terms.acceptance_ids.partner_id:
                terms.acceptance_ids.create(
                    {
                        "terms_id": terms.id,
                        "partner_id": customer.id,
                        "date": on,
                        "how": "quotation",
                        "reference": order.name,
                    }
                )

    def _pass_dunning_brake(self, step=ORDER):
        """Record under which release these orders pass.

        :param str step: ``order`` or ``delivery``
        :raise RedirectWarning: if a single order may not proceed, with what can be done
        :raise UserError: if several may not
        """
        held = self.sudo()._find_dunning_held() if self else {}
        stops, releases = self._get_dunning_stops(step, held) if held else ({}, {})
        if len(stops) == 1:
            [(order, each)] = stops.items()
            raise order._prepare_dunning_refusal(each)
        if stops:
            raise self._prepare_dunning_refusals(stops)
        for order, release in releases.items():
            if not release._fits(order):  # another one of these orders used up the remainder
                release = release._find_for(order).get(order)
            if not release:
                raise order._prepare_dunning_refusal(held[order])
            release._take(order)

    def _prepare_dunning_refusals(self, stops):
        """Return the refusal of several orders, naming each.

        :param dict stops: ``{order: Held}``
        """
        if not self._is_dunning_inside():
            return UserError(self._get_dunning_neutral_sentence())
        named = self.env["account.dunning.brake"]._name_stops(stops)
        return UserError(self.env._("Customers who are held back:\n%s", named))

    def _prepare_dunning_refusal(self, held):
        """Return the refusal of an order, with a button that opens what can be done.

        :param held: ``Held``
        """
        self.ensure_one()
        if not self._is_dunning_inside():
            return UserError(self._get_dunning_neutral_sentence())
        return RedirectWarning(
            self.env._(
                "%(order)s is stopped. %(reason)s",
                order=self.name,
                reason=self.env["account.dunning.brake"]._get_text(held),
            ),
            self.action_dunning_brake(),
            self.env._("What can be done"),
        )

    def action_dunning_brake(self):
        """Open what can be done with an order of a customer who is held back."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr_sale.action_account_dunning_order_stop"
            ),
            "context": {"default_order_id": self.id},
        }

    # -- The customer accepts or pays online: nothing that he did is lost --------------------------

    def _validate_order(self):
        going = self._keep_dunning_stopped()
        return super(SaleOrder, going)._validate_order() if going else None

    def action_confirm(self):
        """Let orders wait that no internal user confirms, for instance with payment on delivery."""
        if self._is_dunning_inside():
            return super().action_confirm()
        going = self._keep_dunning_stopped()
        return super(SaleOrder, going).action_confirm() if going else True

    @api.model
    def _is_dunning_inside(self):
        """Whether an internal user acts: neither a customer nor a scheduled action."""
        return self.env.uid != SUPERUSER_ID and self.env.user._is_internal()

    def _keep_dunning_stopped(self):
        """Let the orders wait that may not be confirmed, and return the others."""
        stops, _releases = self._get_dunning_stops()
        for order, held in stops.items():
            order._wait_for_dunning(held)
        return self.filtered(lambda order: order not in stops)

    def _wait_for_dunning(self, held):
        """Keep the quotation; ask for the deposit, and create an activity for the salesperson.

        :param held: ``Held``
        """
        self.ensure_one()
        order = self.sudo()
        if order.state == "draft":
            order.state = "sent"
        if held.decision.brake == DEPOSIT:
            order._ask_dunning_deposit(float(held.decision.deposit))
        if order.activity_search([STOPPED]):
            return
        user = order.user_id or order._get_dunning_manager()
        speaking = order._in_dunning_lang()
        speaking.activity_schedule(
            STOPPED,
            user_id=user.id,
            summary=speaking.env._("Accepted by the customer, and stopped"),
            note=speaking.env["account.dunning.brake"]._get_text(held),
        )
        order._tell_dunning_customer(user, held.decision.brake == DEPOSIT)

    def _tell_dunning_customer(self, user, deposit):
        """Tell the customer that his order was received, without mentioning what he owes.

        :param user: in whose name
        :param bool deposit: whether it is confirmed once a deposit is paid
        """
        speaking = self.with_context(lang=self.partner_id.lang)
        body = (
            speaking.env._(
                "We have received your order. It is confirmed once the deposit that it asks for "
                "is paid."
            )
            if deposit
            else speaking._get_dunning_neutral_sentence()
        )
        speaking.message_post(
            body=body,
            author_id=user.partner_id.id,
            partner_ids=self.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    @api.model
    def _get_dunning_neutral_sentence(self):
        """Return what a customer can read about an order that waits."""
        return self.env._("We have received your order. You will hear from us about it.")

    # -- What can be done --------------------------------------------------------------------------

    def _ask_dunning_deposit(self, percent):
        """Ask for a share of a quotation before it is confirmed; never for less than it asks now.

        :param float percent: of the total, including taxes
        :raise UserError: if the order is already confirmed, or the percentage is invalid
        """
        self.ensure_one()
        if self.state not in QUOTATIONS:
            raise UserError(self.env._("A deposit is asked before an order is taken."))
        if not 0 < percent <= ALL:
            raise UserError(
                self.env._("A deposit is more than 0 % of the order, and 100 % at most.")
            )
        present = self.prepayment_percent if self.require_payment else 0.0
        self.write({"require_payment": True, "prepayment_percent": max(percent / 100, present)})
        speaking = self._in_dunning_lang()
        speaking._message_log(
            body=speaking.env._(
                "A deposit of %s %% is asked before this order is taken.", f"{percent:g}"
            )
        )

    def _get_dunning_manager(self):
        """Return who releases orders: whoever follows the customer, or else someone allowed to."""
        self.ensure_one()
        company = self.company_id.sudo()
        customer = self.sudo().partner_id.commercial_partner_id
        creditor = company.dunning_creditor_id
        group = self.env.ref(MANAGER).sudo()
        for users in (customer.dunning_user_id, creditor.dunning_user_id, group.all_user_ids):
            fitting = users.filtered(
                lambda user: user.active and company in user.company_ids and user.has_group(MANAGER)
            )
            if fitting:
                return fitting[0]
        return creditor.dunning_user_id or self.env.ref("base.user_admin")

    def _ask_dunning_release(self, note):
        """Ask the dunning manager to release an order; if asked again, replace the note.

        :param str note: the reason, in the words of whoever asks
        """
        self.ensure_one()
        order = self.sudo()
        user = order._get_dunning_manager()
        held = self._find_dunning_held().get(self)
        speaking = order._in_dunning_lang()
        lines = [note, held and speaking.env["account.dunning.brake"]._get_text(held)]
        text = Markup("<br/>").join(filter(None, lines))
        if waiting := order.activity_search([RELEASE_ASKED]):
            waiting.write({"note": text})
            return
        speaking.activity_schedule(
            RELEASE_ASKED,
            user_id=user.id,
            summary=speaking.env._("%s asks to release this order", self.env.user.name),
            note=text,
        )

    def _tell_dunning_release(self, release):
        """Record on released orders by whom and why, and notify whoever waits for it.

        :param release: ``account.dunning.release``
        """
        for order in self.sudo():
            order.activity_unlink([RELEASE_ASKED])
            order.message_post(
                body=release.with_env(order._in_dunning_lang().env)._get_sentence(),
                author_id=self.env.user.partner_id.id,
                partner_ids=(order.user_id.partner_id - self.env.user.partner_id).ids,
                subtype_xmlid="mail.mt_note",
            )
