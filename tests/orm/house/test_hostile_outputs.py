"""Hostile texts in spreadsheets, files, e-mails, the chatter and what the screens show."""

import csv
import json
import re
from io import BytesIO, StringIO
from zipfile import ZipFile

from lxml import html
from openpyxl import load_workbook

from odoo.addons.account_dunning_fr.models.case.case_data import make_csv
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..case.test_case_export import picture, text_of
from ..hostile_common import ADDON, COMPUTED, HOSTILE, MARK, ON_PAPER, HostileCommon

# What fills each spreadsheet, and the texts that stand in it.
SPREADSHEETS = {
    "account.dunning.aged.balance": ("balance", "partner.name"),
    "account.dunning.statement": ("statement_of_penalties", "first_invoice.name"),
    "account.dunning.year.end": ("year_end", "fourth.name"),
}
# Of what each template of an e-mail is rendered.
TEMPLATES = {
    "mail_template_notice": "draft_notice",
    "mail_template_case": "case",
    "mail_template_plan_reminder": "payment_plan",
    "mail_template_plan_broken": "payment_plan",
    "mail_template_plan_missed": "payment_plan",
    "mail_template_plan_sign": "payment_plan",
    "mail_template_account_statement": "statement",
}
OURS = re.compile(r"=(SUM|SUMIF|ROUND)\([^<>]*\)|=0")  # formulas of the addon; no text of a user
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
LINKED = '<a href="https://x.example">Pay here</a><img src="https://x.example/p.png"><b>B</b>'
INJECTED = "x\r\nBcc: evil@x.example"


def elements(page):
    """Return the elements that a hostile text would have become."""
    tree = html.fromstring(f"<div>{page}</div>")
    return tree.xpath("//script | //*[@onerror] | //img[@src='x'] | //t")


