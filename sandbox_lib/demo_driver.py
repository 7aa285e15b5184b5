"""Run ``demo_job`` in an Odoo environment, with Odoo's web server beside it for the PDFs.

Runs inside the private Python environment:
``python -m sandbox_lib.demo_driver STEP OUTPUT_FOLDER PAGES_FILE ODOO_OPTIONS…``.
"""

import json
import sys
from pathlib import Path

import odoo.cli  # noqa: F401 - sets Odoo up: the bare namespace does nothing
from odoo import api, http
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

from . import demo_job
from .loopback import stay_on_this_machine
from .odoo_command import NOWHERE


def main(step: str, output: Path, pages: Path, options: list[str]) -> None:
    """Run one step of the job and commit what it did; write the pages worth opening as JSON.

    :param step: ``prepare``, once after the installation, or ``run``
    """
    stay_on_this_machine()
    config.parse_config(options, setup_logging=True)
    registry = Registry(config["db_name"][0])
    with registry.cursor() as cr:
        _cut_off(api.Environment(cr, api.SUPERUSER_ID, {}))
    web = _serve()
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


def _cut_off(env) -> None:
    """Leave the database no way to another machine, and give the reports this web server."""
    env["ir.mail_server"].with_context(active_test=False).search([]).unlink()
    parameters = env["ir.config_parameter"]
    parameters.set_param("iap.endpoint", NOWHERE)
    here = f"http://127.0.0.1:{config['http_port']}"
    for name in ("web.base.url", "report.url"):
        parameters.set_param(name, here)
    parameters.set_param("web.base.url.freeze", "True")


def _serve() -> server.ThreadedServer:
    """Start Odoo's web server in a thread: wkhtmltopdf asks it for styles and pictures."""
    server.load_server_wide_modules()
    web = server.ThreadedServer(http.root)
    web.start(stop=False)
    return web


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
