"""OCA's ``account_credit_control`` on the same ledger: the usual way, to compare with.

It is downloaded when asked for, installed on the bench's database, and never part of the project.
"""

import json
import zipfile
from pathlib import Path

from .errors import SandboxError
from .processes import remove_tree, run_logged, run_shown
from .session import Session

_MODULE = "account_credit_control"


def measure_oca(session: Session, database: str) -> dict:
    """Return what its plan of the same open items costs.

    :raise SandboxError: when it cannot be downloaded, installed or run
    """
    addons = _download(session)
    odoo = session.odoo
    paths = ["--addons-path", f"{odoo.places.root},{addons}"]
    odoo.run(f"Installing {_MODULE}", database, "-i", _MODULE, *paths, log_name="install-oca")
    results = odoo.places.output / "bench-oca.json"
    argv = odoo.argv("bench_oca_driver", results, "-d", database, *paths, "--log-level", "warn")
    if code := run_shown(argv, odoo.environment(database), odoo.places.root):
        raise SandboxError(f"the run of {_MODULE} failed (exit code {code}): see above")
    return json.loads(results.read_text("utf-8"))


def _download(session: Session) -> Path:
    """Bring the module of this Odoo version into a folder of addons and return the folder."""
    folder = session.places.state / "oca"
    remove_tree(folder)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    pip = [str(session.env.python), "-m", "pip", "download", "--no-deps", "--pre"]
    run_logged(
        f"Downloading {_MODULE}",
        [*pip, "--dest", str(wheels), f"odoo-addon-{_MODULE}>=19.0.dev0,<19.1"],
        session.places.logs / "download-oca.log",
    )
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder / "odoo" / "addons"
