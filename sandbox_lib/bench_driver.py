"""Run ``benchmarks.steps`` in an Odoo environment.

Runs inside the private Python environment:
``python -m sandbox_lib.bench_driver RESULTS_FILE ITEMS CUSTOMERS SENT ODOO_OPTIONS…``.
"""

import json
import sys
from pathlib import Path

import odoo.cli  # noqa: F401 - sets Odoo up: the bare namespace does nothing
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from .inside import cut_off, serve
from .loopback import stay_on_this_machine


def main(results: Path, items: int, customers: int, sent: int, options: list[str]) -> None:
    """Run every step and write what they cost as JSON."""
    stay_on_this_machine()
    config.parse_config(options, setup_logging=True)
    from benchmarks import steps  # once Odoo knows where its addons are

    registry = Registry(config["db_name"][0])
    web = serve()
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            cut_off(env)
            costs = steps.run(env, items, customers, sent)
            found = {**steps.machine(env), "steps": costs}
    finally:
        web.stop()
    results.write_text(json.dumps(found, indent=1), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]), sys.argv[5:])
