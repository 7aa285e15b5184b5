"""``./sandbox wheel``: build the wheel, compare it with the addons, install them from it."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from .errors import SandboxError
from .install_log import require_clean
from .locking import only_run
from .places import ADDON, ADDONS, Places
from .processes import remove_tree, run_logged, say
from .session import Session

# Kept in the repository and left out of the wheel.
_NOT_SHIPPED = {f"{ADDON}/core/ruff.toml"}
_INSIDE = "odoo/addons/"
_TEMPLATES = shutil.ignore_patterns("__pycache__", "*.pyc")


def check_wheel(places: Places) -> int:
    """Build the wheel into ``dist/``, and see Odoo install the addons from it.

    :raise SandboxError: when a file is missing, or the installation is not clean
    """
    with only_run(places.state, "wheel"), Session(places) as session:
        wheel = _build(session)
        _compare(places, wheel)
        _install(session, wheel)
    shutil.copy2(wheel, _made(places.root / "dist"))
    say(f"The wheel is good: {places.root / 'dist' / wheel.name}")
    return 0


def _build(session: Session) -> Path:
    """Build from a copy, so that the project's folder stays as it is."""
    places = session.places
    work = places.state / "wheel"
    remove_tree(work)
    source = _made(work / "source")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        if (places.root / name).exists():
            shutil.copy2(places.root / name, source / name)
    for addon in ADDONS:
        shutil.copytree(places.root / addon, source / addon, ignore=_TEMPLATES)
    argv = [session.tools.python, "-I", "-m", "pip", "wheel", "--no-deps", "--no-index"]
    argv += ["--no-build-isolation", "--wheel-dir", work, source]
    run_logged("Building the wheel", argv, places.logs / "wheel-build.log")
    return next(work.glob("*.whl"))


def _compare(places: Places, wheel: Path) -> None:
    expected = _addon_files(places) - _NOT_SHIPPED
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    present = {name.removeprefix(_INSIDE) for name in names if name.startswith(_INSIDE)}
    foreign = [name for name in names if not name.startswith(_INSIDE) and ".dist-info/" not in name]
    faults = {
        "missing from the wheel": sorted(expected - present),
        "in the wheel only": sorted(present - expected) + foreign,
    }
    for what, files in faults.items():
        if files:
            print("\n".join(files), flush=True)
            raise SandboxError(f"{len(files)} file(s) {what}, shown above")
    say(f"The wheel holds all {len(present)} files of {', '.join(ADDONS)}")


def _addon_files(places: Places) -> set[str]:
    argv = ["git", "-C", places.root, "ls-files", "--cached", "--others", "--exclude-standard"]
    argv += ["-z", "--", *ADDONS]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise SandboxError("the wheel is compared with git's list: run it in a clone") from None
    # A file deleted but not yet committed is still listed.
    return {name for name in done.stdout.split("\0") if name and (places.root / name).exists()}


def _install(session: Session, wheel: Path) -> None:
    """Install the wheel beside Odoo and the addons in a fresh database, without addons path."""
    places, odoo = session.places, session.odoo
    target = places.state / "wheel" / "installed"
    argv = [session.tools.python, "-I", "-m", "pip", "install", "--no-deps", "--no-index"]
    argv += ["--no-compile", "--target", target, wheel]
    run_logged("Installing the wheel", argv, places.logs / "wheel-install.log")
    database = session.databases.fresh("wheel", demo=False, addons=ADDONS, installed=False)
    modules = ",".join(ADDONS)
    step = f"Installing {modules} from the wheel"
    log = odoo.run(step, database, "-i", modules, log_name="install-wheel", installed=target)
    require_clean(log, f"the installation of {modules} from the wheel")
    if lost := [name for name in ADDONS if not re.search(rf"\bmodule {name}\b", log, re.I)]:
        raise SandboxError(f"Odoo did not find {', '.join(lost)} in the wheel")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
