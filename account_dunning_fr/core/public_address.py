"""Whether a server's address can be printed in a letter: readers are outside its network.

House rule, no article: a link that does not work from outside, or whose content can be read on the
way, is not printed.

>>> find_problem("https://compta.exemple.fr"), find_problem("http://compta.exemple.fr")
('', 'plain')
"""

from __future__ import annotations

import re
from ipaddress import ip_address

NONE, PLAIN, PRIVATE = "none", "plain", "private"  # what is wrong with it
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s/:?#@\[\]]+)(:[0-9]{1,5})?(/\S*)?"
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Names that no public server has: RFC 2606 and 6761, RFC 6762, RFC 8375, ICANN for .internal.
INSIDE = (
    *("localhost", "local", "internal", "lan", "home", "corp", "intranet"),
    *("private", "localdomain", "test", "invalid", "home.arpa"),
)


def find_problem(address: str, *, loopback: bool = False) -> str:
    """Return why an address cannot be printed in a letter, empty if it can.

    :param address: the server's own address, as configured
    :param loopback: accept the server's own machine too, for a demonstration
    :return: ``none`` (no address), ``plain`` (not https), ``private`` (known in one network only)

    >>> [find_problem(each) for each in ("https://10.0.0.4", "https://odoo", "https://odoo.local")]
    ['private', 'private', 'private']
    >>> find_problem("http://localhost:8069"), find_problem("http://localhost:8069", loopback=True)
    ('private', '')
    """
    found = ADDRESS.fullmatch((address or "").strip())
    if not found:
        return NONE
    host = found["host"].strip("[]").rstrip(".").lower()
    if loopback and host in LOOPBACK:
        return ""
    if _is_inside(host):
        return PRIVATE
    return "" if found["scheme"] == "https" else PLAIN


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:  # a name
        return "." not in host or any(host.endswith(f".{name}") for name in INSIDE)
