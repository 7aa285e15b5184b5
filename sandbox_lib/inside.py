"""What runs inside Odoo.

``python -m sandbox_lib.inside odoo COMMAND…`` is Odoo's own command line (Debian's package has no
``odoo-bin``); with ``MODULE:FUNCTION ARGUMENTS… ODOO_OPTIONS…``, it runs a function that takes an
environment and these arguments as text, after installing what ``-i`` names. Its changes are
committed.
"""

import atexit
import gc
import importlib
import ipaddress
import itertools
import sys

from tests.orm.one_processor import get_processors, stay_on

from .odoo_command import NOWHERE


def main(what: str, *rest: str) -> None:
    """Run Odoo's command line, or a function, without access to other machines."""
    # The last of several safeguards: no mail server in the database, a local sink in the
    # configuration, no known address for the services that Odoo calls. libpq connects in C and is
    # not affected, so that a remote database server remains possible.
    sys.addaudithook(_refuse_elsewhere)
    # Odoo reads its own name from there while it is imported.
    sys.argv = ["odoo", *rest]
    import odoo.cli  # sets Odoo up: the bare namespace does nothing

    if "-i" in rest and (what != "odoo" or "--stop-after-init" in rest):
        from odoo.addons.base.models import res_users

        stay_on(get_processors()[:1])  # an installation runs tens of thousands of queries
        gc.set_threshold(200_000, 20, 25)  # what it creates in memory stays: the registry
        res_users.MIN_ROUNDS = 1  # of password hashing: the passwords are the names of their users

    odoo.cli.main() if what == "odoo" else _run(what, rest)


def _run(function: str, rest: tuple[str, ...]) -> None:
    from odoo import api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    arguments = list(itertools.takewhile(lambda word: not word.startswith("-"), rest))
    config.parse_config(list(rest[len(arguments) :]), setup_logging=True)
    module, _, name = function.partition(":")
    registry = Registry.new(
        config["db_name"][0], update_module=bool(config["init"]), install_modules=config["init"]
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        # Imported only once Odoo knows where its addons are.
        getattr(importlib.import_module(module), name)(env, *arguments)
        cr.commit()


def cut_off(env) -> None:
    """Remove all access of the database to other machines, and point reports to this web server."""
    from odoo.tools import config

    env["ir.mail_server"].with_context(active_test=False).search([]).unlink()
    parameters = env["ir.config_parameter"]
    parameters.set_param("iap.endpoint", NOWHERE)
    here = f"http://127.0.0.1:{config['http_port']}"
    for name in ("web.base.url", "report.url"):
        parameters.set_param(name, here)
    parameters.set_param("web.base.url.freeze", "True")


def serve() -> None:
    """Serve Odoo from a thread until the end: wkhtmltopdf requests styles and images from it."""
    from odoo import http
    from odoo.service import server

    server.load_server_wide_modules()
    web = server.ThreadedServer(http.root)
    web.start(stop=False)
    atexit.register(web.stop)  # it closes all connections: once everything is committed


def _refuse_elsewhere(event: str, arguments: tuple) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    # A Unix socket's address is its path.
    if isinstance(address, tuple) and not _is_here(str(address[0])):
        raise ConnectionRefusedError(f"the sandbox does not connect to {address[0]}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("localhost", "")


if __name__ == "__main__":
    main(*sys.argv[1:])
