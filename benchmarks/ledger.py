"""A ledger at scale: a few real entries of Odoo, duplicated by set-based SQL.

A *bundle* is what one customer owes: ten open invoices due from 350 days ago to 20 days ahead, two
of them partly paid, one invoice paid late, one credit note not yet allocated. Odoo creates, posts
and reconciles the first bundle; the others are copies of its rows, given to other customers and
shifted by up to four weeks.
"""

from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

from .copier import Copier

# Days by which the open invoices of a bundle are overdue, and their amounts.
OPEN = {350: 900, 200: 450, 100: 1200, 60: 800, 40: 300, 20: 2500, 8: 640, 3: 150, -2: 500, -20: 75}
PARTLY_PAID = {350: 200, 60: 300}
PAID_LATE = (120, 700)
CREDIT_NOTE = 50
ITEMS_PER_BUNDLE = len(OPEN)


def fill(env, items, customers):
    """Fill the company's ledger.

    :param env: superuser's environment on a database where only the addon is installed
    :param int items: open items, rounded down to whole bundles
    :param int customers: number of customers among whom they are spread
    :return: (open items, customers) actually created
    """
    company = _prepare_company(env)
    seed = _create_bundle(env, company)
    env.flush_all()
    bundles = max(items // ITEMS_PER_BUNDLE, 1)
    customers = min(customers, bundles)
    Copier(env.cr, seed, bundles, customers).run()
    _hold_some(env, company, customers)
    env.cr.commit()
    env.invalidate_all()
    return bundles * ITEMS_PER_BUNDLE, customers


def make_french(company):
    """Give a company its country and the French chart of accounts, if it has another one."""
    if company.country_code != "FR":
        company.country_id = company.env.ref("base.fr")
        charts = company.env["account.chart.template"]
        charts.try_loading("fr", company, install_demo=False)


def _prepare_company(env):
    company = env.company
    make_french(company)
    company.write(
        {
            "email": "compta@creancier.example",
            "company_registry": "552100554",
            "street": "1 rue du Banc",
            "zip": "35000",
            "city": "Rennes",
            "dunning_active": True,
            # There is nobody to confirm the rates of the current half-year.
            "dunning_send_unconfirmed": True,
        }
    )
    account = env["res.partner.bank"].create(
        {"acc_number": "FR7630006000011234567890189", "partner_id": company.partner_id.id}
    )
    banks = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")])
    banks[:1].bank_account_id = account
    company._create_dunning_journals()
    return company


def _create_bundle(env, company):
    """Create the first bundle as its users would and return its customer."""
    partner = env["res.partner"].create(
        {
            "name": "Client 0",
            "is_company": True,
            "email": "client0@client.example",
            "country_id": env.ref("base.fr").id,
            "street": "2 rue du Client",
            "zip": "44000",
            "city": "Nantes",
            "dunning_regime": "b2b",
        }
    )
    open_invoices = {days: invoice(env, partner, days, OPEN[days]) for days in OPEN}
    for days, amount in PARTLY_PAID.items():
        _pay(env, company, open_invoices[days], amount, days // 2)
    _pay(env, company, invoice(env, partner, *PAID_LATE), PAID_LATE[1], PAID_LATE[0] // 2)
    invoice(env, partner, 15, CREDIT_NOTE, "out_refund")
    return partner


def invoice(env, partner, days, amount, move_type="out_invoice"):
    """Create and post an invoice of a customer, overdue by this number of days."""
    due = fields.Date.today() - timedelta(days=days)
    line = {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
    move = env["account.move"].create(
        {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    move.action_post()
    return move


def _pay(env, company, invoice, amount, days):
    item = invoice.line_ids.filtered("date_maturity")
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    common = {"partner_id": invoice.partner_id.id, "name": "Payment"}
    entry = env["account.move"].create(
        {
            "journal_id": bank.id,
            "date": fields.Date.today() - timedelta(days=days),
            "line_ids": [
                Command.create({"account_id": account.id, "balance": balance, **common})
                for account, balance in (
                    (bank.default_account_id, amount),
                    (item.account_id, -amount),
                )
            ],
        }
    )
    entry.action_post()
    (item + entry.line_ids.filtered(lambda line: line.account_id == item.account_id)).reconcile()


def _hold_some(env, company, customers):
    """Put one customer in fifty on hold."""
    if customers < 50:
        return  # a limit of zero would mean no limit
    partners = env["res.partner"].search(
        [("email", "like", "@client.example")], limit=customers // 50, order="id"
    )
    env["account.dunning.hold"].create(
        [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "reason": "dispute",
                "date_from": fields.Date.today(),
            }
            for partner in partners
        ]
    )


def give_formal_notice(env, partners=None):
    """Set open items to the level of a formal notice, so that penalties apply to them.

    :param partners: ``res.partner`` who owe them, everybody by default
    """
    whose = SQL("line.partner_id = ANY(%s)", partners.ids) if partners is not None else SQL("TRUE")
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE account_move_line line SET dunning_level_id = %s
              FROM account_account account
             WHERE account.id = line.account_id AND account.account_type = 'asset_receivable'
               AND line.reconciled IS NOT TRUE AND line.amount_residual > 0 AND %s
            """,
            env.ref("account_dunning_fr.level_formal_notice").id,
            whose,
        )
    )
    env.invalidate_all()
