"""The brake on orders: ``account_dunning_fr_sale``, whatever the way to confirm one."""

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from ..orm.dunning_common import day
from .order_common import OrderCommon

RELEASE_ASKED = "account_dunning_fr_sale.mail_activity_type_release"
STOPPED = "account_dunning_fr_sale.mail_activity_type_stopped"


@tagged("post_install", "-at_install")
class TestBrakeSale(OrderCommon):
    """A customer owes 12,400 since 47 days; a formal notice left on 3 May."""

    product_type = "service"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.customer("Debtor", dunning_regime="b2b")
        cls.debt = cls.invoice(cls.debtor, 47, 12400)
        cls.history(cls.formal_notice, "2026-05-03", cls.debt)
        cls.formal_notice.sudo().brake = "orders"
        cls.salesman = cls.new_user("brake_sale", "sales_team.group_sale_salesman_all_leads")
        cls.company.dunning_user_id = cls.manager
        cls.brake = cls.env["account.dunning.brake"]

    def quotation(self, price=1000, partner=None, **values):
        line = {"product_id": self.product.id, "price_unit": price, "product_uom_qty": 1}
        partner = partner or self.debtor
        orders = self.env["sale.order"].with_user(self.salesman)
        return orders.create(
            {"partner_id": partner.id, "order_line": [Command.create(line)], **values}
        )

    def assert_stopped(self, order):
        with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
            order.action_confirm()
        order.invalidate_recordset()
        self.assertIn(order.state, ("draft", "sent"))
        return caught.exception.args

    def dialog(self, order, user, **values):
        return (
            self.env["account.dunning.order.stop"]
            .with_user(user)
            .create({"order_id": order.id, **values})
        )

    def release(self, order=None, **values):
        vals = {"partner_id": self.debtor.id, "company_id": self.company.id, "reason": "Seen"}
        vals |= {"amount": 1500, "date_until": "2026-06-08", "order_id": order and order.id}
        return self.env["account.dunning.release"].with_user(self.manager).create(vals | values)

    def paid_online(self, order, amount):
        """Record a payment of the customer, as his provider reports it."""
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": methods.search([], limit=1).id,
                    "reference": f"{order.name}-{amount}",
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
            )
        )
        transaction._check_amount_and_confirm_order()
        order.invalidate_recordset()

    # -- What the credit insurer stops -------------------------------------------------------------

    def test_the_insurers_longest_extension_stops_where_no_level_does(self):
        self.formal_notice.sudo().brake = "none"
        contract = self.env["account.dunning.insurance"].create(
            {
                "name": "POL-1",
                "company_id": self.company.id,
                "insurer_id": self.customer("Insurer").id,
                "percent": 90,
                "notify_days": 60,
                "extension_days": 30,
            }
        )
        self.env["account.dunning.cover"].create(
            {
                "insurance_id": contract.id,
                "partner_id": self.debtor.id,
                "limit": 20000,
                "date_from": "2025-01-01",
            }
        )
        self.assertEqual(self.quotation().dunning_brake, "none")
        insured = self.env["account.dunning.insured"]
        insured._look(self.company, day("2026-06-01"))
        order = self.quotation()
        self.assertEqual(order.dunning_brake, "deliveries")
        self.assertIn("The longest extension of the credit insurance", order.dunning_brake_text)
        self.assertIn("New orders", order.dunning_brake_text)
        self.assert_stopped(order)
        item = insured.search([("partner_id", "=", self.debtor.id)])
        item.write({"extended_to": "2026-06-30", "consented_on": "2026-05-04"})
        order.invalidate_recordset()
        self.assertEqual(order.dunning_brake, "none")

    # -- What stops it, in words -------------------------------------------------------------------

    def test_the_banner_says_what_is_owed_since_when_and_how_he_was_told(self):
        order = self.quotation().with_context(lang="fr_FR")
        self.assertEqual(order.dunning_brake, "orders")
        self.assertRegex(
            order.dunning_brake_text,
            r"^12.400,00.€ échus depuis 47 jours, mise en demeure du 03/05/2026\. "
            "Les nouvelles commandes sont arrêtées",
        )
        message, action, _button, *_rest = self.assert_stopped(order)
        self.assertIn(order.dunning_brake_text, message)
        self.assertEqual(action["context"]["default_order_id"], order.id)

    def test_a_call_from_outside_an_import_and_a_batch_obey_too(self):
        order, other = self.quotation(), self.quotation()
        free = self.quotation(partner=self.customer("Free"))
        for way in (
            lambda: order.write({"state": "sale"}),
            lambda: order.sudo().action_confirm(),
            lambda: self.quotation(state="sale"),
        ):
            with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                way()
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            (order + other + free).action_confirm()
        self.assertIn(other.name, str(caught.exception))
        self.assertNotIn(free.name, str(caught.exception))
        free.action_confirm()
        self.assertEqual(free.state, "sale")

    def test_each_step_of_the_brake_and_what_it_costs(self):
        order = self.quotation()
        for brake, stopped in (("none", 0), ("warn", 0), ("deposit", 1), ("orders", 1)):
            with self.subTest(brake=brake):
                self.formal_notice.sudo().brake = brake
                stops, _releases = order._get_dunning_stops()
                self.assertEqual(len(stops), stopped)
        self.env.invalidate_all()
        many = self.env["sale.order"].union(*(self.quotation() for _number in range(5)))
        many.partner_id.commercial_partner_id.mapped("dunning_regime")
        many.mapped("dunning_brake")  # warms what does not depend on the orders
        many.invalidate_recordset(["dunning_brake", "dunning_brake_text"])
        with self.assertQueryCount(25):
            many.mapped("dunning_brake_text")

    def test_another_invoice_address_or_a_contact_is_no_way_round(self):
        contact = self.customer("Buyer", parent_id=self.debtor.id, is_company=False)
        other = self.customer("Other")
        for order in (
            self.quotation(partner=contact),
            self.quotation(partner=other, partner_invoice_id=contact.id),
        ):
            self.assert_stopped(order)

    # -- What lifts it at once ---------------------------------------------------------------------

    def test_a_payment_a_credit_a_promise_a_dispute_lift_it_at_once(self):
        items = self.items(self.debt)
        ways = {
            "payment": lambda: self.pay(self.debt),
            "not allocated": lambda: self.payment(self.debtor, 12400),
            "credit note": lambda: self.credit_note(self.debtor, 12400),
            "promise": lambda: self.env["account.dunning.promise"].create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.debtor.id,
                    "item_ids": [Command.set(items.ids)],
                    "amount": 12400,
                    "date_promised": "2026-06-08",
                }
            ),
            "dispute": lambda: self.hold(self.debtor, reason="dispute"),
            "part": lambda: self.hold(move_id=self.debt.id, amount_held=12400, reason="dispute"),
        }
        for name, way in ways.items():
            with self.subTest(way=name), self.env.cr.savepoint() as savepoint:
                order = self.quotation()
                self.assertTrue(order._get_dunning_stops()[0])
                way()
                order.action_confirm()
                self.assertEqual(order.state, "sale")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_court_file_does_not_lift_it_and_a_judgment_asks_for_payment_at_once(self):
        hold = self.hold(self.debtor, reason="case")
        order = self.quotation()
        self.assert_stopped(order)
        hold.sudo().reason = "insolvency"
        order.invalidate_recordset()
        self.assertEqual(order.dunning_brake, "deposit")
        self.assertIn("100 %", order.dunning_brake_text)
        dialog = self.dialog(order, self.salesman)
        self.assertEqual(dialog.deposit, 100)
        self.assertIn("C. com. L. 622-13", dialog.law)

    # -- The customer accepts or pays online -------------------------------------------------------

    def test_what_he_signs_online_stays_a_quotation_with_a_to_do(self):
        order = self.quotation(state="sent", user_id=self.salesman.id)
        self.sign_on_the_portal(order)
        self.assertEqual((order.state, bool(order.signature)), ("sent", True))
        activity = order.sudo().activity_search([STOPPED])
        self.assertEqual(activity.user_id, self.salesman)
        order.sudo()._validate_order()
        self.assertEqual(order.sudo().activity_search([STOPPED]), activity, "once")
        told = order.sudo().message_ids.filtered(
            lambda message: "We have received your order" in (message.body or "")
        )
        self.assertEqual(told.notified_partner_ids, self.debtor)

    def test_signing_where_a_deposit_is_due_leads_to_its_payment(self):
        self.formal_notice.sudo().write({"brake": "deposit", "brake_deposit": 40})
        order = self.quotation(state="sent")
        self.sign_on_the_portal(order)
        self.assertEqual((order.state, order.require_payment), ("sent", True))
        self.assertAlmostEqual(order.prepayment_percent, 0.4)
        self.assertTrue(order._has_to_be_paid())
        self.paid_online(order, 400)
        self.assertEqual(order.state, "sale")

    def test_what_is_paid_in_full_is_taken_and_a_part_is_kept_and_waits(self):
        part = self.quotation(state="sent", require_payment=True, prepayment_percent=0.3)
        self.paid_online(part, 300)
        self.assertEqual((part.state, part.amount_paid), ("sent", 300))
        self.assertTrue(part.sudo().activity_search([STOPPED]))
        full = self.quotation(state="sent")
        self.paid_online(full, 1000)
        self.assertEqual(full.state, "sale")

    # -- What can be done --------------------------------------------------------------------------

    def test_a_deposit_is_asked_in_the_quotation(self):
        order = self.quotation()
        action = self.dialog(order, self.salesman).action_ask_deposit()
        self.assertEqual(action["res_model"], "mail.compose.message")
        self.assertEqual((order.require_payment, order.prepayment_percent), (True, 1.0))
        order._ask_dunning_deposit(30)
        self.assertEqual(order.prepayment_percent, 1.0, "never for less than it asks now")
        for percent in (0, -5, 100.5):
            with self.assertRaises(UserError):
                order._ask_dunning_deposit(percent)

    def test_a_release_is_asked_then_given_with_reason_amount_and_end(self):
        order = self.quotation()
        dialog = self.dialog(order, self.salesman)
        with self.assertRaises(UserError):
            dialog.action_ask_release()
        dialog.note = "Transfer announced"
        dialog.action_ask_release()
        activity = order.sudo().activity_search([RELEASE_ASKED])
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Transfer announced", activity.note)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.dialog(order, self.salesman, reason="Mine").action_release()
        self.dialog(order, self.manager, reason="Transfer seen").action_release()
        self.assertFalse(activity.exists())
        order.invalidate_recordset()
        self.assertEqual(order.dunning_brake, "released")
        self.assertIn("Transfer seen", order.dunning_brake_text)
        order.action_confirm()
        self.assertEqual(order.sudo().dunning_release_id.left, 0)
        events = self.env["account.dunning.chronology"]._get_events(self.debtor, self.company)
        (told,) = [event for event in events if event.kind == "release"]
        self.assertEqual((told.on, told.amount), (day("2026-06-01"), 1000))
        page = self.env["account.dunning.customer"].with_user(self.manager).get_page(self.debtor.id)
        self.assertIn("brake", [part["key"] for part in page["parts"]["side"]])

    def test_a_release_ends_with_its_amount_its_day_or_by_hand(self):
        first, second = self.quotation(), self.quotation()
        release = self.release()
        first.action_confirm()
        self.assertEqual(release.left, 500)
        self.assert_stopped(second)
        second.sudo().order_line.price_unit = 500
        with self.on("2026-06-09"):
            self.assert_stopped(second)
        release.action_end()
        self.assert_stopped(second)
        with self.assertRaises(UserError):
            release.action_end()
        own = self.release(second, amount=500)
        second.action_confirm()
        self.assertEqual(second.sudo().dunning_release_id, own)

    def test_two_orders_in_one_batch_do_not_share_what_one_may_take(self):
        orders = self.quotation() + self.quotation()
        release = self.release()
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            orders.action_confirm()
        orders.invalidate_recordset()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        other = self.release(amount=1000)
        orders.action_confirm()
        self.assertEqual(orders.sudo().dunning_release_id, release + other)

    def test_nobody_writes_a_release_afterwards_or_gives_himself_one(self):
        order = self.quotation()
        with self.assertRaises(AccessError):
            self.release().write({"amount": 10**6})
        with self.assertRaises(AccessError):
            self.release(user_id=self.salesman.id)
        with self.assertRaises(AccessError):
            self.release().with_user(self.salesman).read(["reason"])
        with self.assertRaises(AccessError):
            order.write({"dunning_release_id": self.release().id})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.release(self.quotation(partner=self.customer("Other")))
