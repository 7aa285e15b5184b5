"""Each amount has the decimals of its currency, on every paper and in every file."""

import csv
import json
from base64 import b64decode
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import load_workbook

from odoo.addons.account_dunning_fr.models.case.case_data import get_claim_data, make_csv
from odoo.tests import tagged

from ..dunning_common import day
from ..penalty_common import PenaltyCommon

# (currency, smallest amount, sum, sum and interest of 62 days as written, format of a cell)
CURRENCIES = (
    ("JPY", 1.0, 100122, "100122", "2066", "#,##0"),
    ("KWD", 0.001, 100.122, "100.122", "2.066", "#,##0.000"),
    ("EUR", 0.01, 1000.12, "1000.12", "20.64", "#,##0.00"),
)


@tagged("post_install", "-at_install")
class TestCurrencyDecimals(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.lang = cls.partner.dunning_lang = "en_US"

    def setup_money(self, name, rounding):
        if name == "EUR":
            return self.company.currency_id
        return self.setup_other_currency(name, rounding=rounding, rates=[("2020-01-01", 2)])

    def statement_of(self, move):
        action = move.action_dunning_statement()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.date_until = "2026-06-01"
        return wizard

    def test_a_statement_says_how_it_rounds_and_its_sheet_shows_it(self):
        for name, rounding, amount, _text, interest, shape in CURRENCIES:
            with self.subTest(name):
                currency = self.setup_money(name, rounding)
                move = self.invoice(self.partner, "2026-03-31", amount, currency_id=currency.id)
                wizard = self.statement_of(move)
                [section] = wizard._make_dunning_statement().sections
                self.assertEqual(section.interest, Decimal(interest))
                html, _type = self.env["ir.actions.report"]._render_qweb_html(
                    "account_dunning_fr.report_statement", wizard.ids
                )
                self.assertEqual(b"rounded to the cent" in html, name == "EUR")
                self.assertEqual(b"smallest amount of its currency" in html, name != "EUR")
                wizard.action_export()
                sheet = load_workbook(BytesIO(b64decode(wizard.xlsx_file))).active
                self.assertEqual(sheet["F2"].number_format, shape)
                self.assertEqual(sheet["H2"].number_format, shape)
                self.assertEqual(sheet["G2"].number_format, "0.00")

    def test_a_court_file_writes_each_item_as_its_currency_is(self):
        for name, rounding, amount, text, interest, _shape in CURRENCIES:
            with self.subTest(name):
                currency = self.setup_money(name, rounding)
                partner = self.customer(f"Debtor in {name}", dunning_regime="b2b")
                move = self.invoice(partner, "2026-03-31", amount, currency_id=currency.id)
                case = self.env["account.dunning.case"].create(
                    {
                        "partner_id": partner.id,
                        "company_id": self.company.id,
                        "date": "2026-06-01",
                        "item_ids": [(0, 0, {"move_line_id": self.items(move).id})],
                    }
                )
                claim = json.loads(json.dumps(get_claim_data(case)))
                [item] = claim["items"]
                self.assertEqual((item["amount"], item["principal"]), (text, text))
                self.assertEqual(item["interest"], interest)
                self.assertEqual({s["base"] for s in item["segments"]}, {text})
                self.assertEqual(item["flat_indemnity"], "40.00")
                [row] = csv.DictReader(StringIO(make_csv(case).decode("utf-8-sig")), delimiter=";")
                self.assertEqual(row["Base"], text.replace(".", ","))
                self.assertEqual(row["Interest"], interest.replace(".", ","))

    def test_a_retention_keeps_the_decimals_of_its_invoice(self):
        dinar = self.setup_money("KWD", 0.001)
        town = self.customer("Town", dunning_regime="b2g")
        move = self.invoice(town, "2026-03-31", 100.122, currency_id=dinar.id)
        move.dunning_retention = 5.006
        self.assertEqual(self.items(move)._get_dunning_retention(), Decimal("5.006"))

    def test_what_a_debtor_types_has_the_decimals_of_what_he_pays(self):
        from odoo.addons.account_dunning_fr.core.typed_values import RefusedError, read_amount

        self.assertEqual(read_amount("33,374", 3), Decimal("33.374"))
        with self.assertRaises(RefusedError):
            read_amount("33,374")

    # -- What a day more adds ----------------------------------------------------------------------

    def make_notice(self, *amounts):
        moves = [self.invoice(self.partner, "2026-03-31", amount) for amount in amounts]
        self.history(self.firm, "2026-05-10", *moves)
        return self.draft(self.partner)

    def read(self, notice):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_notice_letter", notice.ids
        )
        return html.decode()

    def test_a_day_more_of_many_small_items_is_no_zero(self):
        # 12 × 12.15 % / 365 = 0.0040 a day: 0.00 on its own row, and 0.12 for thirty of them.
        statement = self.make_notice(*[12.0] * 30)._get_penalty_statement()
        self.assertEqual(statement["totals"][self.company.currency_id][1], 0.12)
        self.assertTrue(statement["days_differ"])

    def test_a_letter_whose_days_do_not_add_up_says_why(self):
        # A day: 1 000 and 1 000 make 0.3329 each, 0.33 as shown; 0.67 in all.
        notice = self.make_notice(1000, 1000)
        statement = notice._get_penalty_statement()
        self.assertEqual(statement["totals"][self.company.currency_id][1], 0.67)
        self.assertIn("the total is rounded once", self.read(notice))

    def test_a_letter_whose_days_add_up_says_nothing(self):
        # 0.3329 and 0.6658: 0.33 + 0.67 = 1.00, as 0.9986.
        notice = self.make_notice(1000, 2000)
        self.assertFalse(notice._get_penalty_statement()["days_differ"])
        self.assertNotIn("the total is rounded once", self.read(notice))

    def test_the_data_of_a_file_bear_the_day_of_the_request(self):
        moves = [self.invoice(self.partner, "2026-03-31", 1000) for _count in range(2)]
        case = self.env["account.dunning.case"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "date": "2026-06-01",
                "item_ids": [(0, 0, {"move_line_id": self.items(move).id}) for move in moves],
            }
        )
        claim = get_claim_data(case)
        self.assertEqual([item["interest_a_day"] for item in claim["items"]], ["0.33", "0.33"])
        [after] = claim["interest_after"]
        self.assertEqual(
            after, {"annual_rate": "12.15", "currency": "EUR", "interest_a_day": "0.67"}
        )
        [basis] = case.document_ids._get_bases(case._get_statement().sections)
        self.assertEqual(f"{basis['a_day']:.2f}", after["interest_a_day"])
        self.assertEqual(case.date, day("2026-06-01"))
