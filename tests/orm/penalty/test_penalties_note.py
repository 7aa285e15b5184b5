"""The documents of a booking: made after it, once, in the customer's language."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..penalty_common import PenaltyCommon
from ..printed import read_pages

MARCH = "2026-03-31"


@tagged("post_install", "-at_install")
class TestPenaltiesNote(PenaltyCommon):
    def documents(self, entries):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "in", entries.ids)], order="id"
        )

    def test_the_note_and_the_statement_are_attached_once(self):
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        for _run in range(2):
            self.Penalty._document(self.company)
            note, statement = self.documents(entry)
            self.assertEqual(entry.dunning_note_id, note)
        self.assertIn("60.31", note.raw.decode().replace(",", "."))
        self.assertIn("20.31", statement.raw.decode().replace(",", "."))

    def test_the_note_adds_up_and_names_the_invoice(self):
        invoice = self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_penalty_note", entry.ids
        )
        text = html.decode().replace(",", ".")
        for expected in (invoice.name, "20.31", "40.00", "60.31", entry.name):
            self.assertIn(expected, text)

    def test_a_head_that_another_module_changed_is_printed_for_each_document(self):
        """It is shared as long as it is ours: what is added may read the document."""
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.env["ir.ui.view"].create(
            {
                "name": "Sender of another module",
                "type": "qweb",
                "inherit_id": self.env.ref("account_dunning_fr.letter_sender").id,
                "arch": """<xpath expr="//t[@t-call]" position="after">
                    <div>Said by <t t-out="doc.name" /></div>
                </xpath>""",
            }
        )
        self.Penalty._document(self.company)
        for document in self.documents(entry):
            self.assertEqual(document.raw.decode().count(f"Said by {entry.name}"), 1)

    def test_a_draft_entry_has_its_note_once_it_is_posted(self):
        self.company.dunning_post_penalties = False
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        self.Penalty._document(self.company)
        self.assertFalse(entry.dunning_note_id)
        entry.action_post()
        self.Penalty._document(self.company)
        self.assertTrue(entry.dunning_note_id)

    def test_the_documents_of_several_entries_are_printed_together(self):
        entries = self.env["account.move"]
        for name in ("One", "Two"):
            self.late(MARCH, 1000, partner=self.customer(name, dunning_regime="b2b"))
            entries |= self.book("2026-05-31")
        report = self.env.registry["ir.actions.report"]
        run = report._run_wkhtmltopdf
        with patch.object(report, "_run_wkhtmltopdf", autospec=True, side_effect=run) as process:
            entries.with_context(force_report_rendering=True)._document_dunning_penalties()
        self.assertEqual(len(entries), 2)
        self.assertEqual(process.call_count, 1)  # the notes with the statements
        for entry in entries:
            self.assertEqual(len(self.documents(entry)), 2)
            for document in self.documents(entry):
                text = "".join(read_pages(document.raw))
                self.assertIn(entry.line_ids.partner_id.name, text)
                self.assertIn(entry.name, text)

    def test_more_documents_of_a_booking_ask_the_database_no_more(self):
        entries = self.env["account.move"]
        for name in ("One", "Two", "Three", "Four", "Five"):
            self.late(MARCH, 1000, partner=self.customer(name, dunning_regime="b2b"))
            entries |= self.book("2026-05-31")
        printing = self.env["ir.actions.report"].with_context(force_report_rendering=True)

        def count(batch):
            self.documents(batch).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.with_env(printing.env)._document_dunning_penalties()
            asked = self.env.cr.sql_log_count - before
            self.assertEqual(len(self.documents(batch)), 2 * len(batch))
            return asked

        count(entries)  # what a server reads once
        self.assertEqual(count(entries[:2]), count(entries))

    def test_a_document_that_fails_leaves_the_entry_and_says_so(self):
        self.late(MARCH, 1000)
        entry = self.book("2026-05-31")
        failing = patch.object(
            self.env.registry["account.move"],
            "_attach_dunning_penalty_files",
            side_effect=UserError("No printer"),
        )
        with failing:
            self.Penalty._document(self.company)
        self.assertEqual((entry.state, entry.dunning_note_id.id), ("posted", False))
        self.assertIn("No printer", entry.message_ids[0].body)

    def test_an_entry_without_penalties_has_no_note_to_print(self):
        with self.assertRaises(UserError):
            self.late(MARCH, 1000).action_print_dunning_penalty_note()
