"""One of several workers that send the same reminders.

Runs inside the private Python environment: ``python -m sandbox_lib.bench_worker ODOO_OPTIONS…``.
Prints a line when it is ready, starts at the first line it reads, and prints the processor time
of its work.
"""

import sys
import time

import odoo.cli  # noqa: F401 - sets Odoo up: the bare namespace does nothing
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from .loopback import stay_on_this_machine


def main(options: list[str]) -> None:
    """Do the day's sending without the scheduler's lock, as several servers would."""
    stay_on_this_machine()
    config.parse_config(options, setup_logging=True)
    registry = Registry(config["db_name"][0])
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env.ref("account_dunning_fr.mail_template_notice").name  # noqa: B018 - warms the caches
        cr.commit()
        print("ready", flush=True)
        sys.stdin.readline()
        spent = time.process_time()
        env["account.dunning.notice"]._cron_send()
        cr.commit()
        env["mail.mail"].process_email_queue()
        cr.commit()
        print(round(time.process_time() - spent, 2), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
