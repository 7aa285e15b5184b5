"""The ZIP opened and read back: names, texts, sums, bordereau, hashes, and the same bytes twice."""

import csv
import hashlib
import json
from collections import Counter
from datetime import date
from errno import ENOSPC
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from zipfile import ZipFile

from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter

from odoo.addons.account_dunning_fr.models.case import (
    account_dunning_case_archive,
    account_dunning_case_document,
)
from odoo.addons.account_dunning_fr.models.case.account_dunning_case_document import REPORTS
from odoo.addons.account_dunning_fr.models.case.account_dunning_case_piece import MADE
from odoo.addons.account_dunning_fr.models.case.case_data import guard
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..case_common import CaseCommon, pdf
from ..penalty.test_penalties_statement import plain
from ..printed import read_pages


def text_of(data):
    return "\n".join(read_pages(data))


def picture():
    stream = BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(stream, "JPEG")
    return stream.getvalue()


def locked():
    writer = PdfWriter()
    writer.append(BytesIO(pdf("secret")))
    writer.encrypt("password")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestCaseExport(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_case")

    def make_case(self):
        self.case = self.ready_case()

    def files(self, data=None):
        with ZipFile(BytesIO(data or self.generate(self.case))) as archive:
            self.assertIsNone(archive.testzip())
            return {name: archive.read(name) for name in archive.namelist()}

    # -- What it holds -----------------------------------------------------------------------------

    def test_the_archive_holds_a_file_a_piece_and_what_goes_with_them(self):
        files = self.files()
        pieces = self.case._get_included_pieces()
        numbered = [name for name in files if name[:2].isdigit() and name[:2] != "00"]
        self.assertEqual(len(numbered), len(pieces))
        self.assertEqual([int(name[:2]) for name in numbered], pieces.mapped("number"))
        for name in ("00_Bordereau.pdf", "Dossier_complet.pdf", "Decompte.xlsx", "Decompte.csv"):
            self.assertIn(name, files)
        letters = [name for name in files if name[1] == "_"]
        self.assertEqual([name[0] for name in letters], ["A", "B", "C", "D", "E"])

    def test_the_pieces_are_the_documents_byte_for_byte(self):
        files = self.files()
        for piece in self.case._get_included_pieces():
            (name,) = [name for name in files if name.startswith(f"{piece.number:02}_")]
            self.assertEqual(files[name], piece.attachment_id.raw)

    def test_the_manifest_is_true(self):
        files = self.files()
        lines = files.pop("MANIFESTE-SHA256.txt").decode().splitlines()
        expected = {f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items()}
        self.assertEqual(set(lines), expected)

    def test_the_whole_is_stamped_numbered_and_bookmarked(self):
        scanned = self.add_piece(self.case, "order", data=pdf("contract", pages=3))
        reader = PdfReader(BytesIO(self.files()["Dossier_complet.pdf"]))
        pieces = self.case._get_included_pieces()
        titles = [item.title for item in reader.outline]
        self.assertEqual(len(titles), 2 + len(pieces))
        count = len(reader.pages)
        target = reader.outline[2 + scanned.number - 1].raw_get("/Page").idnum
        numbers = [page.indirect_reference.idnum for page in reader.pages]
        first = numbers.index(target)
        for page in range(first, first + 3):
            text = reader.pages[page].extract_text()
            self.assertRegex(text, rf"(Piece no\.|Pièce n°).{scanned.number}\b")
            self.assertIn(f"page {page + 1}", text)
            self.assertIn(str(count), text)
            self.assertIn("contract p", text)

    def test_the_sums_are_equal_everywhere(self):
        case, files = self.case, self.files()
        data = json.loads(files["dossier.json"])
        claim = data["claim"]
        self.assertEqual(float(claim["principal"]), case.amount_principal)
        self.assertEqual(float(claim["total"]), case.amount_total)
        ledger = sum(self.items(self.first_invoice, self.second_invoice).mapped("amount_residual"))
        self.assertEqual(sum(float(item["principal"]) for item in claim["items"]), ledger)
        cents = [float(s["interest"]) for item in claim["items"] for s in item["segments"]]
        self.assertEqual(round(sum(cents), 2), case.amount_interest)
        rows = list(csv.reader(StringIO(files["Decompte.csv"].decode("utf-8-sig")), delimiter=";"))
        interest = sum(float(row[-1].replace(",", ".")) for row in rows[1:])
        self.assertEqual(round(interest, 2), case.amount_interest)
        sheet = load_workbook(BytesIO(files["Decompte.xlsx"])).active
        bases = [row[5] for row in sheet.iter_rows(min_row=2, values_only=True) if row[5]]
        self.assertEqual(sorted(bases), [2000, 3000, 5000])

    def test_the_data_follow_the_documented_schema(self):
        data = json.loads(self.files()["dossier.json"])
        self.assertEqual((data["schema"], data["version"]), ("account_dunning_fr/dossier", "1.3"))
        self.assertEqual(
            set(data),
            {
                "schema",
                "version",
                "reference",
                "date",
                "route",
                "court",
                "creditor",
                "debtor",
                "claim",
                "instructions",
                "pieces",
            },
        )
        self.assertEqual(data["creditor"]["siren"], "552100554")
        self.assertEqual(data["debtor"]["address"]["zip"], "75008")
        self.assertEqual(data["court"]["code"], "tc_paris")
        for piece, record in zip(data["pieces"], self.case._get_included_pieces(), strict=True):
            self.assertEqual(piece["number"], record.number)
            self.assertEqual(piece["sha256"], hashlib.sha256(record.attachment_id.raw).hexdigest())

    # -- The documents -----------------------------------------------------------------------------

    def page(self, kind):
        report = self.env["ir.actions.report"].with_context(lang="en_US")
        self.patch(type(self.case), "_get_dunning_print_lang", lambda _case: "en_US")
        reference = f"account_dunning_fr.report_case_{kind}"
        return plain(report._render_qweb_html(reference, self.case.ids)[0].decode())

    def test_the_request_asks_for_the_capitalisation_of_interest_only_where_it_is_chosen(self):
        before = (self.page("request"), self.case.amount_total)
        self.assertNotIn("1343-2", before[0])
        self.case.asks_capitalisation = True
        asked = self.page("request")
        self.assertIn("the capitalisation of interest", asked)
        self.assertIn("article 1343-2 of the civil code", asked)
        self.assertEqual(self.case.amount_total, before[1])
        self.case.asks_capitalisation = False
        self.assertEqual((self.page("request"), self.case.amount_total), before)

    def test_the_request_bears_every_mention_of_the_law(self):
        text = self.page("request")
        case = self.case
        for mention in (
            case.court_id.name,  # CPC 54 1°
            "ordered to pay the sum of",  # 54 2°
            "SAS",  # 54 3°: form, name, seat, organ
            "Atelier Test",
            "12 rue de l’Exemple",
            "La présidente",
            "Menuiserie",  # 57: debtor and seat
            "1 rue du Débiteur",
            "404 833 048",
            "1405",  # 1407: ground
            "7,281.06",  # 1407: sum and its elements
            "7,000.00",
            "201.06",
            "80.00",
            "L. 441-10 II",
            "until full payment",
            "2.33",  # a day more: 7 000 at 12.15 %
            "article 1408",
            "costs of the proceedings",
            "Signature",
        ):
            self.assertIn(mention, text)
        for piece in case._get_included_pieces():
            self.assertIn(plain(piece.name), text)
        self.assertIn("2 Jun 2026", text)

    def test_a_consumer_is_asked_for_no_indemnity(self):
        self.partner.write({"dunning_regime": "b2c", "is_company": False})
        late = self.invoice(self.partner, "2026-01-31", 850)
        self.history(self.formal_notice, "2026-04-01", late)
        self.case = self.prepare_case(late)
        text = self.page("request")
        self.assertIn("1231-6", text)
        for forbidden in ("L. 441-10", "Flat indemnit", "D. 441-5"):
            self.assertNotIn(forbidden, text)
        self.assertIn("judicial court", dict(self.case._fields["route"].selection)[self.case.route])

    def test_the_bordereau_is_the_files(self):
        self.add_piece(self.case, "exchange", "Photo", data=picture(), file_name="photo.jpg")
        text = self.page("bordereau")
        for piece in self.case._get_included_pieces():
            self.assertIn(plain(piece.name), text)
        self.assertEqual(text.count("(scan)"), 2)  # the piece, and the note that explains it

    def test_the_statement_totals_are_those_of_the_request(self):
        self.generate(self.case)
        text = self.page("statement")
        for amount in ("7,281.06", "154.79", "14.98", "31.29", "80.00"):
            self.assertIn(amount, text)
        account = self.page("account")
        self.assertIn("This balance is the principal claimed.", account)
        self.assertIn("7,000.00", account)

    def test_every_document_is_made(self):
        for kind in ("data_sheet", "chronology", "mandate", "cover_letter", "sending"):
            with self.subTest(kind=kind):
                self.assertIn("Atelier Test", self.page(kind))
        self.assertIn("12946*02", self.page("data_sheet"))
        self.assertIn(self.first_invoice.name, self.page("chronology"))

    def test_the_sending_of_the_invoices_is_a_piece(self):
        legal = self.attachment(self.first_invoice, "legal.pdf")
        legal.res_field = "invoice_pdf_report_file"
        self.first_invoice.invalidate_recordset(["invoice_pdf_report_id"])
        self.first_invoice.message_post(
            body="Invoice",
            subject="Your invoice",
            partner_ids=self.partner.ids,
            attachment_ids=legal.ids,
            message_type="comment",
        )
        files = self.files()
        self.assertTrue([name for name in files if "Envoi-des-factures" in name])
        text = self.page("sending")
        self.assertIn("Your invoice", text)
        self.assertIn(self.partner.email, text)

    # -- The same bytes ----------------------------------------------------------------------------

    def test_the_same_data_give_the_same_bytes_and_print_nothing_again(self):
        first = self.generate(self.case)
        attachment = self.case.dossier_id
        with self.on("2026-06-09"):
            self.case.invalidate_recordset()
            again = self.generate(self.case)
        self.assertEqual(first, again)
        self.assertEqual(self.case.dossier_id, attachment)
        self.assertFalse(self.printed)

    def _keep_file(self, content):
        with TemporaryDirectory() as folder:
            path = Path(folder, "archive")
            path.write_bytes(content)
            return self.env["ir.attachment"]._attach_dunning_file(
                self.case, "Kept", path, "application/zip"
            )

    def test_a_large_file_is_kept_as_odoo_keeps_bytes(self):
        names = ["raw", "checksum", "file_size", "store_fname", "db_datas", "mimetype", "name"]
        for storage in ("file", "db"):
            with self.subTest(storage):
                self.env["ir.config_parameter"].set_param("ir_attachment.location", storage)
                content = f"kept in the {storage} at {self.case.id}".encode()
                kept = self._keep_file(content)
                kept.invalidate_recordset()
                like = self.env["ir.attachment"]._attach_dunning(
                    self.case, "Kept", content, "application/zip"
                )
                self.assertEqual(kept.raw, content)
                for name in names:
                    self.assertEqual(kept[name], like[name], name)

    def test_a_large_file_takes_no_name_of_another_content(self):
        content = b"a large file and another one under its name"
        kept = self._keep_file(content)
        self.assertEqual(self._keep_file(content).store_fname, kept.store_fname)
        Path(kept._full_path(kept.store_fname)).write_bytes(content[:-1])
        with self.assertRaises(UserError):
            self._keep_file(content)
        Path(kept._full_path(kept.store_fname)).unlink()

    def test_a_large_file_that_a_full_disk_cuts_is_kept_the_next_time(self):
        content = f"too large for a disk at {self.case.id}".encode()

        def cut(_path, target):
            Path(target).write_bytes(content[:5])
            raise OSError(ENOSPC, "No space left on device")

        with patch("shutil.move", cut), self.assertRaises(OSError):
            self._keep_file(content)
        kept = self._keep_file(content)
        kept.invalidate_recordset()
        self.assertEqual(kept.raw, content)
        stored = Path(kept._full_path(kept.store_fname))
        self.assertEqual(list(stored.parent.glob(f"{stored.name}*")), [stored])
        stored.unlink()

    def test_what_changed_is_printed_again(self):
        first = self.generate(self.case)
        self.case.ground = "Another ground"
        second = self.generate(self.case)
        self.assertNotEqual(first, second)
        self.assertEqual(
            set(self.printed),
            {"account_dunning_fr.report_case_request", "account_dunning_fr.report_case_data_sheet"},
        )
        self.assertEqual(self.case.dossier_sha256, hashlib.sha256(second).hexdigest())

    def test_what_names_the_statements_is_printed_with_them(self):
        self.generate(self.case)
        self.case.sudo().partner_id.name += " et fils"  # on all documents
        report = type(self.env["ir.actions.report"])
        run = report._print_dunning_pages
        with patch.object(
            report, "_print_dunning_pages", autospec=True, side_effect=run
        ) as process:
            self.generate(self.case)
        together = [len(call.args[1]) for call in process.call_args_list if call.args[1]]
        self.assertEqual(together, [len(self.printed)])
        self.assertLess({REPORTS["account"], REPORTS["request"]}, set(self.printed))

    def test_the_first_generation_prints_all_in_one_process(self):
        report = type(self.env["ir.actions.report"])
        run = report._print_dunning_pages
        with patch.object(
            report, "_print_dunning_pages", autospec=True, side_effect=run
        ) as process:
            made = self.generate(self.case)
        together = [len(call.args[1]) for call in process.call_args_list if call.args[1]]
        self.assertEqual(together, [len(self.printed)])
        # Nothing that it names was otherwise when it was named.
        self.assertEqual(self.generate(self.case), made)
        self.assertFalse(self.printed)

    def test_another_day_prints_all_in_one_process_too(self):
        self.generate(self.case)
        self.case.date = "2026-05-31"
        report = type(self.env["ir.actions.report"])
        run = report._print_dunning_pages
        with patch.object(
            report, "_print_dunning_pages", autospec=True, side_effect=run
        ) as process:
            made = self.generate(self.case)
        self.assertEqual(len([call for call in process.call_args_list if call.args[1]]), 1)
        self.assertEqual(self.generate(self.case), made)

    def test_a_wrong_guess_of_the_first_generation_names_what_was_printed(self):
        with patch.object(account_dunning_case_archive, "guess_sheets", return_value=7):
            made = self.generate(self.case)
        statements = self.case.piece_ids.filtered(lambda piece: piece.origin == "made")
        self.assertEqual(set(statements.mapped("page_count")), {1})
        self.assertEqual(set(statements.mapped("date")), {self.case.date})
        self.assertEqual(self.generate(self.case), made)
        self.assertFalse(self.printed)

    def test_a_statement_that_is_not_as_foretold_is_named_as_it_is(self):
        self.generate(self.case)
        piece = self.case.piece_ids.filtered(lambda piece: piece.key == f"{MADE}account")
        for name, value in {"page_count": 7, "is_scan": True, "date": date(2020, 1, 1)}.items():
            with self.subTest(name):
                was = piece[name]
                piece._owned().write({name: value})
                self.case.sudo().partner_id.name += " et fils"
                made = self.generate(self.case)
                self.assertEqual(piece[name], was)
                # Where a document named it otherwise, it would be printed again.
                self.assertEqual(self.generate(self.case), made)
                self.assertFalse(self.printed)

    def test_documents_printed_together_are_those_printed_alone(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        if report.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not installed here")
        case, pages = self.case.sudo(), []
        for kind in ("bordereau", "mandate", "chronology"):
            page, _type = report._render_qweb_html(REPORTS[kind], case.ids)
            if kind == "bordereau":  # as of many pieces
                row = b"<tr><td>1</td><td>One more</td><td>Day</td><td>2</td></tr>"
                page = page.replace(b"</tbody>", row * 130 + b"</tbody>", 1)
            pages.append((REPORTS[kind], case.id, page))
        run = type(report)._run_wkhtmltopdf
        with patch.object(
            type(report), "_run_wkhtmltopdf", autospec=True, side_effect=run
        ) as process:
            together = report._print_dunning_pages(pages)
        self.assertEqual(process.call_count, 1)
        for page, (content, kind) in zip(pages, together, strict=True):
            alone, _kind = report._print_dunning_page(*page)
            self.assertEqual(kind, "pdf")
            self.assertEqual(Counter(text_of(content).split()), Counter(text_of(alone).split()))
        sheets = read_pages(together[0][0])
        self.assertGreaterEqual(len(sheets), 4)
        for sheet in sheets:
            self.assertIn("Document", sheet)

    def test_a_list_that_no_sheet_holds_begins_a_sheet_of_its_own(self):
        report, count = self.env["ir.actions.report"], len(self.case._get_included_pieces())
        asked = 'style="page-break-before: always"'

        def request():
            return report._render_qweb_html(REPORTS["request"], self.case.ids)[0].decode()

        self.assertNotIn(asked, request())
        with patch.object(account_dunning_case_document, "SURELY", count):
            self.assertNotIn(asked, request())
        with patch.object(account_dunning_case_document, "SURELY", count - 1):
            before, found, after = request().partition(asked)
        self.assertTrue(found)
        self.assertNotIn(">9. ", before)
        self.assertTrue(after.startswith(">9. "), after[:40])

    def test_a_larger_file_asks_the_database_no_more(self):
        def count(case):
            self.generate(case)  # what is compiled and kept
            case.ground = "Another ground"
            return self.count_queries(self.generate, case)

        def send(move):
            attachment = self.attachment(move, f"{move.name}.pdf".replace("/", "_"))
            move.message_post(
                body="Invoice", partner_ids=self.partner.ids, attachment_ids=attachment.ids
            )

        send(self.first_invoice)
        self.case.action_gather()
        small = count(self.complete(self.case))
        moves = self.invoices(*((self.partner, "2026-02-28", 100 + i) for i in range(6)))
        for move in moves:
            send(move)
        large = self.ready_case(moves)
        self.assertEqual(len(large.document_ids._get_sendings(large)), 6)
        self.assertLessEqual(count(large), small)

    # -- What cannot be shown ----------------------------------------------------------------------

    def test_a_picture_becomes_a_page_and_stays_a_picture(self):
        self.add_piece(self.case, "exchange", "Photo", data=picture(), file_name="photo.JPG")
        files = self.files()
        (name,) = [name for name in files if name.endswith("Photo.pdf")]
        self.assertEqual(len(PdfReader(BytesIO(files[name])).pages), 1)
        data = json.loads(files["dossier.json"])
        self.assertTrue([piece for piece in data["pieces"] if piece["scan"]])

    def test_unreadable_pieces_are_named_and_in_the_folder(self):
        for data, file_name in (
            (b"%PDF-1.4 rubbish", "damaged.pdf"),
            (locked(), "locked.pdf"),
            (b"From: somebody", "mail.eml"),
        ):
            with self.subTest(file_name=file_name):
                piece = self.add_piece(
                    self.case, "exchange", f"Piece {file_name}", data=data, file_name=file_name
                )
                files = self.files()
                (name,) = [name for name in files if name.startswith(f"{piece.number:02}_")]
                self.assertEqual(files[name], data)
                self.assertIn(name, self.case.export_note)
                self.assertIn(name, text_of(files["Dossier_complet.pdf"]).replace("\n", ""))
                piece.with_user(self.manager).sudo().unlink()

    def test_names_are_safe(self):
        self.add_piece(self.case, "exchange", 'Échange : "oui" <2026> | fin.' + "x" * 200)
        for name in self.files():
            self.assertRegex(name, r"^[A-Za-z0-9_.-]{1,80}$")
        self.assertEqual(len({name.lower() for name in self.files()}), len(self.files()))

    def test_two_pieces_of_one_name_are_two_files(self):
        for _copy in range(2):
            self.add_piece(self.case, "exchange", "E-mail")
        self.assertEqual(len([n for n in self.files() if n.endswith("E-mail.pdf")]), 2)

    def test_a_formula_in_a_name_stays_a_text(self):
        self.assertEqual(guard("=1+1"), "'=1+1")
        self.assertEqual(guard("INV/1"), "INV/1")

    # -- Before it leaves --------------------------------------------------------------------------

    def test_the_file_waits_for_what_is_missing(self):
        case = self.prepare_case(self.invoice(self.partner, "2026-04-30", 300))
        with self.assert_refused(UserError, "cannot leave yet"):
            self.generate(case)
        for finding in case.finding_ids.filtered("is_open"):
            finding._accept("Accepted")
        with self.assert_refused(UserError, "Confirm the court"):
            self.generate(case)
        case.action_confirm_court()
        with self.assert_refused(UserError, "Pieces are missing"):
            self.generate(case)

    def test_a_forbidden_file_never_leaves(self):
        self.hold(self.partner, reason="insolvency", claims_before="2026-05-01")
        with self.assert_refused(UserError, "Insolvency"):
            self.generate(self.case)

    def test_only_managers_generate(self):
        with self.assert_refused(AccessError, "dunning managers"):
            self.case.with_user(self.biller).action_generate()
