"""``./sandbox wheel``: build the wheel, compare it with the addons, install them from it."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from .errors import SandboxError
from .odoo_command import require_clean
from .places import ADDON, ADDONS, Places
from .processes import remove_tree, run_logged, say
from .python_env import TOOLS, python_env
from .session import Session

# What the wheel is built from, besides the addons.
_PROJECT = ("setup.py", "pyproject.toml", "README.md", "LICENSE")
# Kept in the repository but not in the wheel.
_NOT_SHIPPED = {f"{ADDON}/core/ruff.toml"}
_INSIDE = "odoo/addons/"


def check_wheel(places: Places) -> int:
    """Build the wheel into ``dist/``, and check that Odoo installs the addons from it.

    :raise SandboxError: if a file is missing, or the installation is not clean
    """
    with Session(places, "wheel") as session:
        work = places.state / "wheel"
        remove_tree(work)
        files = _list_files(places)
        wheel = _build(places, work, files)
        _compare(wheel, files.difference(_PROJECT, _NOT_SHIPPED))
        target = work / "installed"
        _pip(places, "install", "--no-compile", "--target", target, wheel)
        _install(session, target)
        (places.root / "dist").mkdir(exist_ok=True)
        shutil.copy2(wheel, places.root / "dist")
    say(f"The wheel is good: {places.root / 'dist' / wheel.name}")
    return 0


def _list_files(places: Places) -> set[str]:
    argv = ["git", "-C", places.root, "ls-files", "--cached", "--others", "--exclude-standard"]
    argv += ["-z", "--", *ADDONS, *_PROJECT]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise SandboxError("the wheel is compared with git's list: run it in a clone") from None
    # A file deleted but not yet committed is still listed.
    return {name for name in done.stdout.split("\0") if name and (places.root / name).exists()}


def _build(places: Places, work: Path, files: set[str]) -> Path:
    """Build from a copy, so that the project folder is not modified."""
    source = work / "source"
    for name in files:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(places.root / name, source / name)
    _pip(places, "wheel", "--no-build-isolation", "--wheel-dir", work, source)
    return next(work.glob("*.whl"))


def _pip(places: Places, command: str, *arguments: str | Path) -> None:
    python = python_env(places, TOOLS) / "bin" / "python"
    argv = [python, "-I", "-m", "pip", command, "--no-deps", "--no-index", *arguments]
    run_logged(f"pip {command}", argv, places.logs / f"wheel-{command}.log")


def _compare(wheel: Path, expected: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    present = {name.removeprefix(_INSIDE) for name in names}
    faults = {"missing from the wheel": expected - present, "in the wheel only": present - expected}
    for what, files in faults.items():
        if files:
            print("\n".join(sorted(files)), flush=True)
            raise SandboxError(f"{len(files)} file(s) {what}, shown above")
    say(f"The wheel holds all {len(present)} files of {', '.join(ADDONS)}")


def _install(session: Session, target: Path) -> None:
    """Install the addons from ``target`` in a new database, without an addons path."""
    database = session.databases.fresh("wheel", addons=ADDONS, installed=False)
    what, argv = f"{', '.join(ADDONS)} from the wheel", ("-i", ",".join(ADDONS))
    log = session.odoo.run(
        f"Installing {what}", database, *argv, log_name="install-wheel", installed=target
    )
    require_clean(log, f"the installation of {what}")
    if lost := [name for name in ADDONS if not re.search(rf"\bmodule {name}\b", log, re.I)]:
        raise SandboxError(f"Odoo did not find {', '.join(lost)} in the wheel")
