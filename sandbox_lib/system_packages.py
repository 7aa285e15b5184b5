"""The programs and the font that only the machine's own package manager can bring."""

import os
import shutil
import subprocess
from pathlib import Path

from .errors import SandboxError
from .places import Places
from .processes import run_logged, say

# Debian package → the programs any of which will do.
PROGRAMS = {
    "wkhtmltopdf": ("wkhtmltopdf",),
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
}
# Debian package → a file of it, where it brings no program.
FILES = {"fonts-lato": Path("/usr/share/fonts/truetype/lato/Lato-Regular.ttf")}
_WITHOUT = {
    "fonts-lato": "letters are printed in another font",
    "wkhtmltopdf": "no PDF will be made",
    "chromium": "browser tests will be skipped",
}


def bring(places: Places, *packages: str) -> list[str]:
    """Install the missing ones of ``packages`` if that is allowed; return those still missing."""
    missing = [name for name in packages if not _present(name)]
    if not missing:
        return []
    sudo = _become_root()
    if sudo is not None and shutil.which("apt-get"):
        _install(places, sudo, missing)
    missing = [name for name in missing if not _present(name)]
    for name in missing:
        say(f"{name} is missing, so {_WITHOUT[name]}; to add it: sudo apt-get install {name}")
    return missing


def _present(package: str) -> bool:
    if package in FILES:
        return FILES[package].exists()
    return any(shutil.which(program) for program in PROGRAMS[package])


def _become_root() -> list[str] | None:
    """Return the prefix that runs a command as root without asking, or ``None``."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _install(places: Places, sudo: list[str], packages: list[str]) -> None:
    install = "apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "
    install += " ".join(packages)
    # The machine's lists are read again only where they are missing or out of date.
    script = f"{install} || {{ apt-get update && {install}; }}"
    argv = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script]
    try:
        run_logged(
            f"Adding to this machine with apt: {' '.join(packages)}",
            argv,
            places.logs / "apt-install.log",
        )
    except SandboxError as error:
        say(str(error))
