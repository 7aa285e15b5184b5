"""The aged balance on any day: its columns, its tie to the ledger, print and spreadsheet."""

from base64 import b64decode
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon

AGES = {0: "not_due", 1: "days_30", 30: "days_30", 31: "days_60", 60: "days_60", 61: "days_90"}
AGES |= {90: "days_90", 91: "days_120", 120: "days_120", 121: "older", -5: "not_due"}


@tagged("post_install", "-at_install")
class TestAgedBalance(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer("Menuiserie")

    def balance(self, user=None, **values):
        model = self.env["account.dunning.aged.balance"].with_user(user or self.env.user)
        return model.create({"company_id": self.company.id, "date": TODAY, **values})

    def line_of(self, partner, **values):
        balance = self.balance(partner_ids=partner.ids, **values)
        balance.action_show()
        return balance.line_ids

    def test_each_age_has_its_column(self):
        for late, column in AGES.items():
            partner = self.customer(f"Late {late}")
            self.invoice(partner, late, 100)
            line = self.line_of(partner)
            self.assertEqual((line[column], line.total), (100, 100), late)

    def test_credits_have_a_column_of_their_own(self):
        self.invoice(self.partner, 40, 100)
        self.payment(self.partner, 30)
        line = self.line_of(self.partner)
        self.assertEqual((line.days_60, line.credit, line.total), (100, -30, 70))

    def test_a_past_day_shows_what_was_open_then(self):
        invoice = self.invoice(self.partner, "2026-04-30", 100)
        with self.on("2026-05-20"):
            self.pay(invoice, 60)
        self.assertEqual(self.line_of(self.partner, date="2026-05-10").days_30, 100)
        self.assertEqual(self.line_of(self.partner, date="2026-05-20").days_30, 40)
        self.assertEqual(self.line_of(self.partner, date="2026-04-30").not_due, 100)

    def test_the_total_is_the_balance_of_the_receivable_accounts(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        self.invoice(self.partner, 40, 100)
        self.invoice(self.customer("Other"), 10, 250, currency_id=usd.id)
        self.credit_note(self.partner, 20)
        balance = self.balance()
        balance.action_show()
        [(ledger,)] = self.env["account.move.line"]._read_group(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
            ],
            [],
            ["balance:sum"],
        )
        self.assertEqual((balance.total, balance.ledger, balance.difference), (280, ledger, 0))

    def test_the_salesperson_is_that_of_the_invoice_else_of_the_customer(self):
        seller = self.new_user("seller", "account.group_account_invoice")
        own = self.new_user("own", "account.group_account_invoice")
        self.partner.user_id = own
        self.invoice(self.partner, 40, 100, invoice_user_id=seller.id)
        self.payment(self.partner, 30)
        balance = self.balance(group_by="user_id", partner_ids=self.partner.ids)
        balance.action_show()
        sections = {user: totals["total"] for user, _rows, totals in balance._get_sections()}
        self.assertEqual(sections, {seller: 100, own: -30})

    def test_a_customer_of_two_salespersons_is_one_row_by_customer(self):
        sellers = [self.new_user(f"s{n}", "account.group_account_invoice") for n in range(2)]
        for seller in sellers:
            self.invoice(self.partner, 40, 100, invoice_user_id=seller.id)
        balance = self.balance(partner_ids=self.partner.ids)
        balance.action_show()
        [(user, [row], totals)] = balance._get_sections()
        self.assertIsNone(user)
        self.assertEqual((row["days_60"], totals["total"]), (200, 200))

    def test_the_print_shows_the_customers_and_the_control(self):
        self.invoice(self.partner, 40, 1234.5)
        balance = self.balance(partner_ids=self.partner.ids)
        balance.action_print()
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_aged_balance", balance.ids
        )
        html = html.decode()
        for text in ("Menuiserie", "1,234.50", "Control"):
            self.assertIn(text, html)

    def test_the_spreadsheet_has_the_columns_and_the_control(self):
        self.invoice(self.partner, 40, 100)
        balance = self.balance(partner_ids=self.partner.ids)
        balance.action_export()
        sheet = load_workbook(BytesIO(b64decode(balance.xlsx_file))).active
        self.assertEqual(sheet["F2"].value, 100)
        self.assertEqual(sheet["J3"].value, "=SUM(J2:J2)")
        self.assertEqual((sheet["J4"].value, sheet["J5"].value), (100, "=ROUND(J4-J3,2)"))

    def test_a_line_opens_the_items_behind_it(self):
        invoice = self.invoice(self.partner, 40, 100)
        self.invoice(self.customer("Other"), 40, 100)
        action = self.line_of(self.partner).action_open_items()
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(items, self.items(invoice))

    def test_an_empty_day_says_so(self):
        with self.assert_refused(UserError, "Nothing was open"):
            self.balance(date="2019-01-01").action_show()

    def test_readers_of_the_company_see_it_and_nobody_else(self):
        self.invoice(self.partner, 40, 100)
        reader = self.new_user("reader", "account.group_account_readonly")
        balance = self.balance(reader)
        balance.action_show()
        self.assertTrue(balance.line_ids)
        balance.action_export()
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.new_user("stranger", "account.group_account_readonly", company=other)
        with self.assertRaises(AccessError):
            self.balance(stranger).action_show()
        with self.assertRaises(AccessError):
            self.balance(self.new_user("outsider"))
