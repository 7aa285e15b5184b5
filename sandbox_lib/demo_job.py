"""What the demo does in Odoo, once the addon is installed with its demonstration data."""

import json
import sys
from io import BytesIO
from itertools import starmap
from pathlib import Path
from zipfile import ZipFile

from pypdf import PdfReader

from odoo.tools import formatLang

from tests.orm.debtor_story import Debtor, check_books
from tests.orm.found_sooner import found_sooner
from tests.orm.office_story import DAYS, DEMO, Office
from tests.orm.one_processor import get_processors, on_all, stay_on

from .inside import cut_off, serve
from .places import Places
from .processes import running

LANG = "fr_FR"  # of all that the demo shows and prints: customers, letters and pages are French
JOBS = (
    *(f"account_dunning_fr.ir_cron_{name}" for name in ("agreements", "plans", "prepare", "send")),
    *("account_dunning_fr.ir_cron_calls", "account_dunning_fr.ir_cron_risk"),
    "mail.ir_cron_mail_scheduler_action",
)
MENUS = ("account_dunning_fr.menu_dunning", "account_dunning_fr.menu_dunning_report")
# Single records worth opening afterwards.
RECORDS = {
    "Une facture relancée trois fois": DEMO + "invoice_transports",
    "Une facture en litige": DEMO + "invoice_clinique_1",
    "Un client : onglet Relances": DEMO + "partner_papeterie",
    "Une facture au délai trop long": DEMO + "invoice_long_term",
    "Une facture refusée": DEMO + "invoice_agencement_1",
    "Un devis arrêté": "account_dunning_fr_sale.demo_order_stopped",
    "Un devis dont l’acompte est attendu": "account_dunning_fr_sale.demo_order_deposit",
    "Une commande débloquée": "account_dunning_fr_sale.demo_order_released",
    "Une commande dont la livraison est arrêtée": "account_dunning_fr_stock.demo_order_negoce",
}


