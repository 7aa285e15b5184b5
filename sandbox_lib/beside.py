"""``./sandbox beside``: tests of what the addon does with another application of Odoo installed."""

from .locking import only_run
from .places import Places
from .processes import run_shown, say
from .session import Session
from .system_packages import bring

# What is run by default: the tests that are skipped without these applications.
TESTS = {"sale_stock": "tests/orm/test_case_sale.py"}


def run_beside(places: Places, applications: str, arguments: list[str]) -> int:
    """Run tests on a database where these applications are installed beside the addon.

    :param applications: modules of Odoo, separated by commas
    :param arguments: pytest's; by default the tests that need these applications
    """
    names = applications.split(",")
    chosen = arguments or [str(places.root / TESTS[name]) for name in names if name in TESTS]
    with Session(places) as session, only_run(places.state, "test"):
        odoo = session.odoo
        bring(places, "wkhtmltopdf", "chromium")

        def install(database: str) -> None:
            odoo.run(f"Installing {applications}", database, "-i", applications, log_name="beside")

        database = session.databases.fresh_prepared("beside", names, install, demo=False)
        say(f"Tests on Odoo {odoo.tree.version} with {applications}")
        argv = [odoo.env.python, "-m", "pytest", f"--odoo-database={database}", "--odoo-http"]
        return run_shown([*argv, *chosen], odoo.environment(database), places.root)
