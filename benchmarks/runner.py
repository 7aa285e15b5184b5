"""``./sandbox bench``: what each step costs on a ledger at scale, as JSON and as a table."""

import json
import os
import platform
from datetime import datetime, timezone

from sandbox_lib.errors import SandboxError
from sandbox_lib.locking import only_run
from sandbox_lib.places import Places
from sandbox_lib.processes import free_port, require_room, run_shown, say
from sandbox_lib.python_env import unpack_wheels
from sandbox_lib.session import Session
from sandbox_lib.system_packages import bring

from .workers import measure_workers

# Gigabytes for 50,000 items, and for each million.
_ROOM, _ROOM_PER_MILLION = 2.0, 12.0
_OCA = "account_credit_control"
_COLUMNS = ("step", "seconds", "cpu_seconds", "queries", "rows_written", "peak_mb", "ratio")
_HEAD = (
    "| Step | seconds | CPU | queries | rows written | peak MB | ratio | target |\n"
    "|---|---|---|---|---|---|---|---|"
)
_LIMITS = {
    "seconds": "≤ {} s",
    "cpu_seconds": "≤ {} s CPU",
    "queries": "≤ {} queries",
    "ratio": "≤ {} ×",
    "peak_mb": "≤ {} MB",
}


def run_bench(places: Places, items: int, customers: int, sent: int, oca: bool) -> int:
    """Measure every step on a new database and return 1 when one falls short of its target.

    :param int sent: customers to write to and to book for; 0 leaves these steps out
    :param bool oca: also run OCA's module on the same ledger
    """
    require_room(places.state, _ROOM + _ROOM_PER_MILLION * items / 1e6)
    with only_run(places.state, "bench"), Session(places) as session:
        bring(places, "wkhtmltopdf")
        database = session.databases.fresh("bench", demo=False)
        load = os.getloadavg()[0]
        found = _call(session, "benchmarks.steps:write", database, items, customers, sent)
        if sent:
            found["workers"] = measure_workers(session, database)
        if oca:
            found["oca"] = _measure_oca(session, database)
        found |= {
            "date": datetime.now(timezone.utc).date().isoformat(),
            "machine": f"{os.cpu_count()} × {platform.machine()}, {platform.system()}",
            "load_before": round(load, 2),
            "load_after": round(os.getloadavg()[0], 2),
        }
    results = places.output / f"bench-{items}.json"
    results.write_text(json.dumps(found, indent=1), "utf-8")
    title = f"{items:,} items of {customers:,} customers, {sent} written to"
    results.with_suffix(".md").write_text(_as_markdown(found, title), "utf-8")
    say(f"Figures: {results}, and as a table: {results.with_suffix('.md')}")
    short = [step["step"] for step in found["steps"] if step["falls_short"]]
    if short:
        say(f"Short of their targets: {', '.join(short)}")
    return int(bool(short))


def _call(session: Session, function: str, database: str, *arguments, options=()) -> dict:
    """Run a function that measures, shown on this terminal, and return what it wrote."""
    odoo, results = session.odoo, session.places.output / "bench.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    options = ["-d", database, "--http-port", free_port(), "--log-level", "warn", *options]
    argv = odoo.argv(function, results, *arguments, *options)
    if code := run_shown(argv, odoo.environment(database), session.places.root):
        raise SandboxError(f"{function} failed (exit code {code}): see above")
    return json.loads(results.read_text("utf-8"))


def _measure_oca(session: Session, database: str) -> dict:
    """Download OCA's module, never part of the project, and return what its plan costs."""
    wanted = ["--pre", f"odoo-addon-{_OCA}>=19.0.dev0,<19.1"]
    addons = unpack_wheels(session.places, wanted)
    paths = ["--addons-path", f"{session.places.root},{addons}"]
    session.odoo.run(f"Installing {_OCA}", database, "-i", _OCA, *paths, log_name="install-oca")
    return _call(session, "benchmarks.oca:measure", database, options=paths)


def _as_markdown(found: dict, title: str) -> str:
    """Return a section for ``RESULTS.md``: the machine and its load, a row a step, the workers."""
    machine = (
        f"{found['machine']}, PostgreSQL {found['postgresql']}; "
        f"load {found['load_before']} before, {found['load_after']} after."
    )
    steps = [*found["steps"], *([found["oca"]] if "oca" in found else [])]
    lines = [f"## {title}: {found['date']}", machine, "\n".join([_HEAD, *map(_row, steps)])]
    if workers := found.get("workers"):
        lines.append("\n".join(map(_worker_line, workers)))
    return "\n\n".join(lines) + "\n"


def _row(step: dict) -> str:
    limits = step["limits"].items()
    target = ", ".join(_LIMITS[name].format(round(limit, 2)) for name, limit in limits)
    cells = [*(step.get(column, "") for column in _COLUMNS)]
    cells.append(f"{target}{': short' if step['falls_short'] else ''}")
    return f"| {' | '.join(map(str, cells))} |"


def _worker_line(found: dict) -> str:
    number = found["workers"]
    return (
        f"- {number} {'worker' if number == 1 else 'workers'} side by side: {found['messages']} "
        f"messages up to the mail server in {found['seconds']} s, processor time "
        f"{' + '.join(map(str, found['cpu_seconds']))} s, each message once."
    )
