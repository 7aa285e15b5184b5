"""The folders the sandbox uses: everything it writes lies below one of these."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

ADDON = "account_dunning_fr"


@dataclass(frozen=True)
class Places:
    """Folders of one clone (``root`` and below) and of one user (``cache``)."""

    root: Path
    cache: Path

    @classmethod
    def of_this_clone(cls) -> "Places":
        """Return the folders for the clone this file belongs to."""
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(__file__).resolve().parents[1], Path(base).resolve() / f"{ADDON}_sandbox")

    @property
    def addon(self) -> Path:
        return self.root / ADDON

    @property
    def state(self) -> Path:
        """Databases, Odoo's data folder and logs: what ``clean`` removes."""
        return self.root / ".sandbox"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def output(self) -> Path:
        """What the demo produces for people to look at."""
        return self.root / "sandbox-output"

    @property
    def clone_id(self) -> str:
        """Short name of this clone, to keep its databases apart on a shared server."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:8]
