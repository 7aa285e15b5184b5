"""What the demo does in Odoo, once the addon is installed with its demonstration data."""

import json
import re
from base64 import b64encode
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from itertools import starmap
from pathlib import Path
from zipfile import ZipFile

from freezegun import freeze_time
from pypdf import PdfReader

from odoo import fields
from odoo.addons.account_dunning_fr.core.working_days import is_working_day
from odoo.tools import formatLang

from tests.orm.debtor_story import Debtor, check_books

from .demo_days import working_day
from .demo_past import DAYS, DEMO, paper, replay
from .inside import cut_off, serve

LANG = "fr_FR"  # of all that the demo shows and prints: its customers, letters and pages are French
LETTER = "account_dunning_fr.report_notice_letter"
JOBS = (
    *(f"account_dunning_fr.ir_cron_{name}" for name in ("agreements", "plans", "prepare", "send")),
    *("account_dunning_fr.ir_cron_calls", "account_dunning_fr.ir_cron_risk"),
    "mail.ir_cron_mail_scheduler_action",
)
# Worth opening afterwards: label, path; before these, pages of single records.
PAGES = [
    ("À faire aujourd’hui", "/odoo/dunning-today"),
    ("Ce qui partira dans les 30 jours", "/odoo/dunning-agenda"),
    ("Tableau de bord", "/odoo/dunning-dashboard"),
    ("Relances à confirmer ; sans le filtre, toutes", "/odoo/dunning"),
    ("Qui n’est pas relancé, et pourquoi", "/odoo/dunning-holds"),
    ("Créances douteuses à la fin du mois dernier", "/odoo/dunning-doubtful"),
    ("Clients à contrôler", "/odoo/dunning-risk"),
    ("Ce qui est à dire à l’assureur-crédit", "/odoo/dunning-insured"),
    ("Factures cédées à un factor", "/odoo/dunning-factor"),
    ("Créances confiées à une société de recouvrement", "/odoo/dunning-agency"),
    ("Scénarios et leurs niveaux", "/odoo/dunning-policies"),
]
# What a person names the documents kept on paper, and how many days before the invoice they are.
PAPERS = {
    "order": ("Bon de commande n° BC-118 accepté par le client", 12),
    "terms": ("Conditions générales de vente, version de janvier 2026", None),
    "delivery": ("Bon de livraison n° BL-118 signé à réception", 1),
    "creditor": ("Extrait Kbis du créancier", None),
    "bank": ("Relevé d’identité bancaire du créancier", None),
}


def prepare(env) -> None:
    """Give the demonstration a past, once after the installation and before it is kept.

    Prints the invoices, as they were sent to the customers at the time, and replays the last
    weeks. What it makes is as old as today: a template made on another day is made anew.
    """
    cut_off(env)
    # Odoo gives each page a second to run its scripts; these pages have none.
    env["ir.config_parameter"].set_param("report.print_delay", "50")
    env.cr.commit()
    serve()
    env = env(context=env.user.context_get())
    domain = [("company_id", "=", env.ref(DEMO + "company").id)]
    posted = [*domain, ("move_type", "=", "out_invoice"), ("state", "=", "posted")]
    invoices = env["account.move"].search(posted, order="name")
    # The addon switches French on only once its demonstration data are loaded.
    debtors = invoices.commercial_partner_id
    french = debtors.filtered(lambda partner: partner.country_code == "FR")
    (french | french.child_ids).lang = LANG
    users = env["res.users"].with_context(active_test=False)
    users.search([("share", "=", False)]).lang = LANG
    for invoice in invoices:
        # Each on its own day, from which the customer has it; one by one, as some builds of
        # wkhtmltopdf take no more than one document.
        with freeze_time(datetime.combine(invoice.invoice_date, time(9))):
            env["account.move.send"]._generate_and_send_invoices(invoice, sending_methods=[])
    env.cr.commit()
    _play_debtor(env)
    replay(env)
    _check_past(env)
    _close_books(env)


def _play_debtor(env) -> None:
    """Let one customer go from trust to liquidation, and compare his entries with those by hand."""
    company, partner = env.ref(DEMO + "company"), env.ref(DEMO + "partner_valles")
    partner.lang = LANG
    people = {
        "representative": env.ref(DEMO + "partner_mandataire"),
        "liquidator": env.ref(DEMO + "partner_liquidateur"),
    }
    Debtor(env, company, partner, env.ref(DEMO + "user"), people, printed=True).play()
    check_books(company, partner)
    env.cr.commit()


