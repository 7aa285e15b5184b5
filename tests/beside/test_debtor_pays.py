"""A customer pays from his page with Odoo's demonstration provider: a transaction for real."""

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..orm.agreement.test_debtor_requests import ADDRESS, DebtorCommon
from ..orm.dunning_common import TODAY, day
from ..orm.tour_common import PATIENCE, TourCommon


def enable_demo(test, company, journal):
    """Switch Odoo's demonstration provider on for a company, which receives in a journal.

    Odoo lets it be tried only, and a page offers what is switched on: written behind Odoo's back.
    """
    shipped = test.env.ref("payment.payment_provider_demo").sudo()
    provider = shipped.copy({"company_id": company.id, "state": "test", "is_published": True})
    provider.journal_id = journal
    test.env.cr.execute(
        "UPDATE payment_provider SET state = 'enabled' WHERE id = %s", [provider.id]
    )
    test.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestDebtorPays(DebtorCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        enable_demo(cls, cls.company, cls.bank)
        cls.page = f"/dunning/account/{cls.token}"

    def pay(self, state, *moves, amount=None):
        """Choose invoices and a sum on the page, and pay as Odoo's form does; return what began.

        The form is read from the answer: its route and its marks are those that a browser sends.
        """
        chosen = "&".join(f"item={self.items(move).id}" for move in moves)
        answer = self.url_open(f"{self.page}/pay?{chosen}&amount={amount or ''}", timeout=60)
        form = html.fromstring(answer.text).get_element_by_id("o_payment_form")
        option = form.xpath(".//input[@name='o_payment_radio'][@data-provider-code='demo']")[0]
        told = self.make_jsonrpc_request(
            form.get("data-transaction-route"),
            {
                "provider_id": int(option.get("data-provider-id")),
                "payment_method_id": int(option.get("data-payment-option-id")),
                "token_id": None,
                "amount": float(form.get("data-amount")),
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": form.get("data-landing-route"),
                "is_validation": False,
                "access_token": form.get("data-access-token"),
            },
        )
        self.make_jsonrpc_request(
            "/payment/demo/simulate_payment",
            {"reference": told["reference"], "payment_details": "1", "simulated_state": state},
        )
        self.make_jsonrpc_request("/payment/status/poll", {})  # as the page of Odoo does
        self.env.invalidate_all()
        return (
            self.env["payment.transaction"].sudo().search([("reference", "=", told["reference"])])
        )

    def stops(self):
        self.env.flush_all()
        return [row.stop or False for row in self.rows(self.older, self.newer)]

    def text(self):
        main = html.fromstring(self.url_open(self.page, timeout=60).text).get_element_by_id("wrap")
        return " ".join(main.text_content().split())

    def test_what_he_pays_is_booked_and_set_against_what_he_chose(self):
        notice = self.draft(self.debtor)
        found = self.pay("done", self.newer)
        self.assertEqual((found.state, found.amount, found.invoice_ids), ("done", 200, self.newer))
        self.assertEqual((self.newer.amount_residual, self.older.amount_residual), (0, 1000))
        payment = found.payment_id
        self.assertEqual((payment.amount, payment.partner_id), (200, self.debtor))
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(payment.reconciled_invoice_ids, self.newer)
        page = self.text()
        self.assertIn(self.older.name, page)
        self.assertNotIn(self.newer.name, page)
        self.prepare()
        self.assertEqual(notice.line_ids.filtered("claimed").move_id, self.older)
        today = day(TODAY)
        use = self.env["account.dunning.link"]._count_use(self.company, today, today)
        self.assertEqual(use["paid"], 1)

    def test_another_amount_pays_the_oldest_of_what_he_chose_first(self):
        self.pay("done", self.older, self.newer, amount="1100")
        self.assertEqual((self.older.amount_residual, self.newer.amount_residual), (0, 100))
        self.pay("done", self.newer)
        self.assertIn("Nothing is open on your account", self.text())
        booked = self.env["account.payment"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(sorted(booked.mapped("amount")), [100, 1100])

    def test_while_it_is_pending_the_message_of_the_day_stays(self):
        notice = self.draft(self.debtor)
        found = self.pay("pending", self.older, self.newer)
        self.assertEqual(found.state, "pending")
        self.assertFalse(found.payment_id)
        self.assertEqual(self.stops(), ["possible", "possible"])
        self.prepare()
        self.assertEqual(notice.state, "cancelled")
        self.assertIn("a payment is being recorded", self.text())
        self.assertIn("Being paid", self.text())
        # What is being paid is not paid twice: neither from the page, nor by a kept address.
        item = self.items(self.older).id
        again = self.url_open(f"{self.page}/pay?item={item}", timeout=60)
        self.assertFalse(html.fromstring(again.text).xpath("//form[@id='o_payment_form']"))
        found.action_demo_set_done()
        found._post_process()
        self.assertEqual((self.older.amount_residual, self.newer.amount_residual), (0, 0))

    def test_cancelled_or_in_error_it_leaves_nothing(self):
        before = self.stops()
        for state, kept in (("cancel", "cancel"), ("error", "error")):
            with self.subTest(state=state):
                found = self.pay(state, self.older)
                self.assertEqual((found.state, bool(found.payment_id)), (kept, False))
                self.assertEqual((self.older.amount_residual, self.stops()), (1000, before))
                self.assertNotIn("being recorded", self.text())
        claimed = self.draft(self.debtor).line_ids.filtered("claimed").move_id
        self.assertEqual(claimed, self.older | self.newer)


@tagged("post_install", "-at_install")
class TestToursDebtorPays(TourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_he_pays_a_part_then_some_then_all_and_the_books_show_it_at_once(self):
        params = self.env["ir.config_parameter"].sudo()
        params.set_param("web.base.url", ADDRESS)
        self.company.sudo().dunning_debtor_page = True
        enable_demo(self, self.company, self.bank)
        customer = self.customer("Pocket", dunning_lang="en_US")
        moves = self.env["account.move"]
        for name, days, amount in (("MIDDLE/1", 30, 450), ("SMALL/1", 12, 100)):
            due = fields.Date.subtract(self.today, days=days)
            move = self.invoice(customer, due, amount, post=False)
            move.name = name
            move.action_post()
            moves |= move
        links = self.env["account.dunning.link"].sudo()
        links.create(
            {
                "company_id": self.company.id,
                "partner_id": customer.id,
                "channel": "letter",
                "token_hash": links._hash("p" * 32),
                "until": "2099-01-01",
            }
        )
        params.set_param("web.base.url", self.base_url())
        page = f"/dunning/account/{'p' * 32}"
        tour = "account_dunning_fr_debtor_pays"
        self.start_tour(page, tour, login=None, timeout=PATIENCE)
        self.env.invalidate_all()
        self.assertEqual(set(moves.mapped("amount_residual")), {0})
        payments = self.env["account.payment"].search([("partner_id", "=", customer.id)])
        self.assertEqual(sorted(payments.mapped("amount")), [20, 80, 450])
        self.browser_size, self.touch_enabled = "1366x768", False
        self.walk("/odoo/action-account.action_move_out_invoice_type", "debtor_paid")
