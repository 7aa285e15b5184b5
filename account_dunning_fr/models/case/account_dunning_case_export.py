import csv
import json
from io import StringIO

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.filenames import numbered_name, safe_name
from ...core.readable import shorten
from ...core.seals import sha256
from ...dossier.archive import build_zip
from ...dossier.merge import Part, merge
from ...dossier.pages import text_page, timeless
from ...dossier.pictures import image_to_pdf
from ..common.account_dunning_run import queued
from ..penalty.statement_book import make_statement_book

SCHEMA = "account_dunning_fr/dossier"
SCHEMA_VERSION = "1.2"
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # also as wide as a Chinese character

# What a file holds besides its pieces, and the statements that are pieces of their own.
REPORTS = {
    "bordereau": "account_dunning_fr.report_case_bordereau",
    "request": "account_dunning_fr.report_case_request",
    "data_sheet": "account_dunning_fr.report_case_data_sheet",
    "chronology": "account_dunning_fr.report_case_chronology",
    "mandate": "account_dunning_fr.report_case_mandate",
    "cover_letter": "account_dunning_fr.report_case_cover_letter",
    "account": "account_dunning_fr.report_case_account",
    "penalties": "account_dunning_fr.report_case_statement",
    "notice": "account_dunning_fr.report_case_notice",
    "reply": "account_dunning_fr.report_case_reply",
    "sending": "account_dunning_fr.report_case_sending",
}
NUMBERED = {"sending": "invoice_proof", "account": "account", "penalties": "penalties"}

TITLE_LENGTH = 250  # characters of a piece's name in the bookmarks and on the page that stands in


def _let_go(files):
    """Yield what a list holds and empty it: a file that is in the archive is not kept twice."""
    files.reverse()
    while files:
        yield files.pop()


