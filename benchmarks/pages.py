"""What the accountant opens: the dashboard, and an invoice and a customer with their reminders."""

from lxml import etree

from odoo import api, fields

ADDON = "account_dunning_fr"
SCREENS = 40  # records opened one after the other for one figure
TIMES = 5  # that they are opened, with and without the addon: the median of each counts
MOST = 1.05  # an opening with the addon, compared with the same form without its parts
X2MANY = ("one2many", "many2many")


def run(meter, items):
    """Measure the pages on the ledger of the run.

    :param meter: ``Meter``
    :param int items: open items of the ledger, of which 200,000 are to show within a second
    """
    env = api.Environment(meter.env.cr, meter.env.ref("base.user_admin").id, {"lang": "en_US"})
    dashboard = env["account.dunning.dashboard"]
    dashboard.get_data()  # what Odoo caches is cached at the first opening of the day
    scale = max(items / 200_000, 1)
    meter.step("Dashboard", dashboard.get_data, most_seconds=1 * scale)
    agenda = env["account.dunning.agenda"]
    meter.step("Agenda of 30 days", agenda.get_page, most_seconds=6 * max(items / 50_000, 1))
    past = fields.Date.to_string(fields.Date.add(fields.Date.today(), days=-45))
    meter.step("Dashboard, 45 days ago", lambda: dashboard.get_data({"as_of": past}))
    # What the page asks for once its figures are shown, one part after the other.
    for part in ("customers", "curves", "forecast", "acts", "more"):
        meter.step(f"Dashboard, then {part}", lambda part=part: dashboard.get_part(part))
    for name, model, xmlid, domain in (
        (
            "invoices",
            "account.move",
            "account.view_move_form",
            [("move_type", "=", "out_invoice"), ("payment_state", "=", "not_paid")],
        ),
        ("customers", "res.partner", "base.view_partner_form", [("email", "like", "@client.")]),
    ):
        _forms(meter, env, name, model, xmlid, domain)


def _forms(meter, env, name, model, xmlid, domain):
    """Open records as the web client does; the floor is the same form without the addon's parts.

    The floor comes from the same database, with the views of the addon switched off meanwhile.
    """
    ids = env[model].search(domain, order="id", limit=SCREENS).ids
    view_id = env.ref(xmlid).id

    def opening():
        views = env[model].get_views([(view_id, "form")])
        specification = _specification(env, model, views["views"]["form"]["arch"])
        for record_id in ids:
            env.invalidate_all()  # each opening is a request of its own
            env[model].browse(record_id).web_read(specification)

    views = _views_of_the_addon(env)
    views.active = False
    try:
        opening()
        _result, floor = meter.measure(opening, TIMES)
    finally:
        views.active = True
    opening()
    meter.step(f"{len(ids)} {name} opened", opening, floor=floor, ratio=MOST, times=TIMES)


def _views_of_the_addon(env):
    """Return the views by which the addon adds to the forms of invoices and customers."""
    names = (
        env["ir.model.data"].sudo().search([("module", "=", ADDON), ("model", "=", "ir.ui.view")])
    )
    views = env["ir.ui.view"].sudo().browse(names.mapped("res_id"))
    return views.filtered(lambda v: v.inherit_id and v.model in ("account.move", "res.partner"))


def _specification(env, model, arch):
    """Return what the web client asks for to show a form: its fields, and those of its lists."""
    node = etree.fromstring(arch) if isinstance(arch, str) else arch
    specification = {}
    for field in node.iterfind(".//field"):
        if any(parent.tag == "field" for parent in _parents(field, node)):
            continue
        name = field.get("name")
        definition = env[model]._fields.get(name)
        if definition is None:
            continue
        specification.setdefault(name, {})
        if definition.type == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif definition.type in X2MANY and len(field):
            comodel = definition.comodel_name
            specification[name] = {"fields": _specification(env, comodel, field[0]), "limit": 40}
    return specification


def _parents(node, root):
    """Return the elements between a node and the root of its view."""
    parent = node.getparent()
    while parent is not None and parent is not root:
        yield parent
        parent = parent.getparent()
