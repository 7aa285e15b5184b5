"""What ``./sandbox upgrade`` does inside Odoo.

Runs inside the private Python environment:
``python -m sandbox_lib.upgrade_driver STEP NUMBERS… ODOO_OPTIONS…``.
"""

import sys

import odoo.cli  # noqa: F401 - sets Odoo up: the bare namespace does nothing
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from .inside import cut_off
from .loopback import stay_on_this_machine

ADDON = "account_dunning_fr"
WORKED = 25  # customers for whom a whole day is done: what an update must keep


def main(step: str, rest: list[str]) -> None:
    """Do one step on the database."""
    numbers = [int(word) for word in rest if word.isdigit()]
    stay_on_this_machine()
    config.parse_config([word for word in rest if not word.isdigit()], setup_logging=True)
    with Registry(config["db_name"][0]).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        STEPS[step](env, *numbers)
        cr.commit()


def _fill(env, items: int, customers: int) -> None:
    from benchmarks import ledger

    cut_off(env)
    ledger.fill(env, items, customers)


def _work(env, _items: int, _customers: int) -> None:
    """Prepare, send to a few, compute and book penalties, type texts and rates by hand."""
    from benchmarks import ledger

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


def _uninstall(env) -> None:
    env["ir.module.module"].search([("name", "=", ADDON)]).button_immediate_uninstall()


STEPS = {"fill": _fill, "work": _work, "uninstall": _uninstall}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