class AccountDunningCase(models.Model):
    """The parties and the sums of a file as data: CSV for a spreadsheet, JSON for a program."""

    _inherit = "account.dunning.case"

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
        for section in self._get_statement().sections:
            item = section.item
            for segment in section.segments:
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
                    "outlined": piece.is_outlined,
                    "problem": piece.problem or None,
                    "sha256": sha256(content),
                }
                for piece, name, content in named
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
            "legal_form": company.dunning_legal_form or None,
            "share_capital": f"{company.dunning_share_capital:.2f}"
            if company.dunning_share_capital
            else None,
            "siren": company.partner_id._get_dunning_siren() or None,
            "rcs": company.dunning_rcs_city or None,
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
            "siren": partner._get_dunning_siren() or None,
            "address": self._get_address_data(partner),
            "email": partner.email or None,
            "phone": partner.phone or None,
        }

    def _get_claim_data(self):
        def money(amount):
            return f"{float(amount):.2f}"

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
                    "invoice": section.item.move_id.name,
                    "invoice_date": str(section.item.move_id.invoice_date or ""),
                    "due_date": str(section.item.date_maturity),
                    "currency": section.item.currency_id.name,
                    "amount": money(section.item.amount_currency),
                    "principal": money(section.principal_left),
                    "interest": money(section.interest_claimed),
                    "flat_indemnity": money(section.indemnity_claimed),
                    "interest_a_day": money(section.a_day),
                    "segments": [
                        {
                            "from": str(segment.start),
                            "to": str(segment.end),
                            "days": segment.days,
                            "base": str(segment.base),
                            "annual_rate": str(segment.annual_rate),
                            "days_of_year": segment.year,
                            "interest": str(segment.interest),
                        }
                        for segment in section.segments
                    ],
                }
                for section in self._get_statement().sections
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
        return self.move_ids._get_dunning_common_account()

    # -- Document ----------------------------------------------------------------------------------

    document_ids = fields.One2many("account.dunning.case.document", "case_id")

    @api.model
    def _get_document_titles(self):
        """Return the title of each document, as its bookmark and its file name state it."""
        return {
            "bordereau": self.env._("Bordereau"),
            "request": self.env._("Request for an order to pay"),
            "data_sheet": self.env._("Data sheet"),
            "chronology": self.env._("Chronology"),
            "mandate": self.env._("Mandate"),
            "cover_letter": self.env._("Cover letter"),
            "account": self.env._("Statement of account"),
            "penalties": self.env._("Statement of the sums claimed"),
            "notice": self.env._("Message"),
            "reply": self.env._("E-mail received"),
            "sending": self.env._("Sending of the invoices by e-mail"),
        }

    def _get_document(self, kind):
        """Return a document of the file, as an attachment.

        :param str kind: a key of ``REPORTS``
        """
        self.ensure_one()
        return self._get_made_attachment(kind, self)

    def _get_made_attachment(self, kind, record):
        """Return the document made of a record, printed again only if its page changed.

        :param str kind: a key of ``REPORTS``, followed by what tells it from its like
        :param record: the record that the report prints
        :return: ``ir.attachment``
        """
        self.ensure_one()
        # What the case was given crosses to the report: the sums are computed once a file.
        report = self.env["ir.actions.report"].sudo().with_context(lang=self._get_document_lang())
        reference = REPORTS[kind.split("-")[0]]
        page, _type = report._render_qweb_html(reference, record.ids)
        fingerprint = sha256(page)
        document = self.sudo().document_ids.filtered(lambda doc: doc.kind == kind)
        known = document.attachment_id._filter_dunning_owned(self)
        if known and document.fingerprint == fingerprint:
            return known
        # It is not rendered again.
        content, extension = report._print_dunning_page(reference, record.id, page)
        title = self._get_document_titles()[kind.split("-")[0]]
        if extension == "pdf":
            content = timeless(content, f"{title} {self.name}")
        name = f"{title} {self.name}.{extension}".replace("/", "-")
        attachment = self.env["ir.attachment"]._attach_dunning(self, name, content)
        vals = {"attachment_id": attachment.id, "fingerprint": fingerprint}
        if document:
            document.write(vals)
        else:
            document.create({"case_id": self.id, "kind": kind, **vals})
        return attachment

    def _make_statements(self):
        """Make the numbered statements again: the account, and the sums claimed."""
        self.ensure_one()
        titles = self.with_context(lang=self._get_document_lang())._get_document_titles()
        for kind, category in NUMBERED.items():
            if kind == "sending" and not self._get_sendings():
                continue
            piece = self.piece_ids.filtered(lambda piece, kind=kind: piece.key == f"made:{kind}")
            if not piece:
                piece = (
                    self.env["account.dunning.case.piece"]
                    .sudo()
                    .create(
                        {
                            "case_id": self.id,
                            "key": f"made:{kind}",
                            "category": category,
                            "name": titles[kind],
                            "origin": "made",
                        }
                    )
                )
            attachment = self._get_document(kind)
            if not piece._holds(attachment):
                piece.date = self.date
                piece._attach(attachment, "made")

    def _get_sendings(self):
        """Return the e-mails that carried the invoices, as the message log keeps them.

        :return: list of dicts ``move``, ``message``, ``to``, ``mail_state``
        """
        self.ensure_one()
        sent = self.move_ids._get_dunning_sent_files()
        messages = self.move_ids._get_dunning_carriers().filtered(
            lambda message: (
                sent[self.move_ids.browse(message.res_id)].checksum
                in message.attachment_ids.mapped("checksum")
            )
        )
        return [
            {
                "move": self.move_ids.browse(message.res_id),
                "message": message,
                "to": self._get_addresses(message),
                "failed": "exception" in message.notification_ids.mapped("notification_status"),
            }
            for message in messages
        ]

    @api.model
    def _get_addresses(self, message):
        """Return to whom a message went, as an e-mail header states it."""
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        partners = message.notified_partner_ids | message.partner_ids | mails.recipient_ids
        addresses = [partner.email for partner in partners if partner.email]
        addresses += [mail.email_to for mail in mails if mail.email_to]
        return ", ".join(dict.fromkeys(addresses))

    def action_print_request(self):
        """Print the request."""
        self.ensure_one()
        if not self.item_ids:
            raise UserError(self.env._("Nothing is claimed: choose the items."))
        return self.env.ref(REPORTS["request"]).report_action(self, config=False)

    # -- The file as files: one PDF a piece, the whole as one PDF, the sums, and the manifest ------

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
            case = case._with_statement()
            case._make_statements()
            self._check_ready()
        else:
            case = case._with_statement()
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
        files.append(("Decompte.xlsx", make_statement_book(self._get_statement())))
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
