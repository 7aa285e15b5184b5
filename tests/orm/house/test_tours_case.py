"""The preparation of a court file in a real browser, from the invoice to its pieces."""

from datetime import timedelta

from odoo.tests import tagged

from ..case_common import CREDITOR
from ..tour_common import TourCommon


@tagged("post_install", "-at_install")
class TestCaseTour(TourCommon):
    groups = ("account_dunning_fr.group_dunning_manager",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({**CREDITOR, "dunning_representative": False})

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
        due = self.today - timedelta(days=60)
        move = self.invoice(debtor, due, 5000)
        self.walk(f"/odoo/action-account.action_move_out_invoice_type/{move.id}", "case_wizard")
        case = move.dunning_case_id
        self.assertEqual((case.state, case.court_confirmed_by), ("preparation", self.collector))
        self.assertEqual(self.company.dunning_representative, "Ms Martin, chairwoman")
        (accepted,) = case.finding_ids.filtered("reason")
        self.assertEqual((accepted.code, accepted.accepted_by), ("no_notice", self.collector))
        (left_out,) = case.piece_ids.filtered("left_out")
        self.assertEqual(left_out.category, "order")
        self.assertEqual(left_out.left_out_reason, "Ordered by telephone")
