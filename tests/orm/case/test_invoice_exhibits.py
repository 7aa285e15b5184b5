"""The exhibit is the invoice as it was sent; a reprint says that it is one."""

from io import BytesIO
from unittest.mock import patch

from odoo.addons.account_dunning_fr.models.common import ir_actions_report_engine
from odoo.tests import new_test_user, tagged
from odoo.tools.pdf import PdfReader, PdfWriter

from ..case_common import CaseCommon, pdf


def printed_by(producer, creator="wkhtmltopdf 0.12.6", text="Invoice"):
    """Return a PDF that says which program made it."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf(text))))
    writer.add_metadata({"/Creator": creator, "/Producer": producer})
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestInvoiceExhibits(CaseCommon):
    prints_invoices = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.dunning_lang = "en_US"
        cls.startClassPatcher(
            patch.object(
                type(cls.env["account.dunning.case"]),
                "_get_dunning_print_lang",
                lambda _case: "en_US",
            )
        )

    # -- As it was sent ----------------------------------------------------------------------------

    def number(self, move):
        return move.name.replace("/", "_")

    def hold(self, move, data):
        """Give an invoice its PDF, as Odoo does when it is sent."""
        file = self.attachment(move, f"{self.number(move)}.pdf", data)
        file.res_field = "invoice_pdf_report_file"
        move.invalidate_recordset(["invoice_pdf_report_id"])
        return file

    def send_by_mail(self, move, data, author=None, **values):
        """Write to the customer with a file of its own, as Odoo's wizard does."""
        return move.with_user(author or self.manager).message_post(
            body="Your invoice",
            partner_ids=self.partner.ids,
            attachments=[(values.pop("name", f"{self.number(move)}.pdf"), data)],
            message_type=values.pop("message_type", "comment"),
            **values,
        )

    def reset(self, move):
        """Reset an invoice to draft and post it again: Odoo takes its PDF out of its field."""
        move = move.sudo()
        move.button_draft()
        move.action_post()
        self.assertFalse(move.invoice_pdf_report_id)

    def exhibit(self, move):
        return move._get_dunning_sent_file().sudo().raw

    def test_the_exhibit_is_found_again_after_a_reset_to_draft(self):
        for case in ("held", "sent by mail", "both", "sent again"):
            move = self.invoice(self.partner, "2026-02-10", 100)
            sent = pdf(f"as sent, {case}")
            if case != "sent by mail":
                self.hold(move, sent)
            if case != "held":
                self.send_by_mail(move, sent)
            self.reset(move)
            if case == "sent again":
                sent = pdf("corrected")
                self.hold(move, sent)
                self.send_by_mail(move, sent)
                self.reset(move)
            with self.subTest(case=case):
                self.assertEqual(self.exhibit(move), sent)

    def test_what_was_sent_comes_before_what_was_printed_since(self):
        move = self.invoice(self.partner, "2026-02-10", 100)
        sent = pdf("as sent")
        self.hold(move, sent)
        self.send_by_mail(move, sent)
        self.reset(move)
        self.hold(move, pdf("printed since"))
        self.assertEqual(self.exhibit(move), sent)

    def test_a_file_that_was_not_sent_as_the_invoice_is_no_exhibit(self):
        portal = new_test_user(self.env(su=True), "debtor_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.partner
        move = self.invoice(self.partner, "2026-02-10", 100)
        forged, name = pdf("forged"), f"{self.number(move)}.pdf"
        message = self.send_by_mail(move, forged, message_type="email")
        message.sudo().author_id = self.partner
        message = self.send_by_mail(move, forged)
        message.sudo().author_id = portal.partner_id
        for readers in ([], self.manager.partner_id.ids):  # a note among colleagues is not sent
            move.with_user(self.manager).message_post(
                body="Annotated", partner_ids=readers, attachments=[(name, forged)]
            )
        self.send_by_mail(move, forged, name="Delivery note.pdf")
        self.send_by_mail(move, forged, name=f"{self.number(move)}0.pdf")
        self.attachment(move, f"{name}", pdf("a person's own file"))
        self.assertFalse(move._get_dunning_sent_file())

    def test_a_customer_receives_again_what_he_was_sent(self):
        move = self.invoice(self.partner, "2026-02-10", 100)
        sent = pdf("as sent")
        self.send_by_mail(move, sent)
        self.reset(move)
        self.assertEqual(move._get_dunning_document(self.first_invoice).sudo().raw, sent)

    def test_the_file_the_chronology_and_the_proof_of_sending_show_what_was_sent(self):
        sent = pdf("as sent")
        self.hold(self.first_invoice, sent)
        self.send_by_mail(self.first_invoice, sent)
        self.reset(self.first_invoice)
        case = self.prepare_case()
        piece = self.piece(case, self.first_invoice)
        self.assertEqual(piece.sudo().attachment_id.raw, sent)
        self.assertFalse(piece.reprinted_on)
        (sending,) = case.document_ids._get_sendings(case)
        self.assertEqual(sending["move"], self.first_invoice)
        events = self.env["account.dunning.chronology"]._get_events(
            self.partner, self.company, self.first_invoice
        )
        (issued,) = [event for event in events if event.kind == "invoice"]
        self.assertEqual(issued.proofs.sudo().raw, sent)

    # -- A reprint ---------------------------------------------------------------------------------

    def piece(self, case, move):
        return case.piece_ids.filtered(lambda p: p.move_id == move and p.category == "invoice")

    def page(self, case, kind):
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            f"account_dunning_fr.report_case_{kind}", case.ids
        )
        return page.decode()

    def test_a_reprint_says_that_it_is_one_and_is_no_true_copy(self):
        case = self.prepare_case()
        self.assertIn("true to the originals.", self.page(case, "request"))
        piece = self.piece(case, self.first_invoice)
        self.assertEqual(piece.state, "missing")
        with self.fast_print():
            piece.action_mend()
        self.assertEqual(self.printed, ["account_dunning_fr.report_invoice_copy"])
        self.assertEqual(str(piece.reprinted_on), "2026-06-01")
        self.assertIn("reprint of", self.page(case, "bordereau"))
        request = self.page(case, "request")
        self.assertNotIn("true to the originals.", request)
        self.assertIn("true to the originals, except", request)

    def test_what_was_sent_takes_the_place_of_its_reprint(self):
        case = self.prepare_case()
        piece = self.piece(case, self.first_invoice)
        with self.fast_print():
            piece.action_mend()
            sent = pdf("as sent")
            self.send_by_mail(self.first_invoice, sent)
            case.action_gather()
        self.assertEqual(piece.sudo().attachment_id.raw, sent)
        self.assertFalse(piece.reprinted_on)

    # -- Without the patched Qt --------------------------------------------------------------------

    def test_an_invoice_without_its_letterhead_is_told_and_a_complete_copy_put_beside_it(self):
        self.hold(self.first_invoice, printed_by("Qt 5.15.15"))
        self.hold(self.second_invoice, printed_by("Qt 4.8.7"))
        case = self.prepare_case()
        piece = self.piece(case, self.first_invoice)
        other = self.piece(case, self.second_invoice)
        self.assertEqual((piece.is_headless, other.is_headless), (True, False))
        self.assertIn("without its letterhead", self.page(case, "bordereau"))
        with self.fast_print():
            piece.action_print_copy()
            piece.action_print_copy()
            case.action_gather()
        copy = self.piece(case, self.first_invoice) - piece
        self.assertEqual(len(copy), 1)
        self.assertEqual(copy.number, piece.number + 1)
        self.assertTrue(copy.reprinted_on)
        self.assertFalse(copy.is_headless)
        with self.assertRaisesRegex(Exception, "without its letterhead"):
            other.action_print_copy()

    def test_the_page_before_switching_on_tells_it(self):
        golive = self.env["account.dunning.golive"].create({"company_id": self.company.id})
        for patched in (True, False):
            info = ir_actions_report_engine._wkhtml()._replace(is_patched_qt=patched)
            with (
                self.subTest(patched=patched),
                patch.object(ir_actions_report_engine, "_wkhtml", lambda info=info: info),
            ):
                golive.invalidate_recordset(["print_warning"])
                self.assertEqual("patched Qt" in (golive.print_warning or ""), not patched)

    def test_the_complete_copy_names_all_that_the_invoice_says(self):
        move = self.first_invoice
        move.sudo().write(
            {"ref": "PO 77", "narration": "<p>No discount.</p>", "invoice_origin": "SO 12"}
        )
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("account_dunning_fr.report_invoice_copy", move.ids)
        reader = PdfReader(BytesIO(content))
        text = " ".join(page.extract_text() for page in reader.pages)
        for said in (
            "Atelier Test",
            "12 rue de l’Exemple",
            self.partner.name,
            "75008 Paris",
            move.name,
            "5,000.00",
            "PO 77",
            "SO 12",
            "No discount.",
            "Reprint of",
        ):
            with self.subTest(said=said):
                self.assertIn(said, " ".join(text.split()))
        self.assertIn(move.name.replace("/", "-"), reader.metadata["/Title"])
