"""The program that turns pages into PDFs: wkhtmltopdf, and all its options.

No other file calls it or knows what it can do. To use another engine, replace this file: the rest
of the addon uses only its methods with ``dunning`` in their names.
"""

import subprocess
from functools import lru_cache, partial
from io import BytesIO

from lxml import etree, html
from pypdf import PdfReader

from odoo import api, models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.exceptions import UserError

from ...dossier.finish import count_between_empty_sheets, cut_at_empty_sheets
from ...dossier.heads import (
    LONG_CLASS,
    NEW_PAGE,
    cut_tables,
    is_surely_long,
    leave_sound,
    mark_rows,
)
from ...dossier.offline import keep_offline
from ...dossier.places import SheetTexts, read_places
from .letter_formats import LETTERS

# wkhtmltopdf without the patched Qt prints at this fraction of the size, whatever the options.
UNPATCHED_SCALE = 0.77
# A second safeguard, after ``dossier.offline``: no scripts, and a proxy address where nobody
# answers.
NO_NETWORK = ["--disable-javascript", "--disable-plugins", "--proxy", "http://127.0.0.1:9"]
POINTS = 72 / 25.4  # points per millimetre
RULER = (100, POINTS)  # millimetres between its two marks, and points per millimetre
DOCUMENTS = "//div[contains(concat(' ', normalize-space(@class), ' '), ' article ')]"
EMPTY_SHEET = f"{NEW_PAGE}; height: 1mm"
MOST_CUTS = 6  # long tables of one document; further ones continue without their heading
RULER_PAGE = (
    '<!DOCTYPE html><html><head></head><body style="margin: 0">'
    '<div style="position: absolute; left: 0">A</div>'
    f'<div style="position: absolute; left: {RULER[0]}mm">B</div></body></html>'
)
HEAD_END = "</head>"
# Images that are not elements are fetched during layout: too late if that is done only once.
PAINTED = (b"url(", b' background="', b"<input ")
FOR_PAPER = f"<style>@media screen {{ body {{ display: none }} }}</style>{HEAD_END}"


@lru_cache(maxsize=8)
def measure_scale(program):
    """Return the scale at which a wkhtmltopdf with the patched Qt prints a millimetre.

    Its versions differ (0.12.3 without a screen: 1.28), so a ruler is printed, once per process.

    :param str program: its path
    :return: 1.0 if the ruler cannot be read
    """
    marks = _print_ruler(program, RULER_PAGE)
    width = marks.get("B", 0) - marks.get("A", 0)
    return width / (RULER[0] * RULER[1]) if width > 0 else 1.0


@lru_cache(maxsize=8)
def prints_for_paper(program):
    """Return whether a wkhtmltopdf prints a page that is hidden on screen.

    It lays out each page twice, for the screen while reading and for paper while printing; what is
    hidden on screen is laid out only once, which takes a long document three quarters of the time.
    Builds without the patched Qt print such a page, the others print what the screen shows. A
    hidden ruler tells which, once per process: nothing is hidden from a build that would print it
    blank.

    :param str program: its path
    """
    marks = _print_ruler(program, RULER_PAGE.replace(HEAD_END, FOR_PAPER))
    return {"A", "B"} <= marks.keys()


def _print_ruler(program, page):
    """Return where the marks of a ruler were printed, in points; empty if nothing was printed."""
    asked = ["--quiet", "--disable-smart-shrinking", "--page-size", "A4", "--dpi", "96"]
    printed = subprocess.run(
        [program, *asked, "--zoom", "1.0", *NO_NETWORK, "-", "-"],
        input=page.encode(),
        capture_output=True,
        check=False,
    ).stdout
    marks = {}

    def keep(text, outer, matrix, *_font):
        marks.setdefault(text.strip(), outer[0] * matrix[4] + outer[4])

    for sheet in PdfReader(BytesIO(printed), strict=False).pages[:1] if printed else ():
        sheet.extract_text(visitor_text=keep)
    return marks


def _hide(pages):
    """Return pages hidden on screen, if they are printed all the same."""
    if not prints_for_paper(_wkhtml().bin):
        return pages
    return [page if _has_painted(page) else page.replace(HEAD_END, FOR_PAPER, 1) for page in pages]


