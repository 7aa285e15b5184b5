"""What every browser tour needs: a page server, a Chromium and somebody who collects."""

from functools import cache
from unittest import SkipTest
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.addons.web.controllers import dataset
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.service.model import call_kw
from odoo.tests import HttpCase
from odoo.tests.common import _find_executable, get_db_name

from .dunning_common import DunningCommon
from .one_processor import on_all

LOGIN = "tourist"
BUNDLES = {  # of the pages of both sides, and of their tours: what a browser asks of each
    "web.assets_web": ("js", "css"),
    "web.assets_web_print": ("css",),
    "web.assets_emoji": ("js",),
    "web.assets_frontend": ("js", "css"),
    "web.assets_frontend_lazy": ("js",),
    "web.assets_tests": ("js",),
    "web.__assets_tests_call__": ("js",),
}
LIVED_IN = {"lang", "tz", "allowed_company_ids"}  # of the context: where who clicks is
PATIENCE = 300  # seconds: the first page of a fresh database builds its assets


@cache
def make_bundles():
    """Keep in the database what the pages are made of: a test or a class would make it again."""
    with Registry(get_db_name()).cursor() as cr:
        qweb = Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for name, kinds in BUNDLES.items():
            bundle = qweb._get_asset_bundle(name)
            for kind in kinds:
                getattr(bundle, kind)()


class TourCommon(DunningCommon, HttpCase):
    """Without a Chromium on the machine the tours are skipped, and say so."""

    # The requests of a page wait for one another: on a busy machine, long enough for its assets.
    test_cursor_lock_timeout = PATIENCE
    freeze_time = None  # a browser lives today: it would drop the session of another day
    groups = ("account_dunning_fr.group_dunning_user",)  # of who walks through the tours

    @classmethod
    def setUpClass(cls):
        try:
            _find_executable()
        except SkipTest as error:
            raise SkipTest("Chromium is not installed") from error
        make_bundles()
        super().setUpClass()
        cls.collector = cls.new_user(LOGIN, *cls.groups, lang="en_US", email="t@creancier.example")
        # A PDF made meanwhile fetches nothing from the server, which is busy with its request.
        cls.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.today = fields.Date.context_today(cls.collector)
        # A browser lives today, whose rates may be to confirm: no tour is about them.
        cls.company.dunning_send_unconfirmed = True

    def browser_js(self, *args, **options):
        """Let the browser use all processors, wherever this run is kept."""
        with on_all():
            return super().browser_js(*args, **options)

    def walk(self, page, tour):
        """Let the collector walk through a tour from a page.

        What the pages ask for, they ask in the language and in the companies of who looks at them.
        """
        strangers = []

        def call_noted(model, name, args, kwargs):
            if name.startswith("action_") and LIVED_IN - set(kwargs.get("context") or {}):
                strangers.append((model._name, name))
            return call_kw(model, name, args, kwargs)

        with patch.object(dataset, "call_kw", call_noted):
            self.start_tour(page, f"account_dunning_fr_{tour}", login=LOGIN, timeout=PATIENCE)
        self.assertEqual(strangers, [], "asked without language, time zone or companies")
