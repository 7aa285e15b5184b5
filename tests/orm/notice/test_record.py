"""The record of what was sent: word for word, verified, and left alone by the invoice's fate."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestRecord(DunningCommon):
    prints_invoices = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_clerks()
        cls.partner = cls.customer()

    def letter(self):
        """Print and post a registered letter."""
        move = self.invoice(self.partner, 60)
        self.history(self.firm, "2026-05-01", move)
        return self.send(self.partner)

    def verdict(self, notice, user=None):
        """Press « Verify » and return what is said."""
        return notice.with_user(user or self.billing).action_verify()["params"]

    # -- Word for word -----------------------------------------------------------------------------

    def test_the_message_stays_as_it_was_sent_whatever_changes(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        message = notice.message_html
        self.company.write({"name": "Renamed", "phone": "+33 4 00 00 00 00"})
        self.company.partner_id.bank_ids.acc_number = "FR1420041010050500013M02606"
        notice.invalidate_recordset()
        self.assertEqual(notice.message_html, message)
        self.assertNotIn("Renamed", notice.message_html)
        with self.assert_refused(AccessError, "not written by hand"):
            notice.sent_html = "Other"

    def test_the_address_on_the_envelope_is_kept(self):
        notice = self.letter()
        self.partner.street = "Elsewhere"
        self.assertEqual(notice.sent_address, "Client\n2 rue du Débiteur\n13001 Marseille")

    # -- Verified ----------------------------------------------------------------------------------

    def test_what_is_intact_is_said_to_be_so_by_any_reader(self):
        notice = self.letter()
        said = self.verdict(notice, self.reader)
        self.assertEqual(said["type"], "success")
        for name in (notice.letter_id.name, f"text of {notice.name}"):
            self.assertIn(name, said["message"])

    def test_an_altered_letter_text_or_proof_is_named(self):
        notice = self.letter()
        proof = self.env["ir.attachment"].create({"name": "ar.pdf", "raw": b"receipt"})
        notice.registered_ids.receipt_ids = proof
        for attachment in (notice.letter_id, proof):
            with self.subTest(altered=attachment.name):
                # Behind Odoo's back, as somebody with the database would.
                other = self.env["ir.attachment"].create({"name": "o", "raw": b"other"})
                kept = (attachment.store_fname, attachment.db_datas)
                self.swap(attachment, other.store_fname, other.db_datas)
                said = self.verdict(notice)
                self.assertEqual((said["type"], said["sticky"]), ("danger", True))
                self.assertIn(attachment.name, said["message"])
                self.swap(attachment, *kept)
        self.assertEqual(self.verdict(notice)["type"], "success")
        self.env.cr.execute(
            "UPDATE account_dunning_notice SET sent_html = 'x' WHERE id = %s", [notice.id]
        )
        notice.invalidate_recordset()
        self.assertIn(f"text of {notice.name}", self.verdict(notice)["message"])

    def swap(self, attachment, store_fname, db_datas):
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s, db_datas = %s WHERE id = %s",
            [store_fname or None, db_datas or None, attachment.id],
        )
        attachment.invalidate_recordset()

    def test_only_what_was_sent_is_verified(self):
        self.invoice(self.partner, 10)
        with self.assert_refused(UserError, "Only what was sent"):
            self.draft(self.partner).action_verify()

    # -- The files ---------------------------------------------------------------------------------

    def test_the_enclosed_invoices_are_kept_with_the_message(self):
        self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        enclosed = notice.proof_ids
        self.assertEqual(enclosed.mapped("kind"), ["enclosure"])
        self.assertEqual(enclosed.attachment_id, notice.mail_id.attachment_ids)
        with self.assert_refused(UserError, "evidence"):
            enclosed.attachment_id.unlink()
        with self.assert_refused(UserError, "cannot be withdrawn"):
            enclosed.action_withdraw()

    def test_what_was_sent_is_not_made_public(self):
        """Its sum is looked at as it is given; of a public file nobody asks who reads it."""
        self.invoice(self.partner, 10)
        [file] = self.send(self.partner).proof_ids.attachment_id
        with self.assert_refused(UserError, "stays as it is"), self.env.cr.savepoint():
            file.public = True
        self.assertFalse(file.public)

    def test_other_files_may_be_changed_and_deleted(self):
        file = self.env["ir.attachment"].create({"name": "note.txt", "raw": b"1"})
        file.raw = b"2"
        self.assertEqual(file.raw, b"2")
        file.unlink()
        self.assertFalse(file.exists())

    # -- The fate of the invoice -------------------------------------------------------------------

    def test_an_invoice_that_was_claimed_is_reset_after_a_confirmation_that_names_the_message(self):
        self.company.partner_id.dunning_lang = "en_US"
        move = self.invoice(self.partner, 10)
        notice = self.send(self.partner)
        move = move.with_user(self.billing)
        self.assertTrue(move.dunning_is_claimed)
        action = move.action_dunning_undo()
        wizard = (
            self.env[action["res_model"]].with_user(self.billing).with_context(action["context"])
        ).create({})
        self.assertIn(notice.name, wizard.sent_names)
        wizard.action_confirm()
        self.assertEqual(move.state, "draft")
        self.assertIn(notice.name, move.dunning_sent_names)
        self.assertIn(notice.name, move.message_ids[0].body)
        self.assertIn(move.name, notice.message_ids[0].body)
        move.button_cancel()
        self.assertIn("cancelled", move.message_ids[0].body)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(self.verdict(notice)["type"], "success")

    def test_the_tab_of_an_invoice_lists_the_messages_about_it(self):
        move = self.invoice(self.partner, 60)
        self.history(self.firm, "2026-05-01", move)
        notice = self.send(self.partner)
        tables = [
            group["table"]
            for group in move.with_user(self.reader).get_dunning_facts()
            if group.get("table")
        ]
        [table] = tables
        self.assertEqual(table["model"], "account.dunning.notice.line")
        row = table["rows"][0]
        names = [column["name"] for column in table["columns"]]
        self.assertEqual(len(row["cells"]), len(names))
        opened = {row["opens"]["id"]: row for row in table["rows"]}
        self.assertIn(notice.id, opened)
        cells = dict(zip(names, opened[notice.id]["cells"], strict=True))
        self.assertEqual((cells["notice_id"], cells["state"]), (notice.display_name, "Sent"))
        button = opened[notice.id]["button"]
        line = self.env[table["model"]].browse(opened[notice.id]["id"]).with_user(self.reader)
        action = getattr(line, button["name"])()
        self.assertIn(str(notice.letter_id.id), action["url"])

    def test_an_invoice_never_claimed_is_reset_as_always(self):
        move = self.invoice(self.partner, 10)
        count = len(move.message_ids)
        move.button_draft()
        self.assertFalse(move.dunning_is_claimed)
        self.assertFalse(move.dunning_sent_names)
        self.assertEqual(len(move.message_ids), count)

    def test_a_message_that_waits_claims_nothing_yet(self):
        move = self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.assertIn(move, notice.line_ids.move_id)
        self.assertFalse(move.dunning_is_claimed)
        self.send(self.partner)
        self.assertTrue(move.dunning_is_claimed)

    def test_whether_it_was_claimed_is_asked_with_what_stands_about_an_invoice(self):
        move = self.invoice(self.partner, 10)
        self.send(self.partner)
        self.count_queries(move.read, ["dunning_standing"])  # the rules of access are known then
        alone = self.count_queries(move.read, ["dunning_standing"])
        shown = ["dunning_standing", "dunning_is_claimed", "dunning_sent_names"]
        both = self.count_queries(move.read, shown)
        self.assertEqual(both, alone)
        first = self.count_queries(move.read, [*shown[1:], *shown[:1]])
        self.assertEqual(first, alone, "whichever the form reads first")

    def test_a_list_asks_whether_they_were_claimed_only_if_it_shows_it(self):
        moves = self.invoice(self.partner, 10) | self.invoice(self.customer("Other"), -20)
        self.send(self.partner)
        field = moves._fields["dunning_is_claimed"]
        moves.mapped("dunning_standing_text")
        self.assertEqual(list(field._cache_missing_ids(moves)), moves.ids)
        self.assertEqual(moves.mapped("dunning_is_claimed"), [True, False])
        self.env.invalidate_all()
        self.assertEqual([move.browse(move.id).dunning_is_claimed for move in moves], [True, False])

    def test_the_form_of_an_invoice_shows_one_button_or_the_other(self):
        move = self.invoice(self.partner, 10)
        self.send(self.partner)
        with Form(move.with_user(self.billing)) as form:
            self.assertTrue(form.dunning_is_claimed)
