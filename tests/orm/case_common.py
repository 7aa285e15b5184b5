"""What the tests of court files add: a creditor ready for court, a debtor with a history."""

from base64 import b64encode
from contextlib import contextmanager
from io import BytesIO
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from .penalty_common import PenaltyCommon

# What a real file would contain: registered office, legal form, representative.
CREDITOR = {
    "name": "Atelier Test",
    "dunning_legal_form": "SAS",
    "dunning_share_capital": 10000,
    "dunning_rcs_city": "Lyon",
    "dunning_representative": "La présidente",
    "street": "12 rue de l’Exemple",
    "zip": "69002",
    "city": "Lyon",
}


def pdf(text="Document", pages=1):
    """Return a PDF with a line of text on each page."""
    stream = BytesIO()
    canvas = Canvas(stream, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(100, 700, f"{text} p{page}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


class PrintedFast:
    """Replaces printing by a fast PDF, in the server of a browser as well."""

    @contextmanager
    def fast_print(self):
        """Print a report as one page of text: its page is rendered, but wkhtmltopdf is not run."""
        self.printed = []

        def print_page(_report, reference, _res_id, page):
            self.printed.append(str(reference))
            # Each print differs from the last one, as with wkhtmltopdf.
            return pdf(f"{reference} {len(page)} {len(self.printed)}"), "pdf"

        def render(report, reference, res_ids=None, data=None):
            page, _type = report._render_qweb_html(reference, res_ids)
            return print_page(report, reference, None, page)

        report = type(self.env["ir.actions.report"])
        with (
            patch.object(report, "_render_qweb_pdf", render),
            patch.object(report, "_print_dunning_page", print_page),
        ):
            yield


class CaseCommon(PrintedFast, PenaltyCommon):
    """A professional in Paris who owes two invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(CREDITOR)
        for name in ("terms", "creditor", "bank"):
            cls.company[f"dunning_{name}_file"] = b64encode(pdf(name))
        cls.manager = cls.new_user("case_manager", "account_dunning_fr.group_dunning_manager")
        cls.biller = cls.new_user("case_biller", "account.group_account_invoice")
        cls.partner.write(
            {
                "street": "1 rue du Débiteur",
                "zip": "75008",
                "city": "Paris",
                "company_registry": "404833048",
            }
        )
        cls.first_invoice = cls.invoice(cls.partner, "2026-02-28", 5000)
        cls.second_invoice = cls.invoice(cls.partner, "2026-03-31", 3000)
        cls.pay_on("2026-04-15", cls.second_invoice, 1000)
        cls.moves = cls.first_invoice + cls.second_invoice
        cls.Case = cls.env["account.dunning.case"]

    # -- Documents ---------------------------------------------------------------------------------

    @classmethod
    def attachment(cls, record=None, name="document.pdf", data=None):
        return cls.env["ir.attachment"].create(
            {
                "name": name,
                "raw": pdf(name) if data is None else data,
                "res_model": record and record._name,
                "res_id": record and record.id,
            }
        )

    # -- The file ----------------------------------------------------------------------------------

    def prepare_case(self, moves=None, user=None):
        """Prepare the file of these invoices, as the wizard does."""
        moves = (self.moves if moves is None else moves).with_user(user or self.manager)
        with self.fast_print():
            action = moves.action_prepare_dunning_case()
            wizard = self.env[action["res_model"]].with_user(user or self.manager)
            action = wizard.browse(action["res_id"]).action_prepare()
        return self.Case.with_user(user or self.manager).browse(action["res_id"])

    def add_piece(self, case, category, name=None, data=None, file_name="scan.pdf", **values):
        """Upload a piece, as a billing user does."""
        return (
            self.env["account.dunning.case.piece"]
            .with_user(self.biller)
            .create(
                {
                    "case_id": case.id,
                    "category": category,
                    "name": name or f"Piece {category}",
                    "file_name": file_name,
                    "file": b64encode(pdf(category) if data is None else data),
                    **values,
                }
            )
        )

    def complete(self, case):
        """Complete everything missing, accept the warnings, confirm the court of an order."""
        with self.fast_print():
            for piece in case.piece_ids.filtered(lambda piece: piece.state == "missing"):
                piece.with_user(self.biller).write(
                    {"file_name": "added.pdf", "file": b64encode(pdf(piece.name))}
                )
            case.action_gather()
        if case.is_order:
            case.action_confirm_court()
        for finding in case.finding_ids.filtered("is_open"):
            finding._accept("Known and accepted")
        return case

    def ready_case(self, moves=None):
        return self.complete(self.prepare_case(moves))

    def generate(self, case):
        with self.fast_print():
            case.action_generate()
        return case.sudo().dossier_id.raw

    def agent(self, **values):
        return self.env["res.partner"].create(
            {
                "name": "Étude de Test",
                "email": "etude@justice.example",
                "dunning_role": "commissaire",
                **values,
            }
        )

    def hand_case_over(self, case, **values):
        """Hand the file over, as the wizard does."""
        agent = values.pop("agent", None) or self.agent()
        wizard = (
            self.env["account.dunning.case.handover"]
            .with_user(self.manager)
            .create({"case_id": case.id, "partner_id": agent.id, **values})
        )
        with self.fast_print():
            wizard.action_confirm()
        return case

    def codes(self, case, level=None):
        findings = case.finding_ids
        return set(findings.filtered(lambda f: level in (None, f.level)).mapped("code"))

    def notice(self, level, on, *moves, **values):
        """Record a notice that was sent, with its letter."""
        notice = self.history(level, on, *moves, **values)
        letter = self.attachment(notice, f"letter {on}.pdf")
        self.env.flush_all()
        # A sent notice is frozen: the letter is attached as in a restored database.
        self.env.cr.execute(
            "UPDATE account_dunning_notice SET letter_id = %s WHERE id = %s",
            (letter.id, notice.id),
        )
        notice.invalidate_recordset(["letter_id"])
        return notice
