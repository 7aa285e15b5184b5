"""What the drivers do inside Odoo before their work: cut off, and served to wkhtmltopdf."""

from odoo import http
from odoo.service import server
from odoo.tools import config

from .odoo_command import NOWHERE


def cut_off(env) -> None:
    """Leave the database no way to another machine, and give the reports this web server."""
    env["ir.mail_server"].with_context(active_test=False).search([]).unlink()
    parameters = env["ir.config_parameter"]
    parameters.set_param("iap.endpoint", NOWHERE)
    here = f"http://127.0.0.1:{config['http_port']}"
    for name in ("web.base.url", "report.url"):
        parameters.set_param(name, here)
    parameters.set_param("web.base.url.freeze", "True")


def serve() -> server.ThreadedServer:
    """Start Odoo's web server in a thread: wkhtmltopdf asks it for styles and pictures."""
    server.load_server_wide_modules()
    web = server.ThreadedServer(http.root)
    web.start(stop=False)
    return web
