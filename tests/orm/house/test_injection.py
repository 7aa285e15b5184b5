"""Hostile names and texts stay texts: in pages, e-mails, file names and spreadsheets."""

from io import BytesIO

from openpyxl import load_workbook

from odoo.tests import tagged

from ..dunning_common import DunningCommon

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "${7*7}",
    "{{ 7*7 }}",
    "<t t-out='7*7'/>",
    "../../etc/passwd",
    "=1+1",
    "شركة الاختبار",
    "Boulangerie 🥖",
    "A" * 10_000,
)


@tagged("post_install", "-at_install")
class TestInjection(DunningCommon):
    def test_names_are_escaped_and_never_computed(self):
        for number, name in enumerate(HOSTILE):
            with self.subTest(name=name[:40]):
                partner = self.customer(name, email=f"c{number}@client.example")
                notice = self.send_named(partner)
                text = str(notice.message_html) + str(notice.mail_id.body_html)
                self.assertNotIn("<script>", text)
                self.assertNotIn("<img src=x", text)
                self.assertNotIn(">49<", text)
                self.assertEqual(notice.partner_name, name)

    def send_named(self, partner):
        self.invoice(partner, 6)
        return self.send(partner)

    def test_a_text_typed_by_a_person_runs_nothing(self):
        partner = self.customer()
        self.invoice(partner, 6)
        notice = self.draft(partner)
        notice.body = "<p>{{ 7*7 }} ${7*7} <t t-out='7*7'/><script>alert(1)</script></p>"
        notice.subject = "{{ 7*7 }}"
        notice.action_send()
        self.assertNotIn("<script", str(notice.mail_id.body_html))
        self.assertNotIn("49", notice.mail_id.subject)

    def test_a_file_name_stays_in_its_folder(self):
        partner = self.customer(name="../../x")
        self.invoice(partner, 6)
        notice = self.draft(partner)
        notice.sudo().name = "../../y"
        self.assertNotIn("/", notice._get_letter_filename())

    def test_a_formula_in_a_name_stays_a_text_in_the_spreadsheet(self):
        partner = self.customer(name="=1+1", dunning_regime="b2b")
        move = self.invoice(partner, 60)
        move.name = '=HYPERLINK("http://x.example")'
        statement = self.env["account.dunning.statement"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "item_ids": self.items(move).ids,
            }
        )
        book = load_workbook(BytesIO(statement._make_xlsx()))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        texts = [str(cell.value) for cell in cells if str(cell.value or "").startswith("=")]
        self.assertIn('=HYPERLINK("http://x.example")', texts)
        hostile = {cell.data_type for cell in cells if "x.example" in str(cell.value)}
        self.assertEqual(hostile, {"s"})