def _check_past(env) -> None:
    """Refuse a past in which nobody was chased to the end: the demo shows every step of it."""
    sent = env["account.dunning.notice"].search([("state", "=", "sent")])
    letters = env["account.dunning.registered"].search([])
    missing = {"reminder", "registered", "formal_notice"} - set(sent.mapped("kind"))
    if missing or "delivered" not in letters.mapped("state"):
        raise RuntimeError(f"the demo's past has no {', '.join(sorted(missing)) or 'receipt'}")


def _close_books(env) -> None:
    """Propose what becomes of each debt at the end of last month, and book one customer's."""
    company = env.ref(DEMO + "company")
    env = env(context={**env.context, "lang": LANG, "allowed_company_ids": company.ids})
    end = fields.Date.context_today(env.user).replace(day=1) - timedelta(days=1)
    closing = env["account.dunning.impairment"]._close(company, end)
    booked = closing.filtered(lambda row: row.partner_id == env.ref(DEMO + "partner_faiencerie"))
    booked.action_prepare()
    booked.action_post()
    env.cr.commit()


def run(env, output: str, pages: str) -> None:
    """Do the addon's main job, and write what it produces.

    :param output: folder of the letters and of the court file
    :param pages: file for the pages worth opening, as JSON
    """
    cut_off(env)
    env.cr.commit()
    env = env(context={**env.user.context_get(), "lang": LANG})
    company, today = env.ref(DEMO + "company"), fields.Date.context_today(env.user)
    sent = [("company_id", "=", company.id), ("state", "=", "sent")]
    notices = env["account.dunning.notice"]
    print(f"Les {DAYS} derniers jours ont laissé {notices.search_count(sent)} relances envoyées.")
    _print_golive(env, company)
    serve()
    for job in JOBS:
        _run_scheduled_action(env, job)
    count = notices.search_count([*sent, ("date", "=", today)])
    print(f"\nLes actions planifiées du jour ont envoyé {count} relances.")
    _print_today(env, company)
    count = _write_letters(env, company, today, Path(output, "letters"))
    print(f"\n{count} courriers en PDF : {Path(output, 'letters')}")
    _write_invoice(env, Path(output, "facture"))
    print(f"Une facture et son fichier Factur-X, avec leurs mentions : {Path(output, 'facture')}")
    case = _prepare_court_file(env, company, Path(output, "dossier"))
    print(f"Un dossier contentieux et ses pièces numérotées : {Path(output, 'dossier')}")
    Path(pages).write_text(json.dumps([*_record_pages(env, case), *PAGES]), "utf-8")


def _run_scheduled_action(env, xmlid: str) -> None:
    """Run a scheduled action as the scheduler does, in a transaction of its own."""
    env.cr.commit()
    failure = env.ref(xmlid).method_direct_trigger()
    if isinstance(failure, dict):
        raise RuntimeError(f"{xmlid}: {failure['params']['data']['message']}")
    env.cr.commit()
    env.invalidate_all()


# -- What the pages of the addon tell --------------------------------------------------------------


def _print_golive(env, company) -> None:
    """Print the page « Mise en service »: what leaves today, and why the rest does not."""
    golive = env["account.dunning.golive"].create({"company_id": company.id})
    outcomes = dict(golive.line_ids._fields["outcome"]._description_selection(env))
    rows = [
        (
            line.partner_id.name,
            outcomes[line.outcome],
            line.level_id.name or "",
            line.channels or "",
            str(line.item_count or ""),
            _write_amount(env, line.amount) if line.amount else "",
            _write_amount(env, line.open_amount),
            line.reasons or "",
        )
        for line in golive.line_ids
    ]
    names = ("Client", "Ce jour", "Message", "Par", "Postes", "Réclamé", "Dû", "Non réclamé")
    title = f"Ce qui part aujourd’hui au nom de {company.name}, et pourquoi le reste ne part pas"
    _print_table(title, names, rows)


def _print_today(env, company) -> None:
    """Print the page « À faire aujourd’hui »."""
    tasks = env["account.dunning.today"].with_user(env.ref(DEMO + "user"))
    write = partial(_write_amount, env)
    rows = [
        (str(task.count), task.label, "" if task.amount is None else write(task.amount))
        for task in tasks._get_tasks(company)
    ]
    _print_table("Ce qui attend quelqu’un", ("", "À faire", "Montant"), rows)


def _write_amount(env, amount: float) -> str:
    """Return an amount as its language writes it."""
    return formatLang(env, amount, digits=2)


