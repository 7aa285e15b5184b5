from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.filenames import numbered_name
from ...dossier.foretell import blank_pages
from ...dossier.pages import inspect
from ...dossier.pictures import image_to_pdf
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..notice.account_move import COPY_REPORT

# The order in which pieces are numbered: that of a bordereau, by date within each category.
CATEGORIES = [
    ("order", "Contract, signed quotation or order"),
    ("terms", "General terms"),
    ("delivery", "Delivery note or proof of performance"),
    ("invoice", "Invoice"),
    ("invoice_proof", "Proof of sending of an invoice"),
    ("account", "Statement of account"),
    ("reminder", "Reminder"),
    ("registered", "Registered reminder and its proofs"),
    ("formal_notice", "Formal notice and its proofs"),
    ("exchange", "Exchange, acknowledgement, broken plan"),
    ("penalties", "Statement of the sums"),
    ("costs", "Receipt of costs"),
    ("debtor", "Identity of the debtor: extract of its register"),
    ("creditor", "Registration of the creditor"),
    ("bank", "Bank details of the creditor"),
    ("power", "Power of the agent"),
]
RANKS = {category: rank for rank, (category, _label) in enumerate(CATEGORIES, 1)}
RANK_STEP = 1000
# A judge asks for these, or refuses without them: missing ones are shown in red.
REQUIRED = (
    "order",
    "terms",
    "delivery",
    "invoice",
    "formal_notice",
    "debtor",
    "creditor",
    "bank",
)

# Prefixes of the keys of a reply, and of a statement made for the file.
REPLY, MADE = "mail.message", "made:"

DECIDED = ("enforceable", "executed", "closed")


