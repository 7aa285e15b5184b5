"""Run ``demo_job`` in an Odoo environment, with Odoo's web server beside it for the PDFs.

Runs inside the private Python environment:
``python -m sandbox_lib.demo_driver STEP OUTPUT_FOLDER PAGES_FILE ODOO_OPTIONS…``.
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


def main(step: str, output: Path, pages: Path, options: list[str]) -> None:
    """Run one step of the job and commit what it did; write the pages worth opening as JSON.

    :param step: ``prepare``, once after the installation, or ``run``
    """
    stay_on_this_machine()
    config.parse_config(options, setup_logging=True)
    registry = Registry(config["db_name"][0])
    from . import demo_job  # the addon that it imports is found from here on

    with registry.cursor() as cr:
        cut_off(api.Environment(cr, api.SUPERUSER_ID, {}))
    web = serve()
    try:
        with registry.cursor() as cr:
            user = api.Environment(cr, api.SUPERUSER_ID, {})["res.users"]
            env = api.Environment(cr, api.SUPERUSER_ID, user.context_get())
            if step == "prepare":
                demo_job.prepare(env)
            else:
                demo_job.run(env, output)
    finally:
        web.stop()
    pages.write_text(json.dumps(demo_job.PAGES), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
