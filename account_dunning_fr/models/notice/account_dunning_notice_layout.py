from functools import cache

from lxml import html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, is_html_empty
from odoo.tools.i18n import format_list

from ...core.filenames import written_name
from ...core.pages import split_pages
from ...dossier.listing import Column, Table, draw_tables
from ..common.letter_dates import format_letter_amount, format_letter_date

# More items than this are listed on pages of their own, and the letter states their total.
INLINE_ITEMS = 10
MOST_LISTED = 300  # more items than this are listed in a document of their own, also by e-mail
MOST_COPIES = 100  # more invoices than this are copied on request only
PAGE_LINES = 40  # lines of a listing on one page, with its headings and its totals
ORIGIN_WIDTH = 18  # characters of the customer's order or reference
NAME_WIDTH = 24  # characters of an invoice number before it takes a second line
NAMED_INVOICES = 6  # more than this are counted, not named


def _count_lines(line):
    """Return the lines of text that an item takes in a listing."""
    return 1 + len(line.invoice_name or "") // NAME_WIDTH


class AccountDunningNotice(models.Model):
    """How a notice is laid out: what it quotes, and the pages of a long list."""

    _inherit = "account.dunning.notice"

    invoices_text = fields.Char(compute="_compute_invoices_text")
    listing_id = fields.Many2one(
        "ir.attachment",
        string="List of the items",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Enclosed where the items are too many for the message.",
    )

    @api.depends("line_ids.claimed", "line_ids.left_out", "line_ids.drop_reason")
    @api.depends_context("lang")
    def _compute_invoices_text(self):
        """The invoices claimed as the object line quotes them: by number, else how many."""
        for notice in self:
            names = notice._get_invoice_names()
            if len(names) == 1:
                notice.invoices_text = self.env._("invoice %s", names[0])
            elif len(names) <= NAMED_INVOICES:
                notice.invoices_text = self.env._("invoices %s", ", ".join(names))
            else:
                notice.invoices_text = self.env._("%s invoices, listed below", len(names))

    def _get_invoice_names(self):
        """Return the numbers of the invoices claimed, each once, the oldest due first."""
        self.ensure_one()
        claimed = self.line_ids.filtered(
            lambda line: line.claimed and not line.left_out and not line.drop_reason
        )
        names = claimed.sorted("date_maturity").mapped("invoice_name")
        return list(dict.fromkeys(filter(None, names)))

    def _format_long_date(self, day):
        """Return a date in words; the French write « 1er » for the first of a month.

        :param date day: a date
        """
        text = format_date(self.env, day, date_format="d MMMM y")
        in_french = (self.env.lang or "").startswith("fr")
        return text.replace("1", "1er", 1) if in_french and day.day == 1 else text

    def _get_dunning_print_lang(self):
        return self.lang

    def _get_dunning_foot(self):
        """Name the sender and the letter on each of its pages."""
        self.ensure_one()
        return " – ".join(filter(None, (self.company_id.name, self.name)))

    def _get_history_text(self):
        """Return the messages sent before by their dates, each level named once.

        « First reminder of 1 May 2026 and 8 May 2026 ; Second reminder of 20 May 2026 »
        """
        self.ensure_one()
        parts = []
        for level, sent in self.previous_notice_ids.grouped("level_name").items():
            days = [format_letter_date(self.env, on) for on in dict.fromkeys(sent.mapped("date"))]
            parts.append(
                self.env._("%(level)s of %(days)s", level=level, days=format_list(self.env, days))
            )
        return " ; ".join(parts)

    @api.model
    def _split_closing(self, closing):
        """Return the text below the table as what may stand on the page of the table, and its end.

        The last two paragraphs stay with the signature.

        :param closing: the text, HTML
        :return: (``Markup``, ``Markup``)
        """
        if is_html_empty(closing):
            return Markup(), Markup()
        root = html.fragment_fromstring(str(closing), create_parent="div")
        parts = [html.tostring(part, encoding="unicode") for part in root]
        if (root.text or "").strip() or len(parts) < 3:
            return Markup(), closing
        return Markup("".join(parts[:-2])), Markup("".join(parts[-2:]))

    def _format_items(self, lines, currency, referenced=False):
        """Return items as their rows print them, in the language of the context.

        An amount or a day that comes again, as most do, is written once.

        :param lines: lines of this notice
        :param currency: theirs
        :param referenced: whether the rows have the customer's order or reference
        :return: list of dicts of texts, and ``late``, days
        """
        amount_of = cache(lambda amount: format_letter_amount(self.env, amount, currency))
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

    def _has_retention(self):
        """Whether a part that is not claimed is a retention of guarantee, and no dispute."""
        self.ensure_one()
        held = self.line_ids.filtered("amount_held").move_line_id
        return any(item._get_dunning_retention() for item in held)

    def _is_listed_apart(self):
        """Whether the items are too many for the letter itself."""
        self.ensure_one()
        return sum(len(section["claimed"]) for section in self._get_sections()) > INLINE_ITEMS

    def _is_list_enclosed(self):
        """Whether the items are too many for any message: their list is a document of its own."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.drop_reason and not line.left_out)
        return len(lines) > MOST_LISTED

    def _store_listing(self):
        """Keep the list of the items that goes with a message whose items are too many for it."""
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
        )
        name = written_name(f"{title} {self.name or ''}", "pdf")
        self.listing_id = self._create_document(name, content)

    def _get_listing_tables(self):
        """Return what the enclosed list holds: the items by currency, what each bears, the rest."""
        penalties = self._get_penalty_statement() or {"rows": []}
        by_line = {row["line"].id: row for row in penalties["rows"]}
        sections = self._get_sections()
        tables = [self._get_items_table(section, by_line) for section in sections]
        return tables + [self._get_others_table(section) for section in sections]

    def _get_items_table(self, section, penalties):
        """Return the items claimed in one currency as a table.

        :param dict penalties: rows of the penalties by id of line
        """
        currency = section["currency"]
        lines = section["claimed"]
        amount_of = cache(lambda amount: format_letter_amount(self.env, amount, currency))
        euro = self.env["res.currency"]._get_dunning_euro()
        euros_of = cache(lambda amount: format_letter_amount(self.env, amount, euro))
        columns = [
            Column(self.env._("Invoice"), 3),
            Column(self.env._("Date"), 2),
            Column(self.env._("Due on"), 2),
        ]
        columns += [
            Column(label, 2, True)
            for label in (
                self.env._("Amount incl. tax"),
                self.env._("Paid"),
                self.env._("Disputed"),
                self.env._("Credit"),
                self.env._("Remaining due"),
                self.env._("Days late"),
                *([self.env._("Interest"), self.env._("Flat indemnity")] if penalties else []),
            )
        ]
        rows, interest, indemnity = [], 0.0, 0.0
        for line, item in zip(lines, self._format_items(lines, currency), strict=True):
            row = [item["name"], item["date"], item["due"], item["total"], item["paid"]]
            row += [item["held"], item["credit"], item["left"], item["late"]]
            if penalties:
                penalty = penalties.get(line.id, {"interest": 0.0, "indemnity": 0.0})
                interest += penalty["interest"]
                indemnity += penalty["indemnity"]
                row += [amount_of(penalty["interest"]), euros_of(penalty["indemnity"])]
            rows.append(row)
        total = [self.env._("Total to pay"), *[""] * 6, amount_of(section["total"]), ""]
        if penalties:
            total += [amount_of(currency.round(interest)), euros_of(euro.round(indemnity))]
        return Table(columns, rows, [total])

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

    def _get_listing_pages(self):
        """Return the items claimed as pages, each with what the pages before it add up to.

        :return: list of dicts: ``currency``, ``rows`` (lines), ``credited``, ``carried`` (amount
            of the pages before), ``total`` (with this page), ``first`` and ``last`` of the currency
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
        """Return the rows of the penalties as pages.

        :param dict penalties: what ``_get_penalty_statement`` returns
        :return: list of lists of rows
        """
        return split_pages(
            penalties["rows"], PAGE_LINES, size=lambda row: _count_lines(row["line"])
        )

    def _get_recapitulation(self, penalties):
        """Return principal, penalties and indemnity as one account, or False.

        Only where all is in euros: what is owed in another currency is not added to it.

        :param dict penalties: what ``_get_penalty_statement`` returns, or False
        :return: dict of amounts in euros: ``principal``, ``interest``, ``a_day``, ``indemnity``,
            ``total``; and ``counted``, how many whole indemnities, 0 where one was paid in part
        """
        self.ensure_one()
        euro = self.env["res.currency"]._get_dunning_euro()
        sections = [section for section in self._get_sections() if section["total"]]
        if not penalties or [section["currency"] for section in sections] != [euro]:
            return False
        interest, a_day = penalties["totals"].get(euro, (0.0, 0.0))
        if not interest and not penalties["indemnity"]:
            return False
        principal = sections[0]["total"]
        flat = self._get_flat_indemnity()
        count = round(penalties["indemnity"] / flat)
        return {
            "principal": principal,
            "interest": interest,
            "a_day": a_day,
            "indemnity": penalties["indemnity"],
            "counted": count if euro.is_zero(penalties["indemnity"] - count * flat) else 0,
            "total": euro.round(principal + interest + penalties["indemnity"]),
        }

    def _get_payment_links(self):
        """Return where each invoice claimed is paid online; empty where it cannot be.

        :return: dict ``{invoice: address}``
        """
        self.ensure_one()
        moves = self.line_ids.filtered(lambda line: line.claimed and not line.left_out).move_id
        few = len(moves) <= MOST_COPIES
        if not moves or not few or not self.company_id.dunning_pays_online:
            return {}
        return {
            move: f"{move.get_base_url()}{move.get_portal_url()}"
            for move in moves.sudo()
            if move._has_to_be_paid()
        }
