"""What ``./sandbox upgrade --since`` does inside Odoo: work in the former build, look at ours."""

from collections import Counter

from lxml import etree

from odoo.tools.safe_eval import safe_eval

from sandbox_lib.inside import cut_off
from sandbox_lib.places import ADDON

LANGS = ("en_US", "fr_FR")
AT_ONCE = 5  # records of each model, each report and each template
TYPED = "Typed by the accountant"
# The entries that have a statement and a note; an invoice is printed by Odoo's own report.
PENALTIES = [("dunning_penalty_ids", "!=", False)]
INVOICES = [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
# Attributes that a translation changes; all others are the same in every language.
WORDS = {"alt", "aria-label", "confirm", "help", "placeholder", "string", "sum", "title"}
WORDS |= {"confirm-label", "cancel-label", "confirm-title", "add-label", "data-tooltip", "avg"}


def work(env) -> None:
    """Run the scheduled actions of the former build, correct and confirm as a person does.

    Only what every build has is called: what else there is, its demonstration brings.
    """
    cut_off(env)
    names = env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "ir.cron")])
    env["res.company"].search([]).dunning_active = True
    for cron in env["ir.cron"].browse(names.mapped("res_id")):
        cron.method_direct_trigger()
    person = env.ref("base.user_admin")
    env.ref(f"{ADDON}.level_firm").with_user(person).subject = TYPED
    env["account.dunning.court"].with_user(person).search([], limit=1).seat_city = TYPED
    rate = env["account.dunning.rate"].with_user(person).search([], limit=1)
    rate.legal_rate_other += 0.01


def look(env) -> None:
    """Fail with all that does not open in both languages, or lost what a person typed.

    :raise SystemExit: when something does
    """
    problems = [*_compare_views(env), *_find_lost(env)]
    for lang in LANGS:
        speaking = env(
            context={"lang": lang, "allowed_company_ids": env["res.company"].search([]).ids}
        )
        for what, opening in _get_openings(speaking):
            try:
                with env.cr.savepoint():
                    opening()
            except Exception as error:  # whatever it is, it is what a user would see
                problems.append(f"{lang}: {what}: {type(error).__name__}: {error}")
                env.invalidate_all()
    if problems:
        raise SystemExit("\n".join(problems))


def _compare_views(env) -> list[str]:
    """Return the views whose elements and conditions are not those of their English."""
    env.cr.execute(
        r"""
        SELECT data.module || '.' || data.name, view.arch_db
          FROM ir_ui_view view
          JOIN ir_model_data data ON data.model = 'ir.ui.view' AND data.res_id = view.id
         WHERE data.module LIKE 'account\_dunning\_fr%'
        """
    )
    return [
        f"{lang}: {name} has not the elements of its English"
        for name, texts in env.cr.fetchall()
        for lang, text in texts.items()
        if _bones(text) != _bones(texts["en_US"])
    ]


def _bones(text: str) -> Counter:
    return Counter(
        (node.tag, *sorted((key, value) for key, value in node.items() if key not in WORDS))
        for node in etree.fromstring(text).iter(etree.Element)
    )


def _find_lost(env) -> list[str]:
    """Return what a person typed in the former build and is not there any more."""
    level = env.ref(f"{ADDON}.level_firm").with_context(lang="en_US")
    typed = {
        "the subject of a level": level.subject == TYPED,
        "the town of a court": env["account.dunning.court"].search_count(
            [("seat_city", "=", TYPED)]
        ),
        "a rate": env["account.dunning.rate"].search([], limit=1).corrected_here,
    }
    return [f"{what} that was typed is lost" for what, kept in typed.items() if not kept]


def _get_openings(env):
    """Return ``(what, function)`` for all that a person opens: views, records, papers, e-mails."""
    names = env["ir.model.data"].search([("module", "=like", f"{ADDON}%")])
    found = names.grouped("model")
    for name in found["ir.ui.view"]:
        view = env["ir.ui.view"].browse(name.res_id)
        if view.active and (view.type == "qweb" or view.model in env):
            yield name.complete_name, lambda view=view: _open_view(view)
    for name in found["ir.actions.act_window"]:
        action = env["ir.actions.act_window"].browse(name.res_id)
        yield name.complete_name, lambda action=action: _open_action(action)
    for model in sorted(env.registry):
        records = env[model]
        if model.startswith("account.dunning.") and not (records._abstract or records._transient):
            yield model, lambda records=records: _read(records)
    for name in found["ir.actions.report"]:
        report = env["ir.actions.report"].browse(name.res_id)
        domain = PENALTIES if report.model == "account.move" else []
        yield name.complete_name, lambda report=report, domain=domain: _print(report, domain)
    invoices = env.ref("account.account_invoices")
    yield "an invoice", lambda: _print(invoices, INVOICES)
    for name in found["mail.template"]:
        template = env["mail.template"].browse(name.res_id)
        yield name.complete_name, lambda template=template: _write_mail(template)


def _open_view(view) -> None:
    if view.type == "qweb":
        view.env["ir.qweb"]._compile(view.id)
    elif not view.inherit_id:
        view.env[view.model].get_view(view.id, view.type)
    else:
        view.get_combined_arch()


def _open_action(action) -> None:
    records = action.env[action.res_model]
    records.get_views(action.views)
    values = {
        **action._get_eval_context(),
        "active_id": 0,
        "active_ids": [],
        "allowed_company_ids": action.env.companies.ids,
    }
    if not records._abstract:
        records.search(safe_eval(action.domain or "[]", values), limit=AT_ONCE).read()


def _read(records) -> None:
    records.search([], limit=AT_ONCE, order="id").read()


def _print(report, domain: list) -> None:
    records = report.env[report.model]
    if records._abstract or records._transient:
        return
    for record in records.search(domain, limit=AT_ONCE, order="id"):
        report._render_qweb_html(report.report_name, record.ids)


def _write_mail(template) -> None:
    records = template.env[template.model].search([], limit=AT_ONCE, order="id")
    for field in ("subject", "body_html"):
        template._render_field(field, records.ids)
