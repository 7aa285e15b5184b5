"""Keep a Python process from connecting to any other machine."""

import ipaddress
import sys


def stay_on_this_machine() -> None:
    """Refuse, from now on, every connection of this process that would leave the machine.

    The last of several guards: no mail server in the database, a local sink in the
    configuration, no known address for the services Odoo calls. libpq connects in C and is
    not concerned, so that a database server elsewhere remains possible.
    """
    sys.addaudithook(_refuse_elsewhere)


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
