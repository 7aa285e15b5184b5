"""What lets the tests on Odoo wait less: a company made once, templates compiled once.

A plugin of pytest, which ``conftest`` loads where a database was made for the run (``--ready``).
"""

import gc
import os
from unittest.mock import patch

import pytest

from odoo.models import BaseModel
from odoo.orm.registry import Registry

OURS = pytest.StashKey[dict]()
TOUR_WEIGHT = 12  # a line of a browser tour lasts as long as so many of another test


def pytest_collection_modifyitems(config, items):
    """Let the heaviest files come first, where two runs share them."""
    if config.getoption("begun"):
        items.sort(key=lambda item: weigh(item.path), reverse=True)


def weigh(file):
    """Return what a test file weighs: tests are of much the same length, but for the tours."""
    tour = file.name.startswith("test_tours")
    return file.stat().st_size * (TOUR_WEIGHT if tour else 1), file


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Do the files that this run begins; what the other one has begun is passed over.

    pytest takes down, after each test, what the next one does not need: it must be told the next
    that is done here.
    """
    folder = session.config.getoption("begun")
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None
    ours = (item for item in session.items if is_ours(session.config, folder, item.path))
    item = next(ours, None)
    while item is not None:
        following = next(ours, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def is_ours(config, folder, file):
    """Tell whether this run is the one that begins a file, the first time it is asked for it."""
    ours = config.stash.setdefault(OURS, {})
    if file not in ours:
        try:
            os.close(os.open(folder / f"{file.parent.name}-{file.name}", os.O_CREAT | os.O_EXCL))
            ours[file] = True
        except FileExistsError:
            ours[file] = False
    return ours[file]


@pytest.fixture(scope="session", autouse=True)
def class_ready(load_registry):
    """Let Odoo prepare a class once, chart of accounts included, and commit it for the others."""
    # Imports that need Odoo's configuration, which is read after the plugins.
    from .orm.dunning_common import AccountTestInvoicingCommon, DunningCommon

    class Ready(AccountTestInvoicingCommon):
        chart_template = DunningCommon.chart_template
        country_code = DunningCommon.country_code
        freeze_time = DunningCommon.freeze_time

    try:
        Ready.setUpClass()
        DunningCommon.ready = {
            name: keep(value)
            for name, value in vars(Ready).items()
            if isinstance(value, BaseModel) or name == "company_data"
        }
        # A class on another chart makes its own by the names that Odoo's tests give.
        for record in (*(Ready.user | Ready.simple_accountman).sudo(), Ready.company.sudo()):
            name = "login" if "login" in record._fields else "name"
            record[name] += "_ready"
        Ready.env.flush_all()
        type(Ready.cr).commit(Ready.cr)  # Odoo's class forbids its own cursor to
    finally:
        Ready.doClassCleanups()
    # The registry lives as long as the run: the collector need not go through it again.
    gc.collect()
    gc.freeze()


def keep(value):
    """Return the model and the ids of records, or of each of a dictionary."""
    if isinstance(value, dict):
        return {name: keep(records) for name, records in value.items()}
    return value._name, value.ids


@pytest.fixture(scope="session", autouse=True)
def pages_kept():
    """Let a test that ends leave pages compiled, unless it changed what they are made of.

    Odoo's tests, which alone call this, clear all caches each time.
    """
    changed = set()
    clear = Registry.clear_cache

    def note(registry, *names):
        changed.update(names)
        clear(registry, *names)

    def clear_others(registry):
        clear(registry, "stable", *changed)
        changed.clear()

    with patch.multiple(Registry, clear_cache=note, clear_all_caches=clear_others):
        yield
