"""What ``./sandbox upgrade`` does inside Odoo."""

from benchmarks import ledger
from sandbox_lib.inside import cut_off
from sandbox_lib.places import ADDON

WORKED = 25  # customers for whom a whole day is done: what an update must keep


def fill(env, items: str, customers: str) -> None:
    """Fill a ledger."""
    cut_off(env)
    ledger.fill(env, int(items), int(customers))


def work(env) -> None:
    """Prepare, send to a few, compute and book penalties, type texts and rates by hand."""
    company = env.company
    env["account.dunning.notice.draft"]._follow_plan(company)
    notices = env["account.dunning.notice"].search(
        [("state", "=", "ready"), ("send_email", "=", True)], limit=WORKED
    )
    notices.enclose_invoices = False
    for notice in notices:
        notice._send_by_email(env.user)
    partners = env["res.partner"].search([("email", "like", "@client.example")], limit=WORKED)
    partners.dunning_regime = "b2b"
    company.dunning_post_penalties = True
    ledger.give_formal_notice(env, partners)
    env["account.dunning.penalty"]._run(company, partners=partners, force=True)
    env.ref(f"{ADDON}.level_firm").subject = "Typed by the accountant"
    _correct(env)
    env["account.dunning.rate"].create(
        {"date_from": "2035-01-01", "ecb_rate": 2, "legal_rate_other": 3, "legal_source": "Typed"}
    )


def _correct(env) -> None:
    """Correct and confirm what is shipped: an update may tell the difference, and no more."""
    rate = env["account.dunning.rate"].search([("date_from", "=", "2026-07-01")])
    rate.write({"legal_rate_other": 2.61, "legal_source": "Corrected by the accountant"})
    rate.action_confirm_legal()
    env["account.dunning.court"].search([], limit=1).seat_city = "Corrected by the accountant"
    env.ref(f"{ADDON}.call_script_reminder").body = "<p>Corrected by the accountant</p>"
