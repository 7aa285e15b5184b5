"""General terms: versions, who accepted which, and what a court file takes of them."""

from base64 import b64encode
from hashlib import sha256

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..case_common import CaseCommon, pdf


@tagged("post_install", "-at_install")
class TestGeneralTerms(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Terms = cls.env["account.dunning.terms"]
        cls.old = cls.version("2024", "2024-01-01")
        cls.new = cls.version("2026", "2026-03-01", rate_clause="BCE + 10 points")

    @classmethod
    def version(cls, name, date_from, **values):
        file = b64encode(pdf(f"terms {name}"))
        values |= {"company_id": cls.company.id, "file": file, "file_name": f"cgv-{name}.pdf"}
        return cls.Terms.create({"name": name, "date_from": date_from, **values})

    def accept(self, terms, on, user=None, **values):
        model = self.env["account.dunning.terms.acceptance"].with_user(user or self.biller)
        return model.create(
            {"terms_id": terms.id, "partner_id": self.partner.id, "date": on, **values}
        )

    def test_a_version_is_known_by_its_sum_and_its_day(self):
        self.assertEqual(self.new.checksum, sha256(pdf("terms 2026")).hexdigest())
        for on, expected in (
            ("2023-12-31", self.Terms),
            ("2026-02-28", self.old),
            ("2026-03-01", self.new),
        ):
            self.assertEqual(self.Terms._get_in_force(self.company, on), expected)

    def test_what_was_accepted_stays_as_it_was(self):
        manager = self.new.with_user(self.manager)
        manager.name = "2026 a"
        self.accept(self.new, "2026-03-02")
        others = {"name": "Other", "file": b64encode(pdf("other")), "rate_clause": "15 %"}
        for name, value in others.items():
            with self.assertRaises(AccessError):
                manager.write({name: value})
        manager.on_quotations = True
        with self.assertRaises(ValidationError):
            self.accept(self.new, "2026-06-02")
        acceptance = self.accept(self.old, "2025-01-01")
        with self.assertRaises(AccessError):
            acceptance.write({"date": "2025-02-02"})
        with self.assertRaises(AccessError):
            acceptance.unlink()

    def test_an_invoice_tells_that_the_terms_in_force_are_not_accepted(self):
        self.company.dunning_mentions = True
        move = self.invoice(self.partner, "2026-05-20", post=False)

        def told():
            move.invalidate_recordset(["dunning_findings"])
            return "has not accepted" in (move.dunning_findings or "")

        self.assertTrue(told())
        self.accept(self.old, "2025-01-01")
        self.assertTrue(told(), "an earlier version")
        self.accept(self.new, "2026-03-02")
        self.assertFalse(told())

    def test_a_court_file_takes_the_version_that_was_accepted_before_the_invoice(self):
        case = self.prepare_case(self.first_invoice)  # of 29 January
        terms = case.piece_ids.filtered(lambda piece: piece.category == "terms")
        self.assertEqual(terms.key, "company:terms")
        self.accept(self.new, "2026-03-02")
        signed = b64encode(pdf("signed"))
        self.accept(self.old, "2025-01-01", file=signed, file_name="signed.pdf")
        with self.fast_print():
            case.action_gather()
        terms = case.piece_ids.filtered(lambda piece: piece.category == "terms")
        self.assertEqual(len(terms), 2)
        self.assertTrue(all("2024" in name for name in terms.mapped("name")))
        self.assertEqual(terms.attachment_id.mapped("raw"), [pdf("terms 2024"), pdf("signed")])
