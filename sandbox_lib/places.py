"""The folders the sandbox uses: everything it writes is below one of these."""

import ast
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
# The main addon, and all addons of this repository: the bridges install themselves when the
# applications they connect are installed.
ADDON = "account_dunning_fr"
# The demonstration includes orders and deliveries, but no platform.
SHOWN = (ADDON, f"{ADDON}_sale", f"{ADDON}_stock")
ADDONS = tuple(sorted(path.parent.name for path in _ROOT.glob("*/__manifest__.py")))
# No addon depends on it: Odoo's payment provider without external calls, with which tests/beside
# pay.
_PAYS = "payment_demo"


@dataclass(frozen=True)
class Places:
    """Folders of one clone (``root`` and below) and of one user (``cache``)."""

    root: Path
    cache: Path

    @classmethod
    def of_this_clone(cls) -> "Places":
        """Return the folders for the clone this file belongs to."""
        # PostgreSQL is there: started by root, it runs as another user, who needs access.
        base = Path.home() / ".cache" if os.geteuid() else "/var/cache"
        base = Path(os.environ.get("XDG_CACHE_HOME") or base)
        return cls(_ROOT, base.resolve() / f"{ADDON}_sandbox")

    @property
    def state(self) -> Path:
        """Databases, Odoo's data folder and logs: removed by ``clean``."""
        return self.root / ".sandbox"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def output(self) -> Path:
        """What the demo produces for people to look at."""
        return self.root / "sandbox-output"

    @property
    def pages(self) -> Path:
        return self.state / "pages.json"

    @property
    def clone_id(self) -> str:
        """Short name of this clone, to keep its databases apart on a shared server."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:8]


def depends(addons: tuple[str, ...]) -> list[str]:
    """Return the external modules that these addons depend on, or that their tests use."""
    manifests = [(_ROOT / name / "__manifest__.py").read_text("utf-8") for name in addons]
    found = {name for text in manifests for name in ast.literal_eval(text)["depends"]}
    beside = {_PAYS} if addons != (ADDON,) else set()
    return sorted(found.difference(ADDONS) | beside)