class AccountDunningCasePiece(models.Model):
    """One numbered document of the bordereau.

    Pieces are gathered from the records (``key`` says from which), or uploaded. A piece that should
    be there but has no document is shown in red: it is provided, or left out with a reason.
    """

    _name = "account.dunning.case.piece"
    _description = "Piece of a Court File"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _dunning_named_files = ("attachment_id",)
    _dunning_shown_state = f"case_state in {DECIDED} and 'decided' or has_left and 'left' or 'open'"
    _order = "case_id, sequence, id"

    case_id = fields.Many2one(
        "account.dunning.case", required=True, index=True, ondelete="cascade", writer="create"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    case_state = fields.Selection(related="case_id.state", string="State of the file")
    sequence = fields.Integer(default=100 * RANK_STEP, writer="create open")
    number = fields.Integer(compute="_compute_number")
    category = fields.Selection(CATEGORIES, required=True, default="exchange", writer="create open")
    name = fields.Char(required=True, help="As the bordereau names it.", writer="create open")
    date = fields.Date(writer="create open")
    key = fields.Char(readonly=True, copy=False, help="The record that it was gathered from.")
    origin = fields.Selection(
        [("gathered", "Gathered"), ("made", "Made by the software"), ("upload", "Uploaded")],
        default="upload",
        required=True,
        readonly=True,
    )
    notice_id = fields.Many2one("account.dunning.notice", readonly=True, ondelete="set null")
    move_id = fields.Many2one(
        "account.move", readonly=True, ondelete="set null", index="btree_not_null"
    )
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    file = fields.Binary(
        string="Document",
        compute="_compute_file",
        inverse="_inverse_file",
        store=False,
        writer="create open",
    )
    file_name = fields.Char(
        compute="_compute_file", inverse="_inverse_file_name", store=False, writer="create open"
    )
    proves_receipt = fields.Boolean(
        help="It proves that the message was received, refused, or not collected.",
        writer="create open",
    )
    page_count = fields.Integer(string="Pages", readonly=True)
    is_scan = fields.Boolean(
        string="Scan", readonly=True, help="Pictures of pages: their text cannot be searched."
    )
    is_outlined = fields.Boolean(
        string="Text drawn as outlines",
        readonly=True,
        help="The program that printed it drew the shapes of its letters: it is read and printed "
        "as usual, but its text cannot be searched. It stays as it was sent.",
    )
    is_headless = fields.Boolean(
        string="Without letterhead",
        readonly=True,
        help="The wkhtmltopdf that printed it has not the patched Qt: the top and the foot of its "
        "pages are missing, with the creditor's name and address. It stays as it was sent; a "
        "complete copy can be printed beside it.",
    )
    reprinted_on = fields.Date(
        writer="code",
        copy=False,
        help="A copy printed on that day, not the document as it was sent.",
    )
    is_signed = fields.Boolean(
        string="Signed electronically",
        readonly=True,
        help="The signature is in the document itself: the whole as one document shows its "
        "picture only, and the file of the folder keeps it.",
    )
    kind = fields.Selection(
        [("pdf", "PDF"), ("image", "Picture"), ("other", "Other file")], readonly=True
    )
    problem = fields.Selection(
        [
            ("damaged", "Damaged"),
            ("encrypted", "Protected by a password"),
            ("empty", "Empty"),
            ("too_large", "Picture with too many points: scan it at 300 dpi"),
        ],
        readonly=True,
    )
    has_left = fields.Boolean(
        string="Left with the file", writer="code", copy=False, help="It was handed over like this."
    )
    left_out = fields.Boolean(readonly=True)
    left_out_reason = fields.Char(readonly=True)
    left_out_by = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(
        [
            ("ready", "In the file"),
            ("missing", "Missing"),
            ("problem", "Unreadable"),
            ("left_out", "Left out"),
        ],
        compute="_compute_state",
        store=True,
    )

    _key_once = models.UniqueIndex(
        "(case_id, key) WHERE key IS NOT NULL", "This piece is in the file already."
    )

    @api.depends("attachment_id", "problem", "left_out")
    def _compute_state(self):
        for piece in self:
            if piece.left_out:
                piece.state = "left_out"
            elif not piece.attachment_id:
                piece.state = "missing"
            else:
                piece.state = "problem" if piece.problem else "ready"

    @api.depends("case_id.piece_ids.sequence", "case_id.piece_ids.state")
    def _compute_number(self):
        numbers = {
            piece: number
            for case in self.case_id
            for number, piece in enumerate(case._get_included_pieces(), 1)
        }
        for piece in self:
            piece.number = numbers.get(piece, 0)

    @api.depends("attachment_id")
    def _compute_file(self):
        for piece in self:
            attachment = piece._get_own_file()
            piece.file = attachment.datas
            piece.file_name = attachment.name

    def _inverse_file(self):
        for piece in self:
            if not piece.file:
                continue
            piece._check_open()
            # Unchanged: Odoo resizes images, and fails on those that Pillow refuses.
            attachments = self.env["ir.attachment"].with_context(image_no_postprocess=True)
            attachment = attachments.create(
                {
                    "name": piece.file_name or piece.name,
                    "datas": piece.file,
                    "res_model": piece._name,
                    "res_id": piece.id,
                }
            )
            piece._attach(attachment, "upload")
        self.case_id._examine_again()

    def _inverse_file_name(self):
        """The name is stored with the file."""

    # -- Documents -------------------------------------------------------------------------------

    def _get_own_file(self):
        """Return the document of this piece with full rights: a file of its own, or none."""
        self.ensure_one()
        return self.sudo().attachment_id._filter_dunning_owned(self._origin).sudo()

    def _holds(self, attachment):
        """Whether the document of this piece has the same content as this one."""
        own = self._get_own_file()
        return bool(own) and own.checksum == attachment.sudo().checksum

    def _attach(self, attachment, origin):
        """Attach a copy of a document to this piece, and inspect it.

        :param attachment: ``ir.attachment``
        :param str origin: ``gathered``, ``made`` or ``upload``
        :return: whether more than the file changed: its type, its number of pages
        """
        self.ensure_one()
        former = self._get_own_file()
        own = attachment._filter_dunning_owned(self) or attachment._copy_dunning_to(self)
        changed = self._note_document(own, origin)
        # What was handed over once is evidence, even if the file was withdrawn since.
        is_free = self.case_id.state == "preparation" and not self.has_left
        if former != own.sudo() and is_free:
            self.flush_recordset(["attachment_id"])
            former.unlink()
        return changed

    def _foretell(self, on, pages):
        """Make the piece of a statement that is about to be printed what it will probably be.

        What lists it can then be rendered before. A statement printed before keeps its number of
        pages; another one has blank pages until it is printed.

        :param date on: the day of the sums
        :param int pages: number of pages expected
        """
        self.ensure_one()
        if self.date != on:
            self.sudo().date = on
        if self._get_own_file() and self.page_count:
            return
        blank = self.env["ir.attachment"]._attach_dunning(self, "blank.pdf", blank_pages(pages))
        known = {"attachment_id": blank.id, "origin": "made", "kind": "pdf", "page_count": pages}
        self._owned().write(known)  # ours: not inspected

    def _note_document(self, attachment, origin):
        """Store the document of this piece, with its type and number of pages.

        :return: whether more than the file changed
        """
        data = attachment.sudo().raw or b""
        # Documents printed by Odoo are known to have a text layer.
        found = inspect(data, searchable=origin == "made")
        noted = {
            "origin": origin,
            "kind": found.kind,
            "page_count": found.pages,
            "is_scan": found.pictured and not found.searchable,
            "is_outlined": found.kind == "pdf"
            and not (found.problem or found.searchable or found.pictured),
            "is_headless": found.headless,
            "reprinted_on": False,
            "is_signed": found.signed,
            "problem": found.problem or False,
        }
        former = (self.state, *map(self.__getitem__, noted))
        self._owned().write({"attachment_id": attachment.id, **noted})
        return former != (self.state, *noted.values())

    def _get_numbered_name(self, count):
        """Return the file name in the archive, with the extension of its actual type.

        :param int count: number of pieces in the file
        """
        self.ensure_one()
        extension = "pdf"
        if self.kind == "other" or (self.kind == "image" and self.problem):
            name = self._get_own_file().name or ""
            extension = name.rpartition(".")[2] if "." in name else "bin"
        return numbered_name(self.number, self.name, extension, count)

    def _get_contents(self):
        """Return the files of pieces as bytes: documents unchanged, valid images as PDF pages.

        :return: ``{piece: bytes}``
        :raise UserError: if a piece that is evidence was altered
        """
        return dict(self._read_one_by_one())

    def _read_one_by_one(self):
        """Yield pieces with their files, like ``_get_contents``, holding only one in memory."""
        sums = self.sudo().attachment_id._get_dunning_kept_sums()
        for piece in self:
            content = piece._get_own_file()._read_dunning_apart(sums)
            drawn = piece.kind == "image" and not piece.problem
            yield piece, image_to_pdf(content, piece.name) if drawn else content

    # -- CRUD ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            category = vals.get("category", "exchange")
            vals.setdefault("sequence", RANKS[category] * RANK_STEP + RANK_STEP - 1)
        pieces = super().create(vals_list)
        pieces._check_open()
        return pieces

    def write(self, vals):
        if "category" in vals and "sequence" not in vals:
            vals = {**vals, "sequence": RANKS[vals["category"]] * RANK_STEP + RANK_STEP - 1}
        return super().write(vals)

    def _get_dunning_state(self):
        """Pieces handed over with the file are final; later ones may change until it is decided."""
        self.ensure_one()
        if self.case_id.state in DECIDED:
            return "decided"
        return "left" if self.has_left else "open"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_gathered(self):
        self._check_open()
        if not self.env.su and any(piece.key and piece.attachment_id for piece in self):
            raise UserError(
                self.env._("A piece gathered from the records is left out with a reason instead.")
            )

    def _check_open(self):
        states = {piece._get_dunning_state() for piece in self}
        if "decided" in states:
            raise UserError(self.env._("This file is decided: its pieces stay as they are."))
        if "left" in states:
            raise UserError(
                self.env._("This piece left with the file: add another document beside it.")
            )

    # -- Actions ---------------------------------------------------------------------------------

    def action_open_document(self):
        """Open the document of the piece."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._get_own_file().id}",
            "target": "new",
        }

    def action_upload(self):
        """Open the piece to upload its document."""
        self.ensure_one()
        return self._get_records_action(name=self.name, target="new")

    def action_leave_out(self):
        """Ask why the piece is left out."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.case.reason",
            self.env._("Leave this piece out"),
            {"default_piece_id": self.id},
        )

    def _leave_out(self, reason):
        """Leave pieces out of the file.

        :param str reason: why, required
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this piece is left out."))
        self._check_open()
        self._owned().write(
            {"left_out": True, "left_out_reason": reason.strip(), "left_out_by": self.env.uid}
        )
        self.case_id._examine_again()

    def action_put_back(self):
        """Put left-out pieces back into the file."""
        self._check_open()
        self._owned().write({"left_out": False, "left_out_reason": False, "left_out_by": False})
        self.case_id._examine_again()

    # -- Providing a missing document: print it, prepare it, or upload it --------------------------

    mend = fields.Selection(
        [("print", "Print it"), ("notice", "Prepare the formal notice"), ("upload", "Upload it")],
        compute="_compute_mend",
    )

    @api.depends("state", "category", "move_id", "notice_id", "key")
    def _compute_mend(self):
        for piece in self:
            if piece.state not in ("missing", "problem"):
                piece.mend = False
            elif piece._get_print():
                piece.mend = "print"
            elif piece.category == "formal_notice" and not piece.notice_id:
                piece.mend = "notice"
            else:
                piece.mend = "upload"

    def action_mend(self):
        """Provide what is missing: print it, prepare the notice, or ask for the document."""
        self.ensure_one()
        if self.mend == "print":
            self._print()
            return False
        if self.mend == "notice":
            return self.case_id.move_ids.action_dunning_chase()
        return self.action_upload()

    def _get_print(self):
        """Return the record and the report that print this piece, or False."""
        self.ensure_one()
        model, _, rest = (self.key or "").partition(":")
        report = self._get_print_reports().get(model)
        if not report:
            return False
        return self.env[model].browse(int(rest.partition(":")[0])), report

    @api.model
    def _get_print_reports(self):
        """Return the reports that print records as pieces, by model; other addons add theirs."""
        return {"account.move": COPY_REPORT}

    def _print(self):
        """Print the record of a piece that has no document, because it was never sent by Odoo."""
        self.ensure_one()
        record, report = self._get_print()
        if record._name != "account.move":
            self._attach(self._print_record(record.sudo(), report), "gathered")
        elif sent := record._get_dunning_sent_file():
            self._attach(sent, "gathered")
        else:
            self._attach_reprint(record._get_dunning_document(self))
        self.case_id._examine_again()

    def _attach_reprint(self, file):
        """Attach a copy of an invoice printed today, and say so on the piece.

        :param file: the copy, an ``ir.attachment``
        """
        self._attach(file, "made")
        self._owned().reprinted_on = creditors_day(self)

    def action_print_copy(self):
        """Add a complete copy of an invoice that was printed without its letterhead.

        :raise UserError: if this piece is no such invoice
        """
        self.ensure_one()
        case, move = self.case_id, self.move_id
        if not (self.is_headless and move and self.category == "invoice"):
            raise UserError(
                self.env._("Only an invoice printed without its letterhead needs a complete copy.")
            )
        self.check_access("write")
        key = f"copy:{move.id}"
        copy = case.piece_ids.filtered(lambda piece: piece.key == key) or self.sudo().create(
            {
                "case_id": case.id,
                "key": key,
                "category": "invoice",
                "name": self.env._("%s: complete copy", self.name),
                "date": self.date,
                "origin": "made",
                "move_id": move.id,
                "sequence": self.sequence,
            }
        ).with_env(self.env)
        content = move._print_dunning_copy()
        name = f"{move._get_dunning_copy_name()}.pdf"
        copy._attach_reprint(self.env["ir.attachment"]._attach_dunning(copy, name, content))
        case._examine_again()

    def _print_record(self, record, report):
        lang = self.case_id._get_dunning_print_lang()
        printer = self.env["ir.actions.report"].sudo().with_context(lang=lang)
        content, extension = printer._render_qweb_pdf(report, record.ids)
        name = f"{record.name}.{extension}".replace("/", "-")
        return self.env["ir.attachment"]._attach_dunning(self, name, content, mimetype=None)
