"""What ``./sandbox beside`` does inside Odoo."""

from odoo import Command

from sandbox_lib.inside import cut_off
from sandbox_lib.places import ADDON

SWITCHES = ("dunning_active", "dunning_book_penalties", "dunning_post_penalties")


def switch_on(env) -> None:
    """Switch everything on, also for the companies that tests will create."""
    env["res.company"].search([]).write(dict.fromkeys(SWITCHES, True))
    for name in SWITCHES:
        env["ir.default"].set("res.company", name, True)


def work(env) -> None:
    """Do a day's work: a French company, late invoices, the plan, the sending, the penalties.

    Of three customers, one is booked with nobody in the way, two where a module of OCA refuses.
    """
    from benchmarks import ledger

    cut_off(env)
    company = env.ref("base.main_company")
    company.write({"country_id": env.ref("base.fr").id, "email": "accounting@example.com"})
    company.partner_id.dunning_lang = "en_US"  # what its entries say is read below
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    company.write(dict.fromkeys(SWITCHES, True))
    partners = [_make_debtor(env, name) for name in ("Client", "Validation", "Axis")]
    env["account.dunning.notice.draft"]._follow_plan(company)
    for partner in partners:
        notice = env["account.dunning.notice"].search([("partner_id", "=", partner.id)])
        notice.enclose_invoices = False
        notice._send_by_email(env.user)
        _require(notice.state == "sent", f"the reminder of {partner.name} is {notice.state}")
        # Penalties are booked once a formal notice applied them.
        ledger.give_formal_notice(env, partner)
    plain, validated, axis = partners
    entry = _book(env, plain)
    _require(entry.state == "posted", f"the entry of penalties is {entry.state}: {_said(entry)}")
    env["account.dunning.penalty"]._document(company)
    _require(entry.dunning_note_id, "the note of penalties was not made")
    _refuse_without_validation(env, validated)
    _refuse_without_axis(env, axis)
    warning = env["account.dunning.golive"].create({}).others_warning or ""
    _require("account_credit_control" in warning, f"the go-live page says: {warning}")


def _make_debtor(env, name: str):
    """Return a customer, with a contact and a late invoice."""
    partner = env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "email": f"{name.lower()}@client.example",
            "country_id": env.ref("base.fr").id,
            "company_registry": "55210055400013" if name == "Client" else False,
            "dunning_regime": "b2b",
        }
    )
    env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
    line = {"name": "Work", "price_unit": 1000, "tax_ids": [Command.clear()]}
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2026-01-01",
            "invoice_date_due": "2026-01-31",
            "invoice_line_ids": [Command.create(line)],
        }
    )
    invoice.action_post()
    return partner


def _refuse_without_validation(env, partner) -> None:
    """Let OCA's validation by several persons stand before the entry."""
    tier = env["tier.definition"].create(
        {
            "name": "Entries are validated",
            "model_id": env.ref("account.model_account_move").id,
            "review_type": "individual",
            "reviewer_id": env.user.id,
            "definition_domain": "[('move_type', '=', 'entry')]",
        }
    )
    _require_draft(_book(env, partner), "validat")
    tier.active = False


def _refuse_without_axis(env, partner) -> None:
    """Let OCA's mandatory analytic axis stand before the entry, when it is posted and at once."""
    account = env.company.dunning_penalty_account_id
    account.analytic_policy = "always"  # not even a draft can be made
    _require(not _book(env, partner), "an entry was made without its analytic axis")
    problem = " ".join(_get_problems(env, partner))
    _require("Analytic policy" in problem, f"refused by the analytic axis, it says: {problem}")
    account.analytic_policy = "posted"
    _require_draft(_book(env, partner), "Analytic policy")
    account.analytic_policy = False


def _book(env, partner):
    """Book the penalties of a customer; return the entry."""
    run = env["account.dunning.penalty"]._run
    return run(env.company, partners=partner, force=True)["entries"]


def _require_draft(entry, said: str) -> None:
    """Require that a refused entry stays a draft and says why, also on its penalties."""
    _require(entry.state == "draft", f"the refused entry is {entry.state or 'not there'}")
    problems = _get_problems(entry.env, entry.line_ids.partner_id)
    for where in (_said(entry), " ".join(problems)):
        _require("stays a draft" in where and said in where, f"a refused entry says: {where}")


def _get_problems(env, partner) -> list[str]:
    penalties = env["account.dunning.penalty"].search([("partner_id", "=", partner.id)])
    return [problem or "" for problem in penalties.mapped("problem")]


def _said(entry) -> str:
    return " ".join(str(body) for body in entry.message_ids.mapped("body"))


def _require(holds, problem: str) -> None:
    if not holds:
        raise SystemExit(problem)


def uninstall(env) -> None:
    """Uninstall the addon, and what depends on it."""
    env["ir.module.module"].search([("name", "=", ADDON)]).button_immediate_uninstall()


def leftovers(env) -> None:
    """Fail with what the addon left behind: parameters, files, defaults, tables, columns, names."""
    left = env["ir.config_parameter"].search([("key", "like", "dunning")]).mapped("key")
    files = env["ir.attachment"].search([("name", "=like", f"{ADDON}%.po")])
    left += files.mapped("name")
    defaults = env["ir.default"].search([("field_id.name", "like", "dunning%")])
    left += defaults.mapped("field_id.name")
    left += env["ir.model.data"].search([("module", "like", ADDON)]).mapped("complete_name")
    env.cr.execute(
        """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE column_name LIKE 'dunning%' OR table_name LIKE 'account_dunning%'
        """
    )
    left += [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        """
        SELECT 'constraint ' || known.name FROM ir_model_constraint known
          JOIN ir_module_module module ON module.id = known.module WHERE module.name LIKE %(ours)s
         UNION ALL
        SELECT module || '.' || name FROM ir_model_data
         WHERE name LIKE %(named)s AND model <> 'ir.module.module'
        """,
        {"ours": f"{ADDON}%", "named": "%account_dunning%"},
    )
    left += [row[0] for row in env.cr.fetchall()]
    _require(not left, f"left behind: {', '.join(left)}")
