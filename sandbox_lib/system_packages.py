"""The programs and the font that only the machine's own package manager can provide."""

import os
import shutil
import subprocess
from pathlib import Path

from .errors import SandboxError
from .places import Places
from .processes import run_logged, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Debian package → what identifies it (any of these programs, or a file), and what happens without
# it.
_PACKAGES = {
    "wkhtmltopdf": (("wkhtmltopdf",), "no PDF will be made"),
    "chromium": (BROWSERS, "browser tests will be skipped"),
    "fonts-lato": (
        ("/usr/share/fonts/truetype/lato/Lato-Regular.ttf",),
        "letters are printed in another font",
    ),
}
_INSTALL = "apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends"


def bring(places: Places, *packages: str) -> None:
    """Install the missing ones of ``packages`` if allowed, and say what is still missing."""
    missing = [name for name in packages if not _is_present(name)]
    sudo = _become_root() if missing else None
    if sudo is not None and shutil.which("apt-get"):
        wanted = f"{_INSTALL} {' '.join(missing)}"
        # The machine's lists are read again only if they are missing or out of date.
        script = f"{wanted} || {{ apt-get update && {wanted}; }}"
        argv = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script]
        step = f"Adding to this machine with apt: {' '.join(missing)}"
        try:
            run_logged(step, argv, places.logs / "apt-install.log")
        except SandboxError as error:
            say(str(error))
    for name in missing:
        if not _is_present(name):
            without = _PACKAGES[name][1]
            say(f"{name} is missing, so {without}; to add it: sudo apt-get install {name}")


def _is_present(package: str) -> bool:
    return any(shutil.which(sign) or Path("/", sign).is_file() for sign in _PACKAGES[package][0])


def _become_root() -> list[str] | None:
    """Return the prefix that runs a command as root without asking, or ``None``."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None
