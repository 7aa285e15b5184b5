"""What every browser tour needs: a page server, a Chromium and a user who collects."""

from functools import cache
from tempfile import TemporaryDirectory
from unittest import SkipTest
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.addons.web.controllers import dataset
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.service.model import call_kw
from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser, _find_executable, get_db_name

from .dunning_common import DunningCommon
from .one_processor import on_all

LOGIN = "tourist"
BUNDLES = {  # of the pages on both sides, and of their tours: the types requested by a browser
    "web.assets_web": ("js", "css"),
    "web.assets_web_print": ("css",),
    "web.assets_emoji": ("js",),
    "web.assets_frontend": ("js", "css"),
    "web.assets_frontend_lazy": ("js",),
    "web.assets_tests": ("js",),
    "web.__assets_tests_call__": ("js",),
}
LIVED_IN = {"lang", "tz", "allowed_company_ids"}  # part of the context: the user's environment
PATIENCE = 300  # seconds: the first page of a new database builds its assets


@cache
def make_bundles():
    """Store the assets of the pages in the database: a test or a class would build them again."""
    with Registry(get_db_name()).cursor() as cr:
        qweb = Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for name, kinds in BUNDLES.items():
            bundle = qweb._get_asset_bundle(name)
            for kind in kinds:
                getattr(bundle, kind)()


@cache
def make_browser_cache():
    """Make a folder for what the browsers of a run keep of the pages' scripts, compiled as well."""
    return TemporaryDirectory(prefix="browser")


def start_browser(browser, argv, start=ChromeBrowser._spawn_chrome):
    """Start a browser as Odoo does, with what those before it kept: as at a user's second visit."""
    return start(browser, [*argv[:-1], f"--disk-cache-dir={make_browser_cache().name}", argv[-1]])


class TourCommon(DunningCommon, HttpCase):
    """If the machine has no Chromium, the tours are skipped, and say so."""

    # Requests of a page wait for each other: on a busy machine, as long as its assets take.
    test_cursor_lock_timeout = PATIENCE
    freeze_time = None  # a browser uses today's date: it would drop the session of another day
    groups = ("account_dunning_fr.group_dunning_user",)  # of the user who runs the tours

    @classmethod
    def setUpClass(cls):
        try:
            _find_executable()
        except SkipTest as error:
            raise SkipTest("Chromium is not installed") from error
        make_bundles()
        super().setUpClass()
        cls.collector = cls.new_user(LOGIN, *cls.groups, lang="en_US", email="t@creancier.example")
        cls.collector.tz = "Europe/Paris"  # where the creditor is: one day in all that a tour sees
        # A PDF made meanwhile fetches nothing from the server, which is busy with its request.
        cls.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.today = cls.company._get_dunning_today()
        # A browser uses today's date, whose rates may be unconfirmed: no tour is about them.
        cls.company.dunning_send_unconfirmed = True

    def browser_js(self, *args, **options):
        """Let the browser use all processors, whichever this run is kept on."""
        with on_all(), patch.object(ChromeBrowser, "_spawn_chrome", start_browser):
            return super().browser_js(*args, **options)

    def walk(self, page, tour):
        """Run a tour as the collector, starting from a page.

        The requests of the pages must contain the language and the companies of the user.
        """
        strangers = []

        def call_noted(model, name, args, kwargs):
            if name.startswith("action_") and LIVED_IN - set(kwargs.get("context") or {}):
                strangers.append((model._name, name))
            return call_kw(model, name, args, kwargs)

        with patch.object(dataset, "call_kw", call_noted):
            self.start_tour(page, f"account_dunning_fr_{tour}", login=LOGIN, timeout=PATIENCE)
        self.assertEqual(strangers, [], "asked without language, time zone or companies")
