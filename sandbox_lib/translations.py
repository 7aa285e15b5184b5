"""``./sandbox translate``: the addons' terms brought up to date in its translation files."""

from .locking import only_run
from .places import ADDONS, Places
from .processes import run_shown
from .session import Session


def run_translate(places: Places) -> int:
    """Export the terms, keep the French of those that stay, and return 1 when some have none."""
    with only_run(places.state, "translate"), Session(places) as session:
        odoo = session.odoo
        database = session.databases.fresh("i18n", demo=False, addons=ADDONS)
        environment = odoo.environment(database)
        codes = []
        for addon in ADDONS:
            folder = places.root / addon / "i18n"
            folder.mkdir(exist_ok=True)
            template = folder / f"{addon}.pot"
            export = ("i18n", "export", "-d", database, "-o", template, addon)
            code = run_shown(odoo.argv("odoo", *export), environment, places.root)
            if not code:
                merge = [odoo.env.python, "-m", "sandbox_lib.translations_driver"]
                merge += [template, folder / "fr.po"]
                code = run_shown(merge, environment, places.root)
            codes.append(code)
        return max(codes)