@tagged("post_install", "-at_install")
class TestHostileOutputs(HostileCommon):
    # -- Spreadsheets ------------------------------------------------------------------------------

    def test_the_table_names_every_spreadsheet(self):
        parent = "account.dunning.spreadsheet"
        children = set(self.registry[parent]._inherit_children) - {parent}
        self.assertEqual(children, set(SPREADSHEETS), "Say in SPREADSHEETS what fills the new one.")

    def test_no_text_becomes_a_formula_or_a_link(self):
        for kind, text in {**HOSTILE, "link": "http://x.example", "file": "external:c:\\x"}.items():
            self.poison(text)
            for model, (name, path) in SPREADSHEETS.items():
                with self.subTest(text=kind, spreadsheet=model):
                    book = load_workbook(BytesIO(getattr(self, name)._make_xlsx()))
                    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
                    for cell in cells:
                        self.assertFalse(cell.hyperlink, cell.value)
                        if cell.data_type == "f":
                            self.assertRegex(cell.value, OURS)
                    shown = [cell.value for cell in cells if cell.data_type == "s"]
                    self.assertIn(self.written(path), [self.unescape(value) for value in shown])

    def written(self, path):
        name, _dot, field = path.partition(".")
        return self.unescape(getattr(self, name)[field])

    def unescape(self, text):
        """Return a text without the white space at its ends, which Odoo's names drop."""
        return text.replace("_x000D_", "\r").strip()

    def test_no_cell_of_a_csv_starts_a_formula(self):
        for kind, text in {**HOSTILE, "line": "\n=1+1", "wide": "＝1+1"}.items():
            self.poison(text)
            with self.subTest(text=kind):
                content = make_csv(self.case).decode("utf-8-sig")
                rows = list(csv.reader(StringIO(content, newline=""), delimiter=";"))
                self.assertEqual({len(row) for row in rows}, {10})
                cells = [cell for row in rows[1:] for cell in row]
                self.assertTrue(cells)
                for cell in cells:
                    if not NUMBER.fullmatch(cell):
                        self.assertNotRegex(cell, r"^[=+@\t\r\n＝＋－＠-]")
                self.assertIn(f"{MARK}name", "".join(cells))

    # -- Files -------------------------------------------------------------------------------------

    def test_the_archive_of_a_file_holds_safe_names_and_true_data(self):
        for name, data in (("mail.eml", b"From: x"), ("photo.jpg", picture())):
            self.add_piece(self.case, "exchange", name, data=data, file_name=name)
        case = self.complete(self.case)
        for kind in ("script", "path", "percent", "long", "rtl", "emoji", "return", "formula"):
            self.poison(HOSTILE[kind])
            with self.subTest(text=kind), ZipFile(BytesIO(self.generate(case))) as archive:
                for name in archive.namelist():
                    self.assertRegex(name, r"^[A-Za-z0-9_.-]{1,80}$")
                whole = text_of(archive.read("Dossier_complet.pdf")).replace("\n", "")
                (apart,) = [name for name in archive.namelist() if name.endswith(".eml")]
                self.assertIn(apart, whole, "The page that stands in for a file names it.")
                data = json.loads(archive.read("dossier.json"))
                self.assertEqual(data["debtor"]["name"], self.partner.name)
                self.assertEqual(data["creditor"]["address"]["street"], self.company.street)
                self.assertEqual(
                    [piece["name"] for piece in data["pieces"]],
                    case._get_included_pieces().mapped("name"),
                )
                self.assertRegex(case.sudo().dossier_id.name, r"^[A-Za-z0-9_.-]{1,80}$")

    def test_every_file_name_stays_one_short_line_in_its_folder(self):
        for kind, text in {**HOSTILE, "header": INJECTED}.items():
            self.poison(text)
            for name in self.file_names():
                with self.subTest(text=kind, name=name[:40]):
                    self.assertLessEqual(len(name), 120)
                    self.assertNotRegex(name, r'[/\\<>:"|?*\x00-\x1f\u202a-\u202e]')
                    self.assertTrue(name.strip(". "))

    def file_names(self):
        """Return the names under which the documents are kept or downloaded."""
        reports = self.env["ir.actions.report"].search([("report_name", "=like", f"{ADDON}.%")])
        named = (
            self.draft_notice,
            self.payment_plan,
            self.insolvency,
            self.first_invoice,
            self.relief,
            self.assignment,
        )
        records = {record._name: record for record in named}
        named = reports.filtered(lambda report: report.print_report_name)
        for report in named:
            record = records[report.model]
            yield safe_eval(report.print_report_name, {"object": record})  # as Odoo does
        yield self.draft_notice._get_letter_filename()
        notes = self.entry_of_penalties._attach_dunning_penalty_files(
            "Note", {self.entry_of_penalties.id: b"%PDF-1.4"}
        )
        yield notes[self.entry_of_penalties].name
        with self.fast_print():
            self.draft_notice.sudo()._store_statement()
        yield self.draft_notice.sudo().statement_id.name

    # -- E-mails and the chatter -------------------------------------------------------------------

    def test_an_e_mail_shows_hostile_texts_and_takes_no_header_from_them(self):
        for number, (kind, text) in enumerate({**HOSTILE, "header": INJECTED}.items()):
            with self.subTest(text=kind):
                partner = self.customer(text, email=f"c{number}@client.example")
                self.poison_number(self.invoice(partner, 6, ref=text), text)
                notice = self.draft(partner)
                self.poison_names(partner, text)
                notice.with_context(lang="fr_FR").action_send()
                mail = notice.mail_id
                self.assertIn(MARK, str(mail.body_html), "The message shows the number.")
                self.assertIn(MARK, mail.subject)
                self.assertFalse(elements(mail.body_html))
                self.assertNotIn(COMPUTED, str(mail.body_html))
                for message in self.built(mail):
                    self.assertNotIn("Bcc", message)
                    self.assertIn(f"c{number}@client.example", message["To"])
                    self.assertNotIn("\n", str(message["Subject"]).replace("\n ", ""))
                traces = self.env["mail.message"].search(
                    [("model", "=", "account.move"), ("res_id", "in", notice.move_ids.ids)]
                )
                self.assertTrue(traces)
                for trace in traces:
                    self.assertFalse(elements(trace.body or ""))

    def poison_number(self, move, text):
        self.env.flush_all()
        self.env.cr.execute(  # as much of it as the index of numbers takes
            "UPDATE account_move SET name = %s WHERE id = %s", (text[:500] + MARK, move.id)
        )
        self.env.invalidate_all()

    def poison_names(self, partner, text):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET name = %s, complete_name = %s, street = %s WHERE id = %s",
            (text + MARK, text + MARK, text + MARK, partner.id),
        )
        self.env.invalidate_all()

    def built(self, mail):
        """Return the messages that a mail would hand to a server."""
        for values in mail._prepare_outgoing_list():
            yield self.env["ir.mail_server"]._build_email__(
                email_from=mail.email_from,
                email_to=values["email_to"],
                subject=values["subject"],
                body=values["body"],
                attachments=values["attachments"],
                headers=values["headers"],
                message_id=mail.message_id,
                subtype="html",
            )

    def test_the_table_names_every_template_of_an_e_mail(self):
        found = self.env["ir.model.data"].search(
            [("model", "=", "mail.template"), ("module", "=", ADDON)]
        )
        self.assertEqual(set(found.mapped("name")), set(TEMPLATES), "Say of what it is rendered.")

    def test_every_template_of_an_e_mail_shows_hostile_texts_as_they_are(self):
        for kind, text in ON_PAPER.items():
            self.poison(text)
            for name, record in TEMPLATES.items():
                record = getattr(self, record).sudo()
                template = self.env.ref(f"{ADDON}.{name}").sudo()
                with self.subTest(text=kind, template=name):
                    vals = template._generate_template(record.ids, ("subject", "body_html"))
                    body = str(vals[record.id]["body_html"])
                    self.assertFalse(elements(body))
                    self.assertNotIn(COMPUTED, body + vals[record.id]["subject"])

    # -- Screens -----------------------------------------------------------------------------------

    def test_what_the_screens_show_as_html_holds_no_element_of_a_text(self):
        call = self.env["account.dunning.call"].create({"partner_id": self.partner.id})
        preview = self.env["account.dunning.preview"].create({"level_id": self.registered.id})
        preview.action_show()
        records = [
            *(self.case, self.sent, self.draft_notice, self.chronology, call, preview),
            *(self.payment_plan, self.insolvency, self.partner, self.first_invoice),
        ]
        for kind, text in ON_PAPER.items():
            self.poison(text)
            for record in records:
                for name, field in record._fields.items():
                    if field.type == "html" and ADDON in field._modules:
                        with self.subTest(text=kind, model=record._name, field=name):
                            self.assertFalse(elements(record[name] or ""))
                            self.assertNotIn(COMPUTED, str(record[name]))

    def test_what_the_debtor_writes_is_text_in_the_to_do_of_his_answer(self):
        self.draft_notice.sudo().message_update({"subject": LINKED})
        note = self.draft_notice.activity_ids.note
        self.assertFalse(html.fromstring(note).xpath("//a | //img | //b"))
        self.assertIn(LINKED, html.fromstring(note).text_content())

    def test_why_a_message_did_not_leave_is_text_in_its_to_do(self):
        self.draft_notice.sudo()._block(f"{LINKED} has no address", self.draft_notice.date)
        note = self.draft_notice.activity_ids.note
        self.assertFalse(html.fromstring(note).xpath("//a | //img | //b"))
        self.assertIn(LINKED, html.fromstring(note).text_content())

    def test_what_a_customer_said_on_the_phone_is_text_in_the_to_do(self):
        call = self.env["account.dunning.call"].create({"partner_id": self.second.id})
        outcome = self.env["account.dunning.call.outcome"].create(
            {"call_id": call.id, "outcome": "refuses", "note": LINKED}
        )
        outcome._follow_refuses()
        self.assertFalse(
            html.fromstring(call.activity_ids.sorted("id")[-1].note).xpath("//a | //img | //b")
        )

    def test_an_activity_quotes_a_hostile_name_as_text(self):
        hold = self.hold(self.second)
        for kind in ("script", "attribute", "qweb", "braces"):
            self.poison(HOSTILE[kind])
            with self.subTest(text=kind):
                note = str(hold._render_sleeping({"Holds": hold, "Disputes": self.first_invoice}))
                self.assertFalse(elements(note))
