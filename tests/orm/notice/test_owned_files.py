"""Files are read with the reader's own rights: a record shows, sends and prints only its own.

A pointer to a file (``attachment_id``, ``signed_id``, ``letter_id`` …) is put here as a restored or
tampered database would: with full rights.
"""

from base64 import b64decode, b64encode
from contextlib import suppress
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..case_common import CaseCommon, pdf

SECRET = b"SALARIES OF ANOTHER COMPANY"
UPLOADS = "odoo.addons.account_dunning_fr.models.notice.ir_attachment.UPLOAD_MOST"


@tagged("post_install", "-at_install")
class TestOwnedFiles(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.new_user("owned_sender", "account_dunning_fr.group_dunning_user")
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})

    def secrets(self, record):
        """Return files that are not a record's own, by what is wrong with them."""
        other_model = self.env["res.company"].browse(record.id)
        values = {
            "of another company": {
                "res_model": "res.company",
                "res_id": self.other_company.id,
                "company_id": self.other_company.id,
            },
            "of no record": {},
            "of the same id in another model": {
                "res_model": other_model._name,
                "res_id": record.id,
            },
            "of another record of the model": {
                "res_model": record._name,
                "res_id": record.id + 1000,
            },
        }
        files = self.env["ir.attachment"].sudo()
        return {
            kind: files.create({"name": "salaries.pdf", "raw": SECRET, **owner})
            for kind, owner in values.items()
        }

    def of_the_invoice(self):
        return {"res_model": "account.move", "res_id": self.first_invoice.id}

    def point(self, record, field, attachment):
        """Let a field point to a file, whatever guards it."""
        self.env.flush_all()
        self.env.cr.execute(
            f'UPDATE "{record._table}" SET "{field}" = %s WHERE id = %s', (attachment.id, record.id)
        )
        self.env.invalidate_all()

    # -- Pieces ------------------------------------------------------------------------------------

    def test_a_piece_shows_no_file_but_its_own(self):
        case = self.prepare_case()
        piece = self.add_piece(case, "exchange")
        self.assertEqual(b64decode(piece.read(["file"])[0]["file"]), pdf("exchange"))
        for kind, secret in self.secrets(piece).items():
            with self.subTest(kind):
                self.point(piece, "attachment_id", secret)
                self.assertEqual(piece.read(["file", "file_name"])[0]["file"], False)
                self.assertFalse(piece.sudo()._get_contents()[piece])

    def test_a_billing_user_reads_no_file_by_pointing_a_piece_or_a_plan_to_it(self):
        case = self.prepare_case()
        piece = {"case_id": case.id, "name": "x", "category": "exchange"}
        plan = {"partner_id": self.partner.id, "first_date": "2026-06-10"}
        pointers = (
            ("account.dunning.case.piece", "attachment_id", "file", piece),
            ("account.dunning.payment.plan", "signed_id", "signed_file", plan),
        )
        for model, pointer, file, values in pointers:
            records = self.env[model].with_user(self.biller)
            own = records.create(values)
            for kind, secret in self.secrets(own).items():
                with self.subTest(model=model, kind=kind):
                    with suppress(AccessError, UserError), self.env.cr.savepoint():
                        own.write({pointer: secret.id})
                    self.assertFalse(own.read([file])[0][file])
                    with suppress(AccessError, UserError), self.env.cr.savepoint():
                        other = records.create({**values, pointer: secret.id})
                        self.assertFalse(other.read([file])[0][file])

    def test_gathering_copies_a_document_to_its_piece(self):
        source = self.attachment(self.first_invoice, "order.pdf", pdf("order"))
        self.first_invoice.message_post(body="Reply", attachment_ids=source.ids)
        case = self.prepare_case()
        pieces = case.sudo().piece_ids.filtered("attachment_id")
        self.assertTrue(pieces)
        for piece in pieces:
            own = piece.attachment_id
            self.assertEqual((own.res_model, own.res_id), (piece._name, piece.id), piece.name)
        standing = pieces.filtered(lambda piece: piece.category == "terms")
        self.assertEqual(standing.attachment_id.raw, pdf("terms"))

    def test_a_document_that_changes_elsewhere_changes_no_piece_until_it_is_gathered_again(self):
        case = self.prepare_case()
        piece = case.sudo().piece_ids.filtered(lambda piece: piece.category == "terms")
        first = piece.attachment_id
        with self.fast_print():
            case.action_gather()
        self.assertEqual(piece.attachment_id, first, "the same document is not copied twice")
        self.company.sudo().dunning_terms_file = b64encode(pdf("new terms"))
        self.assertEqual(piece.attachment_id.raw, pdf("terms"))
        with self.fast_print():
            case.action_gather()
        self.assertEqual(piece.attachment_id.raw, pdf("new terms"))
        self.assertFalse(first.exists(), "what took its place is not kept twice")

    def test_the_filestore_keeps_one_content_of_a_document_and_its_copy(self):
        source = self.attachment(self.first_invoice, "order.pdf", pdf("a document of some size", 3))
        copied = source._copy_dunning_to(self.partner)
        self.assertEqual(copied.raw, source.raw)
        self.assertEqual(
            (copied.checksum, copied.store_fname), (source.checksum, source.store_fname)
        )

    # -- Payment plans -----------------------------------------------------------------------------

    def test_a_plan_shows_no_agreement_but_its_own(self):
        plan = self.env["account.dunning.payment.plan"].with_user(self.biller)
        plan = plan.create({"partner_id": self.partner.id, "first_date": "2026-06-10"})
        plan.write({"signed_name": "agreement.pdf", "signed_file": b64encode(pdf("agreement"))})
        self.assertEqual(b64decode(plan.read(["signed_file"])[0]["signed_file"]), pdf("agreement"))
        for kind, secret in self.secrets(plan).items():
            with self.subTest(kind):
                self.point(plan, "signed_id", secret)
                for reader in (plan, plan.sudo()):
                    self.assertEqual(reader.read(["signed_file"])[0]["signed_file"], False)
                self.assertFalse(plan.sudo()._get_signed_file())

    # -- Messages ----------------------------------------------------------------------------------

    def printed(self):
        """Return a message whose letter is printed, and its file."""
        notice = self.draft(self.partner)
        notice.sudo().send_letter = True
        notice.with_user(self.sender)._print_letters()
        return notice, notice.sudo().letter_id

    def test_a_message_gives_out_no_letter_but_its_own_unchanged(self):
        notice, letter = self.printed()
        self.assertEqual(notice._get_letter_contents()[0], letter.raw)
        for kind, secret in self.secrets(notice).items():
            with self.subTest(kind):
                self.point(notice, "letter_id", secret)
                for give in (notice._get_letter_contents, notice._get_attachments):
                    with self.assert_refused(UserError, "not given out"):
                        give()
        self.point(notice, "letter_id", letter)
        letter.sudo().raw = b"another letter"
        with self.assert_refused(UserError, "not given out"):
            notice._get_letter_contents()

    def test_what_a_person_encloses_becomes_the_message_s_own(self):
        notice = self.draft(self.partner).with_user(self.biller)
        files = self.env["ir.attachment"].with_user(self.biller)
        fresh = files.create({"name": "fresh.txt", "raw": b"fresh"})
        other = files.create({"name": "o.txt", "raw": b"o", **self.of_the_invoice()})
        notice.own_attachment_ids = fresh | other
        own = notice.sudo().own_attachment_ids
        self.assertEqual(set(own.mapped("name")), {"fresh.txt", "o.txt"})
        self.assertEqual(own._filter_dunning_owned(notice), own)
        self.assertIn(fresh, own)
        other.raw = b"changed meanwhile"
        self.assertEqual({file.raw for file in own}, {b"fresh", b"o"})

    def test_an_enclosure_that_is_not_the_message_s_own_neither_leaves_nor_is_named(self):
        notice = self.draft(self.partner)
        for kind, secret in self.secrets(notice).items():
            with self.subTest(kind):
                self.env.flush_all()
                self.env.cr.execute(
                    "INSERT INTO account_dunning_notice_own_attachment_rel VALUES (%s, %s)",
                    (notice.id, secret.id),
                )
                self.env.invalidate_all()
                self.assertNotIn(secret, notice._get_attachments())
                self.assertNotIn("salaries", str(notice.message_html))

    # -- Proofs ------------------------------------------------------------------------------------

    def registered_letter(self):
        level = self.registered
        notice = self.history(level, "2026-05-01", self.first_invoice)
        letters = self.env["account.dunning.registered"].sudo()
        return letters.create({"notice_id": notice.id, "kind": "lrar"}).with_user(self.biller)

    def test_no_proof_is_made_of_a_file_that_one_may_not_read(self):
        letter = self.registered_letter()
        for kind, secret in self.secrets(letter.notice_id).items():
            with self.subTest(kind), self.assertRaises(AccessError), self.env.cr.savepoint():
                letter.deposit_ids = [Command.link(secret.id)]
        self.assertFalse(letter.sudo().proof_ids)

    def test_a_proof_is_a_file_of_the_letter_or_of_its_message(self):
        letter = self.registered_letter()
        files = self.env["ir.attachment"].with_user(self.biller)
        mine = files.create({"name": "receipt.pdf", "raw": pdf("receipt")})
        elsewhere = files.create(
            {
                "name": "scan.pdf",
                "raw": pdf("scan"),
                **self.of_the_invoice(),
            }
        )
        letter.deposit_ids = [Command.link(mine.id), Command.link(elsewhere.id)]
        filed = letter.sudo().proof_ids.attachment_id
        self.assertEqual(set(filed.mapped("raw")), {pdf("receipt"), pdf("scan")})
        owned = filed._filter_dunning_owned(letter)
        self.assertEqual(owned | filed._filter_dunning_owned(letter.notice_id), filed)
        self.assertNotIn(elsewhere, filed)

    # -- What is uploaded --------------------------------------------------------------------------

    def test_a_file_that_is_too_large_is_refused_with_the_limit(self):
        case = self.prepare_case()
        plan = self.env["account.dunning.payment.plan"].with_user(self.biller)
        plan = plan.create({"partner_id": self.partner.id, "first_date": "2026-06-10"})
        notice, letter = self.draft(self.partner), self.registered_letter()
        files = self.env["ir.attachment"].with_user(self.biller)
        large = b"%PDF-1.4 " + b"x" * 2000
        encoded = b64encode(large)

        def attach(record, **values):
            owner = {"res_model": record._name, "res_id": record.id}
            return files.create({"name": "large.pdf", "raw": large, **owner, **values})

        uploads = {
            "a piece": lambda: self.add_piece(case, "exchange", data=large),
            "a signed agreement": lambda: plan.write({"signed_file": encoded}),
            "an enclosure": lambda: attach(notice),
            "an enclosure of a message not saved yet": lambda: attach(notice, res_id=0),
            "a proof": lambda: attach(letter),
            "a proof in base64": lambda: attach(letter, raw=False, datas=encoded),
            "the terms of the creditor": lambda: self.company.write(
                {"dunning_terms_file": encoded}
            ),
            "a list of numbers": lambda: (
                self.env["account.dunning.registered.entry"]
                .with_user(self.biller)
                .create({"company_id": self.company.id, "csv_file": encoded})
            ),
        }
        with patch(UPLOADS, 0.001):
            for what, upload in uploads.items():
                with self.subTest(what), self.assert_refused(UserError, "more than 0.001 MB"):
                    upload()
        for what, upload in uploads.items():
            with self.subTest(f"{what}, under the limit"):
                upload()

    def test_what_the_software_makes_may_be_larger(self):
        case = self.ready_case()
        with patch(UPLOADS, 0.001):
            self.assertTrue(self.generate(case))
