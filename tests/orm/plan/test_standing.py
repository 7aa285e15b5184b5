"""What an invoice shows at a glance: in dispute, promised, under notice, before the court."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestStanding(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer()
        cls.move = cls.invoice(cls.partner, 60)
        cls.other = cls.invoice(cls.partner, 50)

    def standing(self, *moves):
        self.env.invalidate_all()
        return [move.dunning_standing for move in moves or (self.move, self.other)]

    def test_an_invoice_of_which_nothing_stands_shows_nothing(self):
        self.assertEqual(self.standing(), [False, False])
        self.assertFalse(self.move.dunning_standing_text)

    def test_each_reason_shows_on_its_invoice_alone(self):
        for reason, shown in (
            ("dispute", "dispute"),
            ("einvoice_refused", "dispute"),
            ("promise", "promise"),
            ("plan", "plan"),
            ("case", "case"),
            ("postponed", "suspended"),
        ):
            with self.subTest(reason=reason):
                hold = self.hold(self.partner, move_id=self.move.id, reason=reason)
                self.assertEqual(self.standing(), [shown, False])
                hold.sudo()._release()
                self.assertEqual(self.standing(), [False, False])

    def test_a_formal_notice_shows_until_it_is_paid(self):
        self.history(self.formal_notice, "2026-05-01", self.move)
        self.assertEqual(self.standing(), ["formal_notice", False])
        self.pay(self.move)
        self.assertEqual(self.standing(), [False, False])

    def test_a_milder_level_is_no_formal_notice(self):
        self.history(self.registered, "2026-05-01", self.move)
        self.assertEqual(self.standing(), [False, False])

    def test_several_are_all_said_the_most_decisive_first(self):
        self.history(self.formal_notice, "2026-05-01", self.move)
        self.hold(self.partner, move_id=self.move.id, reason="dispute")
        self.assertEqual(self.standing(), ["dispute", False])
        text = self.move.with_context(lang="en_US").dunning_standing_text
        self.assertEqual(text, "In dispute · Under formal notice")

    def test_proceedings_show_on_every_invoice_dated_before_them(self):
        self.hold(self.partner, reason="insolvency", claims_before=self.other.invoice_date)
        older = self.move.invoice_date < self.other.invoice_date
        self.assertTrue(older)
        self.assertEqual(self.standing(), ["insolvency", False])

    def test_a_hold_of_another_day_or_of_another_creditor_shows_nothing(self):
        self.hold(self.partner, move_id=self.move.id, date_from="2030-01-01")
        company = self.env["res.company"].create({"name": "Other creditor"})
        self.hold(self.partner, company_id=company.id)
        self.assertEqual(self.standing(), [False, False])

    def test_a_page_of_invoices_takes_as_many_queries_as_one(self):
        moves = self.move + self.other
        moves += self.invoices(*((self.customer(f"C{rank}"), 10, 100) for rank in range(8)))

        def count(records):
            self.env.invalidate_all()
            records.mapped("payment_state")
            records.company_id.dunning_creditor_id.mapped("name")
            records.commercial_partner_id.mapped("name")
            before = self.cr.sql_log_count
            records.mapped("dunning_standing")
            return self.cr.sql_log_count - before

        count(moves)  # the rules of access are known from then on
        self.assertEqual(count(moves), count(self.move))
