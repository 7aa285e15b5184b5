"""A moment has the day that it has where the creditor is: not that of UTC, nor the reader's."""

from datetime import datetime

from odoo.tests import tagged

from ..case_common import CaseCommon
from ..dunning_common import day

HALF_PAST_MIDNIGHT = datetime.fromisoformat("2026-05-20T22:30:00")  # of the 21st in Paris
NEXT_DAY = day("2026-05-21")


@tagged("post_install", "-at_install")
class TestCreditorsDays(CaseCommon):
    def test_a_moment_has_the_day_of_the_creditor_whoever_looks(self):
        far = self.company.with_context(tz="Pacific/Noumea")
        self.assertEqual(far._get_dunning_day(HALF_PAST_MIDNIGHT), NEXT_DAY)
        self.assertIsNone(far._get_dunning_day(False))
        self.company.partner_id.tz = "America/Guadeloupe"
        self.assertEqual(far._get_dunning_day(HALF_PAST_MIDNIGHT), day("2026-05-20"))
