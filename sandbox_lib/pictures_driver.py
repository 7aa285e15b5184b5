"""Take pictures of Odoo's pages in Chromium; runs alone in an environment with playwright.

``python pictures_driver.py ORDER.json``: the address, the browser, the folder and the jobs. A job
has ``file``, ``path`` and optionally ``login`` (its password is the same), ``size`` (1366x768),
``click`` (texts or selectors, one after the other) and ``full`` (the whole page).
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000
# Milliseconds for what moves after the last answer of the server: sheets, menus, charts.
SETTLE = 1_200


def main(order_file: str) -> int:
    """Take the pictures, print what the console complained of, return 1 if it did."""
    order = json.loads(Path(order_file).read_text("utf-8"))
    complaints = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=order["browser"], args=list(FLAGS))
        pages = {}
        for job in order["jobs"]:
            who = (job.get("login", "recouvrement"), job.get("size", "1366x768"))
            if who not in pages:
                pages[who] = _log_in(browser, order["address"], *who)
                _listen(pages[who], complaints)
            try:
                _take(pages[who], order, job)
            except Late as late:
                complaints.append(f"{job['file']}: {str(late).splitlines()[0]}")
            print(f"  {job['file']}", flush=True)
        browser.close()
    print("\n".join(complaints) or "No error in the console", flush=True)
    return bool(complaints)


def _log_in(browser, address: str, login: str, size: str):
    width, height = map(int, size.split("x"))
    page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
    page.goto(f"{address}/web/login", timeout=PATIENCE)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=PATIENCE)
    return page


def _listen(page, complaints: list[str]) -> None:
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def _take(page, order: dict, job: dict) -> None:
    page.goto(order["address"] + job["path"], timeout=PATIENCE)
    page.wait_for_selector(".o_main_navbar", timeout=PATIENCE)
    page.wait_for_selector(".o_action_manager > *, .o_dialog", timeout=PATIENCE)
    _settle(page)
    for target in job.get("click", ()):
        selector = target.startswith((".", "[", "#"))
        found = page.locator(target) if selector else page.get_by_text(target, exact=True)
        found.first.click(timeout=PATIENCE)
        _settle(page)
    page.screenshot(path=str(Path(order["folder"]) / job["file"]), full_page=job.get("full", False))


def _settle(page) -> None:
    page.wait_for_timeout(SETTLE)
    page.wait_for_selector(".o_loading_indicator", state="hidden", timeout=PATIENCE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
