from lxml import html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import is_html_empty
from odoo.tools.i18n import format_list
from odoo.tools.image import image_data_uri

from ...core.mentions import without_doubt
from ...core.placeholders import named_value
from ...core.readable import make_readable
from ..common.letter_formats import (
    NBSP,
    format_letter_date,
    format_long_date,
    write_as_letter,
    write_once,
)
from ..common.private_context import passed
from ..policy.account_dunning_level import TEXTS
from .states import LIVE, OPEN

# What a level's text may quote: a manager may edit it without the right to write code.
QUOTABLE = (
    "object.company_id.name",
    "object.total_text",
    "object.deadline_text",
    "object.invoices_text",
    "object.penalties_text",
)
# What the e-mail template quotes. Allowed only while the notice is being sent: by then its texts
# are stored, whereas those of a level might quote these in turn.
LEAVING = ("object.message_html", "object.subject", "object.lang")
SENDERS = "account_dunning_fr.group_dunning_user"


class AccountDunningWording(models.AbstractModel):
    """What a notice says, to whom, and in which language.

    Until the notice is sent, a text is the level's, rendered in the customer's language, unless a
    person changed it; likewise the recipient follows the customer's contacts. Sending stores all of
    them (``custom_*``, ``chosen_recipient_id``, ``sent_lang``), so that the record is final.
    """

    _name = "account.dunning.wording"
    _inherit = ["account.dunning.guarded"]
    _description = "Wording of a Reminder"

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
    message_html = fields.Html(
        string="Message",
        compute="_compute_message_html",
        sanitize=False,
        help="The message as the customer reads it: texts, table of items and means of payment.",
    )
    chosen_recipient_id = fields.Many2one(
        "res.partner", ondelete="restrict", writer="code", index="btree_not_null"
    )
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
    lang = fields.Char(compute="_compute_lang")
    previous_notice_ids = fields.Many2many(
        "account.dunning.notice",
        string="Previous messages",
        compute="_compute_previous_notice_ids",
        compute_sudo=True,
        help="The messages sent before about the same items, the oldest first.",
    )

    # -- The recipient ----------------------------------------------------------------------------

    @api.depends(
        "chosen_recipient_id.active",
        "partner_id",
        "level_id.to_accounting",
        "sent_to",
        "line_ids.claimed",
        "line_ids.left_out",
    )
    def _compute_recipient_id(self):
        # For all notices together: filtered further down, the invoices of each would be read alone.
        waiting = self.filtered(lambda notice: notice.state in LIVE)
        waiting.line_ids.move_id.mapped("partner_id")
        for notice in self:
            recipient = notice.chosen_recipient_id
            if notice.state in LIVE and not recipient.active:
                lines = notice.line_ids._filter_claimed()
                customer, moves = notice.partner_id, lines.move_id
                if notice.level_id.to_accounting:
                    recipient = customer._get_dunning_recipient(moves)
                else:
                    recipient = customer._get_dunning_level_recipient(notice.level_id, moves)
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
        """:raise AccessError: for anybody but the customer, unless the user may send notices"""
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
            speaking = notice._in_dunning_lang()
            speaking._message_log(
                body=speaking.env._(
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

    # -- The texts --------------------------------------------------------------------------------

    @api.depends(
        "custom_subject",
        "custom_body",
        "custom_closing",
        "chosen",
        "level_id",
        "lang",
        "deadline",
        "letter_date",
        "line_ids.amount_due",
        "line_ids.left_out",
        "partner_id.dunning_pay_mode",
        "recalled_promise_ids",
    )
    def _compute_texts(self):
        for level, notices in self.grouped("level_id").items():
            for name in TEXTS:
                kept = {notice: notice[f"custom_{name}"] for notice in notices}
                rendered = notices.filtered(
                    lambda n, kept=kept: not kept[n] and n.id and not n.is_free
                )._get_level_texts(level, name)
                written = notices.filtered(kept.get)
                for notice in written:
                    # It was sanitized when it was written, as this field would do it.
                    notice._update_cache({name: kept[notice]}, validate=False)
                # A text that quotes nothing is the same for many notices: it is sanitized once.
                texts = {notice: rendered.get(notice.id, False) for notice in notices - written}
                for text, same in (notices - written).grouped(texts.get).items():
                    same[name] = _on_one_line(text) if name == "subject" else text

    def _get_level_texts(self, level, name):
        """Return a text of a level, rendered for each of these notices.

        :param str name: ``subject``, ``body`` or ``closing``
        :return: ``{notice id: text}``
        """
        texts = level.sudo()._get_text(name, self)
        for notice in self.filtered("recalled_promise_ids"):
            if text := texts.get(notice.id):
                texts[notice.id] = type(text)(without_doubt(text))
        for notice in self.filtered(lambda notice: notice._announces_debit()):
            texts[notice.id] = notice._get_debit_text(name)
        return texts

    def _announces_debit(self):
        """Whether it tells a customer who pays by direct debit that the account will be debited."""
        self.ensure_one()
        return self.kind == "courtesy" and self.partner_id._pays_dunning_by_debit()

    def _get_debit_text(self, name):
        """Return a text that announces a debit and asks for nothing, in place of the level's.

        :param str name: ``subject``, ``body`` or ``closing``
        """
        self.ensure_one()
        if name != "subject":
            return self._render_part(f"account_dunning_fr.notice_debit_{name}")
        return self.with_context(lang=self.lang).env._(
            "Direct debit to come – %(invoices)s – %(company)s",
            invoices=self.invoices_text,
            company=self.company_id.name,
        )

    def _get_debit_days(self):
        """Return the days of the debits, which are the due dates, in the customer's language."""
        days = sorted(set(self.line_ids._filter_claimed().mapped("date_maturity")))
        return ", ".join(self._format_long_date(day) for day in days)

    def _get_letter_texts(self):
        """Return the texts of the letter, which are those of the notice.

        A letter printed after the e-mail was sent quotes its own deadline: it takes the level's
        texts again, except for those that a person typed.

        :return: dict of ``subject``, ``body`` and ``closing``
        """
        self.ensure_one()
        texts = {name: self[name] for name in TEXTS}
        if self.state == "sent" and self.letter_date and self.letter_date > self.date:
            typed = (self.typed_texts or "").split(",")
            for name in set(TEXTS) - set(typed):
                texts[name] = self._get_level_texts(self.level_id, name).get(self.id, False)
        return texts

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Odoo substitutes these expressions itself; others make it compile a template per record.

        Our e-mail template quotes nothing else; one that a person changed is compiled as usual.
        """
        leaving = LEAVING if passed(self.env, "mail_vals") is not None else ()
        return (*super().mail_allowed_qweb_expressions(), *QUOTABLE, *leaving)

    def _inverse_subject(self):
        self._store_text("subject")

    def _inverse_body(self):
        self._store_text("body")

    def _inverse_closing(self):
        self._store_text("closing")

    def _store_text(self, name):
        """Store a text typed by a person; an emptied one falls back to the level's.

        :raise ValidationError: if it names a value to fill in, as the texts of a level do
        """
        for notice in self:
            text = notice[name]
            text = _on_one_line(text) if name == "subject" else text
            if found := named_value(str(text or "")):
                raise ValidationError(
                    self.env._(
                        "“%s” would be printed as it stands: it is filled in in the texts of a "
                        "level only. Write the words themselves.",
                        found,
                    )
                )
            custom = False if is_html_empty(text) else text
            notice.sudo().write({f"custom_{name}": custom, "printed_on": False})

    def action_restore_texts(self):
        """Restore the texts of the level."""
        self._check_prepare()
        texts = dict.fromkeys([f"custom_{name}" for name in TEXTS], False)
        self.sudo().write({**texts, "printed_on": False})

    @api.model
    def _split_closing(self, closing):
        """Split the text below the table into what may share a page with it, and the end.

        The last two paragraphs stay with the signature. Within one rendering, computed once per
        text.

        :param closing: the text, HTML
        :return: (``Markup``, ``Markup``)
        """
        key = ("closing", closing)
        return write_once(self.env, key, lambda: self._split_text(closing))

    @api.model
    def _split_text(self, closing):
        if is_html_empty(closing):
            return Markup(), Markup()
        root = html.fragment_fromstring(str(closing), create_parent="div")
        parts = [html.tostring(part, encoding="unicode") for part in root]
        if (root.text or "").strip() or len(parts) < 3:
            return Markup(), closing
        return Markup("".join(parts[:-2])), Markup("".join(parts[-2:]))

    # -- Rendering --------------------------------------------------------------------------------

    @api.depends("sent_html", "body", "closing", "line_ids", "deadline")
    def _compute_message_html(self):
        """Render the notice as it would be sent now; once sent, show the text that was kept."""
        for notice in self:
            notice.message_html = notice.sent_html or notice._render_part(
                "account_dunning_fr.notice_message"
            )

    def _render_part(self, template):
        """Render a QWeb part for this notice, in the customer's language.

        :param str template: external identifier
        :return: ``Markup``
        """
        self.ensure_one()
        notice = write_as_letter(self.sudo().with_context(lang=self.lang))
        values = {"notice": notice, "company": notice.company_id}
        return Markup(make_readable(notice.env["ir.qweb"]._render(template, values)))

    # -- Earlier notices and signature ------------------------------------------------------------

    @api.depends("line_ids.claimed", "line_ids.move_line_id")
    def _compute_previous_notice_ids(self):
        """Find earlier notices about the claimed items; courtesy messages do not count.

        One query serves all the notices that are rendered together.
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

    def _get_history_text(self):
        """Return the earlier notices by date, naming each level once.

        « First reminder (1 May 2026 and 8 May 2026); Second reminder of 20 May 2026 ». Several days
        are put in brackets, because French repeats « du » before each.
        """
        self.ensure_one()
        parts = []
        for level, sent in self.previous_notice_ids.grouped("level_name").items():
            days = [format_letter_date(self.env, on) for on in dict.fromkeys(sent.mapped("date"))]
            if len(days) == 1:
                parts.append(self.env._("%(level)s of %(days)s", level=level, days=days[0]))
            else:
                parts.append(f"{level} ({format_list(self.env, days)})")
        return self._join_letter_parts(parts)

    def _join_letter_parts(self, parts):
        """Join the parts of a sentence with semicolons, spaced as the language requires."""
        in_french = (self.env.lang or "").startswith("fr")
        return (f"{NBSP}; " if in_french else "; ").join(parts)

    def _get_origins(self):
        """Return what each claimed invoice refers to, as far as the books know.

        :return: list of (invoice number, our order, the customer's reference)
        """
        self.ensure_one()
        lines = self.line_ids._filter_claimed()
        return [
            (move.name, move.invoice_origin, move.ref)
            for move in lines.move_id.sorted("invoice_date")
            if move.invoice_origin or move.ref
        ]

    def _get_signatory(self):
        """Return the user who signs: the person in charge, else the company's contact.

        Neither inactive users nor the system user sign anything.
        """
        self.ensure_one()
        people = (self.user_id | self.company_id.dunning_user_id).sudo()
        return people.filtered(lambda user: user.active and not user.share)[:1]

    def _get_signature(self):
        """Return the picture of the signature as a ``data:`` URL, or False."""
        picture = self._get_signatory().dunning_signature
        return picture and image_data_uri(picture)

    def _format_long_date(self, day):
        """Return a date in words; in French the first of a month is « 1er ».

        :param date day: a date
        """
        return format_long_date(self.env, day)


def _on_one_line(subject):
    """Return a subject without line breaks: in a header, one quoted from a number is refused."""
    return subject and " ".join(subject.splitlines())
