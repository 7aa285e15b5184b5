"""Time one control run of OCA's ``account_credit_control`` on the ledger of the bench.

Runs inside the private Python environment:
``python -m sandbox_lib.bench_oca_driver RESULTS_FILE ODOO_OPTIONS…``.
"""

import json
import sys
from pathlib import Path

import odoo.cli  # noqa: F401 - sets Odoo up: the bare namespace does nothing
from odoo import Command, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config

from .loopback import stay_on_this_machine

POLICY = "account_credit_control.credit_control_3_time"


def main(results: Path, options: list[str]) -> None:
    """Give the company its policy of three reminders, run it once, and write what it cost."""
    stay_on_this_machine()
    config.parse_config(options, setup_logging=True)
    from benchmarks.meter import Meter  # once Odoo knows where its addons are

    registry = Registry(config["db_name"][0])
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        meter = Meter(env)
        policy, accounts = env.ref(POLICY), _get_accounts(env)
        policy.account_ids = [Command.set(accounts.ids)]
        env.company.credit_policy_id = policy
        # It keeps no level: what this addon wrote on the items does not change what it does.
        run = env["credit.control.run"].create(
            {"date": fields.Date.today(), "policy_ids": [Command.set(policy.ids)]}
        )
        meter.step("Plan of account_credit_control (OCA)", run.generate_credit_lines)
        found = {**meter.results[-1], "lines": len(run.line_ids)}
    results.write_text(json.dumps(found, indent=1), "utf-8")


def _get_accounts(env):
    return env["account.account"].search([("account_type", "=", "asset_receivable")])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
