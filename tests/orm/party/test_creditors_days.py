"""A moment has the day that it has where the creditor is: not that of UTC, nor the reader's."""

from datetime import datetime

from odoo.addons.account_dunning_fr.models.common.letter_formats import format_letter_date
from odoo.addons.account_dunning_fr.models.loss.closing_facts import gather
from odoo.addons.account_dunning_fr.models.notice.states import DEBTOR
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

    def test_a_court_file_counts_in_a_closing_from_the_creditor_s_day_on(self):
        case = self.env["account.dunning.case"].create(
            {"partner_id": self.partner.id, "company_id": self.company.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_dunning_case SET create_date = %s, state = 'handed_over' WHERE id = %s",
            (HALF_PAST_MIDNIGHT, case.id),
        )
        before = gather(self.company, day("2026-05-20"), None)[self.partner.id].facts
        self.assertNotIn("court", before)
        after = gather(self.company, NEXT_DAY, None)[self.partner.id].facts
        self.assertEqual(after["court"], NEXT_DAY)

    def test_an_answer_bears_the_creditor_s_day_as_a_piece_and_in_the_chronology(self):
        notice = self.history(self.first, "2026-05-04", self.first_invoice)
        message = notice.message_post(
            body="We pay next week.",
            subject="Your reminder",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            email_from=self.partner.email,
            date=HALF_PAST_MIDNIGHT,  # what was written in the history is never changed
        )
        case = self.env["account.dunning.case"].create(
            {"partner_id": self.partner.id, "company_id": self.company.id}
        )
        self.assertIn(format_letter_date(self.env, NEXT_DAY), case._get_reply_name(message, DEBTOR))
        event = self.env["account.dunning.chronology"]._get_message_event(message, notice)
        self.assertEqual(event.on, NEXT_DAY)
