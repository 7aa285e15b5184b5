"""OCA's ``account_credit_control`` on the same ledger: the usual way, to compare with."""

import json
from pathlib import Path

from odoo import Command, fields

from .meter import Meter

POLICY = "account_credit_control.credit_control_3_time"


def measure(env, results):
    """Give the company its policy of three reminders, run it once, and write what it cost."""
    meter = Meter(env)
    policy = env.ref(POLICY)
    accounts = env["account.account"].search([("account_type", "=", "asset_receivable")])
    policy.account_ids = [Command.set(accounts.ids)]
    env.company.credit_policy_id = policy
    # It keeps no level: what this addon wrote on the items does not change what it does.
    run = env["credit.control.run"].create(
        {"date": fields.Date.today(), "policy_ids": [Command.set(policy.ids)]}
    )
    meter.step("Plan of account_credit_control (OCA)", run.generate_credit_lines)
    found = {**meter.results[-1], "lines": len(run.line_ids)}
    Path(results).write_text(json.dumps(found, indent=1), "utf-8")