def _has_painted(page):
    """Return whether a page shows images that are not elements.

    Searching lower-cased bytes of a long page takes a tenth of the time of a search for both cases.
    """
    small = page.encode().lower()
    return any(mark in small for mark in PAINTED)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # -- Interface for the rest of the addon -------------------------------------------------------

    @api.model
    def _has_dunning_engine(self):
        """Whether this server has an engine."""
        return self.get_wkhtmltopdf_state() != "install"

    def _for_dunning_engine(self):
        """Return the report in the context that suits the engine, which reads no WebP."""
        return self.with_context(debug=False, webp_as_jpg=True)

    def _get_dunning_letter_zoom(self):
        """Return the CSS zoom at which a millimetre in the letter is a millimetre on paper."""
        program = _wkhtml()
        scale = measure_scale(program.bin) if program.is_patched_qt else UNPATCHED_SCALE
        return round(1 / scale, 4)

    @api.model
    def _get_dunning_print_problem(self):
        """Return what the wkhtmltopdf of this server does to Odoo's own documents, or False."""
        if not self._has_dunning_engine():
            return self.env._("This server has no wkhtmltopdf: nothing can be printed.")
        if _wkhtml().is_patched_qt:
            return False
        return self.env._(
            "The wkhtmltopdf of this server has not the patched Qt: the invoices that Odoo prints "
            "lose the top and the foot of their pages, where you are named. The documents of the "
            "dunning are complete. Install the patched version; for invoices already sent, print "
            "“Complete copy for a file (reprint)” from the invoice or from its court file."
        )

    def _run_dunning_engine(self, page):
        """Print a page rendered by this report.

        :param bytes page: as returned by ``_render_qweb_html``
        :return: the PDF (bytes)
        :raise UserError: if this server has no engine
        """
        if not self._has_dunning_engine():
            raise UserError(self.env._("This server has no wkhtmltopdf: nothing can be printed."))
        bodies, _ids, header, footer, options = self._prepare_html(page, report_model=self.model)
        return self._run_wkhtmltopdf(
            bodies,
            report_ref=self,
            header=header,
            footer=footer,
            specific_paperformat_args=options,
        )

    def _run_dunning_engine_apart(self, pages):
        """Print pages, each with several documents, in one process, and cut the documents apart.

        :param list pages: as returned by ``_render_qweb_html``, from reports with the paper of this
            one and without header or footer
        :return: list of ``{id: its pages}``; empty if they cannot be separated
        """
        found = [self._find_dunning_documents(page) for page in pages]
        options = found[0][1]
        if any(others != options for _documents, others in found):
            return []
        together = [each for documents, _options in found for each in documents]
        content = self._run_wkhtmltopdf(
            [self._lay_dunning_apart(together)],
            report_ref=self,
            specific_paperformat_args=options,
        )
        parts = self._cut_dunning_at_empty_sheets(content)
        if len(parts) != len(together):
            return []
        cut = iter(parts)
        return [
            {int(each.get("data-oe-id")): next(cut) for each in documents}
            for documents, _options in found
        ]

    @api.model
    def _find_dunning_documents(self, page):
        """Return the documents of a rendered page, and its paper options."""
        root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
        options = {key: text for key, text in root.items() if key.startswith("data-report-")}
        return root.xpath(DOCUMENTS), options

    def _lay_dunning_apart(self, documents):
        """Return one page of several documents, with empty sheets between them, nothing to fetch.

        Odoo lays out each on a page of its own: for hundreds, that takes longer than printing them.
        The parsed elements are moved as they are: serialising and parsing them again would take as
        long as cutting.

        :param list documents: elements of a rendered page
        """
        values = {"subst": False, "body": "", "report_xml_id": self.xml_id}
        page = html.document_fromstring(
            str(self.env["ir.qweb"]._render(self._get_layout().id, values))
        )
        body = page.body  # searched for in the whole page at each access
        first, *others = documents
        body.append(first)
        for other in others:
            etree.SubElement(body, "div", style=EMPTY_SHEET)
            etree.SubElement(body, "div", style=NEW_PAGE).append(other)
        return keep_offline(page)

    # -- Options of wkhtmltopdf --------------------------------------------------------------------

    def _build_wkhtmltopdf_args(
        self, paperformat_id, landscape, specific_paperformat_args=None, set_viewport_size=False
    ):
        """A letter runs no scripts and fetches nothing: there is nothing to wait for."""
        args = super()._build_wkhtmltopdf_args(
            paperformat_id, landscape, specific_paperformat_args, set_viewport_size
        )
        if paperformat_id == self.env.ref("account_dunning_fr.paperformat_letter"):
            args[args.index("--javascript-delay") + 1] = "0"
            args += NO_NETWORK
        return args

    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Print the documents of this addon without network access.

        They contain texts typed by users: nothing these refer to is fetched. Several pages are also
        printed without the patched Qt, which accepts only one.
        """
        report = self._get_report(report_ref) if report_ref else self.browse()
        own = (report.report_name or "").startswith(LETTERS)
        if own:
            bodies = list(bodies)
            if len(bodies) > 1 and not _wkhtml().is_patched_qt:
                bodies = [self._join_dunning_bodies(bodies)]
            bodies = [keep_offline(body) for body in bodies]
        run = partial(super()._run_wkhtmltopdf, report_ref=report_ref, **options)
        if own and len(bodies) == 1 and not _wkhtml().is_patched_qt:
            return self._print_dunning_heads(bodies[0], report, lambda pages: run(_hide(pages)))
        return run(bodies)

    def _print_dunning_heads(self, body, report, run):
        """Print a page whose long tables have their heading on each sheet.

        :param report: ``ir.actions.report``
        :param run: prints a list of pages, in which each heading is printed once
        """
        if LONG_CLASS not in body:  # letters have no long table
            return run([body])
        content, paper = b"", report.get_paperformat()
        for _table in range(MOST_CUTS):
            if not content and not is_surely_long(body):
                content = run([body])
                sheets = count_between_empty_sheets(content)
                body = leave_sound(body, sheets, SheetTexts(content))
            # A table that was just cut is numbered again as printed, and cut again if it does not
            # fit.
            marked = body and mark_rows(body, cut=bool(content))
            if not marked:
                return content or run([body])
            places, height = read_places(run([marked]))
            top = height - paper.margin_top * POINTS
            further = cut_tables(body, places, top, paper.margin_bottom * POINTS)
            if not further:
                break
            body, content = further, b""
        return content or run([body])

    def _join_dunning_bodies(self, bodies):
        """Return one page made of several, each starting on a new sheet.

        :param list bodies: complete HTML pages with the same layout
        """
        first, *others = [html.document_fromstring(str(body)) for body in bodies]
        for other in others:
            sheet = etree.SubElement(first.body, "div", style=NEW_PAGE)
            sheet.extend(list(other.body))
        return html.tostring(first, encoding="unicode", doctype="<!DOCTYPE html>")

    @api.model
    def _cut_dunning_at_empty_sheets(self, content):
        """Return the documents of a PDF between its empty sheets (``cut_at_empty_sheets``)."""
        return cut_at_empty_sheets(content)
