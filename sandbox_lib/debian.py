"""Fetch Debian packages into a private folder, without touching the machine's own apt.

apt does the work with sources, lists and a cache of its own, and checks the archive's
signature; the mirror's address comes from the machine's configuration.
"""

import shutil
import subprocess
from pathlib import Path

from .errors import SandboxError
from .processes import run_logged

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INSTEAD = "give an existing Odoo 19 instead: ODOO=/path/to/odoo ./sandbox …"

# The hooks of the machine's configuration (cleaning /var/cache/apt, telling PackageKit …)
# are none of this private apt's business.
_CONFIGURATION = """\
Dir::Etc::sourcelist "{apt}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "{apt}/lists";
Dir::Cache "{apt}/cache";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::Retries "3";
APT::Sandbox::User "";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""


class PrivateApt:
    """An apt of our own below ``folder``, reading the given Debian suites."""

    def __init__(self, folder: Path, logs: Path, suites: tuple[str, ...]):
        self.folder = folder
        self.logs = logs
        self.suites = suites
        self._configuration = folder / "apt.conf"

    def update(self) -> None:
        """Read the package index of the suites.

        :raise SandboxError: without apt, without a Debian mirror, or without network
        """
        for tool in ("apt-get", "dpkg-deb"):
            if not shutil.which(tool):
                raise SandboxError(f"{tool} is missing on this machine: {INSTEAD}")
        if not KEYRING.exists():
            raise SandboxError(f"{KEYRING} is missing (package debian-archive-keyring): {INSTEAD}")
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(_CONFIGURATION.format(apt=self.folder), "utf-8")
        mirror = _debian_mirror()
        (self.folder / "sources.list").write_text(
            "".join(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in self.suites),
            "utf-8",
        )
        argv = self._apt("apt-get", "update", "--error-on=any")
        run_logged("Reading Debian's package index", argv, self.logs / "apt-update.log")

    def version(self, package: str, suite: str) -> str | None:
        """Return the version of ``package`` in ``suite``, or ``None`` when it is not there."""
        argv = self._apt("apt-cache", "madison", package)
        listing = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
        for line in listing.splitlines():
            _name, version, origin = (part.strip() for part in line.split("|"))
            if f" {suite}/" in origin:
                return version
        return None

    def download(self, packages: list[str], folder: Path) -> list[Path]:
        """Fetch packages, written ``name/suite``, into ``folder`` and return the files.

        :raise SandboxError: when one cannot be fetched or checked
        """
        folder.mkdir(parents=True, exist_ok=True)
        run_logged(
            "Downloading Odoo 19 from Debian",
            self._apt("apt-get", "download", *packages),
            self.logs / "apt-download.log",
            cwd=folder,
        )
        return sorted(folder.glob("*.deb"))

    def _apt(self, tool: str, *arguments: str) -> list[str]:
        return [tool, "-c", str(self._configuration), *arguments]


def unpack(archives: list[Path], folder: Path, logs: Path) -> None:
    """Unpack .deb files below ``folder``; nothing is installed and no script of theirs is run."""
    folder.mkdir(parents=True)
    script = 'folder=$1; shift; for deb; do dpkg-deb -x "$deb" "$folder" || exit; done'
    argv = ["sh", "-c", script, "unpack", folder, *archives]
    run_logged("Unpacking Odoo 19", argv, logs / "unpack.log")


def _debian_mirror() -> str:
    """Return the address of the Debian archive this machine uses."""
    known = _index_targets("$(SITE)", "Created-By: Packages", "Label: Debian")
    # Before the machine's first 'apt-get update', labels are unknown: addresses only.
    for site in known or _index_targets("$(SITE)", "--no-release-info", "Created-By: Packages"):
        if site.rstrip("/").endswith("/debian"):
            return site
    raise SandboxError(f"no Debian mirror is configured in this machine's apt: {INSTEAD}")


def _index_targets(wanted: str, *filters: str) -> list[str]:
    argv = ["apt-get", "indextargets", "--format", wanted, *filters]
    found = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
    return list(dict.fromkeys(found.split()))
