"""Private Python environments, made from the lock files beside this one."""

import hashlib
import platform
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .errors import SandboxError
from .locking import turn_in
from .places import Places
from .processes import remove_tree, require_room, run_logged

OLDEST, NEWEST = (3, 10), (3, 13)
# Gigabytes: an environment and what pip writes while making it.
_ROOM = 0.7
ODOO_LOCK = "requirements-odoo.lock"
TOOLS_LOCK = "requirements-tools.lock"
PICTURES_LOCK = "requirements-pictures.lock"


@dataclass(frozen=True)
class PythonEnv:
    """A virtual environment that holds exactly what one lock file names."""

    path: Path
    lock_digest: str

    @property
    def bin(self) -> Path:
        return self.path / "bin"

    @property
    def python(self) -> Path:
        return self.bin / "python"

    @property
    def site_packages(self) -> Path:
        return next(self.path.glob("lib/python3*/site-packages"))


def require_python() -> None:
    """Raise ``SandboxError`` when this Python is not one the lock files are made for."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        wanted = " to ".join(".".join(map(str, version)) for version in (OLDEST, NEWEST))
        raise SandboxError(
            f"Python {wanted} is needed, and this is {platform.python_version()}: "
            "run it as 'python3.12 sandbox …'"
        )


def python_env(places: Places, lock_name: str) -> PythonEnv:
    """Return the environment of a lock file, making it when there is none yet.

    :raise SandboxError: without venv, or when pip fails
    """
    lock = Path(__file__).with_name(lock_name)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    use = lock.stem.removeprefix("requirements-")
    path = places.cache / f"python{platform.python_version()}-{use}-{digest}"
    env = PythonEnv(path, digest)
    stamp = path / "complete"
    if not stamp.exists():
        with turn_in(places.cache):
            if not stamp.exists():
                _make(env, lock, use, places.logs)
                stamp.touch()
    return env


def _make(env: PythonEnv, lock: Path, use: str, logs: Path) -> None:
    require_room(env.path.parent, _ROOM)
    # A virtual environment cannot be renamed: made in place, the stamp comes last.
    remove_tree(env.path)
    step = f"Making the Python environment ({use})"
    # -I: neither this folder nor the user's own packages may meddle.
    run_logged(
        step,
        [sys.executable, "-I", "-m", "venv", env.path],
        logs / "venv.log",
        advice="on Debian and Ubuntu, 'apt-get install python3-venv' brings what is missing",
    )
    argv = [env.python, "-I", "-m", "pip", "install", "--disable-pip-version-check"]
    # --no-compile: Odoo's own start compiles the few that are used.
    argv += ["--no-deps", "--only-binary", ":all:", "--no-compile", "--requirement", lock]
    run_logged("Installing the pinned Python packages", argv, logs / f"pip-{use}.log")


def unpack_wheels(places: Places, env: PythonEnv, wanted: list[str | Path]) -> Path:
    """Download OCA's addons as wheels, and return the folder into which they are unpacked.

    :param wanted: pip's arguments: what to download
    """
    folder = places.state / "oca"
    remove_tree(folder)
    argv = [env.python, "-m", "pip", "download", "--no-deps", "--dest", folder / "wheels", *wanted]
    run_logged("Downloading from OCA", argv, places.logs / "download-oca.log")
    for wheel in sorted(folder.glob("wheels/*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder / "odoo" / "addons"