def _print_table(title: str, names: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    print(f"\n{title} ({len(rows)})")
    for row in (names, ["-" * width for width in widths], *rows):
        print("  " + "  ".join(starmap(str.ljust, zip(row, widths, strict=True))).rstrip())


# -- Files -----------------------------------------------------------------------------------------


def _write_letters(env, company, today: date, folder: Path) -> int:
    """Write every message of today as a letter: the frozen one, else as it would be printed."""
    folder.mkdir(parents=True, exist_ok=True)
    notices = env["account.dunning.notice"].search(
        [("company_id", "=", company.id), ("date", "=", today), ("state", "!=", "cancelled")]
    )
    for notice in notices:
        content = notice.letter_id.raw
        if not content:
            content, _kind = env["ir.actions.report"]._render_qweb_pdf(LETTER, notice.ids)
        name = f"{notice.partner_id.name} {notice._get_letter_filename().removesuffix('.pdf')}"
        folder.joinpath(re.sub(r"[^\w-]+", "-", name).strip("-") + ".pdf").write_bytes(content)
    return len(notices)


def _write_invoice(env, folder: Path) -> None:
    """Write an invoice as it left, and the file of the e-invoice that it carries."""
    folder.mkdir(parents=True, exist_ok=True)
    printed = env.ref(DEMO + "invoice_transports").invoice_pdf_report_id
    folder.joinpath(printed.name).write_bytes(printed.raw)
    for name, (content, *_more) in PdfReader(BytesIO(printed.raw)).attachments.items():
        folder.joinpath(name).write_bytes(content)


def _prepare_court_file(env, company, folder: Path):
    """Prepare the file of the customer whose formal notice expired, and unpack it to ``folder``.

    :return: the ``account.dunning.case``
    """
    env = env(context={**env.context, "lang": LANG, "allowed_company_ids": company.ids})
    wizard = env["account.dunning.case.prepare"]
    opened = wizard._open(env.ref(DEMO + "partner_negoce"), company)
    if opened["res_model"] != wizard._name:
        return env["account.dunning.case"].browse(opened["res_id"])
    action = wizard.browse(opened["res_id"]).action_prepare()
    case = env["account.dunning.case"].browse(action["res_id"])
    company.dunning_representative = "son président"
    case.user_id = env.ref(DEMO + "user")
    case.court_id = case.candidate_ids.filtered(lambda court: "Havre" in court.name)
    case.action_confirm_court()
    case.partner_id.dunning_legal_form = "SARL"
    _file_papers(case)
    case.action_examine()
    for finding in case.finding_ids.filtered("is_open"):
        finding._accept("Démonstration")
    case.action_generate()
    with ZipFile(BytesIO(case.dossier_id.raw)) as archive:
        archive.extractall(folder)
    return case


def _file_papers(case) -> None:
    """File a page for each document that a company keeps on paper."""
    invoiced = min(case.item_ids.mapped("invoice_date"))
    for piece in case.piece_ids.filtered(lambda piece: piece.state == "missing"):
        name, days = PAPERS.get(piece.category, (piece.name, None))
        on = days and working_day(invoiced - timedelta(days=days), is_working_day, -1)
        content = b64encode(paper(name))
        piece.write({"name": name, "date": on, "file": content, "file_name": f"{name}.pdf"})


def _record_pages(env, case) -> list[tuple[str, str]]:
    """Return the pages of single records: an invoice with its history, a customer, a court file."""

    def number(name: str, addon: str = "") -> int:
        return env.ref(DEMO.replace(".", f"{addon}.") + name).id

    invoices = "/odoo/customer-invoices"
    delivery = env.ref("account_dunning_fr_stock.demo_order_negoce").picking_ids[:1]
    return [
        ("Une facture relancée trois fois", f"{invoices}/{number('invoice_transports')}"),
        ("Une facture en litige", f"{invoices}/{number('invoice_clinique_1')}"),
        ("Un client : onglet Relances", f"/odoo/res.partner/{number('partner_papeterie')}"),
        ("Un dossier contentieux", f"/odoo/dunning-cases/{case.id}"),
        ("Une facture au délai trop long", f"{invoices}/{number('invoice_long_term')}"),
        ("Une facture refusée", f"{invoices}/{number('invoice_agencement_1')}"),
        *(
            (label, f"/odoo/sales/{number(name, '_sale')}")
            for label, name in (
                ("Un devis arrêté", "order_stopped"),
                ("Un devis dont l’acompte est attendu", "order_deposit"),
                ("Une commande débloquée", "order_released"),
            )
        ),
        ("Une livraison arrêtée", f"/odoo/deliveries/{delivery.id}"),
    ]
