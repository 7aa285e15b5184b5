"""Read an installation log: a warning or an error in it fails the run, but for those below."""

import re

from .errors import SandboxError

# Facts of the sandbox's surroundings, none of the addon's doing.
HARMLESS = {
    "Running as user 'root' is a security risk": "containers and CI machines run as root",
    'extension "unaccent" is not available': "the embedded PostgreSQL comes without extensions",
    'extension "pg_trgm" is not available': "the embedded PostgreSQL comes without extensions",
    "bad query: CREATE EXTENSION": "the embedded PostgreSQL comes without extensions",
    "could not open extension control file": "the embedded PostgreSQL comes without extensions",
    "Could not create unaccent function": "the embedded PostgreSQL comes without extensions",
}
_ALARM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) |Warning: ")


def alarms(log: str) -> list[str]:
    """Return the lines of an Odoo log that a clean installation does not have."""
    return [
        line
        for line in log.splitlines()
        if _ALARM.search(line) and not any(known in line for known in HARMLESS)
    ]


def require_clean(log: str, what: str) -> None:
    """Raise ``SandboxError`` naming the first alarm of the log, after printing all."""
    found = alarms(log)
    if found:
        print("\n".join(found), flush=True)
        raise SandboxError(f"{what} logged {len(found)} warning(s) or error(s), shown above")
