"""How a customer pays: what is announced, when he is reminded, and what a returned debit does."""

from odoo.tests import tagged

from ..dunning_common import TODAY, day
from ..penalty_common import PenaltyCommon


@tagged("post_install", "-at_install")
class TestPayMode(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.debited = cls.customer("Debited", dunning_pay_mode="debit", dunning_regime="b2b")

    # -- What is said, and when --------------------------------------------------------------------

    def test_it_is_proposed_by_his_payment_method_and_said_by_a_person(self):
        method = self.env["account.payment.method"].sudo()
        method = method.create(
            {"name": "SEPA Direct Debit", "code": "sepa_direct_debit", "payment_type": "inbound"}
        )
        line = self.env["account.payment.method.line"].sudo()
        line = line.create({"payment_method_id": method.id, "journal_id": self.bank.id})
        partner = self.customer("Proposed")
        self.assertFalse(partner.dunning_pay_mode_proposed)
        partner.property_inbound_payment_method_line_id = self.bank.inbound_payment_method_line_ids[
            0
        ]
        self.assertEqual(partner.dunning_pay_mode_proposed, "transfer")
        partner.property_inbound_payment_method_line_id = line
        self.assertEqual(
            (partner.dunning_pay_mode_proposed, partner.dunning_pay_mode), ("debit", False)
        )
        partner.action_take_dunning_pay_mode()
        self.assertEqual(partner.dunning_pay_mode, "debit")

    def test_before_the_due_date_the_debit_is_announced_and_nothing_asked_for(self):
        plain = self.customer("Plain", dunning_lang="en_US")
        self.debited.dunning_lang = "en_US"
        for partner in (plain, self.debited):
            self.invoice(partner, "2026-06-05", 100)
        self.prepare()
        asked, announced = self.live(plain), self.live(self.debited)
        self.assertEqual({asked.kind, announced.kind}, {"courtesy"})
        self.assertIn("IBAN", asked.message_html)
        self.assertNotIn("IBAN", announced.message_html)
        self.assertRegex(announced.message_html, "(?s)debited from your account on.{,20}5[^<]*2026")
        self.assertIn("Direct debit to come", announced.subject)
        self.assertFalse(announced._get_qr_code())
        announced.body = "<p>As agreed</p>"
        self.assertIn("As agreed", announced.message_html)

    def test_no_reminder_leaves_before_the_bank_had_its_days(self):
        plain, debited = (self.invoice(partner, 6) for partner in (self.partner, self.debited))
        self.assertEqual(self.row(plain).reason, "claimed")
        row = self.row(debited)
        self.assertEqual((row.reason, row.next_date), ("waiting", day("2026-06-03")))
        with self.on("2026-06-03"):
            self.assertEqual(self.row(debited).reason, "claimed")
        self.company.dunning_policy_id.sudo().debit_days = 0
        self.assertEqual(self.row(debited).reason, "claimed")

    # -- A debit that came back --------------------------------------------------------------------

    def returned(self, words, code=None):
        """Let the bank take a debit back, link it, and return the invoice."""
        move = self.invoice(self.debited, "2026-05-26", 100)
        self.pay_on("2026-05-27", move)
        back = self.statement(self.debited, -100, on=TODAY)
        back.payment_ref = words
        _bank, suspense, _other = back._seek_for_lines()
        suspense.account_id = self.item(move).account_id
        item = back.move_id.line_ids.filtered(lambda line: line.account_id == suspense.account_id)
        link = self.env["account.dunning.return.link"].create({"item_id": item.id})
        self.assertEqual(link.code, code)
        link.action_confirm()
        self.assertEqual(move.amount_residual, 100)
        return move

    def test_for_lack_of_funds_it_is_claimed_at_once_or_presented_again(self):
        move = self.returned("REJET PRLV AM04", "AM04")
        item = self.item(move)
        self.assertEqual((item.dunning_returned_on, item.dunning_return_code), (day(TODAY), "AM04"))
        self.assertEqual(self.row(move).reason, "claimed")  # six days after the due date, not eight
        self.assertIn("present it again", move.activity_ids.summary)
        self.assertFalse(move.dunning_dispute_ids)
        events = self.env["account.dunning.chronology"]._get_events(self.debited, self.company)
        (told,) = [event for event in events if event.kind == "return"]
        self.assertIn("AM04", told.detail)

    def test_what_he_contests_at_his_bank_is_a_dispute(self):
        for words, code in (("RJT MD01", "MD01"), ("Opposition du débiteur", "MS02")):
            with self.subTest(code=code):
                move = self.returned(words, code)
                self.assertIn(code, move.dunning_dispute_ids.note)
                self.assertEqual(self.row(move).stop, "hold")
                self.assertFalse(move.activity_ids)

    def test_what_is_wrong_with_the_account_is_to_be_mended(self):
        move = self.returned("COMPTE CLOTURE", "AC04")
        self.assertIn("bank details", move.activity_ids.summary)
        self.assertEqual(self.row(move).reason, "claimed")

    def test_without_a_reason_it_is_claimed_again(self):
        move = self.returned("Debit of the day", False)
        self.assertEqual(self.row(move).reason, "claimed")
        self.assertFalse(move.activity_ids | move.dunning_dispute_ids.activity_ids)
