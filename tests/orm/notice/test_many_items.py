"""A customer with more items than a message holds: the list is a document of its own."""

from unittest.mock import patch

from odoo.tests import tagged

from ..dunning_common import DunningCommon
from ..printed import read_pages

LAYOUT = "odoo.addons.account_dunning_fr.models.notice.account_dunning_paper"
CLAIM = "odoo.addons.account_dunning_fr.models.notice.account_dunning_claim"
ENCLOSURES = "odoo.addons.account_dunning_fr.models.notice.account_dunning_enclosure"


@tagged("post_install", "-at_install")
class TestManyItems(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_items")

    def make_items(self):
        self.partner = self.customer()
        self.moves = self.invoices(*((self.partner, 60, 100 + number) for number in range(5)))

    def setUp(self):
        super().setUp()
        self.startPatcher(patch(f"{LAYOUT}.MOST_LISTED", 3))
        self.startPatcher(patch(f"{ENCLOSURES}.MOST_COPIES", 3))

    def text(self, attachment):
        return " ".join(read_pages(attachment.raw)).replace("\xa0", " ")

    def check_list(self, notice):
        text = self.text(notice.listing_id)
        for move in self.moves:
            self.assertIn(move.name, text)
        self.assertIn("510,00", text)
        return text

    def test_the_list_is_enclosed_and_the_message_says_its_total(self):
        notice = self.draft(self.partner)
        notice.action_send()
        self.check_list(notice)
        self.assertIn(notice.listing_id, notice.mail_id.attachment_ids)
        self.assertEqual(len(notice.mail_id.attachment_ids), 1, "copies on request only")
        body = notice.mail_id.body_html
        self.assertNotIn("<table", str(notice.sent_html))
        self.assertIn("510,00", str(body))
        self.assertIn(notice.listing_id, notice.proof_ids.attachment_id)

    def test_each_invoice_has_its_own_trace_of_the_message(self):
        notice = self.draft(self.partner)
        notice.action_send()
        traces = [
            move.message_ids.filtered(
                lambda message: (
                    f"/{notice.id}" in message.body or f'data-oe-id="{notice.id}"' in message.body
                )
            )
            for move in self.moves
        ]
        self.assertEqual([len(trace) for trace in traces], [1] * len(self.moves))
        self.assertEqual(len({trace.message_id for trace in traces}), len(self.moves))

    def test_a_letter_has_its_list_in_the_envelope(self):
        self.first.write({"send_email": False, "send_letter": True})
        notice = self.draft(self.partner)
        notice.action_print()
        self.assertIn(notice.listing_id.raw, notice._get_letter_contents())
        self.post(notice)
        self.check_list(notice)

    def test_a_formal_notice_lists_the_penalties_and_encloses_a_spreadsheet(self):
        self.partner.dunning_regime = "b2b"
        self.history(self.registered, "2026-05-01", *self.moves)
        notice = self.draft(self.partner)
        self.assertEqual(notice.kind, "formal_notice")
        notice.action_print()
        text = self.check_list(notice)
        self.assertIn("40,00", text)
        self.assertNotIn("Total à régler", text)  # more is claimed than the principal
        self.assertTrue(notice.statement_id.name.endswith(".xlsx"))
        self.assertTrue(notice.statement_sha256)
        notice._get_letter_contents()
        self.post(notice)
        self.assertEqual(notice.state, "sent")

    def test_the_list_of_a_consumer_names_no_indemnity(self):
        self.partner.write({"dunning_regime": "b2c", "is_company": False})
        self.history(self.registered, "2026-05-01", *self.moves)
        notice = self.draft(self.partner)
        self.assertEqual(notice.kind, "formal_notice")
        notice.action_print()
        self.assertNotIn("ndemnité", self.check_list(notice))

    def test_up_to_the_limit_nothing_changes(self):
        partner = self.customer("Few")
        move = self.invoice(partner, 10)
        notice = self.draft(partner)
        notice.action_send()
        self.assertFalse(notice.listing_id)
        self.assertIn(move.name, str(notice.sent_html))


@tagged("post_install", "-at_install")
class TestQueriesOfManyItems(DunningCommon):
    """What has many items is read column by column: of all items together, never of each."""

    def setUp(self):
        super().setUp()
        for module in (LAYOUT, CLAIM):
            self.startPatcher(patch(f"{module}.MOST_LISTED", 3))
        self.startPatcher(patch(f"{ENCLOSURES}.MOST_COPIES", 3))

    def prepare_formal_notice(self, name, number):
        """Return the formal notice to a customer of so many items."""
        partner = self.customer(name, dunning_regime="b2b", email=f"{name.lower()}@example.com")
        moves = self.invoices(*((partner, 60, 100 + each) for each in range(number)))
        self.history(self.registered, "2026-05-01", *moves)
        notice = self.draft(partner)
        self.assertEqual((notice.kind, len(notice.line_ids)), ("formal_notice", number))
        return notice

    def check_queries(self, do):
        """Doing this of a notice of many items takes the queries of one of few."""
        do(self.prepare_formal_notice("Warm", 5))
        few, many = (self.prepare_formal_notice(*case) for case in (("Few", 5), ("Many", 25)))
        self.assertEqual(many._spare_columns(many).env.context["prefetch_fields"], False)
        few, many = (self.count_queries(lambda notice=notice: do(notice)) for notice in (few, many))
        self.assertLessEqual(many, few + 5, "a query for each of twenty more items, or of some")

    def test_printing_more_items_asks_no_more(self):
        self.check_queries(lambda notice: notice.action_print())

    def test_posting_more_items_asks_no_more(self):
        def do(notice):
            notice.action_print()
            self.post(notice)

        self.check_queries(do)

    def test_sending_more_items_asks_no_more(self):
        channels = {"send_email": True, "send_letter": False, "send_registered": False}
        self.formal_notice.write(channels)
        self.check_queries(lambda notice: notice.action_send())
