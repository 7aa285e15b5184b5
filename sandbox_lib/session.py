"""What one command works with: Odoo and PostgreSQL, each created when first needed."""

import os
from contextlib import ExitStack
from functools import cached_property

from .databases import Databases
from .locking import hold
from .odoo_command import OdooCommand
from .odoo_tree import odoo_tree
from .places import Places
from .postgres import PostgresClient, embedded_server, external_server
from .processes import remove_tree


class Session(ExitStack):
    """The private Odoo of this clone; on exit it stops everything it started.

    :param command: the command that holds the clone meanwhile, so that no other can; "": none
    """

    def __init__(self, places: Places, command: str = ""):
        super().__init__()
        self.places, self._command = places, command

    def __enter__(self) -> "Session":
        if self._command:
            self.enter_context(hold(self.places.state, self._command))
        return self

    @cached_property
    def postgres(self) -> PostgresClient:
        if os.environ.get("PGHOST"):
            return external_server()
        return self.enter_context(embedded_server(self.places))

    @cached_property
    def odoo(self) -> OdooCommand:
        # What can fail without a network comes first, the server last.
        tree = odoo_tree(self.places)
        self.callback(remove_tree, self.places.state / "tmp")
        return OdooCommand(self.places, tree, self.postgres)

    @cached_property
    def databases(self) -> Databases:
        return Databases(self.odoo)
