from base64 import b64decode
from os.path import splitext
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ...core.claims_allowed import allowed
from ..common.dialogs import open_dialog
from ..common.letter_formats import format_letter_date
from ..notice.states import AUTOMATIC, DEBTOR, OURS
from .account_dunning_case_piece import CATEGORIES, RANK_STEP, RANKS, REPLY, REQUIRED

# The category of a document, by the kind of notice to which it belongs.
NOTICE_CATEGORIES = {
    "courtesy": "reminder",
    "reminder": "reminder",
    "registered": "registered",
    "formal_notice": "formal_notice",
}


class Found(NamedTuple):
    """A document found in the records, or one that should be there."""

    key: str
    category: str
    name: str
    date: Any = None
    attachment: Any = None
    notice: Any = None
    move: Any = None
    proves_receipt: bool = False


class AccountDunningCase(models.Model):
    """The pieces of a file, gathered from the records that hold them.

    Another addon adds pieces by extending ``_get_piece_sources`` with the name of a method that
    returns ``_find_documents_of`` its records, and ``_get_print_reports`` of the piece with the
    reports that print them, as ``account_dunning_fr_sale`` and ``account_dunning_fr_stock`` do.
    """

    _inherit = "account.dunning.case"

    piece_ids = fields.One2many("account.dunning.case.piece", "case_id", string="Pieces")
    document_ids = fields.One2many("account.dunning.case.document", "case_id")
    missing_count = fields.Integer(compute="_compute_missing_count")
    piece_count = fields.Integer(compute="_compute_missing_count")

    @api.depends("piece_ids.state")
    def _compute_missing_count(self):
        for case in self:
            states = case.piece_ids.mapped("state")
            case.missing_count = states.count("missing") + states.count("problem")
            case.piece_count = len(case._get_included_pieces())

    def _get_included_pieces(self):
        """Return the pieces that have a document, ordered by number."""
        self.ensure_one()
        return self.piece_ids.filtered(lambda piece: piece.state in ("ready", "problem")).sorted(
            lambda piece: (piece.sequence, piece._origin.id or piece.id)
        )

    def _get_piece_numbers(self, category=None, **values):
        """Return the numbers of the pieces of a category, or of a record, as text."""
        pieces = self._get_included_pieces()
        if category:
            pieces = pieces.filtered(lambda piece: piece.category == category)
        for name, record in values.items():
            pieces = pieces.filtered(lambda piece, n=name, r=record: piece[n] == r)
        return ", ".join(str(piece.number) for piece in pieces)

    @api.model
    def _get_piece_sources(self):
        """Return the names of the methods that find documents."""
        return [
            "_find_invoices",
            "_find_notices",
            "_find_events",
            "_find_accepted_terms",
            "_find_standing_documents",
            "_find_bank_notices",
            "_find_replies",
        ]

    def _get_next_day(self):
        """Return the day after the date of the sums, from which interest goes on."""
        self.ensure_one()
        return fields.Date.add(self.date, days=1)

    def action_gather(self):
        """Gather the pieces again; what was uploaded, renamed or left out stays."""
        self.check_access("read")
        self.env["account.dunning.case.piece"].check_access("write")
        for case in self.sudo():
            case._gather()
            case._refresh()

    def _gather(self):
        """Gather the pieces found in the records, and list those that should be there."""
        self.ensure_one()
        case = self.with_context(lang=self._get_dunning_print_lang())
        if self.state == "preparation":
            case._add_bank_fees()
        found = [doc for source in case._get_piece_sources() for doc in getattr(case, source)()]
        found += case._find_missing(found)
        known = {piece.key: piece for piece in self.piece_ids if piece.key}
        places = dict.fromkeys(RANKS, 0)
        Piece = self.env["account.dunning.case.piece"]
        for doc in sorted(found, key=lambda doc: (RANKS[doc.category], str(doc.date or ""))):
            place = places[doc.category]
            places[doc.category] += 1
            piece = known.pop(doc.key, None) or Piece.create(self._prepare_piece(doc, place))
            new_document = doc.attachment and not piece._holds(doc.attachment)
            kept = piece.has_left and self.state != "preparation"
            if new_document and piece.origin != "upload" and not kept:
                piece._attach(doc.attachment, "gathered")
        # What was expected was found elsewhere meanwhile, or is no longer there.
        for piece in known.values():
            if piece.origin == "gathered" and not (piece.left_out or piece.has_left):
                piece.unlink()

    def _prepare_piece(self, doc, place):
        return {
            "case_id": self.id,
            "key": doc.key,
            "category": doc.category,
            "name": doc.name,
            "date": doc.date,
            "origin": "gathered",
            "notice_id": doc.notice and doc.notice.id,
            "move_id": doc.move and doc.move.id,
            "proves_receipt": doc.proves_receipt,
            "sequence": RANKS[doc.category] * RANK_STEP + min(place, RANK_STEP - 2),
        }

    def _find_missing(self, found):
        """Return the pieces that a judge expects and that were neither found nor uploaded."""
        there = {doc.category for doc in found}
        there |= set(
            self.piece_ids.filtered(lambda p: p.origin == "upload" and p.attachment_id).mapped(
                "category"
            )
        )
        labels = dict(
            self.env["account.dunning.case.piece"]
            ._fields["category"]
            ._description_selection(self.env)
        )
        return [
            Found(f"expected:{category}", category, labels[category])
            for category, _label in CATEGORIES
            if category in REQUIRED and category not in there
        ]

    # -- Sources ---------------------------------------------------------------------------------

    def _get_attachments_of(self, records):
        """Return the documents attached to records, oldest first; the case decides on access."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("res_field", "=", False),
                    ("type", "=", "binary"),
                ],
                order="id",
            )
        )

    def _find_documents_of(self, record, category, name, on):
        """Return the documents of a record of another application, or the one to print.

        :param record: record of a model in ``account.dunning.case.piece._get_print_reports``
        :param str category: category of the piece, such as an order or a delivery
        :param str name: name of the piece
        :param date on: the day of the document
        :return: list of :class:`Found`: the documents attached to the record, else one to be
            printed on demand
        """
        files = self._leave_copies_out(record, self._get_attachments_of(record))
        key = f"{record._name}:{record.id}"
        if not files:
            return [Found(key, category, name, on)]
        return [
            Found(
                f"{key}:{attachment.id}",
                category,
                f"{name} – {attachment.name}" if len(files) > 1 else name,
                on,
                attachment,
            )
            for attachment in files
        ]

    @api.model
    def _leave_copies_out(self, record, files):
        """Leave out the copies that Odoo sent by e-mail if there is a signed document.

        Odoo names the signed one by the number alone, and the others « Order - S00012 ».
        """
        stems = {attachment: splitext(attachment.name)[0] for attachment in files}
        if record.name not in stems.values():
            return files
        return files.filtered(lambda file: not stems[file].endswith(f" - {record.name}"))

    def _find_invoices(self):
        """Find the invoices as they were sent: the legal PDF, Factur-X included."""
        sent = self.move_ids._get_dunning_sent_files()
        return [
            Found(
                f"account.move:{move.id}",
                "invoice",
                self.env._(
                    "Invoice %(name)s of %(date)s",
                    name=move.name,
                    date=format_letter_date(self.env, move.invoice_date or move.date),
                ),
                move.invoice_date or move.date,
                sent[move].with_env(self.env) or None,
                move=move,
            )
            for move in self.move_ids.sorted(lambda move: (move.invoice_date or move.date, move.id))
        ]

    def _get_notices(self):
        """Return the notices sent that claimed items of the file, oldest first."""
        lines = self.env["account.dunning.notice.line"].search(
            [
                ("move_line_id", "in", self.item_ids.move_line_id.ids),
                ("state", "=", "sent"),
                ("notice_id.has_left", "=", True),
                ("claimed", "=", True),
            ]
        )
        return lines.notice_id.sorted(lambda notice: (notice.date, notice.id))

    def _find_notices(self):
        """Find all notices sent about these items, as they were sent."""
        documents, found = self.env["account.dunning.case.document"], []
        for notice in self._get_notices():
            made = not notice.letter_id
            attachment = (
                documents._make(self, f"notice-{notice.id}", notice)
                if made and notice.message_html
                else notice.letter_id
            )
            found.append(
                Found(
                    f"account.dunning.notice:{notice.id}",
                    NOTICE_CATEGORIES[notice.kind],
                    self.env._(
                        "%(level)s of %(date)s",
                        level=notice.level_name,
                        date=format_letter_date(self.env, notice.date),
                    ),
                    notice.date,
                    attachment or None,
                    notice,
                )
            )
        return found

    def _find_events(self):
        """Find the proofs known to the chronology: deposits, receipts, acknowledgements, plans."""
        events = self.env["account.dunning.chronology"]._get_events(
            self.partner_id, self.company_id, self.move_ids
        )
        found, seen = [], set(self._get_notices().letter_id.ids)
        told_elsewhere = (self._name, "account.move")  # the invoices are pieces of their own
        for event in events:
            notice, receipts = self._get_proved_notice(event)
            for attachment in (event.proofs or self.env["ir.attachment"]).sorted("id"):
                told = event.internal or event.record._name in told_elsewhere
                if attachment.id in seen or told:
                    continue
                seen.add(attachment.id)
                found.append(
                    Found(
                        f"ir.attachment:{attachment.id}",
                        NOTICE_CATEGORIES[notice.kind] if notice else "exchange",
                        self.env._(
                            "%(file)s (%(title)s, %(date)s)",
                            title=event.title,
                            date=format_letter_date(self.env, event.on),
                            file=splitext(attachment.name)[0],
                        ),
                        event.on,
                        attachment,
                        notice,
                        proves_receipt=attachment in receipts,
                    )
                )
        return found

    @api.model
    def _get_proved_notice(self, event):
        """Return the notice that the proofs of an event are about, and the proofs of receipt."""
        none, record = self.env["ir.attachment"], event.record
        if record._name == "account.dunning.notice" and event.kind != "email_in":
            return record, none
        if record._name == "account.dunning.registered":
            return record.notice_id, record.receipt_ids
        return None, none

    def _find_standing_documents(self):
        """Find the company's standing documents: general terms, registration, bank details."""
        company = self.company_id.sudo()
        names = {
            "terms": self.env._("General terms of the creditor"),
            "creditor": self.env._("Registration of the creditor (Kbis)"),
            "bank": self.env._("Bank details of the creditor"),
        }
        found = []
        accepted = self._find_accepted_terms()
        for category, name in names.items():
            content = company[f"dunning_{category}_file"]
            if content and not (category == "terms" and accepted):
                key, file_name = f"company:{category}", company[f"dunning_{category}_file_name"]
                copy = self._keep_standing_document(key, content, file_name)
                found.append(Found(key, category, name, None, copy))
        return found

    def _find_accepted_terms(self):
        """Find the general terms accepted before the first invoice, and the acceptance."""
        first = min(filter(None, self.move_ids.mapped("invoice_date")), default=None)
        accepted = self.env["account.dunning.terms.acceptance"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", "<=", first or self._get_next_day()),
            ],
            limit=1,
        )
        if not accepted:
            return []
        facts = {
            "version": accepted.terms_id.name,
            "date": format_letter_date(self.env, accepted.date),
        }
        terms = accepted.terms_id
        documents = [
            (
                f"account.dunning.terms:{terms.id}",
                self.env._("General terms “%(version)s”, accepted on %(date)s", **facts),
                terms.file,
                terms._get_file_name(),
            ),
            (
                f"account.dunning.terms.acceptance:{accepted.id}",
                self.env._("Acceptance of the general terms “%(version)s”, %(date)s", **facts),
                accepted.file,
                accepted.file_name,
            ),
        ]
        return [
            Found(
                key,
                "terms",
                name,
                accepted.date,
                self._keep_standing_document(key, content, file_name),
            )
            for key, name, content, file_name in documents
            if content
        ]

    def _get_charged_returns(self):
        """Return the returned debits of claimed items whose bank fee is claimed and proved."""
        if not allowed(self.regime).costs.possible:
            return self.env["account.dunning.debit.return"]
        returns = self.env["account.dunning.debit.return"].search(
            [
                ("item_ids", "in", self.item_ids.move_line_id.ids),
                ("company_id", "=", self.company_id.id),
                ("fee_amount", ">", 0),
            ],
            order="day, id",
        )
        return returns.filtered("fee_file")

    def _find_bank_notices(self):
        """Find the bank's notices that prove its fees for returned debits."""
        return [
            Found(
                (key := f"account.dunning.debit.return:{each.id}"),
                "costs",
                self.env._(
                    "Notice of the bank: debit returned on %s",
                    format_letter_date(self.env, each.day),
                ),
                each.day,
                self._keep_standing_document(key, each.fee_file, each.fee_file_name),
            )
            for each in self._get_charged_returns()
        ]

    def _add_bank_fees(self):
        """Claim each fee for a returned debit once, as a cost proved by the bank's notice."""
        self.env["account.dunning.case.cost"].create(
            [
                {
                    "case_id": self.id,
                    "return_id": each.id,
                    "date": each.day,
                    "name": self.env._(
                        "Fee of the bank: debit returned on %s",
                        format_letter_date(self.env, each.day),
                    ),
                    "amount": each.currency_id._convert(
                        each.fee_amount, self.currency_id, self.company_id, each.day
                    ),
                    "nature": "other",
                    "claimed": True,
                }
                for each in self._get_charged_returns() - self.cost_ids.return_id
            ]
        )

    def _keep_standing_document(self, key, content, file_name):
        """Return the file's own copy of a company document, which may be replaced there later."""
        data = b64decode(content)
        known = self.piece_ids.filtered(lambda piece: piece.key == key).attachment_id.sudo()
        if known and known.raw == data:
            return known
        return known._attach_dunning(self, file_name or key, data, mimetype=None)

    # -- Mending -----------------------------------------------------------------------------------

    def action_add_piece(self, category="exchange"):
        """Ask for a document that no record holds."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.case.piece",
            self.env._("Add a document"),
            {"default_case_id": self.id, "default_category": category},
        )

    def action_prepare_steps(self):
        """Continue the preparation step by step."""
        self.ensure_one()
        return self.env["account.dunning.case.prepare"]._open_case(self)

    def _take_out(self, items):
        """Remove items from the claim, then update sums, pieces and examination.

        :param items: ``account.dunning.case.item`` of this file
        :raise UserError: if nothing would be left to claim
        """
        self.ensure_one()
        self._check_manage()
        if not self.item_ids - items:
            raise UserError(
                self.env._("This is all that the file claims: delete the file, or correct it.")
            )
        items.unlink()
        self.action_gather()

    def _examine_again(self):
        """Examine the files in preparation again after one of their pieces changed."""
        for case in self.sudo().filtered(lambda case: case.state == "preparation"):
            case.finding_ids._examine(case)

    # -- What was answered: of the debtor, it often admits the debt; never said to contest it ------

    def _get_replies(self):
        """Return the e-mails received about the notices of this file, oldest first."""
        notices = self._get_notices()
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", notices._name),
                    ("res_id", "in", notices.ids),
                    ("message_type", "=", "email"),
                    ("subtype_id.internal", "=", False),
                    ("date", "<", self._get_next_day()),
                ],
                order="date, id",
            )
        )

    def _find_replies(self):
        """Find all messages received, printed as they were, each attributed to its author.

        Automatic messages are left out.
        """
        documents = self.env["account.dunning.case.document"]
        notices = {notice.id: notice for notice in self._get_notices()}
        found = []
        for message in self._get_replies():
            origin = message._get_dunning_origin(notices[message.res_id].sudo())
            if origin != AUTOMATIC:
                found.append(
                    Found(
                        f"{REPLY}:{message.id}",
                        "exchange",
                        self._get_reply_name(message, origin),
                        self.company_id._get_dunning_day(message.date),
                        documents._make(self, f"reply-{message.id}", message),
                    )
                )
        return found

    def _get_reply_name(self, message, origin):
        """Return the name of a received message as a piece, depending on its author."""
        facts = {
            "date": format_letter_date(self.env, self.company_id._get_dunning_day(message.date)),
            "subject": message.subject or message.preview,
        }
        if origin == DEBTOR:
            return self.env._("E-mail of the debtor of %(date)s: %(subject)s", **facts)
        if origin == OURS:
            return self.env._("Our e-mail of %(date)s: %(subject)s", **facts)
        return self.env._(
            "E-mail of %(date)s, received from %(sender)s: %(subject)s",
            sender=message.email_from or message.author_id.display_name,
            **facts,
        )

    @api.model
    def _get_reply_lines(self, message):
        """Return the text of a reply: printing it must not fetch any picture or page."""
        return html2plaintext(message.body or "").splitlines()
