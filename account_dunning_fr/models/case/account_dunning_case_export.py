from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.filenames import numbered_name, safe_name
from ...core.readable import shorten
from ...core.seals import sha256
from ...dossier.archive import build_zip
from ...dossier.merge import Part, merge
from ...dossier.pages import text_page
from ...dossier.pictures import image_to_pdf

TITLE_LENGTH = 250  # characters of a piece's name in the bookmarks and on the page that stands in


def _let_go(files):
    """Yield what a list holds and empty it: a file that is in the archive is not kept twice."""
    files.reverse()
    while files:
        yield files.pop()


class AccountDunningCase(models.Model):
    """The file as files: one PDF a piece, the whole as one PDF, the sums, and the manifest."""

    _inherit = "account.dunning.case"

    dossier_id = fields.Many2one(
        "ir.attachment", string="File (ZIP)", readonly=True, copy=False, ondelete="restrict"
    )
    dossier_sha256 = fields.Char(string="SHA-256 of the file", readonly=True, copy=False)
    dossier_on = fields.Datetime(string="Generated on", readonly=True, copy=False)
    export_note = fields.Text(
        readonly=True, copy=False, help="What could not be shown in the whole as one PDF."
    )

    # -- Action ----------------------------------------------------------------------------------

    def action_generate(self):
        """Make the file, and download it; one of many pieces is left to the scheduler.

        :raise UserError: something that the law forbids, or a warning that nobody accepted
        """
        self.ensure_one()
        self._check_manage()
        runs = self.env["account.dunning.run"]
        if runs._is_long("court_file", len(self._get_included_pieces())):
            return runs._enqueue("court_file", [self.ids])
        self._generate()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.dossier_id.id}?download=true",
            "target": "self",
        }

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

    def _generate(self):
        """Make the ZIP of the file and keep it; the same data give the same bytes."""
        self.ensure_one()
        case = self.with_context(lang=self._get_document_lang())
        if self.state == "preparation":
            self._refresh()
            case = case._with_sections()
            case._make_statements()
            self._check_ready()
        else:
            case = case._with_sections()
        files = case._get_files()
        self.env["ir.attachment"].invalidate_model(["raw", "datas"])  # else held by the cache
        content = build_zip(_let_go(files), self.date)
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

    # -- Files -----------------------------------------------------------------------------------

    def _get_leading_kinds(self):
        """Return the documents at the head of the whole, in order: what the court reads."""
        self.ensure_one()
        return ["request", "bordereau"] if self.is_order else ["bordereau"]

    def _get_loose_kinds(self):
        """Return the documents for the agent: not for the court, so beside the whole."""
        return [*(["data_sheet"] if self.is_order else []), "chronology", "cover_letter", "mandate"]

    def _get_files(self):
        """Return the files of the ZIP, in order, as ``(name, content)``."""
        self.ensure_one()
        titles = self._get_document_titles()
        leading = [(kind, self._get_document(kind).raw) for kind in self._get_leading_kinds()]
        pieces = self._get_included_pieces()
        named = [
            (piece, self._get_piece_file_name(piece, len(pieces)), self._get_piece_content(piece))
            for piece in pieces
        ]
        files = [("00_Bordereau.pdf", dict(leading)["bordereau"])]
        files += [(name, content) for _piece, name, content in named]
        apart = [kind for kind, _raw in leading if kind != "bordereau"] + self._get_loose_kinds()
        for letter, kind in zip("ABCDEFGH", apart, strict=False):
            name = safe_name(f"{letter}_{titles[kind]}", "pdf")
            files.append((name, self._get_document(kind).raw))
        files.append(("Dossier_complet.pdf", self._merge(leading, named)))
        files.append(("Decompte.xlsx", self._make_statement()._make_xlsx()))
        files.append(("Decompte.csv", self._make_csv()))
        files.append(("dossier.json", self._make_json(named)))
        return files

    @api.model
    def _get_piece_file_name(self, piece, count):
        """Return the name of a piece's file; its extension is that of what it really is."""
        extension = "pdf"
        if piece.kind == "other" or (piece.kind == "image" and piece.problem):
            name = piece._get_own_file().name or ""
            extension = name.rpartition(".")[2] if "." in name else "bin"
        return numbered_name(piece.number, piece.name, extension, count)

    @api.model
    def _get_piece_content(self, piece):
        """Return the file of a piece: the document as it is, a sound picture as PDF pages."""
        piece.sudo().attachment_id._check_dunning_sum()
        data = piece._get_own_file().raw
        if piece.kind != "image" or piece.problem:
            return data
        return image_to_pdf(data, piece.name)

    def _merge(self, leading, named):
        """Return the whole as one PDF; what cannot be shown has a page that says so."""
        titles = self._get_document_titles()
        parts = [Part(titles[kind], "", content) for kind, content in leading]
        notes, names = [], {}
        for piece, name, content in named:
            label = self.env._("Piece no. %s", piece.number)
            names[label] = name
            content, note = self._get_piece_pages(piece, label, name, content)
            notes += [note] if note else []
            parts.append(Part(f"{label} – {shorten(piece.name, TITLE_LENGTH)}", label, content))

        def stand_in(part):
            # Sound when it was added, and still not copied among the others.
            notes.append(
                self._get_apart_note(
                    part.title, self.env._("damaged"), names.get(part.label, part.title)
                )
            )
            return text_page(part.title, notes[-1:])

        whole, _pages = merge(parts, self._get_whole_title(), self._get_whole_foot(), stand_in)
        self.sudo().export_note = "\n".join(notes) or False
        return whole

    def _get_whole_title(self):
        return self.env._(
            "File %(name)s – %(creditor)s against %(debtor)s",
            name=self.name,
            creditor=self.company_id.name,
            debtor=self.partner_id.name,
        )

    def _get_whole_foot(self):
        return self.env._(
            "%(name)s – page %(page)s of %(pages)s",
            name=self.name.replace("{", "").replace("}", ""),
            page="{page}",
            pages="{pages}",
        )

    def _get_apart_note(self, title, why, name):
        return self.env._(
            "%(label)s: %(why)s. It is in the folder as the file %(file)s.",
            label=title,
            why=why,
            file=name,
        )

    def _get_piece_pages(self, piece, label, name, content):
        """Return the pages of a piece, and what to tell the user of what they do not show."""
        title = f"{label} – {shorten(piece.name, TITLE_LENGTH)}"
        if piece.kind == "other" or piece.problem:
            problems = dict(piece._fields["problem"]._description_selection(self.env))
            why = problems.get(piece.problem, self.env._("not a PDF"))
            note = self._get_apart_note(title, why, name)
            return text_page(title, [note]), note
        if piece.is_signed:
            return content, self.env._(
                "%(label)s bears an electronic signature: it can be verified in the file %(file)s, "
                "not in the whole.",
                label=title,
                file=name,
            )
        return content, ""
