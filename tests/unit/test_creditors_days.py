"""What bears a creditor's day asks ``creditors_day``; what is a person's own is listed here."""

import ast
from pathlib import Path

from .sources import walk

ADDONS = sorted(Path(__file__).parents[2].glob("account_dunning_fr*"))
# File: how many times it asks for the day of the person who looks, and why it may.
PERSONS_DAYS = {
    # The rule itself.
    "models/common/creditors_day.py": 1,
    "models/party/res_company.py": 3,
    # The day of a moment, for a job in its creditor's day, or compared with no day of a creditor.
    "models/common/account_dunning_retention.py": 1,
    # Months and files that a person asks for.
    "models/policy/res_partner.py": 1,
    "wizards/dashboard/account_dunning_monthly.py": 1,
    "wizards/dashboard/account_dunning_person.py": 1,
    # Rates and fees: of no creditor.
    "models/penalty/account_dunning_rate.py": 2,
    "models/case/account_dunning_route_fee.py": 2,
    # A draft without a date: Odoo gives it the person's day when it is posted.
    "models/prevention/account_move.py": 2,
    "models/prevention/posting_facts.py": 1,
    # Proposed to a person, who types another.
    "models/agreement/account_dunning_dispute.py": 1,
    "models/agreement/account_dunning_insolvency_step.py": 1,
    "models/agreement/account_dunning_payment_plan.py": 1,
    "models/agreement/account_dunning_promise.py": 2,
    "models/call/account_dunning_call.py": 1,
    "models/case/account_dunning_case.py": 1,
    "models/case/account_dunning_case_cost.py": 1,
    "models/cover/account_dunning_assignment.py": 2,
    "models/cover/account_dunning_cover.py": 1,
    "models/prevention/account_dunning_terms.py": 3,
    "models/risk/account_dunning_check.py": 1,
    "wizards/agreement/account_dunning_einvoice_entry.py": 1,
    "wizards/case/account_dunning_case_steps.py": 3,
    "wizards/common/account_dunning_aged_balance.py": 1,
    "wizards/common/account_dunning_chronology_page.py": 1,
    "wizards/common/account_dunning_retention_page.py": 1,
    "wizards/cover/account_dunning_assignment_back.py": 1,
    "wizards/hold/account_dunning_postpone.py": 1,
    "wizards/loss/account_dunning_closing.py": 1,
    "wizards/penalty/account_dunning_year_end.py": 1,
    "wizards/account_dunning_order_stop.py": 1,
}


def test_only_what_is_listed_asks_for_the_day_of_a_person():
    found = {}
    for addon in ADDONS:
        for path in addon.rglob("*.py"):
            if "migrations" in path.parts:
                continue
            asked = sum(
                isinstance(node, ast.Attribute) and node.attr == "context_today"
                for node in walk(path.read_text("utf-8"))
            )
            if asked:
                found[path.relative_to(addon).as_posix()] = asked
    assert found == PERSONS_DAYS
