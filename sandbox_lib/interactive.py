"""Direct access to the private Odoo: ``./sandbox odoo``, ``shell``, ``psql`` and ``clean``."""

import os

from .demo import DATABASE, demo_database
from .errors import SandboxError
from .locking import hold
from .places import Places
from .postgres import PROGRAMS, server_data
from .processes import remove_tree, run_shown, say
from .session import Session


def run_odoo(places: Places, arguments: list[str]) -> int:
    """Run any command of Odoo, on the demo's database unless ``-d`` names another."""
    with Session(places, "odoo") as session:
        environment = session.odoo.environment(session.databases.existing(DATABASE))
        return run_shown(session.odoo.argv("odoo", *arguments), environment)


def run_shell(places: Places, arguments: list[str]) -> int:
    """Open Odoo's Python shell on the demo's database."""
    with Session(places, "shell") as session:
        argv = session.odoo.argv("odoo", "shell", "--no-http", "--log-level", "warn", *arguments)
        return run_shown(argv, session.odoo.environment(demo_database(session)))


def run_psql(places: Places, arguments: list[str]) -> int:
    """Open psql on the demo's database."""
    with Session(places, "psql") as session:
        argv = [PROGRAMS / "psql", *arguments, demo_database(session)]
        return run_shown(argv, session.odoo.environment())


def run_clean(places: Places, everything: bool) -> int:
    """Remove this clone's state and output and, with ``everything``, the user's downloads."""
    with hold(places.state, "clean"):
        if os.environ.get("PGHOST"):  # removing a folder does not drop them
            try:
                with Session(places) as session:
                    session.databases.drop_all()
            except SandboxError as error:
                say(f"Databases on {os.environ['PGHOST']} were left: {error}")
        for folder in filter(os.path.exists, (server_data(places), places.state, places.output)):
            remove_tree(folder)
            say(f"Removed {folder}")
    if everything:
        with hold(places.cache):
            remove_tree(places.cache)
        say(f"Removed {places.cache}")
    return 0
