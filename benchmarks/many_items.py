"""One customer with very many open items: the cost of each step of writing to him.

It must stay below Odoo's default limits: 60 s of processor time, 120 s in all, 2 GiB. Run on a new
database by ``benchmarks.many_items:run ITEMS`` (``sandbox_lib.inside``).
"""

import resource
import time
from contextlib import contextmanager

from sandbox_lib.inside import cut_off

from . import ledger

ITEMS = 20_000


def run(env, items=ITEMS):
    """Fill a new database, and print the cost of each step."""
    cut_off(env)
    measure(env, fill(env, int(items)))


def fill(env, items=ITEMS):
    """Fill a ledger in which one customer owes all items, a fifth of them not yet due."""
    ledger.fill(env, items, 1)
    customer = env["res.partner"].search([("email", "like", "@client.example")], limit=1)
    customer.dunning_regime = "b2b"
    env.cr.commit()
    env.cr.execute("ANALYZE")  # as PostgreSQL does automatically a minute after an import
    return customer


def measure(env, customer):
    """Prepare, send and print a reminder, then a formal notice.

    :return: dict of steps: (seconds, seconds of processor time, peak memory of the process in MiB)
    """
    costs = {}
    company = env.company
    notices = env["account.dunning.notice"]
    env.ref("account_dunning_fr.level_first").send_letter = True
    env.ref("account_dunning_fr.level_formal_notice").send_email = True
    company.write({"dunning_legal_form": "SAS", "dunning_user_id": env.ref("base.user_admin").id})
    env.ref("base.user_admin").partner_id.function = "Credit manager"
    for name, start in (("reminder", None), ("formal notice", "level_registered")):
        if start:
            _start_at(env, customer, start)
        with _step(env, costs, f"{name}: prepared"):
            env["account.dunning.notice.draft"]._follow_plan(company)
        notice = notices.search(
            [("partner_id", "=", customer.id), ("state", "in", ("draft", "ready"))]
        )
        with _step(env, costs, f"{name}: printed"):
            content = notice._get_letters_pdf()
        costs[f"{name}: printed"] += (len(content) >> 10,)
        with _step(env, costs, f"{name}: sent"):
            notice._send_by_email(env.user)
        with _step(env, costs, f"{name}: handed over"):
            env["mail.mail"].process_email_queue(email_ids=notice.mail_id.ids)
        costs[f"{name}: handed over"] += (notice.delivery,)
        with _step(env, costs, f"{name}: posted"):
            notice.action_mark_posted()
        env.cr.execute(
            "UPDATE account_dunning_notice SET date = date - 60, deadline = deadline - 60, "
            "left_on = left_on - 60"
        )
        env.invalidate_all()
    return costs


def _start_at(env, customer, level):
    items = env["account.move.line"].search(
        [
            ("partner_id", "=", customer.id),
            ("account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            ("date_maturity", "<", env.company._get_dunning_today()),
            ("balance", ">", 0),
        ]
    )
    env.cr.execute(
        "UPDATE account_move_line SET dunning_start_level_id = %s WHERE id IN %s",
        [env.ref(f"account_dunning_fr.{level}").id, tuple(items.ids)],
    )
    env.invalidate_all()


@contextmanager
def _step(env, costs, name):
    env.invalidate_all()
    before, used = time.monotonic(), _processor()
    yield
    env.flush_all()
    env.cr.commit()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    costs[name] = (round(time.monotonic() - before, 1), round(_processor() - used, 1), peak)
    print(name, costs[name], flush=True)


def _processor():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime
