"""What the accountant opens: the dashboard, and an invoice and a customer with their reminders."""

from lxml import etree

from odoo import api, fields

ADDON = "account_dunning_fr"
SCREENS = 40  # records opened one after the other for one figure
TIMES = 5  # that they are opened, with and without the addon by turns: the median ratio counts
MOST = 1.05  # an opening with the addon, compared with the same form without its parts
X2MANY = ("one2many", "many2many")
ALWAYS = ("True", "1")  # of ``invisible``: whatever the record is


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

    The floor comes from the same database: it asks for what the form shows while the views of the
    addon are switched off, and both are asked by turns. The form itself is left out, which the web
    client asks for once a session. What the addon adds to Odoo's models besides, such as who may
    read a field, is on both sides.
    """
    ids = env[model].search(domain, order="id", limit=SCREENS).ids
    view_id = env.ref(xmlid).id

    def specification():
        arch = env[model].get_views([(view_id, "form")])["views"]["form"]["arch"]
        return _specification(env, model, arch)

    views = _views_of_the_addon(env)
    views.active = False
    try:
        without = specification()
    finally:
        views.active = True
    asked = (without, specification())

    def opening(record_id, wanted):
        return lambda: env[model].browse(record_id).web_read(wanted)

    turns = [[opening(record_id, wanted) for wanted in asked] for record_id in ids]
    for open_it in (*turns[0], *turns[-1]):  # what Odoo caches is cached
        open_it()
    meter.compare(f"{len(ids)} {name} opened", turns, ratio=MOST, times=TIMES)


def _views_of_the_addon(env):
    """Return the views by which the addon adds to the forms of invoices and customers."""
    names = (
        env["ir.model.data"].sudo().search([("module", "=", ADDON), ("model", "=", "ir.ui.view")])
    )
    views = env["ir.ui.view"].sudo().browse(names.mapped("res_id"))
    return views.filtered(lambda v: v.inherit_id and v.model in ("account.move", "res.partner"))


def _specification(env, model, arch):
    """Return what the web client asks for to show a form: its fields, and those of its lists.

    Of what is never shown it asks for the value alone (``getFieldsSpec``).
    """
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
        hidden = field.get("invisible") in ALWAYS or field.get("column_invisible") in ALWAYS
        if definition.type == "many2one":
            specification[name] = {"fields": {} if hidden else {"display_name": {}}}
        elif definition.type in X2MANY and len(field) and not hidden:
            comodel = definition.comodel_name
            specification[name] = {"fields": _specification(env, comodel, field[0]), "limit": 40}
    return specification


def _parents(node, root):
    """Return the elements between a node and the root of its view."""
    parent = node.getparent()
    while parent is not None and parent is not root:
        yield parent
        parent = parent.getparent()
