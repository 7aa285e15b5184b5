"""``./sandbox bench``: the cost of each step on a ledger at scale, as JSON and as a table."""

import json
import os
import platform
from datetime import datetime, timezone

from sandbox_lib.errors import SandboxError
from sandbox_lib.places import Places
from sandbox_lib.processes import free_port, require_room, run_shown, say
from sandbox_lib.session import Session
from sandbox_lib.system_packages import bring
from tests.faults.oca import unpack_addons

from .table import as_markdown
from .workers import SHARED, WORKERS, measure_workers

# Gigabytes for 50,000 items, and for each million.
_ROOM, _ROOM_PER_MILLION = 2.0, 12.0
# OCA's modules to compare with, and their dependencies.
_OCA = ("account_credit_control", "partner_statement", "report_xlsx", "report_xlsx_helper")
_PRINTED = 20  # customers for the comparison with OCA's modules if the run writes to nobody
# Customers shared by the workers, ten percent more than their notices: some are on hold.
_SHARED = SHARED * len(WORKERS) * 11 // 10


def run_bench(places: Places, items: int, customers: int, sent: int, oca: bool) -> int:
    """Measure every step on a new database and return 1 if one misses its target.

    :param int sent: number of customers to write to and to book for; 0 omits these steps
    :param bool oca: also do the same work with OCA's modules and with the addon, side by side
    """
    require_room(places.state, _ROOM + _ROOM_PER_MILLION * items / 1e6)
    if sent and customers < sent + _SHARED:
        raise SandboxError(f"--customers must be {sent + _SHARED} or more, or --sent 0")
    with Session(places, "bench") as session:
        bring(places, "wkhtmltopdf")
        database = session.databases.fresh("bench")
        without = session.databases.fresh("bench_without", installed=False)
        load = os.getloadavg()[0]
        found = _call(session, "benchmarks.steps:write", database, items, customers, sent, without)
        if oca:
            found["oca"] = _measure_oca(session, items, customers, sent)
        if sent:
            found["workers"] = measure_workers(session, database)
        found |= {
            "date": datetime.now(timezone.utc).date().isoformat(),
            "machine": f"{os.cpu_count()} × {platform.machine()}, {platform.system()}",
            "load_before": round(load, 2),
            "load_after": round(os.getloadavg()[0], 2),
        }
    results = places.output / f"bench-{items}.json"
    results.write_text(json.dumps(found, indent=1), "utf-8")
    title = f"{items:,} items of {customers:,} customers, {sent} written to"
    results.with_suffix(".md").write_text(as_markdown(found, title), "utf-8")
    say(f"Figures: {results}, and as a table: {results.with_suffix('.md')}")
    short = [step["step"] for step in found["steps"] if step["falls_short"]]
    if short:
        say(f"Short of their targets: {', '.join(short)}")
    return int(bool(short))


def _call(session: Session, function: str, database: str, *arguments, options=()) -> dict:
    """Run a measuring function, shown on this terminal, and return what it wrote."""
    odoo, results = session.odoo, session.places.output / "bench.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    options = ["-d", database, "--http-port", free_port(), "--log-level", "warn", *options]
    argv = odoo.argv(function, results, *arguments, *options)
    if code := run_shown(argv, odoo.environment(database), session.places.root):
        raise SandboxError(f"{function} failed (exit code {code}): see above")
    return json.loads(results.read_text("utf-8"))


def _measure_oca(session: Session, items: int, customers: int, sent: int) -> list[dict]:
    """Download OCA's modules, which are never part of the project, and measure them and the addon.

    They have a database of their own with the same ledger, so that their changes to Odoo's models
    do not affect the other figures.
    """
    addons = unpack_addons(session.places, _OCA)
    paths = ["--addons-path", f"{session.places.root},{addons}"]
    database = session.databases.fresh("bench_oca")
    modules = ",".join(_OCA)
    session.odoo.run(f"Installing {modules}", database, "-i", modules, *paths, log_name="bench-oca")
    numbers = (items, customers, sent or _PRINTED)
    return _call(session, "benchmarks.oca:measure", database, *numbers, options=paths)
