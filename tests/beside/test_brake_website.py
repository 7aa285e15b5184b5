"""The brake where the customer orders by himself: Odoo's shop, ``website_sale``."""

from lxml import html

from odoo import Command, http
from odoo.tests import tagged

from .order_common import OrderCommon

MONITORED = "__payment_monitored_tx_id__"  # of payment/controllers/post_processing.py
STOPPED = "account_dunning_fr_sale.mail_activity_type_stopped"
REVEALING = ("12,400", "12400", "overdue", "notice", "47 days", "stopped")


@tagged("post_install", "-at_install")
class TestBrakeWebsite(OrderCommon):
    product_type = "service"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "website" not in cls.env:
            cls.skipTest(cls, "website_sale is not installed")
        cls.debtor = cls.customer("Debtor", dunning_regime="b2b", lang="en_US")
        cls.free = cls.customer("Free", dunning_regime="b2b", lang="en_US")
        cls.history(cls.formal_notice, "2026-05-03", cls.invoice(cls.debtor, 47, 12400))
        cls.formal_notice.sudo().brake = "orders"
        cls.website = cls.env["website"].sudo().search([], limit=1)
        cls.website.company_id = cls.company
        cls.delivered_paid = cls.provider("cash_on_delivery")

    @classmethod
    def provider(cls, mode):
        providers = cls.env["payment.provider"].sudo()
        return providers.search([("custom_mode", "=", mode)], limit=1) or providers.create(
            {"name": mode, "code": "custom", "custom_mode": mode, "company_id": cls.company.id}
        )

    def cart(self, partner, price=1000):
        line = {"product_id": self.product.id, "price_unit": price, "tax_ids": False}
        values = {"partner_id": partner.id, "company_id": self.company.id}
        values |= {"website_id": self.website.id, "order_line": [Command.create(line)]}
        return self.env["sale.order"].sudo().create(values)

    def transaction(self, order, state):
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.delivered_paid.id,
                    "payment_method_id": methods.search([], limit=1).id,
                    "reference": f"{order.name}-{state}",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": state,
                }
            )
        )

    def end_of_the_shop(self, order, transaction=None):
        """Do what the customer's browser does after the payment; return the last page's text."""
        session = self.authenticate(None, None)
        session["sale_last_order_id"] = order.id
        session[MONITORED] = transaction and transaction.id
        http.root.session_store.save(session)
        self.env.flush_all()
        if transaction:
            with self.fast_print():
                answer = self.make_jsonrpc_request("/payment/status/poll", {})
            self.assertEqual(answer["state"], transaction.state)
        page = self.url_open("/shop/payment/validate")
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.url.endswith("/shop/confirmation"), page.url)
        order.invalidate_recordset()
        main = html.fromstring(page.content).get_element_by_id("wrap")
        return " ".join(main.text_content().split())

    def test_paid_on_delivery_the_order_waits_and_the_customer_reads_nothing_of_it(self):
        order = self.cart(self.debtor)
        page = self.end_of_the_shop(order, self.transaction(order, "pending"))
        self.assertIn(order.name, page)
        self.assertEqual(order.state, "sent")
        self.assertEqual(len(order.activity_search([STOPPED])), 1)
        (told,) = order.message_ids.filtered(
            lambda message: (
                self.debtor in message.notified_partner_ids
                and "We have received your order" in message.body
            )
        )
        for text in (page, told.body):
            for word in REVEALING:
                self.assertNotIn(word, text)

    def test_who_owes_nothing_is_served(self):
        order = self.cart(self.free)
        self.end_of_the_shop(order, self.transaction(order, "pending"))
        self.assertEqual(order.state, "sale")

    def test_a_refusal_tells_a_visitor_nothing(self):
        order, other = self.cart(self.debtor), self.cart(self.debtor)
        visitor = self.website.user_id
        for orders in (order, order + other):
            with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                orders.with_user(visitor).sudo().write({"state": "sale"})
            self.assertEqual(type(caught.exception).__name__, "UserError")
            self.assertEqual(
                str(caught.exception),
                "We have received your order. You will hear from us about it.",
            )
