from functools import cache
from io import BytesIO

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfReader, PdfWriter

from ...core.filenames import written_name
from ...core.pages import split_pages
from ...core.seals import sha256
from ...dossier.listing import Column, Table, draw_tables
from ..common.account_dunning_run import queued
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.ir_actions_report import LETTER_REPORT
from ..common.letter_formats import format_letter_amount, format_letter_date, let_break
from ..common.private_context import passed
from .states import LIVE

# Documents made for a notice and put into its envelope, except invoices and files of others.
ENVELOPE = ("letter", "statement", "account_statement", "listing")
TITLE_LENGTH = 50  # characters of the level's name in the name of a letter's file

# More items than this are listed on separate pages, and the letter states their total.
INLINE_ITEMS = 10
MOST_LISTED = 300  # more items than this are listed in a separate document, in e-mails too
PAGE_LINES = 40  # lines of a listing per page, with headings and totals
ORIGIN_WIDTH = 18  # characters of the customer's order or reference
NAME_WIDTH = 24  # characters of an invoice number before it takes a second line


def _count_lines(line):
    """Return how many lines of text an item takes in a listing."""
    return 1 + len(line.invoice_name or "") // NAME_WIDTH


class AccountDunningPaper(models.AbstractModel):
    """The letter of a notice: printed in a batch, stored, and merged into one PDF for the printer.

    The printed letter is stored, so that what is posted and what is kept are the same document.
    """

    _name = "account.dunning.paper"
    _inherit = ["account.dunning.guarded"]
    _description = "Letter of a Reminder"

    letter_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        string="Document",
        ondelete="restrict",
        index="btree_not_null",
    )
    letter_sha256 = fields.Char(string="SHA-256 of the document", readonly=True)
    printed_on = fields.Date(readonly=True)
    letter_date = fields.Date(
        compute="_compute_letter_date",
        help="The date that the letter bears: the day of printing, if the e-mail left before.",
    )
    listing_id = fields.Many2one(
        "ir.attachment",
        string="List of the items",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Enclosed where the items are too many for the message.",
    )

    @api.depends("date", "printed_on")
    def _compute_letter_date(self):
        for notice in self:
            days = [day for day in (notice.date, notice.printed_on) if day]
            notice.letter_date = max(days, default=False)

    # -- Printing ---------------------------------------------------------------------------------

    def action_print(self):
        """Print the letters with today's date and deadline."""
        self._check_prepare()
        stale = self._pass_posting_gate()
        to_print = self - stale
        if not to_print:
            return stale._notify_not_posted()
        to_print._print_letters()
        return self.env.ref(LETTER_REPORT).report_action(to_print, config=False)

    def action_print_together(self):
        """Ask how to print these letters together."""
        self._check_prepare()
        return open_dialog(
            "account.dunning.letters",
            self.env._("Print the letters together"),
            {"default_notice_ids": self.ids},
        )

    @queued("print_chosen")
    def _print_chosen(self, choices):
        """Print a batch of letters that are merged once all are printed.

        :param dict choices: how to merge them, see ``account_dunning_letters.py``
        """
        self._check_prepare()
        self._print_letters()

    def _print_letters(self):
        """Print and store the letters that do not bear today's date yet.

        The gate runs first: a notice with nothing left to claim is cancelled and not printed.
        Incomplete formal notices are left out, each with what it lacks.

        :return: the notices that have a letter to post, in the order given
        """
        today = creditors_day(self)
        # What they owe, for the gate and for the print, whatever the user may read himself.
        live = self.sudo().filtered(lambda notice: notice.state in LIVE)
        env = live._spare_columns(live)._with_penalties().env(su=self.env.su)
        complete = self.with_env(env)._split_complete()
        complete._reprint_sent()
        for notice in complete.sudo()._filter_to_print(today):
            notice._refresh()
        to_print = complete.sudo()._filter_to_print(today)
        to_print._drop_letters()
        for notice in to_print:
            notice.write({"name": notice._get_next_reference(), "printed_on": today})
        to_print._render_letters()
        return complete.with_env(self.env).filtered(
            lambda n: n.state != "cancelled" and not n.not_posted_reason and n.sudo().letter_id
        )

    def _filter_to_print(self, today):
        """Return the notices in preparation whose letter is missing or bears another day."""
        return self.filtered(
            lambda n: n.state in LIVE and n._goes_on_paper() and not n._is_printed(today)
        )

    def _render_letters(self):
        """Print the letters of these notices together, and store each with its enclosures."""
        notices = self._with_penalties()  # for the letters and for their enclosures
        letters = self.env["ir.actions.report"].sudo()._render_dunning_letters(notices)
        for notice in notices:
            notice._store_letter(letters[notice.id])

    def _reprint_sent(self):
        """Reprint letters whose e-mail was sent earlier, with today's date and a new deadline.

        The later deadline becomes the one of the notice: it is the one that binds. A letter that no
        longer says what is due is not posted.
        """
        today = creditors_day(self)
        self._pass_posting_gate()
        late = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        late = late.filtered(lambda n: not n._is_printed(today))
        for notice in late:
            deadline = notice._get_new_deadline(today)
            notice.write({"printed_on": today, "deadline": deadline})
            notice._render_letters()
            notice._seal()
            speaking = notice._in_dunning_lang()
            speaking._message_log(
                body=speaking.env._(
                    "Letter printed again with today's date; its deadline, %s, replaces the one "
                    "before.",
                    fields.Date.to_string(notice.deadline),
                )
            )

    def _is_printed(self, today):
        """Whether the stored letter is the one to post on this day."""
        self.ensure_one()
        return bool(self.letter_id) and self.printed_on == today

    def _goes_on_paper(self):
        """Whether the notice goes, or went, by post."""
        self.ensure_one()
        return self.send_letter or self.send_registered

    def _drop_letters_to_post(self):
        """Delete the letters of what was not sent yet: the notice says something else now."""
        self.filtered(lambda n: n.letter_id and n.state in LIVE)._drop_letters()

    def _drop_letters(self):
        """Delete letters that were printed but not posted, with the documents made for them.

        They no longer say what is due.
        """
        for name in ENVELOPE:
            notices = self.sudo()
            if files := notices[f"{name}_id"]:
                names = [f"{name}_id", f"{name}_sha256"]
                kept = [each for each in names if each in notices._fields]
                notices.write(dict.fromkeys(kept, False))
                files._unlink_dunning_unnamed()

    # -- The documents ----------------------------------------------------------------------------

    def _store_letter(self, content):
        """Store a letter with its checksum, and its enclosures.

        :param bytes content: the PDF
        """
        letter = self._create_document(self._get_letter_filename(), content)
        self.write({"letter_id": letter.id, "letter_sha256": sha256(content)})
        self._store_statement()
        self._store_account_statement()
        self._store_listing()

    def _create_document(self, name, content, mimetype="application/pdf"):
        """Attach a document to this notice.

        :param str name: name of the file
        :param bytes content: the document
        :param str mimetype: its type
        :return: ``ir.attachment``
        """
        self.ensure_one()
        return self.env["ir.attachment"]._attach_dunning(self, name, content, mimetype)

    def _get_letter_filename(self):
        self.ensure_one()
        notice = self.with_context(lang=self.lang)
        reference = notice.name or notice.env._("draft")
        # The reference, short and unique, is never truncated.
        title = written_name(notice.level_name)[:TITLE_LENGTH]
        return written_name(f"{title} {reference}", "pdf")

    def _get_kept_file(self, name):
        """Return a stored document of this notice, or none.

        :param str name: ``letter``, ``statement``, ``account_statement`` or ``listing``
        :raise UserError: if it is no file of the notice, or was changed since it was stored
        """
        self.ensure_one()
        notice = self.sudo()
        file = notice[f"{name}_id"]
        sum_field = f"{name}_sha256"
        sha256 = notice[sum_field] if sum_field in notice._fields else None
        own = file._filter_dunning_owned(notice, sha256)
        if file and not own:
            raise UserError(
                self.env._(
                    "The document kept with the message %s is not the one that was made for it: "
                    "it is not given out. Tell your administrator.",
                    self.display_name,
                )
            )
        return own.with_env(self.env)

    # -- Merging letters into one PDF -------------------------------------------------------------

    def _get_letters_pdf(self, recto=False, enclosed=True):
        """Return one PDF of the letters of these notices, by post code, then by customer.

        Letters that were sent are merged as they were stored; missing letters are printed first,
        with today's date and deadline. Notices that go by e-mail or call only are left out.

        :param bool recto: start each letter on a new sheet, for double-sided printing
        :param bool enclosed: put the enclosures of a letter behind it
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
        """Return what goes into the envelope: the letter, then the documents made for it.

        A statement of penalties too long to be printed goes by e-mail only.

        :return: list of PDF documents (bytes)
        """
        self.ensure_one()
        letter = self._get_kept_file("letter").sudo()
        names = ("statement", "listing", "account_statement")
        others = [self._get_kept_file(name).sudo() for name in names]
        return [letter.raw, *(file.raw for file in others if file.mimetype == "application/pdf")]

    def _sort_for_posting(self):
        """Sort these notices as their envelopes: by country, post code, name."""

        def key(notice):
            place = notice._get_postal_address()
            country = "" if place.country_id == notice.company_id.country_id else place.country_id
            return (country and country.name, place.zip or "", notice.partner_id.name, notice.id)

        return self.sorted(key)

    def _merge_pdfs(self, contents, recto=False):
        """Merge PDF documents into one.

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

    # -- The envelope -----------------------------------------------------------------------------

    def _get_postal_address(self):
        """Return the contact whose address is on the envelope: the recipient, else the company."""
        self.ensure_one()
        return self.recipient_id if self.recipient_id.street else self.partner_id

    def _get_envelope(self):
        """Return the lines of the address as printed on the letter.

        :rtype: list
        """
        self.ensure_one()
        place, recipient = self._get_postal_address(), self.recipient_id
        country = place.country_id if place.country_id != self.company_id.country_id else None
        lines = [
            self.partner_name or self.partner_id.name,
            recipient.name if recipient != self.partner_id else False,
            place.street,
            place.street2,
            " ".join(filter(None, [place.zip, place.city])),
            country and country.name,
        ]
        return [line for line in lines if line]

    # -- The pages of a long list -----------------------------------------------------------------

    def _is_listed_apart(self):
        """Whether there are too many items for the letter itself."""
        self.ensure_one()
        return sum(len(section["claimed"]) for section in self._get_sections()) > INLINE_ITEMS

    def _is_list_enclosed(self):
        """Whether there are too many items for any notice: their list is separate."""
        self.ensure_one()
        lines = self.line_ids
        if len(lines) <= MOST_LISTED:  # the case of nearly every notice: no need to look at each
            return False
        lines = lines._filter_standing().filtered(lambda line: not line.left_out)
        return len(lines) > MOST_LISTED

    def _format_items(self, lines, currency, referenced=False, may_break=False):
        """Return the texts of the rows of these items, in the language of the context.

        Most amounts and days occur several times: each is formatted once.

        :param lines: lines of this notice
        :param currency: their currency
        :param referenced: whether the rows show the customer's order or reference
        :param may_break: as in ``_format_item_amount``
        :return: list of dicts of texts, and ``late``, days
        """
        amount_of = cache(lambda amount: self._format_item_amount(amount, currency, may_break))
        day_of = cache(lambda day: format_letter_date(self.env, day))
        return [
            {
                "name": line.invoice_name or "",
                "origin": referenced and line._get_origin()[:ORIGIN_WIDTH],
                "date": day_of(line.invoice_date),
                "due": day_of(line.date_maturity),
                "total": amount_of(line.amount_total),
                "paid": amount_of(line.amount_paid),
                "held": amount_of(line.amount_held),
                "credit": amount_of(line.amount_credit),
                "left": amount_of(line.amount_due),
                "late": line.days_late,
            }
            for line in lines
        ]

    def _format_item_amount(self, amount, currency, may_break=False):
        """Format an amount for a table of items.

        :param may_break: whether the currency may go on a line of its own, in a narrow column
        """
        text = format_letter_amount(self.env, amount, currency)
        return let_break(text) if may_break else text

    def _note_table(self, table):
        """Remember a table of items while the notice is sent, as rendered by the template alone.

        :param table: what the template renders
        :return: ``Markup``
        """
        table = Markup(table)
        noted = passed(self.env, "tables")
        if noted is not None:
            noted.setdefault(self.id, []).append(table)
        return table

    def _get_listing_pages(self):
        """Return the claimed items as pages, each with the total carried over.

        :return: list of dicts: ``currency``, ``rows`` (lines), ``credited``, ``carried`` (amount of
            the pages before), ``total`` (including this page), ``first`` and ``last`` of the
            currency
        """
        self.ensure_one()
        pages = []
        for section in self._get_sections():
            lines = section["claimed"]
            groups = split_pages(lines, PAGE_LINES, size=_count_lines)
            carried = 0.0
            for index, group in enumerate(groups):
                total = section["currency"].round(carried + sum(line.amount_due for line in group))
                pages.append(
                    {
                        "currency": section["currency"],
                        "rows": group,
                        "credited": any(line.amount_credit for line in lines),
                        "carried": carried,
                        "total": total,
                        "first": index == 0,
                        "last": index == len(groups) - 1,
                    }
                )
                carried = total
        return pages

    def _get_penalty_pages(self, penalties):
        """Return the rows of the penalties as pages, each with the totals so far.

        :param dict penalties: result of ``_get_penalty_statement``
        :return: list of dicts: ``rows``, ``carried`` (totals of the pages before, or False) and
            ``sums`` (including this page), as ``_add_penalties_up`` returns them
        """
        groups = split_pages(
            penalties["rows"], PAGE_LINES, size=lambda row: _count_lines(row["line"])
        )
        pages, before = [], []
        for rows in groups:
            carried = pages[-1]["sums"] if pages else False
            before = before + rows
            pages.append({"rows": rows, "carried": carried, "sums": self._add_penalties_up(before)})
        return pages

    def _store_listing(self):
        """Store the list of items that goes with a notice that has too many of them."""
        self.ensure_one()
        if not self._is_list_enclosed():
            return
        notice = self.with_context(lang=self.lang)
        title = notice.env._("List of the items claimed")
        content = draw_tables(
            f"{title} – {notice.partner_name or notice.partner_id.name}",
            notice.env._(
                "Part of our message of %(date)s, reference %(reference)s – %(company)s",
                date=notice._format_long_date(notice.letter_date),
                reference=notice.name or "–",
                company=notice.company_id.name,
            ),
            notice.env._("Page {page} of {pages}"),
            notice._get_listing_tables(),
            self.lang.replace("_", "-"),
        )
        name = written_name(f"{title} {self.name or ''}", "pdf")
        self.listing_id = self._create_document(name, content)

    def _get_listing_tables(self):
        """Return the tables of the enclosed list: claimed items, penalties, the rest."""
        rows = (self._get_penalty_statement() or {"rows": []})["rows"]
        owed = any(row["interest"] or row["indemnity"] for row in rows)
        by_line = {row["line"].id: row for row in rows} if owed else {}
        sections = self._get_sections()
        tables = [self._get_items_table(section, by_line) for section in sections]
        return tables + [self._get_others_table(section) for section in sections]

    def _get_items_table(self, section, penalties):
        """Return the items claimed in one currency as a table.

        :param dict penalties: penalty rows by line id
        """
        currency = section["currency"]
        lines = section["claimed"]
        amount_of = cache(lambda amount: format_letter_amount(self.env, amount, currency))
        euro = self.env["res.currency"]._get_dunning_euro()
        euros_of = cache(lambda amount: format_letter_amount(self.env, amount, euro))
        rows, interest, indemnity = [], 0.0, 0.0
        flat = any(row["indemnity"] for row in penalties.values())  # consumers have none
        referenced = self.kind == "formal_notice" and bool(self._get_origins())
        for line, item in zip(lines, self._format_items(lines, currency, referenced), strict=True):
            row = [item["name"], *([item["origin"] or ""] if referenced else [])]
            row += [item["date"], item["due"], item["total"], item["paid"]]
            row += [item["held"], item["credit"], item["left"], item["late"]]
            if penalties:
                penalty = penalties.get(line.id, {"interest": 0.0, "indemnity": 0.0})
                interest += penalty["interest"]
                indemnity += penalty["indemnity"]
                row.append(amount_of(penalty["interest"]))
                row += [euros_of(penalty["indemnity"])] if flat else []
            rows.append(row)
        claimed = self._get_applied_account()
        label = self.env._("Total principal") if claimed else self.env._("Total to pay")
        total = [label, *[""] * (6 + referenced), amount_of(section["total"]), ""]
        if penalties:
            total.append(amount_of(currency.round(interest)))
            total += [euros_of(euro.round(indemnity))] if flat else []
        return Table(self._get_items_columns(penalties, referenced, flat), rows, [total])

    @api.model
    def _get_items_columns(self, penalties, referenced, flat):
        """Return the columns of the enclosed list, which are those of the pages of a letter."""
        order = [Column(self.env._("Order or reference"), 2.5)] if referenced else []
        added = [self.env._("Interest")] if penalties else []
        added += [self.env._("Flat indemnity")] if flat else []
        figures = [
            self.env._("Amount incl. tax"),
            self.env._("Paid"),
            self.env._("Disputed"),
            self.env._("Credit"),
            self.env._("Remaining due"),
            self.env._("Days late"),
            *added,
        ]
        return [
            Column(self.env._("Invoice"), 3),
            *order,
            Column(self.env._("Date"), 2),
            Column(self.env._("Due on"), 2),
            *(Column(label, 2, True) for label in figures),
        ]

    def _get_others_table(self, section):
        """Return the items outside the claim, in one currency, as a table."""
        currency = section["currency"]
        columns = [
            Column(self.env._("Also outstanding, and not part of this claim"), 3),
            Column(self.env._("Due on"), 1),
            Column(self.env._("Remaining due"), 1, True),
        ]
        rows = [
            (
                line.invoice_name or "",
                format_letter_date(self.env, line.date_maturity),
                format_letter_amount(self.env, line.amount_residual, currency),
            )
            for line in section["listed"]
        ]
        return Table(columns, rows)
