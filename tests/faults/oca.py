"""OCA's addons from the package index, to run beside: never part of the project."""

import re
import sys
import zipfile
from pathlib import Path

from sandbox_lib.places import Places
from sandbox_lib.processes import remove_tree, run_logged

LOCK = Path(__file__).with_name("requirements-oca.lock")


def unpack_addons(places: Places, names: tuple[str, ...] = ()) -> Path:
    """Download addons as wheels, and return the folder into which they are unpacked.

    :param names: of those of the lock file; by default all
    """
    folder = places.state / "oca"
    remove_tree(folder)
    pins = re.findall(r"^odoo-addon-(.+)==(.+)$", LOCK.read_text("utf-8"), re.MULTILINE)
    wanted = [f"odoo-addon-{name}=={pin}" for name, pin in pins if not names or name in names]
    argv = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder / "wheels"]
    run_logged("Downloading from OCA", [*argv, *wanted], places.logs / "download-oca.log")
    for wheel in sorted(folder.glob("wheels/*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder / "odoo" / "addons"
