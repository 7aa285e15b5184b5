"""The measured runs: the plan, penalties, booking, letters and e-mails of a ledger at scale.

Each step is compared with a floor measured in the same run: the minimum that any program could do
with the same data in Odoo.
"""

import json
from pathlib import Path

from odoo import Command, fields
from odoo.addons.account_dunning_fr.models.penalty.account_move_note import (
    NOTE_REPORT,
    STATEMENT_REPORT,
)
from odoo.tools import SQL, config

from sandbox_lib.inside import cut_off, serve

from . import case, ledger, pages, posting, sending
from .meter import Meter

# The most that booking may cost: in floors, and in queries per customer.
BOOKING, BOOKING_QUERIES = 0.5, 17.5


def write(env, results, items, customers, sent, without):
    """Run every step, with Odoo served for the PDFs, and write the costs as JSON.

    :param str without: name of a database without the addon
    """
    serve()
    cut_off(env)
    meter = Meter(env)
    run(meter, int(items), int(customers), int(sent))
    posting.run(meter, without)  # last: it loads another registry, which must not affect any peak
    costs = meter.results
    env.cr.execute("SHOW server_version")
    found = {"postgresql": env.cr.fetchone()[0], "workers": config["workers"], "steps": costs}
    Path(results).write_text(json.dumps(found, indent=1), "utf-8")


def run(meter, items, customers, sent):
    """Fill the ledger and run every step.

    :param meter: ``Meter`` on a database where only the addon is installed
    :param int items: open items
    :param int customers: number of customers among whom they are spread
    :param int sent: number of customers to write to and to book penalties for; 0 omits these steps
    """
    env = meter.env
    items, customers = meter.step("Making the ledger", lambda: ledger.fill(env, items, customers))
    _vacuum(env)
    company, today = env.company, env.company._get_dunning_today()
    drafts = env["account.dunning.notice.draft"]
    _row, select = meter.measure(lambda: _select_items(env, company))
    # A larger ledger may take a quarter more than proportionally: 25 times as long for a million
    # items.
    scale = items / 50_000 * 1.25 if items > 50_000 else 1
    plan_cost = meter.step("Plan and all drafts", lambda: drafts._follow_plan(company, today))
    insert = _measure_insert(meter)
    floor = {key: select[key] + insert[key] for key in ("seconds", "cpu_seconds")}
    meter.judge(floor, most_seconds=5 * scale, most_queries=200)
    _vacuum(env)
    meter.step(
        "Rerun with nothing to do",
        lambda: drafts._follow_plan(company, today),
        floor=select,
        most_seconds=1 * scale,
    )
    meter.step(
        "The next day",
        lambda: drafts._follow_plan(company, fields.Date.add(today, days=1)),
        floor=floor,
    )
    drafts._follow_plan(company, today)
    env.cr.commit()
    print(f"  {items} items, {customers} customers, {plan_cost}", flush=True)
    if sent:
        sending.emails(meter, sent)
        sending.letters(meter, sent)
    _posting(meter, company)
    _penalties(meter, company, today, scale)
    if sent:
        _booking(meter, company, today, sent)
        case.measure(meter)
    pages.run(meter, items)
    if sent:
        sending.prepare_workers(env)


