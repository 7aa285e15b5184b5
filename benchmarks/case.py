"""A court file of many invoices: its export compared with only printing and merging its PDFs."""

from base64 import b64encode
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from odoo import Command
from odoo.addons.base.models.ir_actions_report import IrActionsReport

INVOICES = 100
RATIO, MOST_MEGABYTES = 1.25, 300
LEVEL = "account_dunning_fr.level_formal_notice"


def measure(meter, count=INVOICES):
    """Export the file of ``count`` invoices, each with its PDF and its delivery note.

    The floor is what no program can avoid once the pages are rendered: each document printed once
    by wkhtmltopdf, separately, and a single merge of all these PDFs. Our engine also prints long
    tables to find out where their pages end: only the step includes this. The floor with Odoo's own
    report, which also renders each document, is reported next to it.
    """
    env = meter.env
    case = _prepare(env, count)
    case._generate()  # as on a server that has printed before: templates compiled, terms loaded
    case.partner_id.name += " et fils"  # printed everywhere: nothing made before can be reused
    with _keep_rendered(env) as rendered:
        meter.step(f"Court file of {count} invoices", case._generate)
    first = case.dossier_sha256
    laid = [(report, _lay(report, render())) for report, render in rendered.values()]
    pieces = case._get_included_pieces().sudo().attachment_id

    def floor():
        made = [_print(report, page) for report, page in laid]
        _merge([*made, *(piece.raw for piece in pieces)])

    def render_too():
        made = [_print(report, _lay(report, render())) for report, render in rendered.values()]
        _merge([*made, *(piece.raw for piece in pieces)])

    _result, cost = meter.measure(floor)
    meter.judge(cost, ratio=RATIO, peak_mb=MOST_MEGABYTES)
    _result, cost = meter.measure(render_too)
    last = meter.results[-1]
    last["ratio_report"] = round(last["cpu_seconds"] / max(cost["cpu_seconds"], 0.01), 2)
    print(f"  against Odoo's own report: {last['ratio_report']} ×", flush=True)
    meter.step("The same file again", case._generate)
    if case.dossier_sha256 != first:
        raise RuntimeError("the same data gave another file")


@contextmanager
def _keep_rendered(env):
    """Keep what is rendered, to render and print it again.

    :return: ``{(report, its records): (report, function that renders its page)}``, filled meanwhile
    """
    report, rendered = type(env["ir.actions.report"]), {}
    render = report._render_qweb_html

    def keep(self, reference, ids, data=None):
        found = self._get_report(reference)._for_dunning_engine()
        rendered[found.report_name, tuple(ids)] = (found, lambda: render(found, reference, ids)[0])
        return render(self, reference, ids, data=data)

    with patch.object(report, "_render_qweb_html", keep):
        yield rendered


def _lay(report, page):
    """Prepare a rendered page for wkhtmltopdf, as Odoo does."""
    bodies, _ids, header, footer, options = report._prepare_html(page, report_model=report.model)
    return bodies, {"header": header, "footer": footer, "specific_paperformat_args": options}


def _print(report, laid):
    """Print a page in a separate process, bypassing our engine."""
    bodies, options = laid
    return IrActionsReport._run_wkhtmltopdf(report, bodies, report_ref=report, **options)


def _merge(documents):
    """Merge PDFs and write the result: no stamps, nothing else."""
    writer = PdfWriter()
    for document in documents:
        writer.append(PdfReader(BytesIO(document)), import_outline=False)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _prepare(env, count):
    """Prepare a complete file: invoices, delivery notes, a formal notice, the court."""
    company = env.company
    company.write({"dunning_legal_form": "SAS", "dunning_representative": "La présidente"})
    for name in ("terms", "creditor", "bank"):
        company[f"dunning_{name}_file"] = b64encode(_page(name, 2))
    partner = env["res.partner"].create(
        {
            "name": "Débiteur du banc",
            "is_company": True,
            "email": "debiteur@client.example",
            "country_id": env.ref("base.fr").id,
            "company_registry": "404833048",
            "street": "3 rue du Débiteur",
            "zip": "75008",
            "city": "Paris",
            "dunning_regime": "b2b",
        }
    )
    moves = _invoices(env, partner, count)
    action = moves.action_prepare_dunning_case()
    action = env[action["res_model"]].browse(action["res_id"]).action_prepare()
    case = env["account.dunning.case"].browse(action["res_id"])
    for number in range(count):
        _piece(env, case, "delivery", f"Bon de livraison {number}", _scan(number))
    for piece in case.piece_ids.filtered(lambda piece: piece.state == "missing"):
        piece.write({"file": b64encode(_page(piece.name, 1)), "file_name": "piece.pdf"})
    case.court_id = case.candidate_ids[:1]
    case.action_confirm_court()
    case.action_gather()
    for finding in case.finding_ids.filtered("is_open"):
        finding._accept("Banc d’essai")
    env.cr.commit()
    return case


def _invoices(env, partner, count):
    today = env.company._get_dunning_today()
    # The ledger's numbers were copied by SQL: a separate journal has no gap in them.
    journal = env["account.journal"].create({"name": "Banc", "code": "BANC", "type": "sale"})
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "journal_id": journal.id,
                "partner_id": partner.id,
                "invoice_date": today - timedelta(days=120 + number % 60),
                "invoice_date_due": today - timedelta(days=90 + number % 60),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service",
                            "account_id": income.id,
                            "price_unit": 500 + number,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
            for number in range(count)
        ]
    )
    moves.action_post()
    for number, move in enumerate(moves):
        env["ir.attachment"].create(
            {
                "name": f"{move.name}.pdf".replace("/", "_"),
                "raw": _page(f"Facture {move.name}", 2, lines=60 + number % 7),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_field": "invoice_pdf_report_file",
                "res_id": move.id,
            }
        )
    env.invalidate_all()
    return moves


def _piece(env, case, category, name, data):
    env["account.dunning.case.piece"].create(
        {
            "case_id": case.id,
            "category": category,
            "name": name,
            "file": b64encode(data),
            "file_name": f"{name}.pdf",
        }
    )


def _page(title, pages, lines=40):
    """Return a PDF of text, about as dense as an invoice."""
    stream = BytesIO()
    canvas = Canvas(stream, invariant=True)
    for page in range(pages):
        canvas.drawString(60, 800, f"{title}, page {page + 1}")
        for line in range(lines):
            canvas.drawString(
                60, 780 - 12 * line, f"Ligne {line} : prestation du mois, 1 × 12,50 €"
            )
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _scan(seed):
    """Return a PDF with the image of a page at 150 dpi, as a scanner makes one."""
    noise = Image.effect_noise((310, 438), 40 + seed % 9).resize((1240, 1754))
    stream, picture = BytesIO(), BytesIO()
    noise.save(picture, "JPEG", quality=60)
    canvas = Canvas(stream, invariant=True)
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()
