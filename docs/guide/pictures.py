"""``./sandbox pictures``: the guide's pictures, taken from the demo so that they never age.

``docs/guide/pictures.json`` lists them: ``file``, ``path`` and optionally ``login`` (the password
is the same), ``size`` (1366x768), ``click`` (texts or selectors, one after the other) and ``full``
(the whole page).
"""

import json
import shutil
import site
from pathlib import Path

from sandbox_lib.demo import demo_database, demo_options, serving
from sandbox_lib.errors import SandboxError
from sandbox_lib.mail_sink import MailSink
from sandbox_lib.places import Places
from sandbox_lib.processes import free_port, say
from sandbox_lib.python_env import PICTURES, python_env
from sandbox_lib.session import Session
from sandbox_lib.system_packages import BROWSERS, bring

_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_PATIENCE = 30_000
# Milliseconds for what still moves after the server's last response: sheets, menus, charts.
_SETTLE = 1_200


def take_pictures(places: Places, only: str | None) -> int:
    """Take the pictures; return 1 if the console reported an error or a picture could not be taken.

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
    site.addsitedir(str(next(python_env(places, PICTURES).glob("lib/python*/site-packages"))))
    with Session(places, "pictures") as session:
        port = free_port()
        with MailSink(places.output / "mails") as sink:
            options = demo_options(demo_database(session), port, sink)
            with serving(session.odoo, options, port) as (_server, address):
                say(f"{len(jobs)} pictures to {guide} …")
                complaints = _take_all(jobs, address, browser, guide)
    say("\n".join(complaints) or "No error in the console")
    return int(bool(complaints))


def _take_all(jobs: list[dict], address: str, browser: str, folder: Path) -> list[str]:
    """Take pictures, and return the errors reported by the console and the pages."""
    from playwright.sync_api import TimeoutError as Late
    from playwright.sync_api import sync_playwright

    complaints = []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=_FLAGS)
        pages = {}
        for job in jobs:
            who = (job.get("login", "recouvrement"), job.get("size", "1366x768"))
            if who not in pages:
                pages[who] = _log_in(chromium, address, *who)
                _listen(pages[who], complaints)
            try:
                _take(pages[who], address, job, folder / job["file"])
            except Late as late:
                complaints.append(f"{job['file']}: {str(late).splitlines()[0]}")
            say(f"  {job['file']}")
        chromium.close()
    return complaints


def _log_in(browser, address: str, login: str, size: str):
    width, height = map(int, size.split("x"))
    page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
    page.set_default_timeout(_PATIENCE)
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    return page


def _listen(page, complaints: list[str]) -> None:
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def _take(page, address: str, job: dict, file: Path) -> None:
    page.goto(address + job["path"])
    page.wait_for_selector(".o_main_navbar")
    page.wait_for_selector(".o_action_manager > *, .o_dialog")
    _settle(page)
    for target in job.get("click", ()):
        selector = target.startswith((".", "[", "#"))
        found = page.locator(target) if selector else page.get_by_text(target, exact=True)
        found.first.click()
        _settle(page)
    page.screenshot(path=file, full_page=job.get("full", False))


def _settle(page) -> None:
    page.wait_for_timeout(_SETTLE)
    page.wait_for_selector(".o_loading_indicator", state="hidden")
