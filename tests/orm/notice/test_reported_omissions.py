"""Public reports replayed: invoices never sent (K9), accounts (K16), old statements (K21)."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

OURS = "FR7630006000011234567890189"


@tagged("post_install", "-at_install")
class TestReportedOmissions(DunningCommon):
    def b2b(self, name, **values):
        return self.customer(name, dunning_regime="b2b", **values)

    def line(self, journal, on, amount=10):
        return self.env["account.bank.statement.line"].create(
            {"journal_id": journal.id, "date": on, "amount": amount, "payment_ref": "x"}
        )

    def journal(self, name, on):
        """Create a bank journal whose last line is of this day."""
        journal = self.env["account.journal"].create(
            {"name": name, "code": name[:5], "type": "bank", "company_id": self.company.id}
        )
        self.line(journal, on)
        return journal

    def stale(self):
        return self.company._get_dunning_stale_bank_journals(day(TODAY))

    # -- K9 invoiceninja/invoiceninja#9312, OCA/credit-control#139 --

    def test_k09_an_invoice_never_sent_is_told_and_not_stopped(self):
        partner = self.b2b("K9")
        unsent, sent = self.invoice(partner, 10, 100), self.invoice(partner, 12, 50)
        sent.is_move_sent = True
        notice = self.draft(partner)
        self.assertIn(unsent.name, notice.unsent_warning)
        self.assertNotIn(sent.name, notice.unsent_warning)
        self.assertEqual((notice.amount_total, notice.state), (150, "ready"))
        self.assertTrue(self.gaps(partner).never_sent)
        unsent.is_move_sent = True
        self.assertFalse(notice.unsent_warning)
        self.assertFalse(self.gaps(partner).never_sent)

    def test_k09_what_is_left_out_or_no_invoice_is_not_told(self):
        partner = self.b2b("K9b")
        move, receipt = (
            self.invoice(partner, 10, 100),
            self.invoice(partner, 10, 20, move_type="out_receipt"),
        )
        notice = self.draft(partner)
        self.assertNotIn(receipt.name, notice.unsent_warning)
        notice.line_ids.filtered(lambda line: line.move_id == move).action_leave_out()
        self.assertFalse(notice.unsent_warning)

    def test_k09_some_days_after_the_first_sending_where_the_company_asks_for_them(self):
        for late, sent_on, expected in (
            (10, TODAY, "2026-06-09"),
            (10, "2026-05-28", "2026-06-05"),
            (10, "2026-05-01", "2026-05-27"),
            (2, "2026-05-01", "2026-06-04"),
        ):
            with self.subTest(late=late, sent_on=sent_on):
                self.company.dunning_sent_days = 0
                move = self.invoice(self.b2b(f"K9 {late} {sent_on}"), late, 100)
                with self.on(sent_on):
                    move.is_move_sent = True
                self.assertEqual(move.dunning_sent_on, day(sent_on))
                before = self.row(move).next_date
                self.company.dunning_sent_days = 8
                self.assertEqual(self.row(move).next_date, day(expected))
                self.assertLessEqual(before, day(expected))

    def test_k09_the_first_sending_counts_not_the_last(self):
        self.company.dunning_sent_days = 8
        move = self.invoice(self.b2b("K9d"), 10, 100)
        with self.on("2026-05-20"):
            move.is_move_sent = True
        move.is_move_sent = False
        move.is_move_sent = True
        self.assertEqual(move.dunning_sent_on, day("2026-05-20"))
        self.assertEqual(self.row(move).final_role, "claimed")

    def test_k09_an_imported_invoice_does_not_wait(self):
        self.company.dunning_sent_days = 30
        for name, values in (
            ("never sent", {}),
            ("sent before", {"is_move_sent": True}),
            ("receipt", {"move_type": "out_receipt"}),
        ):
            with self.subTest(imported=name):
                move = self.invoice(self.b2b(f"K9 {name}"), 10, 100, **values)
                self.assertEqual(self.row(move).final_role, "claimed")

    def test_k09_the_next_levels_do_not_wait(self):
        self.company.dunning_sent_days = 30
        move = self.invoice(self.b2b("K9f"), "2026-04-10", 100)
        self.history(self.first, "2026-05-01", move)
        move.is_move_sent = True
        self.assertEqual(self.row(move).take_level_id, self.firm.id)

    # -- K16 erp-mafia/accounted#1806 --

    def test_k16_each_currency_is_paid_on_its_own_account(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        own = self.company.partner_id
        usd_bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "FR7612548029989876543210917",
                "partner_id": own.id,
                "currency_id": usd.id,
            }
        )
        partner = self.b2b("K16")
        self.invoice(partner, 20, 100, partner_bank_id=(own.bank_ids - usd_bank).id)
        self.invoice(partner, 20, 500, currency_id=usd.id, partner_bank_id=usd_bank.id)
        self.prepare()
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_notice_letter", self.live(partner).ids
        )
        self.assertIn(OURS, page.decode().replace(" ", "").replace("\xa0", ""))

    # -- K21 OCA/bank-payment#1226, odoo/odoo#37051 --

    def test_k21_a_closed_bank_account_stops_nothing(self):
        old = self.journal("Closed bank", "2024-03-01")
        self.line(self.bank, "2026-05-29")
        self.assertEqual(self.stale(), old)
        old.active = False
        self.assertFalse(self.stale())
        self.assertFalse(self.company._get_dunning_statement_warning(day(TODAY)))

    def test_k21_the_end_of_a_statement_counts_as_its_last_line(self):
        quiet = self.journal("Quiet", "2026-04-01")
        self.assertEqual(self.stale(), quiet)
        statement = self.env["account.bank.statement"].create(
            {
                "name": "May",
                "line_ids": self.env["account.bank.statement.line"]
                .search([("journal_id", "=", quiet.id)])
                .ids,
            }
        )
        self.assertEqual(self.stale(), quiet)
        statement.date = "2026-05-29"
        self.assertFalse(self.stale())

    def test_k21_an_account_without_movement_until_a_day(self):
        quiet = self.journal("Savings", "2026-01-05")
        for until, stale in (
            ("2026-12-31", False),
            (TODAY, False),
            ("2026-05-31", True),
        ):
            with self.subTest(until=until):
                quiet.write({"dunning_idle": True, "dunning_idle_until": until})
                self.assertEqual(bool(self.stale()), stale)
        quiet.dunning_idle = False
        self.assertEqual(self.stale(), quiet)
        with self.assert_refused(ValidationError, "until when"):
            quiet.write({"dunning_idle": True, "dunning_idle_until": False})

    def test_k21_the_check_itself_stays(self):
        self.line(self.bank, "2026-05-29")
        self.assertFalse(self.stale())
        with self.on("2026-06-30"):
            self.assertEqual(
                self.company._get_dunning_stale_bank_journals(day("2026-06-30")), self.bank
            )
