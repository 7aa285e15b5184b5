"""``./sandbox translate``: the addon's terms brought up to date in its translation files."""

from .locking import only_run
from .places import ADDON, Places
from .processes import run_shown
from .session import Session


def run_translate(places: Places) -> int:
    """Export the terms, keep the French of those that stay, and return 1 when some have none."""
    with only_run(places.state, "translate"), Session(places) as session:
        odoo = session.odoo
        database = session.databases.fresh("i18n", demo=False)
        folder = places.addon / "i18n"
        template = folder / f"{ADDON}.pot"
        environment = odoo.environment(database)
        export = ("i18n", "export", "-d", database, "-o", template, ADDON)
        code = run_shown(odoo.argv("odoo_main", *export), environment, places.root)
        if code:
            return code
        merge = odoo.argv("translations_driver", template, folder / "fr.po")
        return run_shown(merge, environment, places.root)
