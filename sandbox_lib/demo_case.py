"""The demonstration's court file: prepared from an expired formal notice and exported."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.account_dunning_fr.core.working_days import is_working_day

from .demo_days import working_day_before

PARTNER = "account_dunning_fr.demo_partner_negoce"
TOWN = "Havre"
REASON = "Démonstration"
# What a person names the documents kept on paper.
NAMES = {
    "order": "Bon de commande n° BC-118 accepté par le client",
    "terms": "Conditions générales de vente, version de janvier 2026",
    "delivery": "Bon de livraison n° BL-118 signé à réception",
    "creditor": "Extrait Kbis du créancier",
    "bank": "Relevé d’identité bancaire du créancier",
}
DAYS_BEFORE_THE_INVOICE = {"order": 12, "delivery": 1}


def prepare_court_file(env, company, folder: Path):
    """Prepare the file of the customer whose formal notice expired, and write it below ``folder``.

    What a company keeps on paper (order, delivery note…) is stood for by pages that say so.

    :return: the ``account.dunning.case``
    """
    env = env(context={**env.context, "lang": "fr_FR", "allowed_company_ids": company.ids})
    wizard = env["account.dunning.case.prepare"]
    opened = wizard._open(env.ref(PARTNER), company)
    if opened["res_model"] != wizard._name:
        return env["account.dunning.case"].browse(opened["res_id"])
    action = wizard.browse(opened["res_id"]).action_prepare()
    case = env["account.dunning.case"].browse(action["res_id"])
    company.dunning_representative = "son président"
    case.user_id = env.ref("account_dunning_fr.demo_user")
    case.court_id = case.candidate_ids.filtered(lambda court: TOWN in court.name)
    case.action_confirm_court()
    case.partner_id.dunning_legal_form = "SARL"
    for piece in case.piece_ids.filtered(lambda piece: piece.state == "missing"):
        name = NAMES.get(piece.category, piece.name)
        days = DAYS_BEFORE_THE_INVOICE.get(piece.category)
        invoiced = min(case.item_ids.mapped("invoice_date"))
        piece.write(
            {
                "name": name,
                "date": days and working_day_before(invoiced, days, is_working_day),
                "file": _page(name),
                "file_name": f"{name}.pdf",
            }
        )
    case.action_examine()
    for finding in case.finding_ids.filtered("is_open"):
        finding._accept(REASON)
    case.action_generate()
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(BytesIO(case.dossier_id.raw)) as archive:
        archive.extractall(folder)
    return case


def _page(title: str) -> bytes:
    """Return a page that stands for a document on paper, and says so."""
    stream = BytesIO()
    page = Canvas(stream, pagesize=A4, invariant=True)
    page.drawString(70, 750, title)
    page.drawString(70, 720, "Document de démonstration, sans valeur")
    page.save()
    return b64encode(stream.getvalue())
