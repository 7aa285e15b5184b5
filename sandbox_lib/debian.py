"""Fetch Debian packages into a private folder, without touching the machine's own apt.

apt does the work with its own sources, lists and cache, and checks the archive's signature; the
address of the mirror is taken from the machine's configuration.
"""

import shutil
import subprocess
from pathlib import Path

from .errors import SandboxError
from .processes import run_logged

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INSTEAD = "give an existing Odoo 19 instead: ODOO=/path/to/odoo ./sandbox …"
# Hooks in the machine's configuration (cleaning /var/cache/apt, telling PackageKit …) do not
# concern this private apt, nor does re-reading the lists for each command, as in containers.
_CONFIGURATION = """\
Dir::Etc::sourcelist "{apt}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "{apt}/lists";
Dir::Cache "{apt}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::Retries "3";
APT::Sandbox::User "";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
# Two thirds of Odoo are translations, of which only the French ones are ever loaded here: this
# takes a fourth of the time, and a third of the disk space.
_UNPACK = """\
folder=$1; shift
for deb; do
    dpkg-deb --fsys-tarfile "$deb" |
        tar -x -C "$folder" --exclude='*/i18n/[!f]*.po' --exclude='*/i18n/f[!r]*.po' || exit
done
"""


def fetch(packages: list[str], apt: Path, folder: Path, logs: Path) -> str:
    """Fetch packages, written ``name/suite``, and unpack them without running their scripts.

    :param apt: the folder of an apt of its own, which reads these suites of Debian
    :param folder: to be made, for what the packages contain; they stay beside it
    :return: the version of the first package
    :raise SandboxError: without apt, a Debian mirror or a network, or if a package does not exist,
        or cannot be fetched or verified
    """
    missing = [tool for tool in ("apt-get", "dpkg-deb") if not shutil.which(tool)]
    if missing or not KEYRING.exists():
        raise SandboxError(f"{(missing or [KEYRING])[0]} is missing on this machine: {INSTEAD}")
    archives = folder.with_name("packages")
    for made in (apt / "lists/partial", apt / "cache/archives/partial", archives, folder):
        made.mkdir(parents=True, exist_ok=True)
    (apt / "apt.conf").write_text(_CONFIGURATION.format(apt=apt), "utf-8")
    line = f"deb [signed-by={KEYRING}] {_debian_mirror()} {{}} main\n"
    suites = {package.partition("/")[2] for package in packages}
    (apt / "sources.list").write_text("".join(map(line.format, suites)), "utf-8")
    get = ("apt-get", "-c", apt / "apt.conf")
    argv = [*get, "update", "--error-on=any"]
    run_logged("Reading Debian's package index", argv, logs / "apt-update.log")
    argv, log = [*get, "download", *packages], logs / "apt-download.log"
    run_logged("Downloading Odoo 19 from Debian", argv, log, cwd=archives, advice=INSTEAD)
    extract(sorted(archives.glob("*.deb")), folder, logs / "unpack.log")
    first = packages[0].partition("/")[0]
    return next(archives.glob(f"{first}_*.deb")).name.split("_")[1]


def extract(packages: list[Path], folder: Path, log: Path) -> None:
    """Unpack the files of packages below ``folder``; of translations, only the French ones.

    :raise SandboxError: if a package is damaged
    """
    argv = ["bash", "-o", "pipefail", "-c", _UNPACK, "unpack", folder, *packages]
    run_logged("Unpacking Odoo 19", argv, log)


def _debian_mirror() -> str:
    """Return the address of the Debian archive this machine uses."""
    targets = ("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages")
    # Before the machine's first 'apt-get update', labels are unknown: only addresses.
    known = _output(*targets, "Label: Debian") or _output(*targets, "--no-release-info")
    for site in known.split():
        if site.rstrip("/").endswith("/debian"):
            return site
    raise SandboxError(f"no Debian mirror is configured in this machine's apt: {INSTEAD}")


def _output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout
