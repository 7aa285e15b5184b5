"""What lets the tests on Odoo wait less: a company made once, what Odoo knows kept.

A plugin of pytest, which ``conftest`` loads where a database was made for the run (``--ready``).
"""

import gc
import os
from functools import lru_cache, partial, wraps
from itertools import islice
from unittest.mock import patch

import pytest

from odoo.models import BaseModel
from odoo.orm.registry import _CACHES_BY_KEY, Registry

from .orm.found_sooner import found_sooner
from .orm.one_processor import get_processors, stay_on

OURS = pytest.StashKey[dict]()
CACHES = pytest.StashKey["Caches"]()
# A line of a browser tour lasts as long as so many others, one that tries every role or text too.
WEIGHTS = {"test_tours": 12, "test_rights": 3, "test_hostile": 5}
# What a class leaves is undone and fills pages: counted then, they are empty tables for the planner
# of PostgreSQL, whose nested loops take a minute for sixty invoices. Never counted, they are not.
UNCOUNTED = """
    DO $$ DECLARE tested regclass; BEGIN
        FOR tested IN SELECT oid FROM pg_class
                       WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', tested); END LOOP;
    END $$
"""


def pytest_configure(config):
    config.stash[CACHES] = Caches()
    if folder := config.getoption("begun"):
        free = (each for each in get_processors() if claim(folder, f"processor-{each}"))
        stay_on(list(islice(free, 1)))


def pytest_collection_modifyitems(config, items):
    """Let the heaviest files come first, where two runs share them."""
    if config.getoption("begun"):
        items.sort(key=lambda item: weigh(item.path), reverse=True)


def weigh(file):
    """Return what a test file weighs: tests are of much the same length, but for some kinds."""
    kinds = (weight for kind, weight in WEIGHTS.items() if file.name.startswith(kind))
    return file.stat().st_size * next(kinds, 1), file


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
        # All the tours by one: what the pages are made of is made once in its database.
        tour = file.name.startswith("test_tours")
        ours[file] = claim(folder, "tours" if tour else f"{file.parent.name}-{file.name}")
    return ours[file]


def claim(folder, name):
    """Tell whether this run is the first of those side by side that takes what bears a name."""
    try:
        os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


@pytest.fixture(scope="session", autouse=True)
def class_ready(load_registry, pytestconfig):
    """Let Odoo prepare a class once for each chart of accounts, and commit it for the others."""
    # An import that needs Odoo's configuration, which is read after the plugins.
    from .orm.dunning_common import DunningCommon

    make = partial(make_ready, pytestconfig.stash[CACHES])
    DunningCommon.get_ready = staticmethod(lru_cache(make))
    DunningCommon.get_ready(DunningCommon.chart_template)
    # The registry lives as long as the run: the collector need not go through it again.
    gc.collect()
    gc.freeze()


def make_ready(caches, chart):
    """Commit what Odoo prepares for a class on a chart, and return it by the names it gives."""
    from .orm.dunning_common import AccountTestInvoicingCommon, DunningCommon

    class Ready(AccountTestInvoicingCommon):
        chart_template = chart
        country_code = DunningCommon.country_code
        freeze_time = DunningCommon.freeze_time

    try:
        Ready.setUpClass()
        ready = {
            name: keep(value)
            for name, value in vars(Ready).items()
            if isinstance(value, BaseModel) or name == "company_data"
        }
        # A class on another chart makes its own by the names that Odoo's tests give.
        for record in (*(Ready.user | Ready.simple_accountman).sudo(), Ready.company.sudo()):
            name = "login" if "login" in record._fields else "name"
            record[name] += f"_{chart}"
        with_alias = [("company_id", "=", Ready.company.id), ("alias_name", "!=", False)]
        for journal in Ready.env["account.journal"].sudo().search(with_alias):
            journal.alias_name += f"-{chart}"
        # Odoo gives each page a second to run its scripts; those that are printed have none.
        Ready.env["ir.config_parameter"].sudo().set_param("report.print_delay", "0")
        Ready.env.flush_all()
        Ready.cr.execute(UNCOUNTED)
        type(Ready.cr).commit(Ready.cr)  # Odoo's class forbids its own cursor to
    finally:
        Ready.doClassCleanups()
    caches.forget()
    return ready


def keep(value):
    """Return the model and the ids of records, or of each of a dictionary."""
    if isinstance(value, dict):
        return {name: keep(records) for name, records in value.items()}
    return value._name, value.ids


class Caches:
    """What Odoo keeps in memory, given back once what made it stale is undone.

    Odoo's tests empty all caches after each test and each class, so that the next one finds out
    again what each user may read, what each term is in French, what each page is made of. But a
    test ends in the state of the database in which it began: what was known then still holds.
    """

    def __init__(self):
        self.aside = [{}]  # {registry's cache: (values, order)} of the class, then of the test

    def empty(self, registry, names):
        """Empty these caches, and put aside what they held before the first change."""
        caches = registry._Registry__caches
        for name in {cache for key in names for cache in _CACHES_BY_KEY[key]}:
            if name not in self.aside[-1]:
                cache = caches[name]
                with cache._lock:
                    self.aside[-1][name] = cache, cache._values, cache._ordering
                    cache._values, cache._ordering = {}, {}

    def forget(self):
        """Give nothing back: something was committed meanwhile."""
        self.aside[-1].clear()

    def begin(self):
        self.aside.append({})

    def end(self):
        """Give back what was put aside since the beginning of the test, or else of the class."""
        aside = self.aside[-1]
        if len(self.aside) > 1:
            self.aside.pop()
        for cache, values, order in aside.values():
            with cache._lock:
                cache._values, cache._ordering = values, order
        aside.clear()


@pytest.fixture(scope="session", autouse=True)
def caches_kept(pytestconfig, class_ready):
    """Let what Odoo knows outlive a test, unless the test changed it."""
    caches = pytestconfig.stash[CACHES]
    clear, clear_all = Registry.clear_cache, Registry.clear_all_caches

    def put_aside(registry, *names):
        caches.empty(registry, names or ("default",))
        clear(registry, *names)

    def put_all_aside(registry):
        caches.empty(registry, _CACHES_BY_KEY)
        clear_all(registry)

    with patch.multiple(Registry, clear_cache=put_aside, clear_all_caches=put_all_aside):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Begin after the class is prepared, and end once the test is undone."""
    caches = item.config.stash[CACHES]
    caches.begin()
    try:
        return (yield)
    finally:
        caches.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    try:
        return (yield)
    finally:
        if not nextitem or nextitem.parent is not item.parent:
            item.config.stash[CACHES].end()


@pytest.fixture(scope="session", autouse=True)
def charts_read_once(load_registry):
    """Let Odoo look once for the charts that its modules bring, not for each company that is made.

    It imports the modules of some sixty countries and calls what each chart says of itself.
    """
    # An import that needs Odoo's configuration, which is read after the plugins.
    from odoo.addons.account.models.chart_template import AccountChartTemplate

    read, known = AccountChartTemplate._get_chart_template_mapping, {}

    def get_mapping(model, get_all=False):
        key = get_all, model.env.lang  # the charts bear the names of their countries
        if key not in known:
            known[key] = read(model, get_all)
        return {name: dict(chart) for name, chart in known[key].items()}

    with patch.object(AccountChartTemplate, "_get_chart_template_mapping", get_mapping):
        yield


@pytest.fixture(scope="session", autouse=True)
def odoo_finds_sooner(load_registry):
    """Let Odoo look less for what depends on a field, for environments and for names."""
    with found_sooner():
        yield


@pytest.fixture(scope="session", autouse=True)
def refusals_worded_once(load_registry):
    """Let Odoo look once for the groups that its refusals name, not at each of many thousands.

    Who may do what is looked for as ever: this is what the message says of those who may.
    """
    # An import that needs Odoo's configuration, which is read after the plugins.
    from odoo.addons.base.models.ir_model import IrModelAccess

    read, known = IrModelAccess.group_names_with_access, {}

    @wraps(read)
    def get_names(accesses, model_name, access_mode):
        key = accesses.env.lang, model_name, access_mode
        if key not in known:
            known[key] = read(accesses, model_name, access_mode)
        return list(known[key])

    with patch.object(IrModelAccess, "group_names_with_access", get_names):
        yield


@pytest.fixture(scope="session", autouse=True)
def server_asked_directly(load_registry):
    """Let no request look for a proxy or a password file: the server is in this very process."""
    # An import that needs Odoo's configuration, which is read after the plugins.
    from odoo.tests.common import Opener

    make = Opener.__init__

    def make_direct(opener, case):
        make(opener, case)
        opener.trust_env = False

    with patch.object(Opener, "__init__", make_direct):
        yield
