"""``./sandbox clean``: remove what the sandbox made."""

import os

from .errors import SandboxError
from .locking import only_run, turn_in
from .places import Places
from .processes import remove_tree, say
from .server_account import fallback_home
from .session import Session


def run_clean(places: Places, everything: bool) -> int:
    """Remove this clone's state and output and, with ``everything``, the user's downloads."""
    with only_run(places.state, "clean"):
        if os.environ.get("PGHOST"):
            _drop_databases(places)
        for folder in (places.state, places.output, fallback_home(places)):
            if folder.exists():
                remove_tree(folder)
                say(f"Removed {folder}")
    if everything:
        with turn_in(places.cache):
            remove_tree(places.cache)
        say(f"Removed {places.cache}")
    return 0


def _drop_databases(places: Places) -> None:
    """Drop this clone's databases on somebody's server, where no folder removal does it."""
    try:
        with Session(places) as session:
            session.databases.drop_all()
    except SandboxError as error:
        say(f"Databases on {os.environ['PGHOST']} were left: {error}")
