"""Printing the documents of the addon: one by one, or many in one process."""

from io import BytesIO

from odoo import api, models, modules
from odoo.tools import config, ormcache
from odoo.tools.safe_eval import safe_eval, time

from ...core.readable import make_readable
from ...dossier.finish import finish
from .letter_formats import LETTERS, write_as_letter
from .private_context import pass_on, passed

LETTER_REPORT = "account_dunning_fr.report_notice_letter"
OF_SEVERAL = ("account_dunning_fr.posting_list",)  # one document about several records
# Enclosures: their pages follow those of the main document, and have no footer.
WITHOUT_FOOT = ("account_dunning_fr.statement_of_entry", "account_dunning_fr.statement_of_notice")


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_report(self, report_ref):
        """Find the reports of this addon only once: a court file requests them dozens of times."""
        if isinstance(report_ref, str) and report_ref.startswith(LETTERS):
            return self.sudo().browse(self._get_dunning_report_id(report_ref))
        return super()._get_report(report_ref)

    @api.model
    @ormcache("name")
    def _get_dunning_report_id(self, name):
        """Return the id of a report; Odoo clears this cache when a report is written or deleted.

        :param str name: the name of its template, or its external id
        :raise ValueError: if there is no such report
        """
        return self._get_report_from_name(name).id or self.env.ref(name).id

    def _render_qweb_html(self, report_ref, docids, data=None):
        name = self._get_report(report_ref).report_name or ""
        report = write_as_letter(self) if name.startswith(LETTERS) else self
        return super(IrActionsReport, report)._render_qweb_html(report_ref, docids, data=data)

    # -- Ir actions report -------------------------------------------------------------------------

    def _get_layout(self):
        """Print the letters of this addon on a page that needs nothing from the network.

        Odoo's own page loads style sheets over HTTP while rendering: this takes seconds per letter,
        and leaves a letter without style if the server cannot reach itself.
        """
        if len(self) == 1 and (self.report_name or "").startswith(LETTERS):
            return self.env.ref("account_dunning_fr.letter_page")
        return super()._get_layout()

    def _get_rendering_context(self, report, docids, data):
        """Print only for users who may read the record: not every model checks this for fields.

        What a page of this addon says comes only from its records: ``data`` contains whatever the
        visitor put after the question mark of the address, and would become variables of the page.

        :raise AccessError: without this, ``mail.message`` gives its texts to any template
        """
        own = (report.report_name or "").startswith(LETTERS)
        values = super()._get_rendering_context(report, docids, {} if own else data)
        if own:
            values["docs"].check_access("read")
        return values

    def _render_template(self, template, values=None):
        """Prevent texts in this addon's pages from widening or reordering them."""
        page = super()._render_template(template, values)
        if str(template).startswith(LETTERS):
            page = make_readable(page.decode()).encode()
        return page

    # -- Documents printed together: starting the engine takes longer than a page -----------------
    # Stored letters of notices are printed as stored, the others in one process.

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print a stored letter byte for byte, whoever requests it."""
        report = self._get_report(report_ref)
        if not res_ids or report != self.env.ref(LETTER_REPORT):
            streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
            return self._finish_dunning_streams(report, streams, res_ids)
        notices = self.env[report.model].browse(res_ids)
        notices.check_access("read")
        kept = notices.sudo().filtered(lambda n: n.letter_id and n.state != "cancelled")
        if not kept:  # a single document to read or to print: nothing to cut apart
            streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
            return self._finish_dunning_streams(report, streams, res_ids)
        contents = {}
        for notice in kept:
            parts = notice._get_letter_contents() + notice._get_enclosure_contents()
            contents[notice.id] = parts[0] if len(parts) == 1 else notice._merge_pdfs(parts)
        contents |= self._render_dunning_letters(notices - kept)
        return {
            res_id: {"stream": BytesIO(contents[res_id]), "attachment": None} for res_id in res_ids
        }

    @api.model
    def _finish_dunning_streams(self, report, streams, res_ids):
        """Add their title, language and page numbers to the documents of this addon."""
        if not (report.report_name or "").startswith(LETTERS):
            return streams
        for res_id, entry in streams.items():
            if entry["stream"] and (res_id or res_ids):
                content = entry["stream"].getvalue()
                content = self._finish_dunning(report, [res_id] if res_id else res_ids, content)
                entry["stream"] = BytesIO(content)
        return streams

    @api.model
    def _finish_dunning(self, report, res_ids, content, title=None):
        """Return a document with its title and language, and its sender in the footer.

        :param report: ``ir.actions.report``
        :param list res_ids: ids of the printed records; for several, as one stream, there is no
            footer, unless it is a single document about all of them
        :param content: PDF (bytes), or pages of a longer one
        :param str title: of the single document, if known (``_get_dunning_titles``)
        """
        records = self.env[report.model].sudo().browse(res_ids)
        lang = records[:1]._get_dunning_print_lang()
        reader = records.with_context(lang=lang)
        foot = ""
        if title is None:
            titles = report._get_dunning_titles(records) if len(records) == 1 else {}
            title = titles.get(records.id) if titles else report.with_context(lang=lang).name
        if len(records) == 1 or report.report_name in OF_SEVERAL:
            foot = "" if report.report_name in WITHOUT_FOOT else reader._get_dunning_foot()
        if foot := foot.replace("{", "(").replace("}", ")"):
            foot += " – {page}/{pages}"
        return finish(content, title, lang.replace("_", "-"), foot)

    def _get_dunning_titles(self, records):
        """Return the titles of documents: those of their files, in words, each in its language.

        The expression of a report is compiled once for all of them, which takes as long as for one.

        :param records: records with one printed document each
        :return: ``{id: title}``
        """
        titles = {}
        for lang, group in records.grouped(lambda each: each._get_dunning_print_lang()).items():
            report, group = self.with_context(lang=lang), group.with_context(lang=lang)
            own = [""] * len(group)
            if expression := report.print_report_name:
                names = {"records": group, "time": time}
                own = safe_eval(f"[({expression}\n) for object in records]", names)
            for record, name in zip(group, own, strict=True):
                titles[record.id] = " – ".join(filter(None, (report.name, name)))
        return titles

    def _render_dunning_letters(self, notices):
        """Render the letters of these ``account.dunning.notice`` records, whether stored or not.

        :return: as in ``_render_dunning_apart``
        """
        env = notices._with_penalties().env
        report = pass_on(
            notices._spare_columns(self),
            owed=passed(env, "owed"),
            booked=passed(env, "booked"),
            stated=passed(env, "stated"),
        )
        return report._render_dunning_apart(LETTER_REPORT, notices.ids)

    def _render_dunning_apart(self, report_ref, res_ids):
        """Print several documents in one process, and return each separately.

        They are printed as one, with an empty sheet between them, and cut apart there; one by one
        if the number of empty sheets is not as expected.

        :param str report_ref: a report whose documents have one layout, without header or footer
        :param list res_ids: ids of its records
        :return: ``{id: PDF}``; in Odoo's tests, which start no engine, the page
        """
        return self._render_dunning_all_apart([(report_ref, res_ids)])[0]

    def _render_dunning_all_apart(self, asked):
        """Print documents of several reports in one process, as ``_render_dunning_apart`` does.

        :param list asked: ``(report_ref, res_ids)``
        :return: list of ``{id: PDF}``
        """
        found = self._print_dunning_together(asked) or [{} for _each in asked]
        for documents, (report_ref, res_ids) in zip(found, asked, strict=True):
            for res_id in set(res_ids) - set(documents):
                report = self._for_dunning_engine()
                page, _kind = report._render_qweb_html(report_ref, [res_id])
                documents[res_id], _kind = report._print_dunning_page(report_ref, res_id, page)
        return found

    def _print_dunning_page(self, report_ref, res_id, page):
        """Print a rendered page, so that what is stored is what was checked.

        :param str report_ref: a report whose documents have one layout, without header or footer
        :param int res_id: id of the record concerned
        :param bytes page: as returned by ``_render_qweb_html``
        :return: the PDF and ``pdf``; in Odoo's tests, which start no engine, the page and ``html``
        :raise UserError: if there is no engine
        """
        if self._is_dunning_in_test():
            return page, "html"
        report = self._get_report(report_ref)._for_dunning_engine()
        return self._finish_dunning(report, [res_id], report._run_dunning_engine(page)), "pdf"

    def _print_dunning_pages(self, pages):
        """Print pages of several reports in one process, and return each separately.

        :param list pages: ``(report_ref, res_id, page)``, as for ``_print_dunning_page``
        :return: list of its results, one for each
        """
        asked = [(report_ref, [res_id]) for report_ref, res_id, _page in pages]
        found = self._print_dunning_together(asked, [page for _ref, _id, page in pages])
        if not found:
            return [self._print_dunning_page(*page) for page in pages]
        return [(document, "pdf") for documents in found for document in documents.values()]

    def _print_dunning_together(self, asked, pages=()):
        """Print documents as one, and cut them apart.

        :param list asked: ``(report_ref, res_ids)``
        :param list pages: the page of each, if already rendered
        :return: list of ``{id: PDF}``; empty if this is not possible, or if there is only one
            document
        """
        if sum(len(ids) for _ref, ids in asked) < 2 or not self._can_print_dunning():
            return []
        reports = [self._get_report(ref)._for_dunning_engine() for ref, _ids in asked]
        if len({report.get_paperformat() for report in reports}) > 1:
            return []
        pages = pages or [
            report._render_qweb_html(ref, ids)[0]
            for report, (ref, ids) in zip(reports, asked, strict=True)
        ]
        found = reports[0]._run_dunning_engine_apart(pages)
        if [set(documents) for documents in found] != [set(ids) for _ref, ids in asked]:
            return []
        return [
            report._finish_dunning_apart(documents)
            for report, documents in zip(reports, found, strict=True)
        ]

    def _finish_dunning_apart(self, documents):
        """Finish documents of this report, one per record.

        :param dict documents: ``{id: PDF, or pages of a longer one}``
        :return: ``{id: PDF}``
        """
        titles = self._get_dunning_titles(self.env[self.model].sudo().browse(documents))
        return {
            key: self._finish_dunning(self, [key], part, titles[key])
            for key, part in documents.items()
        }

    @api.model
    def _can_print_dunning(self):
        """Whether the engine can be used: it is installed, and this is not one of Odoo's tests."""
        return not self._is_dunning_in_test() and self._has_dunning_engine()

    @api.model
    def _is_dunning_in_test(self):
        """Whether this is one of Odoo's tests, which request a PDF explicitly if they need one."""
        in_test = modules.module.current_test or config["test_enable"]
        return bool(in_test) and not self.env.context.get("force_report_rendering")


class Base(models.AbstractModel):
    _inherit = "base"

    def _get_dunning_print_lang(self):
        """Return the language in which this addon prints a record."""
        return self.env.lang or "en_US"

    def _get_dunning_foot(self):
        """Return the footer of each page of a document with several pages."""
        return ""
