"""What an accountant opens: the dashboard, invoices and customers with their notices, lists."""

from lxml import etree

from odoo import api, fields

ADDON = "account_dunning_fr"
CUSTOMERS = [("email", "like", "@client.")]
UNPAID = [("move_type", "=", "out_invoice"), ("payment_state", "=", "not_paid")]
SCREENS = 40  # records opened one after the other for one figure
TIMES = 5  # rounds, alternately with and without the addon: the median ratio counts
MOST = 1.05  # opening a form with the addon, compared with the same form without its parts
ROWS, PAGES = 80, 3  # of a list shown for one figure
MOST_LISTED = 1.1  # a list with the addon, compared with the same list without its columns
# Odoo's lists and cards extended by the addon: name, model, view and its kind, rows.
LISTS = (
    ("invoices listed", "account.move", "account.view_out_invoice_tree", "list", UNPAID),
    (
        "journal items listed",
        "account.move.line",
        "account.view_move_line_tree",
        "list",
        [("account_type", "=", "asset_receivable"), ("parent_state", "=", "posted")],
    ),
    ("customers listed", "res.partner", "base.view_partner_tree", "list", CUSTOMERS),
    ("customers as cards", "res.partner", "base.res_partner_kanban_view", "kanban", CUSTOMERS),
)
X2MANY = ("one2many", "many2many")
ALWAYS = ("True", "1")  # values of ``invisible``: whatever the record


def run(meter, items):
    """Measure the pages on the ledger of the run.

    :param meter: ``Meter``
    :param int items: open items of the ledger; the target is one second for 200,000
    """
    env = api.Environment(meter.env.cr, meter.env.ref("base.user_admin").id, {"lang": "en_US"})
    dashboard = env["account.dunning.dashboard"]
    dashboard.get_data()  # Odoo's caches are filled by the first opening of the day
    scale = max(items / 200_000, 1)
    meter.step("Dashboard", dashboard.get_data, most_seconds=1 * scale)
    agenda = env["account.dunning.agenda"]
    meter.step("Agenda of 30 days", agenda.get_page, most_seconds=6 * max(items / 50_000, 1))
    past = fields.Date.to_string(fields.Date.add(env.company._get_dunning_today(), days=-45))
    meter.step("Dashboard, 45 days ago", lambda: dashboard.get_data({"as_of": past}))
    # Requested by the page once its figures are shown, one part after the other.
    for part in ("customers", "curves", "forecast", "acts", "more"):
        meter.step(f"Dashboard, then {part}", lambda part=part: dashboard.get_part(part))
    invoices, form = env["account.move"], "account.view_move_form"
    _forms(meter, "invoices", invoices.search(UNPAID, order="id", limit=SCREENS), form)
    lines = env["account.dunning.notice.line"].search(
        [("state", "=", "sent"), ("claimed", "=", True)], order="move_id", limit=SCREENS
    )
    if lines:  # if the run writes to customers
        _forms(meter, "claimed invoices", lines.move_id, form)
    customers = env["res.partner"].search(CUSTOMERS, order="id", limit=SCREENS)
    _forms(meter, "customers", customers, "base.view_partner_form")
    for name, model, xmlid, kind, domain in LISTS:
        _list(meter, env[model], name, xmlid, kind, domain)


def _forms(meter, name, records, xmlid):
    """Open records as the web client does; the floor is the same form without the addon's parts."""
    asked = _specifications(records, xmlid, "form")

    def opening(record, wanted):
        alone = records.browse(record.id)  # without reading the others along with it
        return lambda: alone.web_read(wanted)

    turns = [[opening(record, wanted) for wanted in asked] for record in records]
    for open_it in (*turns[0], *turns[-1]):  # fill Odoo's caches
        open_it()
    meter.compare(f"{len(records)} {name} opened", turns, ratio=MOST, times=TIMES)


def _list(meter, model, name, xmlid, kind, domain):
    """Show the first pages of a list as the web client does, and the same without our columns."""
    asked = _specifications(model, xmlid, kind)

    def showing(page, wanted):
        return lambda: model.web_search_read(
            domain, wanted, offset=page * ROWS, limit=ROWS, count_limit=10_001
        )

    turns = [[showing(page, wanted) for wanted in asked] for page in range(PAGES)]
    for show_it in turns[0]:
        show_it()
    meter.compare(f"{ROWS} {name}, {PAGES} times", turns, ratio=MOST_LISTED, times=TIMES)


def _specifications(model, xmlid, kind):
    """Return what the web client requests to show a view, without and with the addon's parts.

    Both come from the same database, where the addon's views are switched off meanwhile. The view
    itself is not included, as the web client requests it only once per session. Other changes of
    the addon to Odoo's models, such as who may read a field, affect both sides.
    """
    view_id = model.env.ref(xmlid).id

    def specification():
        arch = model.get_views([(view_id, kind)])["views"][kind]["arch"]
        return _specification(model.env, model._name, arch)

    views = _views_of_the_addon(model.env)
    views.active = False
    try:
        without = specification()
    finally:
        views.active = True
    return without, specification()


def _views_of_the_addon(env):
    """Return the views with which the addon extends those of invoices, items and customers."""
    names = (
        env["ir.model.data"].sudo().search([("module", "=", ADDON), ("model", "=", "ir.ui.view")])
    )
    views = env["ir.ui.view"].sudo().browse(names.mapped("res_id"))
    models = ("account.move", "account.move.line", "res.partner")
    return views.filtered(lambda view: view.inherit_id and view.model in models)


def _specification(env, model, arch):
    """Return what the web client requests to show a view: its fields, and those of its lists.

    For fields that are never shown it requests only the value (``getFieldsSpec``).
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
