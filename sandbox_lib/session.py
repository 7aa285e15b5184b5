"""What one command works with: Odoo and PostgreSQL, each made when first asked for."""

import os
from functools import cached_property

from .databases import Databases
from .odoo_command import OdooCommand
from .odoo_tree import odoo_tree
from .places import Places
from .postgres import EmbeddedServer, PostgresClient, external_server
from .processes import remove_tree


class Session:
    """The private Odoo of this clone; leaving it stops what it started."""

    def __init__(self, places: Places):
        self.places = places
        self._server: EmbeddedServer | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_exc) -> None:
        if self._server:
            self._server.stop()
        if "odoo" in vars(self):  # else the folder is another run's: this one was refused
            remove_tree(self.places.state / "tmp")

    @cached_property
    def postgres(self) -> PostgresClient:
        if os.environ.get("PGHOST"):
            return external_server()
        self._server = EmbeddedServer(self.places)
        return self._server.start()

    @cached_property
    def odoo(self) -> OdooCommand:
        # What can fail for want of network comes first, the server last.
        tree = odoo_tree(self.places)
        return OdooCommand(self.places, tree, self.postgres)

    @cached_property
    def databases(self) -> Databases:
        return Databases(self.odoo)
