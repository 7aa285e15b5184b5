"""``./sandbox bench``: what each step costs on a ledger at scale."""

import json
import os
import platform
from datetime import datetime, timezone

from .bench_oca import measure_oca
from .bench_table import as_markdown
from .bench_workers import measure_workers
from .demo import free_port
from .errors import SandboxError
from .locking import only_run
from .places import Places
from .processes import require_room, run_shown, say
from .session import Session
from .system_packages import bring

# Gigabytes for 50,000 items, and for each million.
_ROOM, _ROOM_PER_MILLION = 2.0, 12.0


def run_bench(places: Places, items: int, customers: int, sent: int, oca: bool = False) -> int:
    """Measure every step on a new database and return 1 when one falls short of its target.

    :param int sent: customers to write to and to book for; 0 leaves these steps out
    :param bool oca: also run OCA's module on the same ledger
    """
    require_room(places.state, _ROOM + _ROOM_PER_MILLION * items / 1e6)
    with only_run(places.state, "bench"), Session(places) as session:
        odoo = session.odoo
        bring(places, "wkhtmltopdf")
        database = session.databases.fresh("bench", demo=False)
        results = places.output / f"bench-{items}.json"
        results.parent.mkdir(parents=True, exist_ok=True)
        options = ["-d", database, "--http-port", str(free_port()), "--log-level", "warn"]
        argv = odoo.argv("bench_driver", results, str(items), str(customers), str(sent), *options)
        load = os.getloadavg()[0]
        code = run_shown(argv, odoo.environment(database), places.root)
        if code:
            raise SandboxError(f"the benchmark failed (exit code {code}): see above")
        found = json.loads(results.read_text("utf-8"))
        if sent:
            found["workers"] = measure_workers(session, database)
        if oca:
            found["oca"] = measure_oca(session, database)
        found |= {
            "date": datetime.now(timezone.utc).date().isoformat(),
            "machine": f"{os.cpu_count()} × {platform.machine()}, {platform.system()}",
            "load_before": round(load, 2),
            "load_after": round(os.getloadavg()[0], 2),
        }
        results.write_text(json.dumps(found, indent=1), "utf-8")
        title = f"{items:,} items of {customers:,} customers, {sent} written to"
        results.with_suffix(".md").write_text(as_markdown(found, title), "utf-8")
        short = [step["step"] for step in found["steps"] if step["falls_short"]]
        say(f"Figures: {results}, and as a table: {results.with_suffix('.md')}")
        if short:
            say(f"Short of their targets: {', '.join(short)}")
        return int(bool(short))
