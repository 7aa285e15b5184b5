"""The file of a guarded field is guarded where Odoo keeps it too: among the attachments."""

from base64 import b64encode

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..case_common import CaseCommon, pdf


@tagged("post_install", "-at_install")
class TestGuardedFiles(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user("files_manager", "account_dunning_fr.group_dunning_manager")
        cls.files = cls.env["ir.attachment"].with_user(cls.manager)
        cls.content = b64encode(pdf("as it came"))

    def make(self, model, **values):
        return self.env[model].with_user(self.manager).create({"file": self.content, **values})

    def facts(self):
        """Return records whose document nobody replaces: facts, and terms that were accepted."""
        judged = self.env["account.dunning.insolvency"].create(
            {"partner_id": self.partner.id, "date_opening": "2026-05-20"}
        )
        terms = self.make("account.dunning.terms", name="2024", date_from="2024-01-01")
        accepted = {"terms_id": terms.id, "partner_id": self.partner.id, "date": "2025-01-01"}
        return [
            self.make(
                "account.dunning.insolvency.step",
                insolvency_id=judged.id,
                kind="contested",
                date="2026-05-29",
            ),
            self.make("account.dunning.terms.acceptance", **accepted),
            terms,
            self.make(
                "account.dunning.check", partner_id=self.partner.id, kind="identity", result="Seen"
            ),
        ]

    def file_of(self, record):
        place = {"res_model": record._name, "res_id": record.id, "res_field": "file"}
        domain = [(name, "=", value) for name, value in place.items()]
        return self.files.sudo().search(domain).with_user(self.manager), place

    def test_no_attachment_opens_what_the_field_refuses(self):
        for record in self.facts():
            file, place = self.file_of(record)
            self.assertEqual(len(file), 1)
            own = self.files.create({"name": "own.pdf", "raw": pdf("another")})
            for what, change in (
                ("raw", lambda file=file: file.write({"raw": pdf("another")})),
                ("datas", lambda file=file: file.write({"datas": b64encode(pdf("another"))})),
                ("link", lambda file=file: file.write({"type": "url", "url": "https://x.example"})),
                ("unlink", lambda file=file: file.unlink()),
                ("moved in", lambda own=own, place=place: own.write(place)),
                ("moved out", lambda file=file: file.write({"res_field": False})),
                (
                    "created",
                    lambda place=place: self.files.create(
                        {"name": "new.pdf", "raw": pdf("another"), **place}
                    ),
                ),
            ):
                with self.subTest(model=record._name, what=what):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        change()
                    record.invalidate_recordset()
                    self.assertEqual(record.file, self.content)

    def test_what_may_be_written_is_written_in_the_field_with_its_sum(self):
        terms = self.make("account.dunning.terms", name="2024", date_from="2024-01-01")
        before, (file, _place) = terms.checksum, self.file_of(terms)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            file.write({"raw": pdf("corrected")})
        terms.file = b64encode(pdf("corrected"))
        self.assertEqual(file.raw, pdf("corrected"))
        self.assertNotEqual(terms.checksum, before)

    def test_who_deletes_a_record_deletes_its_file(self):
        check = self.facts()[-1]
        file, _place = self.file_of(check)
        check.unlink()
        self.assertFalse(file.exists())
