"""Read the addon's installation log: a warning or an error in it fails the run, without exception.

What an embedded PostgreSQL without extensions makes Odoo log when it creates a database is in
the log of the first layer (see ``databases``), which is Odoo's own and is not judged.
"""

import re

from .errors import SandboxError

_ALARM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) |Warning: ")


def require_clean(log: str, what: str) -> None:
    """Raise ``SandboxError`` when the log has a warning or an error, after printing them all."""
    found = [line for line in log.splitlines() if _ALARM.search(line)]
    if found:
        print("\n".join(found), flush=True)
        raise SandboxError(f"{what} logged {len(found)} warning(s) or error(s), shown above")
