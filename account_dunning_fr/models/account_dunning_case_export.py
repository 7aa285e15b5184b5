import csv
import json
from io import StringIO

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.filenames import numbered_name, safe_name
from ..dossier.archive import build_zip, sha256
from ..dossier.merge import Part, merge
from ..dossier.pages import image_to_pdf, text_page

SCHEMA = "account_dunning_fr/dossier"
SCHEMA_VERSION = "1.0"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
        """Make the file, and download it.

        :raise UserError: something that the law forbids, or a warning that nobody accepted
        """
        self.ensure_one()
        self._check_manage()
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
        if self.state == "preparation":
            self._refresh()
            self._make_statements()
            self._check_ready()
        case = self.with_context(lang=self._get_document_lang())
        files = case._get_files()
        content = build_zip(files, self.date)
        if self.dossier_sha256 == sha256(content):
            return
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": safe_name(f"Dossier {self.name} {self.partner_id.name}", "zip"),
                    "raw": content,
                    "mimetype": "application/zip",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.sudo().write(
            {
                "dossier_id": attachment.id,
                "dossier_sha256": sha256(content),
                "dossier_on": fields.Datetime.now(),
            }
        )

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
        named = [(piece, self._get_piece_file_name(piece, len(pieces))) for piece in pieces]
        files = [("00_Bordereau.pdf", dict(leading)["bordereau"])]
        files += [(name, piece.sudo().attachment_id.raw) for piece, name in named]
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
        if piece.kind != "pdf":
            name = piece.sudo().attachment_id.name or ""
            extension = name.rpartition(".")[2] if "." in name else "bin"
        return numbered_name(piece.number, piece.name, extension, count)

    def _merge(self, leading, named):
        """Return the whole as one PDF; what cannot be shown has a page that says so."""
        titles = self._get_document_titles()
        parts = [Part(titles[kind], "", content) for kind, content in leading]
        notes = []
        for piece, name in named:
            label = self.env._("Piece no. %s", piece.number)
            content, note = self._get_piece_pages(piece, label, name)
            notes += [note] if note else []
            parts.append(Part(f"{label} – {piece.name}", label, content))
        self.sudo().export_note = "\n".join(notes) or False
        title = self.env._(
            "File %(name)s – %(creditor)s against %(debtor)s",
            name=self.name,
            creditor=self.company_id.name,
            debtor=self.partner_id.name,
        )
        foot = self.env._(
            "%(name)s – page %(page)s of %(pages)s",
            name=self.name.replace("{", "").replace("}", ""),
            page="{page}",
            pages="{pages}",
        )
        return merge(parts, title, foot)[0]

    def _get_piece_pages(self, piece, label, name):
        """Return the pages of a piece, and what to tell the user where they cannot be shown."""
        data = piece.sudo().attachment_id.raw
        if piece.kind == "pdf" and not piece.problem:
            return data, ""
        if piece.kind == "image" and not piece.problem:
            return image_to_pdf(data, piece.name), ""
        problems = dict(piece._fields["problem"]._description_selection(self.env))
        why = problems.get(piece.problem, self.env._("not a PDF"))
        note = self.env._(
            "%(label)s, “%(name)s”: %(why)s. It is in the folder as the file %(file)s.",
            label=label,
            name=piece.name,
            why=why,
            file=name,
        )
        return text_page(f"{label} – {piece.name}", [note]), note

    # -- The sums as data ------------------------------------------------------------------------

    def _make_csv(self):
        """Return the statement as CSV (semicolons, UTF-8 with its mark, for a French Excel)."""
        stream = StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(
            [
                self.env._("Invoice"),
                self.env._("Invoice date"),
                self.env._("Due date"),
                self.env._("Currency"),
                self.env._("From"),
                self.env._("To"),
                self.env._("Days"),
                self.env._("Base"),
                self.env._("Rate (% a year)"),
                self.env._("Interest"),
            ]
        )
        for section in self._get_sections():
            item = section["item"]
            for segment in section["segments"]:
                writer.writerow(
                    [
                        self._guard(item.move_id.name),
                        item.move_id.invoice_date or item.date,
                        item.date_maturity,
                        item.currency_id.name,
                        segment.start,
                        segment.end,
                        segment.days,
                        *(
                            str(value).replace(".", ",")
                            for value in (segment.base, segment.annual_rate, segment.interest)
                        ),
                    ]
                )
        return ("\ufeff" + stream.getvalue()).encode()

    @api.model
    def _guard(self, text):
        """Return a text that a spreadsheet never takes for a formula."""
        text = text or ""
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text

    def _make_json(self, named):
        """Return parties, sums and pieces as JSON, by the schema of docs/dossier-schema.md."""
        document = {
            "schema": SCHEMA,
            "version": SCHEMA_VERSION,
            "reference": self.name,
            "date": str(self.date),
            "route": self.route or None,
            "court": (self.court_id and {"code": self.court_id.code, "name": self.court_id.name})
            or None,
            "creditor": self._get_creditor_data(),
            "debtor": self._get_debtor_data(),
            "claim": self._get_claim_data(),
            "instructions": self._get_instruction_data(),
            "pieces": [
                {
                    "number": piece.number,
                    "category": piece.category,
                    "name": piece.name,
                    "date": (piece.date and str(piece.date)) or None,
                    "file": name,
                    "pages": piece.page_count or None,
                    "scan": piece.is_scan,
                    "problem": piece.problem or None,
                    "sha256": piece._get_sha256(),
                }
                for piece, name in named
            ],
        }
        text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
        return f"{text}\n".encode()

    @api.model
    def _get_address_data(self, partner):
        return {
            "street": partner.street or None,
            "street2": partner.street2 or None,
            "zip": partner.zip or None,
            "city": partner.city or None,
            "country": partner.country_id.code or None,
        }

    def _get_creditor_data(self):
        company = self.company_id
        bank = self._get_bank_account()
        return {
            "name": company.name,
            "legal_form": company.legal_form or None,
            "share_capital": f"{company.share_capital:.2f}" if company.share_capital else None,
            "siren": company.partner_id._get_siren() or None,
            "rcs": company.rcs_city or None,
            "representative": company.dunning_representative or None,
            "address": self._get_address_data(company.partner_id),
            "email": company.email or None,
            "phone": company.phone or None,
            "iban": bank.acc_number.replace(" ", "") if bank.acc_number else None,
        }

    def _get_debtor_data(self):
        partner = self.partner_id
        return {
            "name": partner.name,
            "kind": partner.dunning_regime or None,
            "legal_form": partner.dunning_legal_form or None,
            "siren": partner._get_siren() or None,
            "address": self._get_address_data(partner),
            "email": partner.email or None,
            "phone": partner.phone or None,
        }

    def _get_claim_data(self):
        def money(amount):
            return f"{amount:.2f}"

        return {
            "currency": "EUR",
            "principal": money(self.amount_principal),
            "interest": money(self.amount_interest),
            "flat_indemnity": money(self.amount_indemnity),
            "penalty_clause": money(self.penal_clause_amount),
            "costs": money(self.amount_costs),
            "total": money(self.amount_total),
            "imputation": self.imputation,
            "items": [
                {
                    "invoice": section["item"].move_id.name,
                    "invoice_date": str(section["item"].move_id.invoice_date or ""),
                    "due_date": str(section["item"].date_maturity),
                    "currency": section["item"].currency_id.name,
                    "amount": money(section["item"].amount_currency),
                    "principal": money(section["principal_left"]),
                    "interest": money(section["interest_claimed"]),
                    "flat_indemnity": money(section["indemnity_claimed"]),
                    "segments": [
                        {
                            "from": str(segment.start),
                            "to": str(segment.end),
                            "days": segment.days,
                            "base": str(segment.base),
                            "annual_rate": str(segment.annual_rate),
                            "interest": str(segment.interest),
                        }
                        for segment in section["segments"]
                    ],
                }
                for section in self._get_sections()
            ],
        }

    def _get_instruction_data(self):
        return {
            "mandate": self.mandate_scope,
            "instalments_accepted": self.instalments_accepted,
            "disputed": bool(self._get_disputed_lines()),
        }

    def _get_bank_account(self):
        """Return the creditor's account into which the debtor pays."""
        self.ensure_one()
        own = self.company_id.sudo().partner_id.bank_ids
        used = self.move_ids.partner_bank_id
        return (used & own)[:1] or own[:1]
