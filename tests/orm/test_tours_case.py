"""The preparation of a court file in a real browser, from the invoice to its pieces.

Without a Chromium on the machine it is skipped, and says so.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import _find_executable

from .case_common import CREDITOR
from .common import DunningCommon

LOGIN = "case_tour_manager"
PATIENCE = 300  # seconds: the first page of a fresh database builds its assets


@tagged("post_install", "-at_install")
class TestCaseTour(DunningCommon, HttpCase):
    # The requests of a page wait for one another: on a busy machine, long enough for its assets.
    test_cursor_lock_timeout = PATIENCE
    freeze_time = None  # a browser lives today: it would drop the session of another day

    @classmethod
    def setUpClass(cls):
        _find_executable()  # skips the class where there is none
        super().setUpClass()
        cls.company.write({**CREDITOR, "dunning_representative": False})
        cls.manager = cls.new_user(
            LOGIN,
            "account_dunning_fr.group_dunning_manager",
            name="Manager",
            lang="en_US",
            email="m@creancier.example",
        )
        for bundle in ("web.assets_web", "web.assets_tests"):
            cls.env["ir.qweb"]._get_asset_bundle(bundle, css=False).js()

    def test_a_file_is_prepared_step_by_step(self):
        debtor = self.customer(
            "Debtor",
            is_company=True,
            dunning_regime="b2b",
            company_registry="404833048",
            street="1 rue de la Dette",
            zip="75008",
            city="Paris",
        )
        due = fields.Date.context_today(self.manager) - timedelta(days=60)
        move = self.invoice(debtor, due, 5000)
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{move.id}",
            "account_dunning_fr_case_wizard",
            login=LOGIN,
            timeout=PATIENCE,
        )
        case = move.dunning_case_id
        self.assertEqual((case.state, case.court_confirmed_by), ("preparation", self.manager))
        self.assertEqual(self.company.dunning_representative, "Ms Martin, chairwoman")
        (accepted,) = case.finding_ids.filtered("reason")
        self.assertEqual((accepted.code, accepted.accepted_by), ("no_notice", self.manager))
        (left_out,) = case.piece_ids.filtered("left_out")
        self.assertEqual(left_out.category, "order")
