"""The brake on deliveries: ``account_dunning_fr_stock``, whatever the way to validate one."""

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestBrakeStock(OrderCommon):
    """An order was taken; then the customer was served a formal notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.customer("Debtor", dunning_regime="b2b")
        cls.debt = cls.invoice(cls.debtor, 47, 12400)
        cls.history(cls.formal_notice, "2026-05-03", cls.debt)
        cls.storeman = cls.new_user("brake_stock", "stock.group_stock_user")

    def setUp(self):
        super().setUp()
        self.taken = self.order(partner_id=self.debtor.id)
        self.taken.action_confirm()
        self.formal_notice.sudo().brake = "deliveries"
        self.picking = self.taken.picking_ids.with_user(self.storeman)
        self.picking.move_ids.write({"quantity": 2, "picked": True})

    def validate(self, picking=None):
        picking = self.picking if picking is None else picking
        picking.button_validate()
        return picking.state

    def assert_stopped(self, picking=None, refusal=RedirectWarning):
        with self.assertRaises(refusal) as caught, self.env.cr.savepoint():
            self.validate(picking)
        return caught.exception.args

    def test_a_delivery_is_stopped_by_its_button_and_any_other_way(self):
        self.assertEqual(self.picking.dunning_brake, "deliveries")
        french = self.picking.with_context(lang="fr_FR").dunning_brake_text
        self.assertIn("livraisons sont arrêtées", french)
        _message, action, *_rest = self.assert_stopped()
        dialog = self.env["account.dunning.order.stop"].with_user(self.storeman)
        dialog = dialog.create({"order_id": action["context"]["default_order_id"]})
        self.assertFalse(dialog.is_quotation)
        self.assertIn("C. civ. 1219", dialog.law)
        for way in (
            lambda: self.picking.sudo()._action_done(),
            lambda: self.picking.sudo().move_ids._action_done(),
        ):
            with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                way()
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.order(partner_id=self.debtor.id).action_confirm()

    def test_a_part_of_an_order_and_what_has_no_order_are_stopped_too(self):
        self.picking.move_ids.quantity = 1
        self.assert_stopped()
        places = {name: self.picking[name].id for name in ("location_id", "location_dest_id")}
        move = {"product_id": self.product.id, "product_uom_qty": 1, "quantity": 1, "picked": True}
        alone = self.env["stock.picking"].with_user(self.storeman)
        alone = alone.create(
            {
                "picking_type_id": self.picking.picking_type_id.id,
                "partner_id": self.debtor.id,
                "move_ids": [Command.create({**move, **places})],
                **places,
            }
        )
        self.assertFalse(alone.sale_id)
        self.assertEqual(alone.dunning_brake, "deliveries")
        self.assert_stopped(alone, UserError)

    def test_a_milder_brake_warns_and_lets_go(self):
        for brake in ("warn", "deposit", "orders"):
            with self.subTest(brake=brake):
                self.formal_notice.sudo().brake = brake
                self.picking.invalidate_recordset()
                self.assertEqual(self.picking.dunning_brake, "warn")
        self.assertEqual(self.validate(), "done")

    def test_what_is_paid_leaves_and_a_payment_of_the_debt_lets_all_go(self):
        invoice = self.bill_now(self.taken)
        self.assert_stopped()
        self.pay(invoice)
        self.picking.invalidate_recordset()
        self.assertEqual(self.picking.dunning_brake, "none")
        self.assertEqual(self.validate(), "done")
        other = self.another_picking()
        self.assert_stopped(other)
        self.pay(self.debt)
        self.assertEqual(self.validate(other), "done")

    def test_a_manager_releases_an_order_or_all_of_them(self):
        releases = self.env["account.dunning.release"].with_user(self.manager)
        values = {"partner_id": self.debtor.id, "company_id": self.company.id, "reason": "Seen"}
        values |= {"amount": 3000, "date_until": "2026-06-08"}
        releases.create({**values, "order_id": self.taken.id})
        other = self.another_picking()
        self.assertEqual(self.validate(), "done")
        self.assertEqual(self.taken.sudo().dunning_release_id.left, 0)
        self.assert_stopped(other)
        releases.create(values)
        self.assertEqual(self.validate(other), "done")

    def test_goods_that_come_back_or_come_in_and_a_till_are_no_matter(self):
        self.formal_notice.sudo().brake = "none"
        self.validate()
        self.formal_notice.sudo().brake = "deliveries"
        wizard = self.env["stock.return.picking"].sudo().create({"picking_id": self.picking.id})
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        back.move_ids.write({"quantity": 2, "picked": True})
        self.assertEqual(self.validate(back), "done")

    def test_without_stock_the_step_falls_back_to_orders(self):
        field = self.env["account.dunning.level"]._fields["brake"]
        field.ondelete["deliveries"](self.formal_notice.sudo())
        self.assertEqual(self.formal_notice.brake, "orders")

    def test_the_message_that_stops_deliveries_says_so_and_keeps_its_words(self):
        self.first.sudo().brake = "deliveries"
        customer, public = self.customer("Late"), self.customer("Town", dunning_regime="b2g")
        for partner in customer, public:
            self.invoice(partner, 10, 500)
        self.prepare()
        told, town = self.live(customer), self.live(public)
        self.assertIn("nos livraisons à votre intention sont suspendues", told.closing)
        self.assertNotIn("livraisons", town.closing)
        told.action_send()
        self.first.sudo().brake = "none"
        self.env.invalidate_all()
        self.assertIn("livraisons à votre intention", told.closing)
        self.assertIn("livraisons à votre intention", told.message_html)

    # -- Helpers -----------------------------------------------------------------------------------

    def bill_now(self, order):
        """Invoice all of an order at once, before it is delivered."""
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        return self.env["account.move"].browse(invoice.id)

    def another_picking(self):
        """Take another order, while nothing stops it."""
        self.formal_notice.sudo().brake = "none"
        other = self.order(
            partner_id=self.debtor.id,
            order_line=[Command.create({"product_id": self.product.id, "product_uom_qty": 1})],
        )
        other.action_confirm()
        self.formal_notice.sudo().brake = "deliveries"
        picking = other.picking_ids.with_user(self.storeman)
        picking.move_ids.write({"quantity": 1, "picked": True})
        return picking
