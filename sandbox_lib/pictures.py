"""``./sandbox pictures``: the guide's pictures, taken from the demo so that they never age."""

import json
import shutil
from pathlib import Path

from .demo import demo_database, demo_options, serving
from .errors import SandboxError
from .locking import only_run
from .mail_sink import MailSink
from .places import Places
from .processes import free_port, run_shown, say
from .python_env import PICTURES, python_env
from .session import Session
from .system_packages import BROWSERS, bring


def take_pictures(places: Places, only: str | None) -> int:
    """Take the pictures that ``docs/guide/pictures.json`` lists; return 1 on a console error.

    :param only: take those whose name contains this text
    """
    guide = places.root / "docs" / "guide"
    jobs = json.loads((guide / "pictures.json").read_text("utf-8"))
    jobs = [job for job in jobs if not only or only in job["file"]]
    if not jobs:
        raise SandboxError(f"no picture of the guide has a name like {only}")
    bring(places, "chromium")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        raise SandboxError("without Chromium no picture can be taken")
    with only_run(places.state, "pictures"), Session(places) as session:
        python = python_env(places, PICTURES) / "bin" / "python"
        port = free_port()
        with MailSink(places.output / "mails") as sink:
            options = demo_options(demo_database(session), port, sink)
            with serving(session.odoo, options, port) as (_server, address):
                say(f"{len(jobs)} pictures to {guide} …")
                order = {"address": address, "browser": browser, "folder": str(guide)}
                return _drive(python, places, {**order, "jobs": jobs})


def _drive(python: Path, places: Places, order: dict) -> int:
    file = places.state / "pictures.json"
    file.write_text(json.dumps(order), "utf-8")
    driver = Path(__file__).with_name("pictures_driver.py")
    return run_shown([python, "-I", driver, file], None, places.root)
