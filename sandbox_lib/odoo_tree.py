"""The Odoo 19 tree: the one given by ``ODOO``, or Debian's package assembled privately."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .debian import INSTEAD, fetch
from .errors import SandboxError
from .locking import hold
from .places import Places
from .processes import require_room, say

# To be increased when trees are assembled differently, so that old ones are not reused.
_RECIPE = 1
_SUITE = "sid"
# The package links to files of these instead of carrying them.
_COMPANIONS = (
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# From version 7 on, this one no longer has the files Odoo links to.
_OLD_COMPANION = "fonts-font-awesome"
_OLD_SUITE = "trixie"
# Gigabytes: apt's lists, the packages, the unpacked tree.
_ROOM = 0.9
_LIBRARY = Path("usr/lib/python3/dist-packages")
# Named in mail's assets but missing from the package: without it every page logs a bundle error and
# every browser tour fails.
_ABSENT = Path("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js")


@dataclass(frozen=True)
class OdooTree:
    """A folder to put on ``sys.path`` so that ``import odoo`` finds Odoo 19, and its version."""

    path: Path
    version: str

    def has_module(self, name: str) -> bool:
        """Whether this Odoo contains a module."""
        folders = (self.path / "odoo" / "addons", self.path / "addons")
        return any((folder / name).is_dir() for folder in folders)


def odoo_tree(places: Places) -> OdooTree:
    """Return the Odoo to use, fetching it if there is none yet.

    :raise SandboxError: if ``ODOO`` contains no Odoo 19, or none can be fetched
    """
    given = os.environ.get("ODOO")
    if given:
        return _given_tree(Path(given).expanduser().resolve())
    found = _newest(places.cache)
    if found:
        return found
    with hold(places.cache):
        # Another run may have put it there while this one waited.
        return _newest(places.cache) or _fetch(places)


def fetch_odoo(places: Places) -> int:
    """``./sandbox fetch``: started by ``enter`` while the Python environment is made."""
    odoo_tree(places)
    return 0


def _given_tree(path: Path) -> OdooTree:
    for folder in (path, path / _LIBRARY, path.parent):
        release = folder / "odoo" / "release.py"
        if release.is_file():
            found = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", release.read_text("utf-8"))
            if not found or found.group(1) != "19":
                raise SandboxError(f"ODOO={path} is not Odoo 19: give the folder of a 19.0")
            return OdooTree(folder, f"{found.group(1)}.{found.group(2)} in {folder}")
    raise SandboxError(f"ODOO={path} holds no odoo/release.py: give the folder above 'odoo'")


def _newest(cache: Path) -> OdooTree | None:
    trees = sorted(cache.glob(f"odoo-*-r{_RECIPE}"), key=lambda tree: tree.stat().st_mtime)
    if not trees:
        return None
    version = trees[-1].name.removeprefix("odoo-").removesuffix(f"-r{_RECIPE}")
    return OdooTree(trees[-1] / _LIBRARY, version)


def _fetch(places: Places) -> OdooTree:
    require_room(places.cache, _ROOM)
    for part in places.cache.glob("odoo.part-*"):  # of a killed run: as much as possible
        shutil.rmtree(part, ignore_errors=True)
    packages = [f"{name}/{_SUITE}" for name in ("odoo-19", *_COMPANIONS)]
    packages.append(f"{_OLD_COMPANION}/{_OLD_SUITE}")
    with tempfile.TemporaryDirectory(prefix="odoo.part-", dir=places.cache) as building:
        tree = Path(building, "tree")
        version = fetch(packages, places.cache / "apt", tree, places.logs)
        _complete(tree / _LIBRARY)
        final = tree.rename(places.cache / f"odoo-{version}-r{_RECIPE}")
    say(f"Odoo {version} is ready")
    return OdooTree(final / _LIBRARY, version)


def _complete(library: Path) -> None:
    """Add the one file missing from the package, and check that its links have targets."""
    absent = library / _ABSENT
    absent.parent.mkdir(parents=True, exist_ok=True)
    absent.touch()
    scripts = (path for suffix in ("js", "css") for path in library.rglob(f"*.{suffix}"))
    broken = [path for path in scripts if not path.exists()]
    if broken:
        raise SandboxError(
            f"Debian's odoo-19 lacks {broken[0].relative_to(library)}, which has moved: {INSTEAD}"
        )
