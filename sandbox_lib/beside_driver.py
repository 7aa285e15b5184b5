"""What ``./sandbox beside`` does inside Odoo.

Runs inside the private Python environment:
``python -m sandbox_lib.beside_driver STEP ODOO_OPTIONS…``.
"""

import sys

import odoo.cli  # noqa: F401 - sets Odoo up: the bare namespace does nothing
from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tools import config

from .loopback import stay_on_this_machine

ADDON = "account_dunning_fr"
SWITCHES = ("dunning_active", "dunning_book_penalties", "dunning_post_penalties")


def main(step: str, options: list[str]) -> None:
    """Do one step on the database."""
    stay_on_this_machine()
    config.parse_config(options, setup_logging=True)
    with Registry(config["db_name"][0]).cursor() as cr:
        STEPS[step](api.Environment(cr, api.SUPERUSER_ID, {}))
        cr.commit()


def _switch_on(env) -> None:
    """Switch everything on, also for the companies that tests will create."""
    env["res.company"].search([]).write(dict.fromkeys(SWITCHES, True))
    for name in SWITCHES:
        env["ir.default"].set("res.company", name, True)


def _work(env) -> None:
    """Do a day's work: a French company, its late invoice, the plan, the sending, the penalties."""
    company = env.ref("base.main_company")
    company.write({"country_id": env.ref("base.fr").id, "email": "accounting@example.com"})
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    partner = env["res.partner"].create(
        {
            "name": "Client",
            "is_company": True,
            "email": "client@client.example",
            "country_id": env.ref("base.fr").id,
            "company_registry": "55210055400013",
            "dunning_regime": "b2b",
        }
    )
    env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2026-01-01",
            "invoice_date_due": "2026-01-31",
            "invoice_line_ids": [
                Command.create({"name": "Work", "price_unit": 1000, "tax_ids": [Command.clear()]})
            ],
        }
    )
    invoice.action_post()
    env["account.dunning.plan"]._run(company)
    notice = env["account.dunning.notice"].search([("partner_id", "=", partner.id)])
    notice.enclose_invoices = False
    notice._send_by_email(env.user)
    result = env["account.dunning.penalty"]._run(company, partners=partner, force=True)
    if notice.state != "sent" or not result["entries"]:
        problems = env["account.dunning.penalty"].search([]).mapped("problem")
        raise SystemExit(f"nothing was sent or booked: {notice.state}, {result}, {problems}")


def _uninstall(env) -> None:
    env["ir.module.module"].search([("name", "=", ADDON)]).button_immediate_uninstall()


def _leftovers(env) -> None:
    """Print what the addon left behind."""
    left = env["ir.config_parameter"].search([("key", "like", f"{ADDON}%")]).mapped("key")
    left += (
        env["ir.default"].search([("field_id.name", "like", "dunning%")]).mapped("field_id.name")
    )
    if left:
        raise SystemExit(f"left behind: {', '.join(left)}")


STEPS = {
    "switch_on": _switch_on,
    "work": _work,
    "uninstall": _uninstall,
    "leftovers": _leftovers,
}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
