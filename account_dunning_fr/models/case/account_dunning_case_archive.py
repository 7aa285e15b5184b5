import secrets
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ...core.filenames import safe_name
from ...dossier.archive import Archive, sum_file
from ...dossier.foretell import guess_sheets
from ..common.account_dunning_run import queued
from ..common.creditors_day import creditors_day
from .account_dunning_case_document import REPORTS
from .account_dunning_case_piece import MADE
from .case_export import get_document_kinds, write_files
from .filing_sheet import make_sheet

NUMBERED = {
    "sending": "invoice_proof",
    "account": "account",
    "penalties": "penalties",
}  # the statements among the pieces
ATTACHED_MAX = 8 * 1024 * 1024  # bytes; many mailboxes refuse more than 10 MB once encoded


class AccountDunningCaseArchive(models.AbstractModel):
    """The archive of a court file: checked, printed, put into one ZIP, sealed and shared.

    One PDF per piece, the whole as one PDF, the sums as data, and the manifest; ``case_export``
    defines their content.
    """

    _name = "account.dunning.case.archive"
    _inherit = ["account.dunning.sealed", "account.dunning.guarded"]
    _description = "File of a Court File"

    dossier_id = fields.Many2one(
        "ir.attachment",
        string="File (ZIP)",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    dossier_sha256 = fields.Char(string="SHA-256 of the file", readonly=True, copy=False)
    dossier_on = fields.Datetime(string="Generated on", readonly=True, copy=False)
    dossier_sums = fields.Json(
        readonly=True, copy=False, help="What was left of each item when it was generated."
    )
    export_note = fields.Text(
        readonly=True, copy=False, help="What could not be shown in the whole as one PDF."
    )

    def action_download(self):
        """Download the latest archive, with the user's own rights."""
        self.ensure_one()
        self.dossier_id.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.dossier_id.id}?download=true",
            "target": "self",
        }

    def get_filing_sheet(self):
        """Return the values to copy into an online filing form, for the page of the file.

        :return: dict ``groups`` and ``files``, see ``filing_sheet``
        """
        self.ensure_one()
        self.check_access("read")
        return make_sheet(self)

    @queued("court_file")
    def _generate_queued(self):
        self._check_manage()
        self._generate()

    @api.model
    @queued("court_file")
    def _get_generated(self, case):
        """Return the archive that was generated."""
        return case.dossier_id

    def _generate(self):
        """Generate and store the ZIP of the file; the same data give the same bytes."""
        self.ensure_one()
        case, made = self.with_context(lang=self._get_dunning_print_lang()), {}
        if self.state == "preparation":
            self._refresh()
            case = case._with_statement()
            made = case._make_statements()
            self._check_ready()
            self.sudo().dossier_sums = self._get_sums_left()
        else:
            case = case._with_statement()
        with TemporaryDirectory() as folder:
            path = Path(folder, "archive")
            with path.open("w+b") as stream, Archive(stream, self.date) as archive:
                notes = write_files(case, archive, Path(folder, "whole"), made)
            self.sudo().export_note = "\n".join(notes) or False
            self._keep_dossier(path)

    def _make_statements(self):
        """Print the numbered statements again: the account statement and the claim.

        The documents that list them are printed in the same process, which is slow to start,
        assuming that the statements have as many pages as before, or as many as their rows fill.

        :return: ``{kind: ir.attachment}`` of these documents; empty where a statement is not what
            they say of it, so that they must be printed again
        """
        self.ensure_one()
        documents = self.env["account.dunning.case.document"]
        titles = documents.with_context(lang=self._get_dunning_print_lang())._get_titles()
        kinds = dict(NUMBERED)
        if not documents._has_sendings(self):
            del kinds["sending"]
        pieces = {piece.key: piece for piece in self.piece_ids}
        foretold = not self._find_obstacle()
        asked = [*kinds, *(get_document_kinds(self) if foretold else ())]

        def foretell(kind, page):
            if foretold and kind in kinds:
                key = f"{MADE}{kind}"
                pieces[key] = pieces.get(key) or self._add_made_piece(
                    kind, kinds[kind], titles[kind]
                )
                pieces[key]._foretell(self.date, guess_sheets(page.decode()))

        made = documents._make_all(self, dict.fromkeys(asked, self), foretell)
        for kind in kinds:
            attachment, piece = made.pop(kind), pieces.get(f"{MADE}{kind}")
            piece = piece or self._add_made_piece(kind, kinds[kind], titles[kind])
            if not piece._holds(attachment):
                foretold &= piece.date == self.date
                piece.sudo().date = self.date  # that of a withdrawn file, handed over once
                foretold &= not piece._attach(attachment, "made")
        return made if foretold else {}

    def _add_made_piece(self, kind, category, name):
        """Return the new piece of a statement, with full rights."""
        return self.piece_ids.sudo().create(
            {
                "case_id": self.id,
                "key": f"{MADE}{kind}",
                "category": category,
                "name": name,
                "origin": "made",
            }
        )

    def _check_ready(self):
        """:raise UserError: if the file cannot be handed over (see ``_find_obstacle``)"""
        if obstacle := self._find_obstacle():
            raise UserError(obstacle)

    def _find_obstacle(self):
        """Return why the file cannot be handed over, as a text for the user, empty if it can.

        Either the sums are unknown, a finding is open, the court is not confirmed, or a piece is
        missing.
        """
        self.ensure_one()
        if self.figures_problem:
            return self.figures_problem
        if open_ones := self.finding_ids.filtered("is_open"):
            return self.env._(
                "The file cannot leave yet:\n%s\nCorrect it, or accept each warning with its "
                "reason.",
                "\n".join(f"• {message}" for message in open_ones.mapped("message")),
            )
        if self.is_order and not self.court_confirmed_by:
            return self.env._("Confirm the court first: a person does, in every case.")
        if missing := self.piece_ids.filtered(lambda piece: piece.state == "missing"):
            return self.env._(
                "Pieces are missing:\n%s\nAdd them, or leave each out with a reason.",
                "\n".join(f"• {name}" for name in missing.mapped("name")),
            )
        return ""

    def _keep_dossier(self, path):
        """Store the new ZIP, unless it equals the previous one.

        :param Path path: its place on disk: the archive of a hundred scans is not held in memory
        """
        digest = sum_file(path, sha256())
        if self.dossier_sha256 == digest:
            return
        name = safe_name(f"Dossier {self.name} {self.partner_id.name}", "zip")
        attachment = self.env["ir.attachment"]._attach_dunning_file(
            self, name, path, "application/zip"
        )
        self.sudo().write(
            {
                "dossier_id": attachment.id,
                "dossier_sha256": digest,
                "dossier_on": fields.Datetime.now(),
            }
        )
        self._has_left()._seal()  # generated again: what is handed over now is another file

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
        """Return the archive as handed over, its pieces, and the documents made for it."""
        pieces = self.piece_ids.filtered("has_left")
        return self.dossier_id | pieces.attachment_id | self.document_ids.attachment_id

    def _prepare_sealed_record(self):
        """Return the claim, the recipient, and the pieces with their checksums, for the seal."""
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
        """Create a link to the archive for whoever has it, valid through a given day.

        :param date until: last day
        """
        self.ensure_one()
        self._check_manage()
        self.sudo().write({"share_token": secrets.token_urlsafe(32), "share_until": until})

    def action_stop_sharing(self):
        """Revoke the link."""
        self._check_manage()
        self.sudo().write({"share_token": False, "share_until": False})

    def _get_shared(self, token):
        """Return the archive behind a link; empty if the link is wrong, revoked or expired."""
        self.ensure_one()
        today = creditors_day(self)
        valid = (
            self.share_token
            and consteq(self.share_token.encode(), token.encode())  # letters of any alphabet
            and self.share_until
            and self.share_until >= today
        )
        return self._get_own_dossier() if valid else self.env["ir.attachment"]

    def _get_own_dossier(self):
        """Return the archive generated for this case, if unaltered, or an empty record."""
        self.ensure_one()
        return self.sudo().dossier_id._filter_dunning_owned(self, self.sudo().dossier_sha256)
