import secrets
from base64 import b64decode
from os.path import splitext
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, format_date, html2plaintext

from ...core.filenames import safe_name
from ...core.seals import sha256
from ...dossier.archive import build_zip
from ..common.account_dunning_run import queued
from ..notice.states import AUTOMATIC, DEBTOR, OURS
from .account_dunning_case_document import REPORTS
from .account_dunning_case_piece import CATEGORIES, RANK_STEP, RANKS, REPLY, REQUIRED
from .case_export import make_files

# Where a document goes by the kind of the reminder that it belongs to.
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


NUMBERED = {
    "sending": "invoice_proof",
    "account": "account",
    "penalties": "penalties",
}  # the statements that are pieces
ATTACHED_MAX = 8 * 1024 * 1024  # bytes; many mailboxes refuse more than 10 MB once encoded


def _let_go(files):
    """Yield what a list holds and empty it: a file that is in the archive is not kept twice."""
    files.reverse()
    while files:
        yield files.pop()


class AccountDunningCase(models.Model):
    """The pieces of a file, gathered from the records that hold them, and the file made of them.

    Another addon adds what it knows by extending ``_get_piece_sources`` with the name of a method
    that returns ``_find_documents_of`` its records, and ``_get_print_reports`` of the piece with
    what prints them: ``account_dunning_fr_sale`` and ``account_dunning_fr_stock`` do.
    """

    _inherit = "account.dunning.case"

    piece_ids = fields.One2many("account.dunning.case.piece", "case_id", string="Pieces")
    missing_count = fields.Integer(compute="_compute_missing_count")
    piece_count = fields.Integer(compute="_compute_missing_count")

    @api.depends("piece_ids.state")
    def _compute_missing_count(self):
        for case in self:
            states = case.piece_ids.mapped("state")
            case.missing_count = states.count("missing") + states.count("problem")
            case.piece_count = len(case._get_included_pieces())

    def _get_included_pieces(self):
        """Return the pieces with a document, in the order of their numbers."""
        self.ensure_one()
        return self.piece_ids.filtered(lambda piece: piece.state in ("ready", "problem")).sorted(
            lambda piece: (piece.sequence, piece._origin.id or piece.id)
        )

    def _get_piece_numbers(self, category=None, **values):
        """Return the numbers of the pieces of a category, or of a record, as a text."""
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
            "_find_standing_documents",
            "_find_replies",
        ]

    def action_gather(self):
        """Look for the pieces again; what was uploaded, renamed or left out stays."""
        self.check_access("read")
        self.env["account.dunning.case.piece"].check_access("write")
        for case in self.sudo():
            case._gather()
            case._refresh()

    def _gather(self):
        """Gather the pieces that the records hold, and those that should be there."""
        self.ensure_one()
        case = self.with_context(lang=self._get_document_lang())
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
        # What was expected and has been found elsewhere, or is no longer there.
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
        """Return the pieces that a judge expects and that neither records nor uploads give."""
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
        """Return the documents attached to records, the oldest first; access is the case's."""
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
        """Return what is found for a record of another application, which prints it on demand.

        :param record: of a model in ``account.dunning.case.piece._get_print_reports``
        :param str category: of the piece, as an order or a delivery
        :param str name: of the piece
        :param date on: the day of the document
        :return: list of :class:`Found`: the documents kept under the record; without any, the one
            that is to be printed
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
        """Leave the copies that Odoo sent by e-mail out, where the signed one is there.

        Odoo names the signed one by the number alone, and the others « Order - S00012 ».
        """
        stems = {attachment: splitext(attachment.name)[0] for attachment in files}
        if record.name not in stems.values():
            return files
        return files.filtered(lambda file: not stems[file].endswith(f" - {record.name}"))

    def _find_invoices(self):
        """The invoices as they were sent: the legal PDF, Factur-X included."""
        sent = self.move_ids._get_dunning_sent_files()
        return [
            Found(
                f"account.move:{move.id}",
                "invoice",
                self.env._(
                    "Invoice %(name)s of %(date)s",
                    name=move.name,
                    date=format_date(self.env, move.invoice_date or move.date),
                ),
                move.invoice_date or move.date,
                sent[move].with_env(self.env) or None,
                move=move,
            )
            for move in self.move_ids.sorted(lambda move: (move.invoice_date or move.date, move.id))
        ]

    def _get_notices(self):
        """Return the messages sent that claimed items of the file, the oldest first."""
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
        """Every message sent about these items, as it left."""
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
                        date=format_date(self.env, notice.date),
                    ),
                    notice.date,
                    attachment or None,
                    notice,
                )
            )
        return found

    def _find_events(self):
        """The proofs that the chronology knows: deposits, receipts, acknowledgements, plans."""
        events = self.env["account.dunning.chronology"]._get_events(
            self.partner_id, self.company_id, self.move_ids
        )
        found, seen = [], set(self._get_notices().letter_id.ids)
        told_elsewhere = (self._name, "account.move")  # the invoices are pieces of their own
        for event in events:
            notice, receipts = self._get_proved_notice(event)
            for attachment in (event.proofs or self.env["ir.attachment"]).sorted("id"):
                if attachment.id in seen or event.record._name in told_elsewhere:
                    continue
                seen.add(attachment.id)
                found.append(
                    Found(
                        f"ir.attachment:{attachment.id}",
                        NOTICE_CATEGORIES[notice.kind] if notice else "exchange",
                        self.env._(
                            "%(file)s (%(title)s, %(date)s)",
                            title=event.title,
                            date=format_date(self.env, event.on),
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
        """Return the notice that the proofs of an event are about, and those of its receipt."""
        none, record = self.env["ir.attachment"], event.record
        if record._name == "account.dunning.notice" and event.kind != "email_in":
            return record, none
        if record._name == "account.dunning.registered":
            return record.notice_id, record.receipt_ids
        return None, none

    def _find_standing_documents(self):
        """What the creditor keeps for every file: general terms, registration, bank details."""
        company = self.company_id.sudo()
        names = {
            "terms": self.env._("General terms of the creditor"),
            "creditor": self.env._("Registration of the creditor (Kbis)"),
            "bank": self.env._("Bank details of the creditor"),
        }
        found = []
        for category, name in names.items():
            content = company[f"dunning_{category}_file"]
            if content:
                key, file_name = f"company:{category}", company[f"dunning_{category}_file_name"]
                copy = self._keep_standing_document(key, content, file_name)
                found.append(Found(key, category, name, None, copy))
        return found

    def _keep_standing_document(self, key, content, file_name):
        """Return the file's own copy of a document of the company, which may be replaced there."""
        data = b64decode(content)
        known = self.piece_ids.filtered(lambda piece: piece.key == key).attachment_id.sudo()
        if known and known.raw == data:
            return known
        return known._attach_dunning(self, file_name or key, data, mimetype=None)

    # -- Mending -----------------------------------------------------------------------------------

    def action_add_piece(self, category="exchange"):
        """Ask for a document that no record holds."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a document"),
            "res_model": "account.dunning.case.piece",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id, "default_category": category},
        }

    def action_prepare_steps(self):
        """Go on with the preparation step by step."""
        self.ensure_one()
        return self.env["account.dunning.case.prepare"]._open_case(self)

    def _take_out(self, items):
        """Claim the other items only: sums, pieces and examination follow.

        :param items: ``account.dunning.case.item`` of this file
        :raise UserError: nothing would be left to claim
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
        """Examine the files in preparation again, after a piece of theirs changed."""
        for case in self.sudo().filtered(lambda case: case.state == "preparation"):
            case.finding_ids._examine(case)

    # -- What was answered: of the debtor, it often admits the debt; never said to contest it ------

    def _get_replies(self):
        """Return the e-mails received on the messages of this file, the oldest first."""
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
        """Every message received, printed as it was, and told as that of who wrote it.

        What a program sent is no answer.
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
                        message.date.date(),
                        documents._make(self, f"reply-{message.id}", message),
                    )
                )
        return found

    @api.model
    def _get_reply_name(self, message, origin):
        """Return the name of a message as a piece, by who wrote it."""
        facts = {
            "date": format_date(self.env, message.date.date()),
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
        """Return the text of an answer: no picture or page is fetched to print it."""
        return html2plaintext(message.body or "").splitlines()

    # -- The file itself: one PDF a piece, the whole as one PDF, the sums, and the manifest --------

    document_ids = fields.One2many("account.dunning.case.document", "case_id")
    dossier_id = fields.Many2one(
        "ir.attachment", string="File (ZIP)", readonly=True, copy=False, ondelete="restrict"
    )
    dossier_sha256 = fields.Char(string="SHA-256 of the file", readonly=True, copy=False)
    dossier_on = fields.Datetime(string="Generated on", readonly=True, copy=False)
    export_note = fields.Text(
        readonly=True, copy=False, help="What could not be shown in the whole as one PDF."
    )

    def action_generate(self):
        """Make the file, and download it; one of many pieces is left to the scheduler.

        :raise UserError: something that the law forbids, or a warning that nobody accepted
        """
        self.ensure_one()
        self._check_manage()
        runs = self.env["account.dunning.run"]
        if runs._is_long(len(self._get_included_pieces()), at_once=30):
            return runs._enqueue([self], "_generate_queued", finish=(self._name, "_get_generated"))
        self._generate()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.dossier_id.id}?download=true",
            "target": "self",
        }

    @queued("court_file")
    def _generate_queued(self):
        self._check_manage()
        self._generate()

    @api.model
    @queued("court_file")
    def _get_generated(self, case):
        """Return the file of the whole that was made."""
        return case.dossier_id

    def _generate(self):
        """Make the ZIP of the file and keep it; the same data give the same bytes."""
        self.ensure_one()
        case = self.with_context(lang=self._get_document_lang())
        if self.state == "preparation":
            self._refresh()
            case = case._with_statement()
            case._make_statements()
            self._check_ready()
        else:
            case = case._with_statement()
        files, notes = make_files(case)
        self.sudo().export_note = "\n".join(notes) or False
        self.env["ir.attachment"].invalidate_model(["raw", "datas"])  # else held by the cache
        self._keep_dossier(build_zip(_let_go(files), self.date))

    def _make_statements(self):
        """Make the numbered statements again: the account, and the sums claimed."""
        self.ensure_one()
        documents = self.env["account.dunning.case.document"]
        titles = documents.with_context(lang=self._get_document_lang())._get_titles()
        for kind, category in NUMBERED.items():
            if kind == "sending" and not documents._get_sendings(self):
                continue
            piece = self.piece_ids.filtered(lambda piece, kind=kind: piece.key == f"made:{kind}")
            piece = piece or self._add_made_piece(kind, category, titles[kind])
            attachment = documents._make(self, kind)
            if not piece._holds(attachment):
                piece.date = self.date
                piece._attach(attachment, "made")

    def _add_made_piece(self, kind, category, name):
        """Return the new piece of a statement, with full rights."""
        return self.piece_ids.sudo().create(
            {
                "case_id": self.id,
                "key": f"made:{kind}",
                "category": category,
                "name": name,
                "origin": "made",
            }
        )

    def _check_ready(self):
        """:raise UserError: if a finding is open, the sums unknown or the court not confirmed"""
        self.ensure_one()
        if self.figures_problem:
            raise UserError(self.figures_problem)
        open_ones = self.finding_ids.filtered("is_open")
        if open_ones:
            raise UserError(
                self.env._(
                    "The file cannot leave yet:\n%s\nCorrect it, or accept each warning with its "
                    "reason.",
                    "\n".join(f"• {message}" for message in open_ones.mapped("message")),
                )
            )
        if self.is_order and not self.court_confirmed_by:
            raise UserError(self.env._("Confirm the court first: a person does, in every case."))
        missing = self.piece_ids.filtered(lambda piece: piece.state == "missing")
        if missing:
            raise UserError(
                self.env._(
                    "Pieces are missing:\n%s\nAdd them, or leave each out with a reason.",
                    "\n".join(f"• {name}" for name in missing.mapped("name")),
                )
            )

    def _keep_dossier(self, content):
        """Keep the ZIP that was just made, unless it is the one of the last time."""
        digest = sha256(content)
        if self.dossier_sha256 == digest:
            return
        name = safe_name(f"Dossier {self.name} {self.partner_id.name}", "zip")
        attachment = self.env["ir.attachment"]._attach_dunning(
            self, name, content, "application/zip"
        )
        self.sudo().write(
            {
                "dossier_id": attachment.id,
                "dossier_sha256": digest,
                "dossier_on": fields.Datetime.now(),
            }
        )
        self._has_left()._seal()  # made again: what leaves now is another file

    def action_print_request(self):
        """Print the request."""
        self.ensure_one()
        if not self.item_ids:
            raise UserError(self.env._("Nothing is claimed: choose the items."))
        return self.env.ref(REPORTS["request"]).report_action(self, config=False)

    # -- The seal ----------------------------------------------------------------------------------

    def _has_left(self):
        return self.filtered(lambda case: case.state != "preparation")

    def _get_seal_kind(self):
        return "case"

    def _get_sealed_files(self):
        """Return the file as it left, its pieces, and the documents made for it."""
        pieces = self.piece_ids.filtered("has_left")
        return self.dossier_id | pieces.attachment_id | self.document_ids.attachment_id

    def _prepare_sealed_record(self):
        """Return what the file claims, from whom it went to, and its pieces with their sums."""
        self.ensure_one()
        write = self.env["account.dunning.notice"]._write_amount
        return {
            "reference": self.name or "",
            "sums_up_to": fields.Date.to_string(self.date) or "",
            "route": self.route or "",
            "imputation": self.imputation,
            "ground": self.ground or "",
            "penal_clause": write(self.penal_clause_amount, self.currency_id),
            "handed_over_on": fields.Date.to_string(self.handover_on) or "",
            "file": self.dossier_sha256 or "",
            "items": [
                {
                    "invoice": item.invoice_name or "",
                    "due": fields.Date.to_string(item.date_maturity) or "",
                    "amount": write(item.amount_at_handover, item.currency_id),
                }
                for item in self.item_ids.sorted("id")
            ],
            "pieces": [
                {
                    "category": piece.category,
                    "name": piece.name,
                    "date": fields.Date.to_string(piece.date) or "",
                    "sha256": piece.attachment_id._get_dunning_sum(),
                }
                for piece in self._get_included_pieces()
                if piece.has_left
            ],
        }

    def _prepare_sealed_note(self):
        return {
            **super()._prepare_sealed_note(),
            "court": self.court_id.name or "",
            "handed_over_to": self.handover_partner_id.name or "",
            "total": self.env["account.dunning.notice"]._write_amount(
                self.amount_total, self.currency_id
            ),
        }

    # -- Sharing -----------------------------------------------------------------------------------
    # The file as it goes to the agent: attached to an e-mail, or behind a link that expires.

    share_token = fields.Char(
        readonly=True, copy=False, groups="account_dunning_fr.group_dunning_manager"
    )
    share_until = fields.Date(string="Link valid until", readonly=True, copy=False)
    share_url = fields.Char(
        string="Link to the file",
        compute="_compute_share_url",
        groups="account_dunning_fr.group_dunning_manager",
    )
    is_attachable = fields.Boolean(compute="_compute_is_attachable")

    def _compute_share_url(self):
        for case in self:
            case.share_url = case.share_token and (
                f"{case.get_base_url()}/dunning/dossier/{case.id}/{case.share_token}"
            )

    def _compute_is_attachable(self):
        for case in self:
            size = case.sudo().dossier_id.file_size
            case.is_attachable = bool(size) and size <= ATTACHED_MAX

    def _share(self, until):
        """Open a link to the file, for whoever holds it, until a day included.

        :param date until: last day
        """
        self.ensure_one()
        self._check_manage()
        self.sudo().write({"share_token": secrets.token_urlsafe(32), "share_until": until})

    def action_stop_sharing(self):
        """Close the link."""
        self._check_manage()
        self.sudo().write({"share_token": False, "share_until": False})

    def _get_shared(self, token):
        """Return the file behind a link, or an empty record: wrong, closed or expired."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        valid = (
            self.share_token
            and consteq(self.share_token.encode(), token.encode())  # letters of any alphabet
            and self.share_until
            and self.share_until >= today
        )
        return self._get_own_dossier() if valid else self.env["ir.attachment"]

    def _get_own_dossier(self):
        """Return the file that was made of this case, unchanged, or an empty record."""
        self.ensure_one()
        return self.sudo().dossier_id._filter_dunning_owned(self, self.sudo().dossier_sha256)
