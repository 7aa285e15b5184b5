from base64 import b64encode
from io import BytesIO

import qrcode
from markupsafe import Markup
from PIL import Image

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import is_html_empty

from ...core.claims_allowed import allowed, may_state_penalties
from ...core.indemnity import FLAT_INDEMNITY
from ...core.mentions import without_doubt
from ...core.readable import make_readable
from ..common.letter_dates import format_letter_amount, format_letter_date
from ..common.private_context import pass_on
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


class AccountDunningNotice(models.Model):
    """What a notice says, to whom and in which language.

    Until it is sent, a text is the level's, rendered in the customer's language, unless a person
    changed it; the recipient likewise follows the customer's contacts. Sending writes down all of
    them (``custom_*``, ``chosen_recipient_id``, ``sent_lang``), so that the record stays.
    """

    _inherit = "account.dunning.notice"

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

    @api.depends("body", "closing", "line_ids", "deadline")
    def _compute_message_html(self):
        for notice in self:
            notice.message_html = notice._render_part("account_dunning_fr.notice_message")

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
