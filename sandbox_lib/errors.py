"""What can go wrong in the sandbox, reported in one line."""

import errno
import re

NETWORK_SIGNS = re.compile(
    "Temporary failure resolving|Could not (?:resolve|connect)|Cannot initiate the connection|"
    "Failed to establish a new connection|Name or service not known|Network is unreachable|"
    "Connection (?:refused|timed out)|Max retries exceeded"
)
DISK_SIGNS = ("No space left on device", "Disk quota exceeded")


class SandboxError(Exception):
    """A condition that the user can act upon: says what is wrong and what to do."""


def cause_in(log_text: str) -> str | None:
    """Return the plain cause of a tool's failure if its output shows one, or ``None``."""
    if any(sign in log_text for sign in DISK_SIGNS):
        return "the disk is full: free some space and run the same command again"
    if NETWORK_SIGNS.search(log_text):
        return "the network cannot be reached: run the same command again once it can"
    return None


def describe_os_error(error: OSError) -> str:
    """Return one line describing an operating system error."""
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or 'a file'} cannot be written: {error.strerror}; check its rights"
    return cause_in(str(error)) or str(error)
