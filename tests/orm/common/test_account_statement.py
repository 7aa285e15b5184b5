"""The statement of account of a customer: what was open on a day, by currency."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon

PER_CUSTOMER = 5  # queries for one customer more: where he pays, whatever he owes


@tagged("post_install", "-at_install")
class TestAccountStatement(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer("Menuiserie", lang="en_US", dunning_lang="en_US")

    def statement_of(self, partners, on=TODAY, user=None):
        action = partners.with_user(user or self.env.user).action_dunning_account_statement()
        wizard = partners.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(user) if user else wizard  # a dialog is of who opened it
        wizard.date = on
        return wizard

    def rows(self, wizard):
        """Return ``(number, balance, days late)`` of the one section of the one customer."""
        [found] = wizard._get_statements()
        [section] = found["sections"]
        return [(row["item"].move_id, row["residual"], row["days"]) for row in section["rows"]]

    def test_it_lists_what_is_open_with_its_days_late_and_its_total(self):
        late, due = self.invoice(self.partner, 10, 100), self.invoice(self.partner, -20, 300)
        payment = self.payment(self.partner, 40)
        wizard = self.statement_of(self.partner)
        self.assertEqual(
            self.rows(wizard), [(late, 100, 10), (payment.move_id, -40, 0), (due, 300, 0)]
        )
        [section] = wizard._get_statements()[0]["sections"]
        self.assertEqual((section["total"], section["overdue"]), (360, 100))
        self.assertEqual(
            [row["label"] for row in section["rows"]],
            ["Invoice", "Payment not allocated", "Invoice"],
        )

    def test_a_past_day_shows_what_was_open_and_settled_then(self):
        invoice = self.invoice(self.partner, "2026-04-30", 100)
        with self.on("2026-05-20"):
            self.pay(invoice, 60)
        self.assertEqual(
            self.rows(self.statement_of(self.partner, "2026-05-10")), [(invoice, 100, 10)]
        )
        wizard = self.statement_of(self.partner, "2026-05-20")
        [row] = wizard._get_statements()[0]["sections"][0]["rows"]
        self.assertEqual((row["settled"], row["residual"]), (60, 40))

    def test_each_currency_has_its_section(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        self.invoice(self.partner, 10, 100)
        self.invoice(self.partner, 10, 250, currency_id=usd.id)
        sections = self.statement_of(self.partner)._get_statements()[0]["sections"]
        totals = {section["currency"]: section["total"] for section in sections}
        self.assertEqual(totals, {self.company.currency_id: 100, usd: 250})

    def test_the_print_speaks_the_language_of_each_customer(self):
        french = self.customer("Boulangerie")
        self.invoice(self.partner, 10, 1234.5)
        self.invoice(french, 10, 100)
        wizard = self.statement_of(self.partner + french)
        wizard.action_print()
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_account_statement", wizard.ids
        )
        html = html.decode()
        for text in ("Menuiserie", "1,234.50", "Boulangerie", "1 Jun 2026", "01/06/2026"):
            self.assertIn(text, html)

    def test_items_are_read_for_all_customers_together(self):
        partners = [self.customer(f"Menuiserie {number}") for number in range(5)]
        for partner in partners:
            for days in (10, 20):
                self.invoice(partner, days, 100)

        def count(number):
            wizard = self.statement_of(self.env["res.partner"].union(*partners[:number]))
            render = self.env["ir.actions.report"]._render_qweb_html
            name = "account_dunning_fr.report_account_statement"
            return self.count_queries(render, name, wizard.ids)

        count(1)  # what is compiled and kept
        self.assertLessEqual(count(5) - count(2), 3 * PER_CUSTOMER)

    def test_a_customer_who_owes_nothing_has_no_statement(self):
        self.invoice(self.partner, 10, 100)
        wizard = self.statement_of(self.partner + self.customer("Nothing"))
        self.assertEqual(len(wizard._get_statements()), 1)
        with self.assert_refused(UserError, "Nothing was open"):
            self.statement_of(self.customer("Nothing")).action_print()

    def test_readers_of_the_company_print_it_and_nobody_else(self):
        self.invoice(self.partner, 10, 100)
        reader = self.new_user("reader", "account.group_account_readonly")
        self.assertTrue(self.statement_of(self.partner, user=reader).action_print())
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account.group_account_readonly", company=other)
        theirs = self.env["account.dunning.account.statement"].with_user(stranger)
        values = {"partner_ids": self.partner.ids, "company_id": self.company.id}
        with self.assertRaises(AccessError):
            theirs.create(values)
        wizard = theirs.sudo().create(values).sudo(False)
        for refused in (wizard.action_print, wizard._get_statements):
            with self.assertRaises(AccessError):
                refused()
        with self.assertRaises(AccessError):
            self.statement_of(self.partner, user=self.new_user("outsider"))
