"""``./sandbox odoo``, ``shell`` and ``psql``: the private Odoo in one's own hands."""

from .demo import DATABASE, demo_database
from .locking import only_run
from .places import Places
from .processes import run_shown
from .session import Session


def run_odoo(places: Places, arguments: list[str]) -> int:
    """Run any command of Odoo, on the demo's database unless ``-d`` names another."""
    with only_run(places.state, "odoo"), Session(places) as session:
        environment = session.odoo.environment(session.databases.existing(DATABASE))
        return run_shown(session.odoo.argv("odoo", *arguments), environment)


def run_shell(places: Places, arguments: list[str]) -> int:
    """Open Odoo's Python shell on the demo's database."""
    with only_run(places.state, "shell"), Session(places) as session:
        options = ["shell", "--no-http", "--log-level", "warn", *arguments]
        environment = session.odoo.environment(demo_database(session))
        return run_shown(session.odoo.argv("odoo", *options), environment)


def run_psql(places: Places, arguments: list[str]) -> int:
    """Open psql on the demo's database."""
    with only_run(places.state, "psql"), Session(places) as session:
        argv = [session.postgres.programs / "psql", *arguments, demo_database(session)]
        return run_shown(argv, session.odoo.environment())