@found_sooner()
def prepare(env) -> None:
    """Give the demonstration a past, once after the installation and before the template is kept.

    The age of what the stories create is relative to today: a template from another day is remade.
    """
    cut_off(env)
    # Odoo gives each page a second to run its scripts; these pages have none.
    env["ir.config_parameter"].set_param("report.print_delay", "0")
    env.cr.commit()
    serve()
    env = env(context=env.user.context_get())
    office = Office(env)
    invoices = office.open()
    env.cr.commit()
    log = Places.of_this_clone().logs / "demo_job-play_debtor.log"
    argv = [sys.executable, "-m", f"{__package__}.inside", f"{__name__}:play_debtor"]
    rest = invoices[: len(invoices) // 4]  # so that both end at about the same time
    argv += [*rest.ids, "-d", env.cr.dbname]
    # One customer's story runs while the others' invoices are printed: neither reads what the other
    # writes.
    with on_all(), running("demo job: play debtor", argv, log):
        stay_on(get_processors()[:1], env.cr._cnx)
        office.print_invoices(invoices - rest)
    env.cr.commit()
    env.registry.check_signaling()
    env.invalidate_all()
    print(log.read_text("utf-8"))  # checked together with the output of this process
    office.live()
    office.close_books("partner_faiencerie")
    env["account.dunning.seal"]._cron_seal()  # as each night
    env.cr.commit()


@found_sooner()
def play_debtor(env, *invoices: str) -> None:
    """Take one customer from trust to liquidation, and compare his books with the expected ones.

    :param invoices: ids of some of the others' invoices, which are printed afterwards
    """
    stay_on(get_processors()[1:], env.cr._cnx)
    env = env(context=env.user.context_get())
    company, debtor = env.ref(DEMO + "company"), env.ref(DEMO + "partner_valles")
    people = {
        "representative": env.ref(DEMO + "partner_mandataire"),
        "liquidator": env.ref(DEMO + "partner_liquidateur"),
    }
    Debtor(env, company, debtor, env.ref(DEMO + "user"), people, printed=True).play()
    check_books(company, debtor)
    env.cr.commit()
    Office(env).print_invoices(env["account.move"].browse(map(int, invoices)))


@found_sooner()
def run(env) -> None:
    """Do the addon's main job, and write what it produces."""
    places = Places.of_this_clone()
    cut_off(env)
    env.cr.commit()
    env = env(context={**env.user.context_get(), "lang": LANG})
    company = env.ref(DEMO + "company")
    today = company._get_dunning_today()
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    sent = [("company_id", "=", company.id), ("state", "=", "sent")]
    notices = env["account.dunning.notice"]
    print(f"Les {DAYS} derniers jours ont laissé {notices.search_count(sent)} relances envoyées.")
    golive = env["account.dunning.golive"].create({"company_id": company.id})
    names = ["partner_id", "outcome", "level_id", "channels", "item_count"]
    names += ["amount", "open_amount", "reasons"]
    heads = golive.line_ids.fields_get(names, ["string"])
    title = f"Ce qui part aujourd’hui au nom de {company.name}, et pourquoi le reste ne part pas"
    rows = golive.line_ids.export_data(names)["datas"]
    _print_table(env, title, [heads[name]["string"] for name in names], rows)
    serve()
    for job in JOBS:
        _run_scheduled_action(env, job)
    left = notices.search([*sent, ("date", "=", today)])
    print(f"\nLes actions planifiées du jour ont envoyé {len(left)} relances.")
    tasks = env["account.dunning.today"].with_user(env.ref(DEMO + "user"))._get_tasks(company)
    rows = [(task.count, task.label, task.amount) for task in tasks]
    _print_table(env, "Ce qui attend quelqu’un", ("", "À faire", "Montant"), rows)
    _check_control(env)
    _write_files(env, places.output, notices.search([("date", "=", today)]))
    places.pages.write_text(json.dumps(_list_pages(env)), "utf-8")


def _run_scheduled_action(env, xmlid: str) -> None:
    """Run a scheduled action as the scheduler does, in a transaction of its own."""
    env.cr.commit()
    failure = env.ref(xmlid).method_direct_trigger()
    if isinstance(failure, dict):
        raise RuntimeError(f"{xmlid}: {failure['params']['data']['message']}")
    env.cr.commit()
    env.invalidate_all()


def _check_control(env) -> None:
    """Print the line that ties the dashboard to the books; fail if they do not agree."""
    control = env["account.dunning.dashboard"].get_data()["control"]
    print(f"\n{control['text']}")
    if not control["agrees"]:
        raise RuntimeError(control["text"])


def _print_table(env, title: str, names, rows) -> None:
    texts = [
        [formatLang(env, x) if isinstance(x or 0, float) else str(x or "") for x in row]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    print(f"\n{title} ({len(rows)})")
    for row in (names, ["-" * width for width in widths], *texts):
        print("  " + "  ".join(starmap(str.ljust, zip(row, widths, strict=True))).rstrip())


def _write_files(env, output: Path, notices) -> None:
    """Write today's letters, an invoice with its e-invoice, and a court file with its pieces.

    A letter that was not sent is written as it would be printed.
    """
    letters, invoice, dossier = (output / name for name in ("letters", "facture", "dossier"))
    for folder in (letters, invoice, dossier):
        folder.mkdir(parents=True, exist_ok=True)
    kept = notices.filtered(lambda notice: notice.state != "cancelled")
    unsent = kept.filtered(lambda notice: not notice.letter_id)
    made = env["ir.actions.report"]._render_dunning_letters(unsent)
    for notice in kept:
        name = f"{notice.partner_id.name} {notice._get_letter_filename()}".replace("/", "-")
        letters.joinpath(name).write_bytes(notice.letter_id.raw or made[notice.id])
    print(f"\n{len(kept)} courriers en PDF : {letters}")
    printed = env.ref(DEMO + "invoice_transports").invoice_pdf_report_id
    invoice.joinpath(printed.name).write_bytes(printed.raw)
    for name, (content, *_more) in PdfReader(BytesIO(printed.raw)).attachments.items():
        invoice.joinpath(name).write_bytes(content)
    print(f"Une facture et son fichier Factur-X, avec leurs mentions : {invoice}")
    case = Office(env).sue("partner_negoce")
    with ZipFile(BytesIO(case.dossier_id.raw)) as archive:
        archive.extractall(dossier)
    print(f"Un dossier contentieux et ses pièces numérotées : {dossier}")


def _list_pages(env) -> list[tuple[str, str]]:
    """Return the pages of the addon's menus and of single records: label, path."""
    roots = [env.ref(name).id for name in MENUS]
    menus = env["ir.ui.menu"].search([("parent_id", "child_of", roots)])
    actions = [(menu.name, menu.action.path) for menu in menus if menu.action]
    pages = [(label, f"/odoo/{path}") for label, path in actions if path]
    records = {label: env.ref(name) for label, name in RECORDS.items()}
    records["Un dossier contentieux"] = env["account.dunning.case"].search([], limit=1)
    return pages + [(label, f"/odoo/{one._name}/{one.id}") for label, one in records.items()]
