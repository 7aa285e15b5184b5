from io import BytesIO

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfReader, PdfWriter

from ..common.ir_actions_report import LETTER_REPORT


class AccountDunningNotice(models.Model):
    """Letters by the dozen: printed together, kept one by one, put in one PDF for the printer.

    Printing stores the letter, so that what is posted and what is kept are the same document.
    """

    _inherit = "account.dunning.notice"

    def write(self, vals):
        result = super().write(vals)
        if "printed_on" in vals and not vals["printed_on"]:
            self._drop_letters_to_post()
        return result

    def _drop_letters_to_post(self):
        """Forget the letters of what has not left yet: it says something else now."""
        self.filtered(lambda n: n.letter_id and n.state in ("draft", "ready"))._drop_letters()

    def _drop_letters(self):
        """Forget letters that were printed and not posted: they no longer say what is due."""
        letters = self.sudo().letter_id
        if letters:
            self.sudo().write({"letter_id": False, "letter_sha256": False})
            letters._unlink_dunning_unnamed()

    def _goes_on_paper(self):
        """Whether the notice is, or was, to be put in an envelope."""
        self.ensure_one()
        return self.send_letter or self.send_registered

    def _print_letters(self):
        """Print the letters that do not bear today's date yet, and store each of them.

        Runs the gate first: a notice with nothing left to claim is cancelled, and not printed.

        :return: the notices that have a letter to post, in the order given
        """
        today = fields.Date.context_today(self)
        self._reprint_sent()
        live = self.sudo().filtered(lambda notice: notice.state in ("draft", "ready"))
        for notice in live.filtered(lambda n: n._goes_on_paper() and not n._is_printed(today)):
            notice._refresh()
        to_print = live.filtered(
            lambda n: (
                n.state in ("draft", "ready") and n._goes_on_paper() and not n._is_printed(today)
            )
        )
        to_print._drop_letters()
        for notice in to_print:
            notice.write({"name": notice._get_next_reference(), "printed_on": today})
        letters = self.env["ir.actions.report"].sudo()._render_dunning_letters(to_print)
        for notice in to_print:
            notice._store_letter(letters[notice.id])
        return self.filtered(
            lambda n: n.state != "cancelled" and not n.not_posted_reason and n.sudo().letter_id
        )

    def _is_printed(self, today):
        """Whether the letter that is kept is the one to post on this day."""
        self.ensure_one()
        return bool(self.letter_id) and self.printed_on == today

    def _get_letters_pdf(self, recto=False, enclosed=True):
        """Return one PDF of the letters of these notices, by post code, then by customer.

        What was sent comes as it was kept; the letters not printed yet are printed first, with
        today's date and deadline. Notices that go by e-mail or call only are left out.

        :param bool recto: start each letter on a new sheet, for printing on both sides
        :param bool enclosed: put the files enclosed with a letter behind it
        :rtype: bytes
        :raise UserError: if none of the notices has a letter
        """
        notices = self._print_letters()._sort_for_posting()
        if not notices:
            raise UserError(self.env._("None of these messages goes by post: nothing to print."))
        contents = []
        for notice in notices:
            contents += notice._get_letter_contents()
            contents += notice._get_enclosure_contents() if enclosed else []
        return self._merge_pdfs(contents, recto)

    def _get_letter_contents(self):
        """Return what goes into the envelope: the letter, then what is enclosed with it.

        :return: list of PDF documents (bytes)
        """
        self.ensure_one()
        return [self._get_kept_file("letter").sudo().raw]

    def _sort_for_posting(self):
        """Return these notices in the order of their envelopes: country, post code, name."""

        def key(notice):
            place = notice._get_postal_address()
            country = "" if place.country_id == notice.company_id.country_id else place.country_id
            return (country and country.name, place.zip or "", notice.partner_id.name, notice.id)

        return self.sorted(key)

    def _merge_pdfs(self, contents, recto=False):
        """Return one PDF of several.

        :param list contents: PDF documents (bytes)
        :param bool recto: start each document on an odd page
        :rtype: bytes
        """
        writer = PdfWriter()
        for content in contents:
            pages = PdfReader(BytesIO(content), strict=False).pages
            for page in pages:
                writer.add_page(page)
            if recto and len(pages) % 2:
                writer.add_blank_page(pages[-1].mediabox.width, pages[-1].mediabox.height)
        stream = BytesIO()
        writer.write(stream)
        return stream.getvalue()

    def action_print(self):
        """Print the letters; the date and the deadline printed are those of today."""
        self._check_prepare()
        stale = self._pass_posting_gate()
        to_print = self - stale
        if not to_print:
            return stale._notify_not_posted()
        to_print._print_letters()
        return self.env.ref(LETTER_REPORT).report_action(to_print, config=False)