def _vacuum(env):
    """Do what the server does automatically within minutes after many changes."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False


# -- Floors ----------------------------------------------------------------------------------------


def _select_items(env, company):
    """Select the open items with their amounts in one query."""
    return env.execute_query(
        SQL(
            """
            SELECT line.id, line.move_id, partner.commercial_partner_id, line.currency_id,
                   line.date_maturity, line.amount_residual_currency, line.amount_residual
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN account_account account ON account.id = line.account_id
             WHERE account.account_type = 'asset_receivable' AND line.company_id = %s
               AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
               AND line.amount_residual_currency > 0
            """,
            company.id,
        )
    )


def _measure_insert(meter):
    """Return the cost of inserting the lines of all drafts in one statement, then undo it."""
    cr = meter.env.cr
    columns = SQL(
        """
        notice_id, state, move_line_id, move_id, cycle, level_id, claimed, invoice_name,
        invoice_date, date_maturity, currency_id, amount_total, amount_residual, amount_held,
        amount_credit, amount_due, amount_due_company
        """
    )
    cr.execute(
        SQL("CREATE TABLE bench_line AS SELECT %s FROM account_dunning_notice_line", columns)
    )
    cr.execute("CREATE TABLE bench_copy AS SELECT * FROM account_dunning_notice_line")

    def insert():
        cr.execute(
            SQL("INSERT INTO account_dunning_notice_line (%s) SELECT * FROM bench_line", columns)
        )

    cr.execute("DELETE FROM account_dunning_notice_line")
    _result, cost = meter.measure(insert)
    cr.execute("DELETE FROM account_dunning_notice_line")
    cr.execute("INSERT INTO account_dunning_notice_line SELECT * FROM bench_copy")
    cr.execute("DROP TABLE bench_line")
    cr.execute("DROP TABLE bench_copy")
    meter.env.cr.commit()
    return cost


def _read_reconciliations(env, item_ids):
    """Read what reduced these items."""
    return env.execute_query(
        SQL(
            """
            SELECT partial.debit_move_id, partial.debit_amount_currency, partial.max_date,
                   move.move_type, item.date_maturity, item.amount_currency
              FROM account_move_line item
              LEFT JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
              LEFT JOIN account_move_line credit ON credit.id = partial.credit_move_id
              LEFT JOIN account_move move ON move.id = credit.move_id
             WHERE item.id IN %s
            """,
            tuple(item_ids),
        )
    )


# -- Steps -----------------------------------------------------------------------------------------


def _penalties(meter, company, today, scale):
    """Compute what every open item owes; all of them are under a formal notice."""
    env = meter.env
    ledger.give_formal_notice(env)
    _vacuum(env)
    penalties, accrual = env["account.dunning.penalty"], env["account.dunning.accrual"]
    item_ids = penalties._get_items(company).ids
    _rows, floor = meter.measure(lambda: _read_reconciliations(env, item_ids))

    def compute():
        for items in penalties._split_items(penalties._get_items(company)):
            accrual._compute_items(items, today)

    meter.step("Penalties computed", compute, floor=floor, most_seconds=6 * scale)


def _posting(meter, company):
    """Check a thousand invoices as when they are posted together."""
    moves = meter.env["account.move"].search(
        [("company_id", "=", company.id), ("move_type", "=", "out_invoice")],
        order="id",
        limit=1000,
    )
    meter.step(
        f"Terms of {len(moves)} invoices looked at",
        lambda: moves._keep_dunning_findings({}),
        most_cpu_seconds=0.3,
        times=3,
    )


def _booking(meter, company, today, sent):
    """Book the penalties of ``sent`` customers; the floor is as many bare entries in Odoo."""
    env = meter.env
    company.write({"dunning_book_penalties": True, "dunning_post_penalties": True})
    penalties = env["account.dunning.penalty"].sudo()
    partners = env["res.partner"].search(
        [("email", "like", "@client.example")], order="id", limit=sent
    )
    items = penalties._get_items(company, partners)
    computed = meter.step(
        f"Penalties of {len(partners)} customers kept",
        lambda: penalties._update(company, items, today),
    )
    groups = list(computed._group_by_customer().values())

    def book():
        entries = env["account.move"]
        for batch in penalties._join_groups(groups):
            entries |= batch._try_to_book(today)
            env.cr.commit()
        return entries

    entries = meter.step(f"Booking for {len(groups)} customers", book)
    bare = [_prepare_bare(entry) for entry in entries]

    def post_bare():
        for vals in bare:
            env["account.move"].with_company(company).create(vals).action_post()
            env.cr.commit()

    _result, floor = meter.measure(post_bare)
    most = round(BOOKING_QUERIES * len(groups))
    meter.judge(floor, ratio=BOOKING, most_queries=most)
    if len(entries) != len(groups) or set(entries.mapped("state")) != {"posted"}:
        raise RuntimeError("not all entries were booked")
    sending.printed(
        meter,
        f"Notes and statements of {len(entries)} bookings",
        entries._document_dunning_penalties,
        sending.NOTES,
        [(NOTE_REPORT, entries[:1]), (STATEMENT_REPORT, entries[:1])],
    )
    if not all(entries.mapped("dunning_note_id")):
        raise RuntimeError("not all bookings have their note")


def _prepare_bare(entry):
    """Return the values of an entry with the same lines and nothing of this addon."""
    names = ("name", "currency_id", "partner_id", "account_id", "amount_currency", "balance")
    return {
        "move_type": "entry",
        "journal_id": entry.journal_id.id,
        "date": entry.date,
        "line_ids": [
            Command.create(line.read([*names, "date_maturity"], load=None)[0] | {"id": False})
            for line in entry.line_ids
        ],
    }
