"""Private Python environments, made by venv and uv from the lock files in this folder."""

import hashlib
import os
import platform
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from .errors import SandboxError
from .places import Places
from .processes import remove_tree, require_room, run_logged, running, say

# Gigabytes: an environment and what is written while making it.
_ROOM = 0.7
_UV = "uv==0.13.9"
ODOO, TOOLS, PICTURES = "odoo", "tools", "pictures"


def enter(places: Places, with_odoo: bool) -> None:
    """Continue in the environment of Odoo: start the same command again in it, unless it is active.

    :param with_odoo: whether to fetch Odoo too, while the environment is made
    :raise SandboxError: if one of them fails
    """
    env = _folder(places, ODOO)
    if not env.exists():
        argv = [sys.executable, places.root / "sandbox", "fetch"]
        fetching = running("Fetching Odoo", argv, places.logs / "fetch.log")
        with fetching if with_odoo else nullcontext():
            python_env(places, ODOO)
    if Path(sys.prefix) != env:
        python = str(env / "bin" / "python")
        os.execv(python, [python, "-sE", *sys.argv])


def lock_digest(use: str) -> str:
    """Return a digest that identifies the versions of a lock file."""
    return hashlib.sha256(_lock(use).read_bytes()).hexdigest()[:12]


def _lock(use: str) -> Path:
    return Path(__file__).with_name(f"requirements-{use}.lock")


def _folder(places: Places, use: str) -> Path:
    return places.cache / f"python{platform.python_version()}-{use}-{lock_digest(use)}"


def python_env(places: Places, use: str) -> Path:
    """Return the folder of an environment that contains exactly what a lock file names.

    :raise SandboxError: without venv, or if neither uv nor pip succeeds
    """
    path = _folder(places, use)
    if not path.exists():
        require_room(places.cache, _ROOM)
        building = path.with_name(f"{path.name}.part-{os.getpid()}")
        _make(building, use, places.logs)
        try:
            building.rename(path)
        except OSError:  # another run was faster
            remove_tree(building)
    return path


def _make(path: Path, use: str, logs: Path) -> None:
    # -I: neither this folder nor the user's own packages may interfere.
    argv = [sys.executable, "-I", "-m", "venv", path]
    advice = "on Debian and Ubuntu, 'apt-get install python3-venv' brings what is missing"
    run_logged(f"Making the Python environment ({use})", argv, logs / "venv.log", advice=advice)
    python = path / "bin" / "python"
    pip = [python, "-I", "-m", "pip", "--disable-pip-version-check"]
    # Not compiled: Odoo's own start compiles the few that are used.
    install, wheels = [*pip, "install", "--no-compile"], ("--no-deps", "--only-binary", ":all:")
    step, log, lock = "Installing the pinned Python packages", logs / f"pip-{use}.log", _lock(use)
    uv = path / "uv"  # a seventh of pip's processor time
    try:
        run_logged("Fetching uv", [*install, *wheels, "--target", uv, _UV], logs / "pip-uv.log")
        argv = [uv / "bin" / "uv", "pip", "install", "--no-cache", "--python", python, *wheels]
        run_logged(step, [*argv, "--requirement", lock], log, env=_uv_environment(pip))
    except SandboxError as error:
        say(f"{error}. Once more, by pip:")
        run_logged(step, [*install, *wheels, "--requirement", lock], log)
    remove_tree(uv)


def _uv_environment(pip: list) -> dict[str, str]:
    """Return an environment in which uv uses pip's index, as it does not read pip's settings."""
    known = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False)
    index = re.search(r"(?<!extra-)index-url='([^']+)'", known.stdout)
    return {**os.environ, **({"UV_DEFAULT_INDEX": index[1]} if index else {})}
