from base64 import b64encode
from functools import cache
from io import BytesIO

import qrcode
from lxml import html
from markupsafe import Markup
from PIL import Image

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, is_html_empty
from odoo.tools.i18n import format_list

from ...core.claims_allowed import allowed, may_state_penalties
from ...core.filenames import written_name
from ...core.indemnity import FLAT_INDEMNITY
from ...core.mentions import without_doubt
from ...core.pages import split_pages
from ...core.readable import make_readable
from ...dossier.listing import Column, Table, draw_tables
from ..common.letter_formats import format_letter_amount, format_letter_date
from ..common.private_context import pass_on, passed
from ..policy.account_dunning_level import TEXTS
from .account_dunning_notice import OPEN

# What a level's text may quote; a manager writes it without the right to write code.
QUOTABLE = (
    "object.company_id.name",
    "object.total_text",
    "object.deadline_text",
    "object.invoices_text",
    "object.penalties_text",
)
QR_MASK, QR_DOTS = 0, 6  # rows and columns alternating; dots of a square's side
TRANSFER_TEXT = 140  # characters of a SEPA transfer's message
SENDERS = "account_dunning_fr.group_dunning_user"

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
    """What a notice says: penalties, texts, sums and means of payment, and how it lays them out."""

    _inherit = "account.dunning.notice"

    rate_warning = fields.Char(compute="_compute_rate_warning")

    @api.depends("level_id.penalties", "partner_id.dunning_regime", "state", "date")
    def _compute_rate_warning(self):
        """Tell the user, never the debtor, that a rate of the message is not confirmed."""
        for notice in self:
            live = notice.state in ("draft", "ready")
            notice.rate_warning = live and notice._explain_figures(notice._get_awaited_figures())

    def _get_awaited_figures(self):
        """Return the published figures on which the penalties stated rest, and nobody confirmed.

        What a contract fixes waits for nothing; the default rate for the central bank's, a multiple
        of the legal rate for that one.

        :return: list of ``core.rates.Figure``
        """
        self.ensure_one()
        if not self._get_stated_regime():
            return []
        # A user of one branch reads that the message waits, whatever else it claims.
        notice = self.sudo()
        items = notice._get_penalty_lines().move_line_id
        accrued = notice.env["account.dunning.accrual"]._compute_items(items, self.letter_date)
        figures = [figure for item in items for figure in accrued[item.id].figures]
        return self.env["account.dunning.rate"]._get_unconfirmed(figures)

    def _explain_figures(self, figures):
        """Return which figures are not confirmed and whether they stop a message, or False."""
        if not figures:
            return False
        Rate = self.env["account.dunning.rate"]
        names = ", ".join(Rate._get_figure_name(figure) for figure in figures)
        if self.company_id.dunning_send_unconfirmed:
            return self.env._(
                "Not confirmed: %s. The company sends all the same: look at the table of rates "
                "before the message leaves.",
                names,
            )
        return self.env._(
            "The message waits for a rate that is not confirmed: %s. A dunning manager confirms it "
            "on “To do today”.",
            names,
        )

    def _get_rate_problem(self):
        """Return why the message waits for a rate, for the user, or False."""
        self.ensure_one()
        if self.company_id.dunning_send_unconfirmed:
            return False
        return self._explain_figures(self._get_awaited_figures())

    @api.model
    def _get_figures_to_confirm(self, creditors, today):
        """Return what is to be confirmed for the messages being prepared, and for those to come.

        :param creditors: ``res.company`` records
        :param date today: the day of the question
        :return: list of ``core.rates.Figure``: of the half-years since the oldest debt on which a
            message being prepared states penalties, the present one at least
        """
        [(oldest,)] = self.env["account.dunning.notice.line"]._read_group(
            [
                ("notice_id.company_id", "in", creditors.ids),
                ("notice_id.state", "in", ("draft", "ready")),
                ("notice_id.level_id.penalties", "!=", "none"),
                ("claimed", "=", True),
            ],
            [],
            ["date_maturity:min"],
        )
        Rate = self.env["account.dunning.rate"]
        late = fields.Date.add(oldest, days=1) if oldest else today
        return Rate._get_unconfirmed(Rate._get_figures(min(late, today), today))

    def _note_awaited_rates(self, today):
        """Tell, on each of these messages, for which rate it waits.

        :param date today: the day of the run
        :return: those of one creditor that wait
        """
        waiting = self.browse()
        if self.company_id.dunning_send_unconfirmed:
            return waiting
        if self and self._get_figures_to_confirm(self.company_id, today):
            for notice in self._with_penalties():
                if problem := notice._get_rate_problem():
                    waiting |= notice.with_env(self.env)
                    if notice.waiting_reason != problem:
                        notice.waiting_reason = problem
        return waiting

    def _get_penalty_statement(self):
        """Return the penalties that the message states, by the customer's regime.

        Principal and penalties are kept apart: penalties accrued, less those paid or waived.

        :return: False, or dict: ``rows`` (dicts of ``line``, ``days``, ``label``, ``interest``,
            ``a_day``), ``totals`` (``{currency: (interest, a day)}``), ``indemnity`` in euros
        """
        self.ensure_one()
        if not self._get_stated_regime():
            return False
        lines = self._get_penalty_lines()
        items = lines.move_line_id
        accrued = self.env["account.dunning.accrual"]._compute_items(items, self.letter_date)
        booked = passed(self.env, "booked", {})
        if not all(item in booked for item in items):
            booked = self.env["account.dunning.penalty"].sudo()._get_by_item(items)
        rows, totals, indemnity = [], {}, 0.0
        for line in lines.sorted("date_maturity"):
            item = line.move_line_id
            row = line._prepare_penalty_row(accrued[item.id], booked[item])
            rows.append(row)
            indemnity += row["indemnity"]
            interest, a_day = totals.get(line.currency_id, (0.0, 0.0))
            totals[line.currency_id] = (
                line.currency_id.round(interest + row["interest"]),
                line.currency_id.round(a_day + row["a_day"]),
            )
        return {"rows": rows, "totals": totals, "indemnity": indemnity}

    def _get_penalty_lines(self):
        """Return the lines on whose items penalties are stated: what is claimed."""
        return self.line_ids.filtered(
            lambda line: line.claimed and not line.left_out and line.move_line_id
        )

    def _with_penalties(self):
        """Return these notices with what their items owe, computed for all of them at once.

        The check, the texts, the letter and the e-mail each need it, customer by customer: they
        find it with these records.
        """
        items_by_day = {
            on: notices.filtered(lambda notice: notice._get_stated_regime())
            ._get_penalty_lines()
            .move_line_id
            for on, notices in self.grouped("letter_date").items()
        }
        items = self.env["account.move.line"].union(*items_by_day.values())
        # What the terms of each row need.
        items.move_id.fetch(["dunning_rate_type", "commercial_partner_id", "company_id"])
        return pass_on(
            self,
            owed=self.env["account.dunning.accrual"]._remember(items_by_day),
            booked=self.env["account.dunning.penalty"].sudo()._get_by_item(items),
        )

    def _get_penalty_problem(self):
        """Return why the penalties of this message cannot be stated, for the user, or False."""
        self.ensure_one()
        statement = self._get_penalty_statement()
        problems = [row["problem"] for row in statement["rows"]] if statement else []
        return next(filter(None, problems), False)

    # -- What a notice says, to whom and in which language -----------------------------------------
    # Until it is sent, a text is the level's, rendered in the customer's language, unless a person
    # changed it; the recipient likewise follows the customer's contacts. Sending writes down all
    # of them (``custom_*``, ``chosen_recipient_id``, ``sent_lang``), so that the record stays.

    custom_subject = fields.Char(writer="code")
    custom_body = fields.Html(sanitize="email_outgoing", writer="code")
    custom_closing = fields.Html(sanitize="email_outgoing", writer="code")
    subject = fields.Char(compute="_compute_texts", inverse="_inverse_subject", writer=OPEN)
    body = fields.Html(
        string="Text above the table",
        compute="_compute_texts",
        inverse="_inverse_body",
        sanitize="email_outgoing",
        writer=OPEN,
    )
    closing = fields.Html(
        string="Text below the table",
        compute="_compute_texts",
        inverse="_inverse_closing",
        sanitize="email_outgoing",
        writer=OPEN,
    )
    total_text = fields.Char(compute="_compute_quoted")
    deadline_text = fields.Char(compute="_compute_quoted")
    message_html = fields.Html(
        string="Message",
        compute="_compute_message_html",
        sanitize=False,
        help="The message as the customer reads it: texts, table of items and means of payment.",
    )
    chosen_recipient_id = fields.Many2one("res.partner", ondelete="restrict", writer="code")
    recipient_id = fields.Many2one(
        "res.partner",
        compute="_compute_recipient_id",
        inverse="_inverse_recipient_id",
        domain="[('commercial_partner_id', '=', partner_id)]",
        writer=OPEN,
    )
    recipient_email = fields.Char(string="Recipient's e-mail", compute="_compute_recipient_id")
    is_recipient_foreign = fields.Boolean(
        compute="_compute_is_recipient_foreign",
        help="The message goes to somebody who is no contact of the customer.",
    )
    sent_lang = fields.Char(readonly=True)
    lang = fields.Char(compute="_compute_lang")
    bank_warning = fields.Char(compute="_compute_bank_warning")
    previous_notice_ids = fields.Many2many(
        "account.dunning.notice",
        string="Previous messages",
        compute="_compute_previous_notice_ids",
        compute_sudo=True,
        help="The messages sent before about the same items, the oldest first.",
    )

    @api.depends(
        "chosen_recipient_id.active",
        "partner_id",
        "sent_to",
        "line_ids.claimed",
        "line_ids.left_out",
    )
    def _compute_recipient_id(self):
        for notice in self:
            recipient = notice.chosen_recipient_id
            if notice.state in ("draft", "ready") and not recipient.active:
                lines = notice.line_ids.filtered(lambda line: line.claimed and not line.left_out)
                recipient = notice.partner_id._get_dunning_recipient(lines.move_id)
            recipient = recipient or notice.partner_id._get_dunning_recipient()
            notice.recipient_id = recipient
            notice.recipient_email = notice.sent_to or recipient.email

    def _inverse_recipient_id(self):
        self._check_recipient()
        for notice in self:
            notice.sudo().write(
                {"chosen_recipient_id": notice.recipient_id.id, "printed_on": False}
            )

    def _check_recipient(self):
        """:raise AccessError: for somebody else than the customer, unless the user may send"""
        for notice in self.filtered("is_recipient_foreign"):
            if not (self.env.su or self.env.user.has_group(SENDERS)):
                raise AccessError(
                    self.env._(
                        "%(recipient)s is no contact of %(customer)s: only dunning users write to "
                        "somebody else.",
                        recipient=notice.recipient_id.display_name,
                        customer=notice.partner_id.display_name,
                    )
                )
            notice._message_log(
                body=self.env._(
                    "Recipient chosen outside the customer’s contacts: %s",
                    notice.recipient_id.display_name,
                )
            )

    @api.depends("recipient_id", "partner_id")
    def _compute_is_recipient_foreign(self):
        for notice in self:
            debtor = notice.recipient_id.commercial_partner_id
            notice.is_recipient_foreign = bool(debtor) and debtor != notice.partner_id

    @api.depends("sent_lang", "partner_id.dunning_lang", "partner_id.country_id")
    def _compute_lang(self):
        for notice in self:
            notice.lang = notice.sent_lang or notice.partner_id._get_dunning_lang()

    @api.depends(
        "custom_subject",
        "custom_body",
        "custom_closing",
        "level_id",
        "lang",
        "deadline",
        "letter_date",
        "line_ids.amount_due",
        "line_ids.left_out",
        "recalled_promise_ids",
    )
    def _compute_texts(self):
        for level, notices in self.grouped("level_id").items():
            for name in TEXTS:
                kept = {notice: notice[f"custom_{name}"] for notice in notices}
                rendered = notices.filtered(
                    lambda n, kept=kept: not kept[n] and n.id
                )._get_level_texts(level, name)
                for notice in notices:
                    notice[name] = kept[notice] or rendered.get(notice.id, False)

    def _get_level_texts(self, level, name):
        """Return a text of a level, rendered on each of these messages.

        :param str name: ``subject``, ``body`` or ``closing``
        :return: ``{id of the message: text}``
        """
        texts = level.sudo()._get_text(name, self)
        for notice in self.filtered("recalled_promise_ids"):
            if text := texts.get(notice.id):
                texts[notice.id] = type(text)(without_doubt(text))
        return texts

    def _get_letter_texts(self):
        """Return the texts of the letter, which are those of the message.

        One that is printed after the e-mail left quotes its own deadline: its texts are the
        level's again, but for those that a person typed.

        :return: dict of ``subject``, ``body`` and ``closing``
        """
        self.ensure_one()
        texts = {name: self[name] for name in TEXTS}
        if self.state == "sent" and self.letter_date and self.letter_date > self.date:
            typed = (self.typed_texts or "").split(",")
            for name in set(TEXTS) - set(typed):
                texts[name] = self._get_level_texts(self.level_id, name).get(self.id, False)
        return texts

    @api.depends("line_ids.amount_due", "line_ids.claimed", "line_ids.left_out", "deadline")
    @api.depends_context("lang")
    def _compute_quoted(self):
        """The total, one amount per currency, and the deadline, as the texts quote them."""
        for notice in self:
            totals = [
                format_letter_amount(self.env, section["total"], section["currency"])
                for section in notice._get_sections()
                if section["total"]
            ]
            notice.total_text = " + ".join(totals)
            notice.deadline_text = format_letter_date(self.env, notice.deadline)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), *QUOTABLE)

    def _inverse_subject(self):
        self._store_text("subject")

    def _inverse_body(self):
        self._store_text("body")

    def _inverse_closing(self):
        self._store_text("closing")

    def _store_text(self, name):
        """Keep a text typed by a person; an emptied one goes back to the level's."""
        for notice in self:
            text = notice[name]
            custom = False if is_html_empty(text) else text
            notice.sudo().write({f"custom_{name}": custom, "printed_on": False})

    @api.depends("sent_html", "body", "closing", "line_ids", "deadline")
    def _compute_message_html(self):
        """The message as it would leave now; of what was sent, the words that were kept."""
        for notice in self:
            notice.message_html = notice.sent_html or notice._render_part(
                "account_dunning_fr.notice_message"
            )

    def action_restore_texts(self):
        """Go back to the texts of the level."""
        self._check_prepare()
        texts = dict.fromkeys([f"custom_{name}" for name in TEXTS], False)
        self.sudo().write({**texts, "printed_on": False})

    # -- Values for the templates ----------------------------------------------------------------

    def _render_part(self, template):
        """Render a QWeb part on this notice, in the customer's language.

        :param str template: external identifier
        :return: ``Markup``
        """
        self.ensure_one()
        notice = pass_on(self.sudo().with_context(lang=self.lang), letter=True)
        values = {"notice": notice, "company": notice.company_id}
        return Markup(make_readable(notice.env["ir.qweb"]._render(template, values)))

    def _get_sections(self):
        """Return the items by currency, as the message shows them.

        :return: list of dicts: ``currency``, ``claimed`` and ``listed`` (lines), ``total`` claimed
            in that currency
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.drop_reason)
        sections = []
        for currency, group in lines.grouped("currency_id").items():
            claimed = group.filtered(lambda line: line.claimed and not line.left_out)
            sections.append(
                {
                    "currency": currency,
                    "claimed": claimed.sorted("date_maturity"),
                    "listed": group.filtered(lambda line: not line.claimed and not line.left_out),
                    "total": currency.round(sum(claimed.mapped("amount_due"))),
                }
            )
        return sections

    @api.depends("state", "line_ids.claimed", "line_ids.left_out", "line_ids.move_id")
    def _compute_bank_warning(self):
        """Tell the user where the message cannot say into which account a sum is paid."""
        for notice in self:
            live = notice.state in ("draft", "ready")
            names = notice._get_unpayable_names() if live else []
            notice.bank_warning = bool(names) and self.env._(
                "The message gives no account for %s: no bank journal of the creditor has one in "
                "their currency, or they were assigned. Enter the account on its bank journal.",
                ", ".join(names),
            )

    def _get_unpayable_names(self):
        """Return the invoices claimed for which there is no account to be paid into."""
        lines = self.sudo()._get_claimed_lines()
        accounts = lines._get_bank_accounts()
        unpaid = lines.filtered(lambda line: not accounts[line])
        return list(dict.fromkeys(filter(None, unpaid.mapped("invoice_name"))))

    def _get_transfers(self):
        """Return what is to be transferred, each sum with the account of its invoices.

        The penalties that the message applies go where their invoice is paid.

        :return: list of dicts, one an account and a currency: ``account`` (``res.partner.bank``,
            empty where there is none), ``currency``, ``amount``, ``names`` (the invoices)
        """
        self.ensure_one()
        lines = self._get_claimed_lines()
        accounts = lines._get_bank_accounts()
        groups = lines.grouped(lambda line: (accounts[line], line.currency_id))
        penalties = self._get_penalties_applied()
        return [
            {
                "account": account,
                "currency": currency,
                "amount": currency.round(
                    sum(line.amount_due + penalties.get(line, 0.0) for line in group)
                ),
                "names": list(dict.fromkeys(filter(None, group.mapped("invoice_name")))),
            }
            for (account, currency), group in groups.items()
        ]

    def _get_claimed_lines(self):
        """Return the lines in the total, the oldest due first."""
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.claimed and not line.left_out and not line.drop_reason
        )
        return lines.sorted("date_maturity")

    def _get_payment_reference(self, names):
        """Return what the customer writes on the transfer: the invoices, else the message."""
        self.ensure_one()
        reference = ", ".join(names)
        if len(reference) <= TRANSFER_TEXT:
            return reference
        return self.name or self.partner_id.ref or self.partner_id.name

    def _get_qr_code(self):
        """Return the SEPA transfer code of the total as a ``data:`` address, or False.

        Only where one sum in euros is paid into one IBAN. It is drawn by the package qrcode, since
        Odoo's own drawing needs a back end of reportlab that many servers lack.
        """
        self.ensure_one()
        transfers = self._get_transfers()
        if len(transfers) != 1:
            return False
        [transfer] = transfers
        text = transfer["account"]._get_dunning_transfer_code(
            transfer["amount"],
            self._get_payment_reference(transfer["names"]),
            transfer["currency"],
            self.partner_id,
        )
        return text and self._draw_qr_code(text)

    @api.model
    def _draw_qr_code(self, text):
        """Return a text as a QR code, a ``data:`` address.

        A reader takes any of the eight masks; trying all of them, and drawing square by square,
        takes longer than the rest of the letter.
        """
        code = qrcode.QRCode(border=0, mask_pattern=QR_MASK)
        code.add_data(text)
        matrix = code.get_matrix()
        image = Image.new("1", (len(matrix), len(matrix)))
        image.putdata([not dark for row in matrix for dark in row])
        side = QR_DOTS * len(matrix)
        stream = BytesIO()
        image.resize((side, side), Image.Resampling.NEAREST).save(stream, format="PNG")
        return f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"

    def _get_stated_regime(self):
        """Return the regime whose late-payment terms the message states, or False.

        Nothing is stated before a person confirmed the regime, nor by a creditor abroad. A consumer
        only owes interest at the legal rate, from the formal notice (C. civ. 1231-6 and 1344-1),
        and no indemnity.
        """
        self.ensure_one()
        regime = self.partner_id.dunning_regime
        if self.level_id.penalties == "none" or not may_state_penalties(regime, self.kind):
            return False
        if not self.company_id._is_dunning_french():
            return False
        return regime

    def _get_stated_rights(self):
        """Return what the message may state beside the principal (``core.claims_allowed``)."""
        return allowed(self._get_stated_regime())

    def _get_flat_indemnity(self):
        """Return the flat indemnity for recovery costs, in euros (C. com. D. 441-5)."""
        return float(FLAT_INDEMNITY)

    @api.depends("line_ids.claimed", "line_ids.move_line_id")
    def _compute_previous_notice_ids(self):
        """The messages sent before about the items claimed; a courtesy is none, and recalls none.

        One query for all the messages that are written together.
        """
        claimed = self.line_ids.filtered("claimed")
        lines = self.env["account.dunning.notice.line"].search(
            [
                ("move_line_id", "in", claimed.move_line_id.ids),
                ("state", "=", "sent"),
                ("notice_id.has_left", "=", True),
                ("claimed", "=", True),
                ("notice_id.kind", "!=", "courtesy"),
            ]
        )
        by_item = lines.grouped("move_line_id")
        none = lines.browse()
        for notice in self:
            items = notice.line_ids.filtered("claimed").move_line_id
            if notice.kind == "courtesy":
                items = items.browse()
            earlier = none.union(*(by_item.get(item, none) for item in items)).notice_id
            notice.previous_notice_ids = (earlier - notice._origin).sorted(
                lambda sent: (sent.date, sent.id)
            )

    # -- How a notice is laid out: what it quotes, and the pages of a long list --------------------

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

    # -- What a message asks to be paid: the principal, and the penalties that it applies ----------

    # Whoever reads a message reads it whole, the invoices of another branch too.
    penalties_text = fields.Char(compute="_compute_penalties_text", compute_sudo=True)
    demanded_text = fields.Char(
        string="Sum asked",
        compute="_compute_demanded_text",
        compute_sudo=True,
        help="What the message asks to be paid: the principal, and the penalties that it applies.",
    )

    @api.depends("letter_date", "line_ids.amount_due", "line_ids.left_out", "level_id")
    @api.depends_context("lang")
    def _compute_demanded_text(self):
        for notice in self:
            notice.demanded_text = notice._get_transfer_text()

    def _get_applied_account(self):
        """Return the account of a message that claims penalties with the principal, or False.

        A level that only states them claims the principal alone.
        """
        self.ensure_one()
        if self.level_id.penalties != "applied":
            return False
        return self._get_recapitulation(self._get_penalty_statement())

    @api.depends("letter_date", "line_ids.amount_due", "line_ids.left_out", "level_id")
    @api.depends_context("lang")
    def _compute_penalties_text(self):
        """The penalties claimed beside the sum, as the demand of a formal notice says them."""
        euro = self.env["res.currency"]._get_dunning_euro()
        for notice in self:
            account = notice._get_applied_account()
            if not account:
                notice.penalties_text = ""
                continue
            facts = {
                name: format_letter_amount(self.env, account[name], euro)
                for name in ("interest", "indemnity", "total")
            }
            facts["date"] = format_letter_date(self.env, notice.letter_date)
            if account["indemnity"]:
                notice.penalties_text = self.env._(
                    " in principal, plus %(interest)s of interest and %(indemnity)s of flat "
                    "indemnity at %(date)s, that is %(total)s in all,",
                    **facts,
                )
            else:
                notice.penalties_text = self.env._(
                    " in principal, plus %(interest)s of interest at %(date)s, that is %(total)s "
                    "in all,",
                    **facts,
                )

    def _get_penalties_applied(self):
        """Return the penalties claimed with the principal, ``{line: euros}``; empty if only stated.

        The sum is that of the account that the message gives.
        """
        self.ensure_one()
        if not self._get_applied_account():
            return {}
        rows = self._get_penalty_statement()["rows"]
        return {row["line"]: row["interest"] + row["indemnity"] for row in rows}

    def _get_transfer_text(self):
        """Return what is to be transferred, in words: one amount a currency."""
        amounts = {}
        for transfer in self._get_transfers():
            currency = transfer["currency"]
            amounts[currency] = currency.round(amounts.get(currency, 0.0) + transfer["amount"])
        return " + ".join(
            format_letter_amount(self.env, amount, currency) for currency, amount in amounts.items()
        )

    def _get_discounts(self):
        """Return the early-payment discounts still to be had, for a message before the due date.

        :return: list of dicts: ``name`` (invoice), ``amount``, ``full``, ``currency``, ``date``
        """
        self.ensure_one()
        if self.kind != "courtesy":
            return []
        return [
            {
                "name": line.invoice_name,
                "amount": item.discount_amount_currency,
                "full": line.amount_due,
                "currency": line.currency_id,
                "date": item.discount_date,
            }
            for line in self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
            for item in line.move_line_id
            if item.discount_date
            and item.discount_date >= self.letter_date
            and line.currency_id.compare_amounts(line.amount_due, line.amount_total) == 0
        ]
