"""What the demo does in Odoo, once the addon is installed with its demonstration data."""

import re
from datetime import date, datetime, time
from pathlib import Path

from freezegun import freeze_time

from odoo import fields

from .demo_case import prepare_court_file
from .demo_replay import DAYS, replay
from .demo_tables import print_tables

COMPANY = "account_dunning_fr.demo_company"
LETTER = "account_dunning_fr.report_notice_letter"
JOBS = (
    "account_dunning_fr.ir_cron_agreements",
    "account_dunning_fr.ir_cron_plans",
    "account_dunning_fr.ir_cron_prepare",
    "account_dunning_fr.ir_cron_send",
    "account_dunning_fr.ir_cron_calls",
    "mail.ir_cron_mail_scheduler_action",
)
# Worth opening afterwards: label, path. ``run`` puts the pages of single records before these.
PAGES = [
    ("Reminders to confirm; without the filter, all of them", "/odoo/dunning"),
    ("Calls of today", "/odoo/dunning-calls"),
    ("Who is not chased, and why", "/odoo/dunning-holds"),
    ("Disputes", "/odoo/dunning-disputes"),
    ("Promises", "/odoo/dunning-promises"),
    ("Payment plans", "/odoo/dunning-payment-plans"),
    ("Insolvency proceedings", "/odoo/dunning-insolvency"),
    ("Policies and their levels", "/odoo/dunning-policies"),
]


def prepare(env) -> None:
    """Give the demonstration a past, once after the installation and before it is cached.

    Prints the invoices, as they were sent to the customers at the time, and replays the last
    weeks. What it makes is as old as today: a template made on another day is made anew.
    """
    # Odoo gives each page a second to run its scripts; these pages have none.
    env["ir.config_parameter"].set_param("report.print_delay", "50")
    company = env.ref(COMPANY)
    invoices = env["account.move"].search(
        [("company_id", "=", company.id), ("move_type", "=", "out_invoice")], order="name"
    )
    # The addon switches French on only once its demonstration data are loaded.
    french = invoices.commercial_partner_id.filtered(lambda partner: partner.country_code == "FR")
    (french | french.child_ids).lang = "fr_FR"
    env["res.users"].search([("share", "=", False)]).lang = "fr_FR"
    for invoice in invoices:
        # Each on its own day, from which the customer has it; one by one, as some builds of
        # wkhtmltopdf take no more than one document.
        with freeze_time(datetime.combine(invoice.invoice_date, time(9))):
            env["account.move.send"]._generate_and_send_invoices(invoice, sending_methods=[])
    env.cr.commit()
    replay(env)
    _check_past(env)


def _check_past(env) -> None:
    """Refuse a past in which nobody was chased to the end: the demo shows every step of it."""
    sent = env["account.dunning.notice"].search([("state", "=", "sent")])
    letters = env["account.dunning.registered"].search([])
    missing = {"reminder", "registered", "formal_notice"} - set(sent.mapped("kind"))
    if missing or "delivered" not in letters.mapped("state"):
        raise RuntimeError(f"the demo's past has no {', '.join(sorted(missing)) or 'receipt'}")


def run(env, out_dir: Path) -> None:
    """Do the addon's main job in ``env`` and write what it produces below ``out_dir``."""
    notices = env["account.dunning.notice"]
    if not notices.search_count([], limit=1):
        prepare(env)
    past = notices.search_count([("state", "=", "sent")])
    print(f"The last {DAYS} days left {past} reminders sent. The scheduled actions of today:")
    for job in JOBS:
        _run_scheduled_action(env, job)
    company, today = env.ref(COMPANY), fields.Date.context_today(env.user)
    print_tables(env, company, today)
    count = _write_letters(env, company, today, out_dir / "letters")
    print(f"\n{count} letters as PDF: {out_dir / 'letters'}")
    case = prepare_court_file(env, company, out_dir / "dossier")
    print(f"A court file with its numbered exhibits: {out_dir / 'dossier'}")
    PAGES[:0] = [*_record_pages(env), ("A court file", f"/odoo/dunning-cases/{case.id}")]


def _run_scheduled_action(env, xmlid: str) -> None:
    """Run a scheduled action as the scheduler does, in a transaction of its own."""
    env.cr.commit()
    failure = env.ref(xmlid).method_direct_trigger()
    if isinstance(failure, dict):
        raise RuntimeError(f"{xmlid}: {failure['params']['data']['message']}")
    env.cr.commit()
    env.invalidate_all()


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


def _record_pages(env) -> list[tuple[str, str]]:
    """Return the pages of single records: an invoice with its history, a customer."""

    def number(name: str) -> int:
        return env.ref(f"account_dunning_fr.demo_{name}").id

    return [
        (
            "An invoice reminded three times: tab Reminders",
            f"/odoo/customer-invoices/{number('invoice_transports')}",
        ),
        (
            "An invoice in dispute: tab Reminders",
            f"/odoo/customer-invoices/{number('invoice_clinique_1')}",
        ),
        ("A customer: tab Dunning", f"/odoo/res.partner/{number('partner_papeterie')}"),
    ]
