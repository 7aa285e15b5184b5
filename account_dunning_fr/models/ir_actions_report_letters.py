import re
from io import BytesIO

from lxml import etree, html

from odoo import models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.tools.pdf import PdfReader, PdfWriter

from .account_dunning_notice_sending import LETTER_REPORT


class IrActionsReport(models.Model):
    """Letters of reminders: those that are kept as they were kept, the others in one process."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print a letter that is kept byte for byte, whoever asks for it."""
        anew = self.env.context.get("dunning_letters_anew")
        if anew or not res_ids or self._get_report(report_ref) != self.env.ref(LETTER_REPORT):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        notices = self.env["account.dunning.notice"].browse(res_ids)
        notices.check_access("read")
        kept = notices.sudo().filtered(lambda n: n.letter_id and n.state != "cancelled")
        contents = {}
        for notice in kept:
            parts = notice._get_letter_contents()
            contents[notice.id] = parts[0] if len(parts) == 1 else notice._merge_pdfs(parts)
        contents |= self._render_letters(notices - kept)
        return {
            res_id: {"stream": BytesIO(contents[res_id]), "attachment": None} for res_id in res_ids
        }

    def _render_letters(self, notices):
        """Render the letters of these notices anew.

        Starting wkhtmltopdf takes longer than a letter: they are rendered as one document, then
        split where each one's reference first appears, or one by one where that is not clear.

        :param notices: ``account.dunning.notice`` records
        :return: ``{notice id: PDF}``; in Odoo's tests, which start no wkhtmltopdf, the page
        """
        if not notices:
            return {}
        report = self.with_context(dunning_letters_anew=True)
        streams, kind = report._pre_render_qweb_pdf(LETTER_REPORT, notices.ids)
        if kind == "pdf":
            if False not in streams:
                return {res_id: stream["stream"].getvalue() for res_id, stream in streams.items()}
            letters = self._split_letters(notices, streams[False]["stream"])
            if letters:
                return letters
        elif len(notices) == 1:
            return {notices.id: streams}
        return {
            key: page for notice in notices for key, page in self._render_letters(notice).items()
        }

    def _split_letters(self, notices, stream):
        """Cut a PDF of several letters where the reference of each first appears.

        :param notices: in the order of their letters
        :param stream: the PDF, a binary file
        :return: ``{notice id: PDF}``, empty where a reference is missing or out of order
        """
        pages = PdfReader(stream, strict=False).pages
        texts = [page.extract_text() for page in pages]
        starts = [self._find_reference(notice.name, texts) for notice in notices]
        if None in starts or starts[0] != 0 or starts != sorted(set(starts)):
            return {}
        letters = {}
        for notice, start, end in zip(notices, starts, [*starts[1:], len(pages)], strict=True):
            writer = PdfWriter()
            for page in pages[start:end]:
                writer.add_page(page)
            letter = BytesIO()
            writer.write(letter)
            letters[notice.id] = letter.getvalue()
        return letters

    def _find_reference(self, name, texts):
        """Return the index of the first page that bears a reference, or None.

        :param str name: the reference; text taken from a PDF may hold spaces anywhere
        :param list texts: the text of each page
        """
        if not name:
            return None
        pattern = re.compile(r"\s*".join(map(re.escape, name)) + r"(?!\d)")
        return next((index for index, text in enumerate(texts) if pattern.search(text)), None)

    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Print several documents of this addon also without the patched Qt, which takes one."""
        if len(bodies) > 1 and not _wkhtml().is_patched_qt and report_ref:
            name = self._get_report(report_ref).report_name or ""
            if name.startswith("account_dunning_fr."):
                bodies = [self._join_bodies(bodies)]
        return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **options)

    def _join_bodies(self, bodies):
        """Return one page of several, each of which starts on a new sheet.

        :param list bodies: whole HTML pages of one layout
        """
        first, *others = [html.document_fromstring(str(body)) for body in bodies]
        for other in others:
            sheet = etree.SubElement(first.body, "div", style="page-break-before: always")
            sheet.extend(list(other.body))
        return html.tostring(first, encoding="unicode", doctype="<!DOCTYPE html>")
