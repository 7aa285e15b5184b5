"""What goes with a message: by default the invoices; a person leaves out, adds, and all is kept."""

import hashlib
import re
from io import BytesIO

from odoo import Command
from odoo.addons.account_dunning_fr.models.common.letter_formats import NBSP
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader, PdfWriter

from ..dunning_common import DunningCommon


def pdf(pages):
    """Return a PDF of blank pages."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(100, 100)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestEnclosures(DunningCommon):
    prints_invoices = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.billing = cls.new_user("billing", "account.group_account_invoice", lang="en_US")
        cls.clerk = cls.new_user("clerk", "account_dunning_fr.group_dunning_user", lang="en_US")
        cls.partner = cls.customer(dunning_regime="b2b", dunning_lang="en_US")

    def reminder(self, *dues):
        """Prepare the message about invoices overdue for so many days."""
        moves = self.Notice.move_ids.browse()
        for due in dues:
            moves |= self.invoice(self.partner, due)
        return moves, self.draft(self.partner).with_user(self.billing)

    def own_file(self, notice, content=b"order", name="Order 12.txt", user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.billing)
            .create({"name": name, "raw": content, "res_model": notice._name, "res_id": notice.id})
        )

    def mailed(self, notice):
        """Send the message as a dunning user, and return the names of the files of its mail."""
        notice.with_user(self.clerk).action_send()
        return set(notice.sudo().mail_id.attachment_ids.mapped("name"))

    def names(self, moves):
        return {move._get_invoice_report_filename() for move in moves}

    # -- The simple default ------------------------------------------------------------------------

    def test_each_invoice_claimed_goes_with_the_message_unless_somebody_says_otherwise(self):
        moves, notice = self.reminder(8, 9)
        self.assertEqual(notice.enclosed_move_ids, moves)
        self.assertIn("copies of the 2 invoices listed", notice.message_html)
        self.assertEqual(self.mailed(notice), self.names(moves))

    def test_its_tables_have_lines_where_the_border_of_a_row_is_not_drawn(self):
        _moves, notice = self.reminder(8, 9)
        self.mailed(notice)
        tables = re.findall(r"<table[^>]*dn_table[^>]*>", notice.sudo().mail_id.body_html)
        self.assertTrue(tables)
        for table in tables:
            self.assertIn('rules="rows"', table)

    def test_it_brings_its_ground_and_fits_a_narrow_frame(self):
        """No dark letters on the ground of a dark program; what is bold says so in its cell."""
        _moves, notice = self.reminder(8, 9)
        self.mailed(notice)
        body = notice.sudo().mail_id.body_html
        ground = re.search(r'<div style="([^"]*)">\s*<p>Dear', body)[1]
        self.assertRegex(ground, r"background-color:#ffffff;color:#\w{6}")
        table = re.search(r"<table[^>]*dn_table.*?</table>", body, re.DOTALL)[0]
        self.assertIn(ground.removesuffix("padding:8px;"), table[: table.index(">")])
        amounts = re.findall(r">([^<]*\d\.\d\d[^<]*)<", table)
        self.assertEqual(len(amounts), 7)  # total, paid and due of each; their sum
        for amount in amounts:
            self.assertRegex(amount, r"^\S+ \S+$")
            self.assertNotIn(NBSP, amount)
        total = re.search(r"<tr[^>]*dn_total.*?</tr>", table, re.DOTALL)[0]
        self.assertEqual(total.count("font-weight:bold"), 2)
        for item in notice._format_items(notice.line_ids, notice.line_ids.currency_id):
            self.assertIn(NBSP, item["total"])  # as the letter has it

    def test_without_the_invoices_nothing_is_announced_and_nothing_leaves(self):
        _moves, notice = self.reminder(8)
        notice.enclose_invoices = False
        self.assertNotIn("Enclosed", notice.message_html)
        self.assertFalse(self.mailed(notice))

    # -- The choice --------------------------------------------------------------------------------

    def test_an_invoice_is_left_out_and_put_back(self):
        (first, second), notice = self.reminder(8, 9)
        notice.enclosed_move_ids = [Command.unlink(second.id)]
        self.assertEqual(notice.enclosed_move_ids, first)
        self.assertIn(f"copy of the invoice {first.name}", notice.message_html)
        notice.enclosed_move_ids = [Command.link(second.id)]
        self.assertEqual(notice.enclosed_move_ids, first | second)
        notice.enclosed_move_ids = [Command.unlink(first.id)]
        notice.action_refresh()
        self.assertEqual(self.mailed(notice), self.names(second))

    def test_a_file_of_ones_own_leaves_and_is_kept_as_it_was(self):
        moves, notice = self.reminder(8)
        file = self.own_file(notice)
        notice.own_attachment_ids = file
        self.assertIn("Order 12", notice.message_html)
        self.assertEqual(self.mailed(notice), self.names(moves) | {"Order 12.txt"})
        proof = notice.sudo().proof_ids.filtered(lambda p: p.attachment_id == file)
        self.assertEqual(proof.kind, "enclosure")
        self.assertEqual(proof.sha256, hashlib.sha256(b"order").hexdigest())
        with self.assert_refused(UserError, "evidence"):
            file.raw = b"another order"
        with self.assert_refused(AccessError, "not written by hand"):
            notice.own_attachment_ids = False

    def test_nobody_encloses_a_file_that_he_may_not_read(self):
        _moves, notice = self.reminder(8)
        secret = self.env["ir.attachment"].sudo().create({"name": "Payroll.txt", "raw": b"secret"})
        with self.assertRaises(AccessError):
            notice.own_attachment_ids = secret

    def test_a_reader_chooses_nothing(self):
        _moves, notice = self.reminder(8)
        reader = self.new_user("reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            notice.with_user(reader).enclose_account = True

    # -- The statements ----------------------------------------------------------------------------

    def test_the_statement_of_account_leaves_on_request_and_cannot_be_deleted(self):
        moves, notice = self.reminder(8, -20)
        notice.enclose_account = True
        self.assertIn("statement of account", notice.message_html)
        names = self.mailed(notice)
        statement = notice.sudo().account_statement_id
        self.assertEqual(names, self.names(moves[:1]) | {statement.name})
        for move in moves:  # what is not yet due is on it as well
            self.assertIn(move.name, statement.raw.decode())
        with self.assert_refused(UserError, "evidence"):
            statement.unlink()

    def test_the_statement_of_penalties_goes_with_a_reminder_on_request(self):
        move = self.invoice(self.partner, 20)
        self.history(self.first, "2026-05-17", move)
        notice = self.draft(self.partner).with_user(self.billing)
        self.assertEqual((notice.level_id, notice.enclose_penalties), (self.firm, False))
        notice.enclose_penalties = True
        self.assertIn("statement of late-payment penalties", notice.message_html)
        names = self.mailed(notice)
        self.assertIn(notice.sudo().statement_id.name, names)
        self.assertIn(move.name, notice.sudo().statement_id.raw.decode())

    def test_a_consumer_never_receives_a_statement_of_penalties(self):
        self.partner.dunning_regime = "b2c"
        move = self.invoice(self.partner, 60)
        self.history(self.registered, "2026-05-01", move)
        notice = self.draft(self.partner)
        self.assertTrue(notice.enclose_penalties)
        self.assertFalse(notice._encloses_penalties())
        self.assertNotIn("statement of late-payment", notice.message_html)
        notice.action_print()
        self.assertFalse(notice.sudo().statement_id)

    # -- By post -----------------------------------------------------------------------------------

    def posted(self):
        """Prepare the registered letter of an invoice overdue for forty days."""
        move = self.invoice(self.partner, 40)
        self.history(self.firm, "2026-05-01", move)
        return move, self.draft(self.partner).with_user(self.clerk)

    def test_what_went_by_post_is_kept_with_its_sum(self):
        _move, notice = self.posted()
        file = self.own_file(notice, user=self.clerk)
        notice.own_attachment_ids = file
        notice.action_print()
        self.post(notice)
        kept = notice.sudo().proof_ids.attachment_id
        self.assertEqual(kept, notice.sudo().letter_id | file)

    def test_a_file_added_after_printing_asks_for_another_print(self):
        _move, notice = self.posted()
        notice.action_print()
        notice.own_attachment_ids = self.own_file(notice, user=self.clerk)
        self.assertFalse(notice.sudo().letter_id)

    def test_what_is_enclosed_is_printed_behind_its_letter(self):
        _move, notice = self.posted()
        notice.enclose_invoices = False
        notice.own_attachment_ids = self.own_file(notice, pdf(3), "Order.pdf", self.clerk)
        content = notice._get_enclosure_contents()
        self.assertEqual([len(PdfReader(BytesIO(each)).pages) for each in content], [3])

    def test_a_damaged_file_is_named_before_anything_is_printed(self):
        _move, notice = self.posted()
        notice.enclose_invoices = False
        broken = self.own_file(notice, pdf(1)[:120], "Broken.pdf", self.clerk)
        notice.own_attachment_ids = broken
        with self.assert_refused(UserError, "Broken.pdf cannot be read"):
            notice._get_enclosure_contents()
