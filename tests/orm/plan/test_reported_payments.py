"""Public bug reports replayed: what is due, and what the customer paid (K1 to K5, K22 to K25)."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..dunning_common import TODAY, day
from ..public_reports_common import PublicReportsCommon


@tagged("post_install", "-at_install")
class TestPublicReportsPaid(PublicReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = cls.company_data["default_account_receivable"]

    # K1 OCA/account-financial-tools#1227
    def test_k01_returned_debit_posted_from_the_statement_is_chased(self):
        p = self.b2b("K1")
        a = self.invoice(p, "2026-04-30", 1000)
        self.pay_on("2026-05-04", a)
        self.to_account(self.statement(p, -1000, on="2026-05-11"), self.item(a).account_id)
        self.prepare()
        self.assertEqual(self.live(p).amount_total, 1000)  # has no message at all

    # K2 OCA/account-payment#173
    def test_k02_money_sent_back_by_the_bank_covers_nothing(self):
        p = self.b2b("K2")
        a = self.invoice(p, "2026-04-30", 1000)
        pay = self.pay_on("2026-05-04", a)
        self.receivable(pay.move_id).remove_move_reconcile()
        self.entry(
            self.bank,
            "2026-05-11",
            p,
            (self.item(a).account_id, 1000),
            (self.bank.default_account_id, -1000),
        )
        self.assertNotEqual(self.row(a).stop, "covered")  # p.credit is 1000

    # K3 odoo/odoo#184030
    def test_k03_a_payment_and_its_bank_line_count_once(self):
        p = self.b2b("K3")
        a = self.invoice(p, 30, 400)
        self.invoice(p, 20, 1000)
        self.pay(a)
        self.statement(p, 400)  # not matched yet with the payment
        self.run_day()
        notice = self.Notice.search([("partner_id", "=", p.id)])
        self.assertEqual(notice.amount_total, 1000)  # 600 is sent

    # K4 odoo/odoo#65271
    def test_k04_money_in_another_currency_stops_the_reminder(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        p = self.b2b("K4")
        a = self.invoice(p, 20, 100)
        self.payment(p, 125, currency_id=usd.id)
        self.assertTrue(self.row(a).stop)  # None: 100 EUR are claimed; p.credit is 0

    # K5 frappe/erpnext#50041
    def test_k05_money_paid_back_to_the_customer_is_not_dunned(self):
        p = self.b2b("K5")
        self.payment(p, 250, payment_type="outbound", date="2026-04-01")
        self.run_day()
        self.assertFalse(self.Notice.search([("partner_id", "=", p.id)]))  # First reminder, sent

    # K22 orbiting/backends#523, masslight/ottehr#8548
    def test_k22_an_unmatched_receipt_in_the_customers_name(self):
        p = self.b2b("K22 Menuiserie")
        self.invoice(p, 20, 480)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-05-29",
                "amount": 480,
                "payment_ref": "VIR SEPA RECU",
                "partner_name": p.name,
            }
        )
        self.run_day()
        self.assertFalse(
            self.Notice.search([("partner_id", "=", p.id), ("state", "=", "sent")])
        )  # sent, no warning

    # K23 odoo/odoo#218993, #210860
    def test_k23_paid_online_not_booked_yet(self):
        p = self.b2b("K23")
        a = self.invoice(p, 20, 100)
        self.transaction(a, "done")
        self.assertTrue(self.row(a).stop)  # None

    def transaction(self, move, state):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test"}
        )
        method = self.env["payment.method"].create({"name": "Card", "code": f"card{move.id}"})
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"tx-{move.id}",
                "amount": move.amount_total,
                "currency_id": move.currency_id.id,
                "partner_id": move.partner_id.id,
                "invoice_ids": [Command.link(move.id)],
                "state": state,
            }
        )

    # K24 frappe/erpnext#34282
    def test_k24_an_advance_on_4191_is_told(self):
        p = self.b2b("K24")
        advance = self.account("419100", "liability_current", reconcile=True)
        a = self.invoice(p, 20, 300)
        self.entry(self.bank, "2026-05-01", p, (self.bank.default_account_id, 500), (advance, -500))
        self.assertTrue(self.row(a).stop)  # None, and no warning on the message

    # K25 variation: a supplier's refund is not the customer's money
    def test_k25_a_supplier_refund_is_not_set_against_his_invoice(self):
        p = self.b2b("K25")
        a = self.invoice(p, 20, 1000)
        refund = self.env["account.move"].create(
            {
                "move_type": "in_refund",
                "partner_id": p.id,
                "invoice_date": "2026-05-01",
                "invoice_line_ids": [
                    Command.create({"name": "r", "price_unit": 250, "tax_ids": [Command.clear()]})
                ],
            }
        )
        refund.action_post()
        self.statement(p, 250)  # the supplier pays his refund
        self.assertEqual(self.row(a).due_amount, 1000)  # 750

    def test_k04_euros_received_for_a_dollar_invoice(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        p = self.b2b("K4b")
        a = self.invoice(p, 20, 1250, currency_id=usd.id)
        self.statement(p, 1000)
        self.assertTrue(self.row(a).stop)

    # -- K1: a debit without a due date ------------------------------------------------------------

    def test_k01_a_debit_is_due_on_its_own_date_in_sale_and_bank_journals(self):
        for name, journal in (("sale", self.sales), ("bank", self.bank)):
            with self.subTest(journal=name):
                p = self.b2b(f"K1 {name}")
                entry = self.entry(
                    journal, "2026-05-11", p, (self.debtors, 300), (self.income, -300)
                )
                row = self.row(entry)
                self.assertEqual((row.due, row.reason), (day("2026-05-11"), "claimed"))
                self.prepare()
                self.assertEqual(self.live(p).line_ids.date_maturity, day("2026-05-11"))

    def test_k01_in_a_general_journal_it_is_told_and_not_chased(self):
        p = self.b2b("K1 opening")
        entry = self.entry(self.misc, "2026-01-01", p, (self.debtors, 300), (self.income, -300))
        self.assert_stopped(entry, "no_due_date")
        golive = self.env["account.dunning.golive"].create({})
        [line] = golive.line_ids.filtered(lambda line: line.partner_id == p)
        self.assertEqual((line.outcome, line.reasons), ("kept", "Without a due date"))
        item = self.item(entry)
        item.write({"date_maturity": "2026-05-01", "no_followup": False})
        self.assertEqual(self.row(entry).reason, "claimed")

    def test_k01_what_is_not_trade_is_not_chased(self):
        p = self.b2b("K1 deposit")
        deposits = self.account("411900", "asset_receivable", reconcile=True, non_trade=True)
        entry = self.entry(self.bank, "2026-05-01", p, (deposits, 300), (self.income, -300))
        self.assertIsNone(self.row(entry))
        Balance = self.env["account.dunning.balance"]
        self.assertEqual(Balance._get_aged_rows(self.company, day(TODAY), p), [])

    def test_k01_a_receipt_is_due_as_an_invoice_is(self):
        p = self.b2b("K1 receipt")
        receipt = self.invoice(p, 10, 80, move_type="out_receipt")
        self.assertIn("To be sent today", receipt.dunning_reason)
        self.assertEqual(self.draft(p).move_ids, receipt)

    def test_k01_the_domain_and_the_plan_name_the_same_items(self):
        p = self.customer("K1 all", dunning_regime="b2g")
        self.invoice(p, 10, 80)
        self.invoice(p, 10, 80, move_type="out_receipt")
        for journal in (self.sales, self.bank, self.misc):
            self.entry(journal, "2026-05-11", p, (self.debtors, 30), (self.income, -30))
        self.payment(p, 250, payment_type="outbound", date="2026-04-01")
        holdbacks = self.account("411700", "asset_receivable", reconcile=True)
        self.entry(self.sales, "2026-05-11", p, (holdbacks, 30), (self.income, -30))
        self.env.flush_all()
        rows = self.plan._simulate(self.company, partners=p)
        due = {row.move_line_id for row in rows if not row.exclusion}
        found = self.env["account.move.line"].search(
            self.env["account.move.line"]._get_dunning_domain(self.company, p)
        )
        self.assertEqual((set(found.ids), len(due), len(rows)), (due, 4, 7))

    # -- A payment that came back ------------------------------------------------------------------

    def returned(self, partner, *invoices):
        """Pay these invoices, then post the return of the payment straight on the customer."""
        payment = self.pay_on("2026-05-04", self.env["account.move"].union(*invoices))
        back = self.statement(partner, -sum(i.amount_total for i in invoices), on="2026-05-11")
        self.to_account(back, self.debtors)
        return payment, self.receivable(back.move_id)

    def test_k01_a_returned_payment_owes_nothing_more_until_it_is_linked(self):
        p = self.b2b("K1 returned")
        a = self.invoice(p, "2026-04-30", 1000)
        _payment, back = self.returned(p, a)
        self.assertTrue(back._is_dunning_returned())
        accrued = self.Accrual._compute_items(back, day(TODAY))[back.id]
        self.assertEqual((accrued.interest, accrued.indemnity), (0, 0))

    def test_k01_linked_the_invoice_is_due_again_from_its_old_due_date(self):
        p = self.b2b("K1 linked")
        a, other = self.invoice(p, "2026-04-30", 1000), self.invoice(p, "2026-05-20", 50)
        _payment, back = self.returned(p, a)
        self.assertEqual(a._get_dunning_returns(), back)
        self.assertFalse(other._get_dunning_returns())
        link = self.env["account.dunning.return.link"].create({"item_id": back.id})
        self.assertEqual(link.move_ids, a)
        link.action_confirm()
        self.assertTrue(back.reconciled)
        row = self.row(a)
        self.assertEqual((row.due, row.residual), (day("2026-04-30"), 1000))
        self.assertEqual(self.accrued(a, TODAY).indemnity, 40)
        self.assert_interest(a, TODAY, "10.65")  # 1000 x 12.15 % x 32/365

    def test_k01_a_part_that_came_back_leaves_the_rest_paid(self):
        p = self.b2b("K1 part")
        a, b = self.invoice(p, "2026-04-30", 600), self.invoice(p, "2026-05-02", 400)
        payment = self.pay_on("2026-05-04", a + b, group_payment=True)
        back = self.statement(p, -400, on="2026-05-11")
        self.to_account(back, self.debtors)
        item = self.receivable(back.move_id)
        self.assertFalse(item._get_dunning_returned_payment())  # 1,000 is not 400
        link = self.env["account.dunning.return.link"].create({"item_id": item.id})
        link.payment_item_id = self.receivable(payment.move_id)
        link.action_confirm()
        self.assertEqual(a.amount_residual + b.amount_residual, 400)
        self.assertTrue(item.reconciled)

    def test_k01_returned_payments_wait_on_the_page_of_today(self):
        p = self.b2b("K1 today")
        self.returned(p, self.invoice(p, "2026-04-30", 1000))
        tasks = {
            task.key: task for task in self.env["account.dunning.today"]._get_tasks(self.company)
        }
        self.assertEqual((tasks["returns"].count, tasks["returns"].amount), (1, 1000))

    # -- K2: what went back covers nothing ---------------------------------------------------------

    def test_k02_the_invoice_is_claimed_once_whatever_came_back(self):
        for name, back in (("entry", 1000), ("statement", 1000), ("part", 400)):
            with self.subTest(back=name):
                p = self.b2b(f"K2 {name}")
                a = self.invoice(p, "2026-04-30", 1000)
                self.payment(p, 1000, date="2026-05-04")
                if name == "statement":  # nobody matched the line yet
                    self.statement(p, -back, on="2026-05-11")
                else:
                    self.entry(
                        self.bank,
                        "2026-05-11",
                        p,
                        (self.debtors, back),
                        (self.bank.default_account_id, -back),
                    )
                self.assertEqual(float(self.row(a).due_amount), back)
                self.assertEqual(self.draft(p).amount_total, back)

    def test_k02_what_we_gave_back_of_a_credit_note_covers_nothing_else(self):
        p = self.b2b("K2 credit note")
        a = self.invoice(p, 20, 1000)
        self.credit_note(p, 250)
        self.payment(p, 250, payment_type="outbound")
        self.assertEqual(float(self.row(a).due_amount), 1000)

    # -- K3: the same money once -------------------------------------------------------------------

    def test_k03_payments_remitted_together_are_one_line(self):
        p = self.b2b("K3 together")
        a, b, c = (self.invoice(p, 30, amount) for amount in (400, 600, 1000))
        self.pay(a)
        self.pay(b)
        self.statement(p, 1000)
        self.assertEqual(float(self.row(c).due_amount), 1000)

    def test_k03_an_open_payment_and_its_line_are_one_credit(self):
        p = self.b2b("K3 open")
        a = self.invoice(p, 30, 1000)
        self.payment(p, 400)
        self.statement(p, 400)
        self.assertEqual(float(self.row(a).due_amount), 600)

    def test_k03_the_second_line_of_the_same_sum_is_other_money(self):
        p = self.b2b("K3 twice")
        a, b = self.invoice(p, 30, 400), self.invoice(p, 20, 1000)
        self.pay(a)
        for _ in range(2):
            self.statement(p, 400)
        self.assertEqual(float(self.row(b).due_amount), 600)

    def test_k03_a_line_of_another_sum_or_customer_is_other_money(self):
        p, q = self.b2b("K3 other"), self.b2b("K3 third")
        a, b, c = self.invoice(p, 30, 400), self.invoice(p, 20, 1000), self.invoice(q, 20, 1000)
        self.pay(a)
        self.statement(p, 300)
        self.statement(q, 400)
        self.assertEqual(float(self.row(b).due_amount), 700)
        self.assertEqual(float(self.row(c).due_amount), 600)

    def test_k03_a_payment_without_an_entry_counts_by_its_amount_only(self):
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        with self.paid_edition():
            p = self.b2b("K3 paid edition")
            a = self.invoice(p, 20, 100)
            payment = self.pay(a, 40)
            self.assertEqual((payment.state, payment.move_id.id), ("in_process", False))
            self.assertEqual(a.payment_state, "in_payment")
            self.assertEqual(float(self.row(a).due_amount), 60)
            payment.action_validate()
            self.assertEqual(payment.state, "paid")
            self.assertEqual(float(self.row(a).due_amount), 60)
            # The bank's line is set against the invoice: the same 40, not 80.
            line = self.statement(p, 40)
            self.match(line, self.item(a))
            self.assertEqual(float(self.row(a).due_amount), 60)
            whole = self.pay(a, 60)
            self.assertEqual(whole.amount, 60)
            self.assert_stopped(a, "in_payment")

    def paid_edition(self):
        return patch.object(
            type(self.env["account.move"]), "_get_invoice_in_payment_state", lambda _m: "in_payment"
        )

    # -- K4, K22 to K24: money that may be his -----------------------------------------------------

    def unknown(self, amount, on="2026-05-29", **values):
        """Import a line of the statement without a customer."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": on,
                "amount": amount,
                "payment_ref": "VIR",
                **values,
            }
        )

    def test_k22_the_name_as_banks_write_it(self):
        for name, written in (
            ("Menuiserie Élan", "MENUISERIE ELAN"),
            ("Bois & Cie", "S.A.R.L. BOIS CIE".replace(".", "")),
            ("SAS Durand-Petit", "durand petit"),
        ):
            with self.subTest(name=name):
                a = self.invoice(self.b2b(name, email="c@client.example"), 20, 480)
                self.unknown(480, partner_name=written)
                self.assert_stopped(a, "possible")
                self.assertIn("VIR", a.dunning_reason)

    def test_k22_the_account_of_the_customer(self):
        p = self.b2b("K22 account")
        a = self.invoice(p, 20, 480)
        self.env["res.partner.bank"].create(
            {"acc_number": "FR76 3000 4000 0312 3456 7890 143", "partner_id": p.id}
        )
        self.unknown(480, account_number="FR7630004000031234567890143")
        self.assert_stopped(a, "possible")

    def test_k22_another_name_stops_nothing(self):
        a = self.invoice(self.b2b("K22 Menuiserie"), 20, 480)
        self.unknown(480, partner_name="K22 Menuiserie Bis")
        self.unknown(480, partner_name="SARL")
        self.assertEqual(self.row(a).reason, "claimed")

    def test_k22_five_euros_never_protect_ten_thousand(self):
        p = self.b2b("K22 small")
        old, young = self.invoice(p, 20, 10000), self.invoice(p, 10, 300)
        self.unknown(5, on="2025-01-02", partner_name=p.name)
        self.assertEqual(float(self.row(old).due_amount), 9995)
        self.assertEqual(float(self.row(young).due_amount), 300)
        self.statement(self.b2b("K22 payer"), 1)  # the statements are up to date
        self.run_day()
        notice = self.Notice.search([("partner_id", "=", p.id)])
        self.assertEqual((notice.state, notice.amount_total), ("sent", 10295))
        self.assertIn("may be its payment", self.sentence(young) + self.sentence(old))

    def sentence(self, move):
        move.invalidate_recordset()
        return move.dunning_reason

    def test_k22_it_is_listed_and_set_aside_by_who_sends(self):
        p = self.b2b("K22 aside")
        a = self.invoice(p, 20, 480)
        self.unknown(480, on="2026-05-10", partner_name=p.name)
        sender = self.new_user("k22_sender", "account_dunning_fr.group_dunning_user")
        biller = self.new_user("k22_biller", "account.group_account_invoice")
        money = self.env["account.dunning.waiting.money"].search([("partner_id", "=", p.id)])
        self.assertEqual((money.amount, money.kind, money.to_identify), (480, "bank", True))
        with self.assert_refused(AccessError, "Only dunning users"):
            money.with_user(biller).action_set_aside()
        money.with_user(sender).action_set_aside()
        self.assertEqual(self.row(a).reason, "claimed")
        aside = self.env["account.dunning.set.aside"].search([("partner_id", "=", p.id)])
        self.assertEqual((aside.decided_by, aside.decided_on), (sender, day(TODAY)))
        with self.assertRaises(AccessError):
            aside.with_user(sender).decided_by = biller
        with self.assertRaises(AccessError):
            aside.with_user(biller).action_undo()
        self.unknown(90, partner_name=p.name)  # other money is asked about anew
        self.assertEqual(float(self.row(a).due_amount), 390)
        aside.with_user(sender).action_undo()
        self.assertEqual((aside.undone_by, aside.undone_on), (sender, day(TODAY)))
        self.assert_stopped(a, "possible")

    def test_k22_it_is_told_each_week_until_it_is_matched(self):
        p = self.b2b("K22 week")
        self.invoice(p, 20, 10000)
        line = self.unknown(5, on="2026-05-10", partner_name=p.name)
        self.unknown(5, on="2026-05-30", partner_name=p.name)  # of this week
        Hold = self.env["account.dunning.hold"]
        waiting = Hold._get_waiting_money(self.company, day(TODAY))
        self.assertEqual(waiting.mapped("source_id"), line.ids)
        Hold._review_sleeping(self.company, day(TODAY))
        [activity] = self.company.partner_id.activity_search(
            ["account_dunning_fr.mail_activity_type_review"]
        )
        self.assertIn("K22 week", activity.note)

    def test_k22_who_reads_the_invoice_may_open_the_money(self):
        p = self.b2b("K22 why")
        a = self.invoice(p, 20, 480)
        self.unknown(480, partner_name=p.name)
        [(method, _label)] = a._get_dunning_remedies()
        action = getattr(a, method)()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.action_open()["res_model"], "account.bank.statement.line")

    def test_k04_what_is_left_of_it_covers_the_next_currency(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        p = self.b2b("K4 left")
        dollars = self.invoice(p, 30, 500, currency_id=usd.id)
        euros = self.invoice(p, 20, 1000)
        self.payment(p, 1000, currency_id=usd.id)
        self.assert_stopped(dollars, "covered")
        self.assertEqual(float(self.row(euros).due_amount), 580)  # 500 USD, 400 EUR, 5 % more

    def test_k04_rates_that_moved_do_not_leave_a_rest_to_claim(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25), ("2026-05-01", 1.29)])
        p = self.b2b("K4 rate")
        a = self.invoice(p, 40, 100)
        self.payment(p, 125, currency_id=usd.id)
        self.assert_stopped(a, "possible")

    def test_k23_each_state_of_a_payment_online(self):
        for state, stop in (
            ("pending", "possible"),
            ("authorized", "possible"),
            ("done", "possible"),
            ("draft", None),
            ("cancel", None),
            ("error", None),
        ):
            with self.subTest(state=state):
                a = self.invoice(self.b2b(f"K23 {state}"), 20, 100)
                transaction = self.transaction(a, "draft")
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE payment_transaction SET state = %s WHERE id = %s",
                    (state, transaction.id),
                )
                self.assertEqual(self.row(a).stop, stop)

    def test_k23_a_promise_of_transfer_is_none(self):
        a = self.invoice(self.b2b("K23 promise"), 20, 100)
        transaction = self.transaction(a, "pending")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s",
            (transaction.provider_id.id,),
        )
        self.assertIsNone(self.row(a).stop)

    def test_k23_a_part_paid_online_covers_its_invoice_only(self):
        p = self.b2b("K23 part")
        old, young = self.invoice(p, 40, 100), self.invoice(p, 20, 100)
        self.transaction(young, "pending")
        self.assertEqual(self.row(old).reason, "claimed")
        self.assert_stopped(young, "possible")

    def test_k23_booked_it_counts_once(self):
        p = self.b2b("K23 booked")
        a, b = self.invoice(p, 40, 100), self.invoice(p, 20, 100)
        transaction = self.transaction(a, "done")
        transaction.payment_id = self.pay(a)
        self.assertEqual(self.row(b).reason, "claimed")

    def test_k24_where_the_account_of_advances_is_not_reconciled(self):
        p = self.b2b("K24 balance")
        advance = self.account("419110", "liability_current", reconcile=False)
        a = self.invoice(p, 20, 300)
        self.entry(self.bank, "2026-05-01", p, (self.bank.default_account_id, 500), (advance, -500))
        self.assert_stopped(a, "possible")
        self.entry(self.misc, "2026-05-20", p, (advance, 400), (self.income, -400))
        self.assertEqual(float(self.row(a).due_amount), 200)

    def test_k24_an_invoice_of_an_advance_is_no_money(self):
        p = self.b2b("K24 invoice")
        advance = self.account("419120", "liability_current", reconcile=True)
        a = self.invoice(
            p,
            20,
            300,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Advance",
                        "price_unit": 300,
                        "account_id": advance.id,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )
        self.assertEqual(self.row(a).reason, "claimed")

    def test_k24_money_to_sort_is_told(self):
        p = self.b2b("K24 471")
        waiting = self.account("471000", "asset_current", reconcile=True)
        a = self.invoice(p, 20, 300)
        self.entry(self.bank, "2026-05-01", p, (self.bank.default_account_id, 300), (waiting, -300))
        self.assert_stopped(a, "possible")

    def test_k24_a_bank_line_that_waits_on_471_counts_once(self):
        for number, reconcile in enumerate((True, False)):
            with self.subTest(reconcile=reconcile):
                p = self.b2b(f"K24 waits {number}")
                suspense = self.account(f"47101{number}", "asset_current", reconcile=reconcile)
                self.bank.suspense_account_id = suspense
                a, b = self.invoice(p, 20, 300), self.invoice(p, 10, 300)
                self.statement(p, 300, on="2026-05-20")
                self.assert_stopped(a, "covered")
                self.assertEqual(self.row(b).reason, "claimed")

    def test_k24_a_bank_line_put_on_471_by_hand_counts_once(self):
        p = self.b2b("K24 sorted")
        self.bank.suspense_account_id = self.account("471020", "asset_current", reconcile=True)
        sorted_out = self.account("471030", "asset_current", reconcile=True)
        a, b = self.invoice(p, 20, 300), self.invoice(p, 10, 300)
        self.to_account(self.statement(p, 300, on="2026-05-20"), sorted_out)
        self.assert_stopped(a, "possible")
        self.assertEqual(self.row(b).reason, "claimed")

    # -- K5, K25: no debt, no payment --------------------------------------------------------------

    def test_k05_it_is_told_and_is_not_late(self):
        p = self.b2b("K5 told")
        payment = self.payment(p, 250, payment_type="outbound", date="2026-04-01")
        self.assert_stopped(payment.move_id, "no_debt")
        [aged] = self.env["account.dunning.balance"]._get_aged_rows(self.company, day(TODAY), p)
        self.assertEqual((aged["credit"], aged["total"]), (250, 250))
        self.assertFalse(p.dunning_overdue_text)

    def test_k05_a_retention_is_not_claimed(self):
        p = self.customer("K5 Mairie", dunning_regime="b2g")
        a, paid = self.invoice(p, 20, 1000), self.invoice(p, 20, 500)
        a.dunning_retention, paid.dunning_retention = 50, 25
        self.pay(paid, 475)
        self.assertEqual(float(self.row(a).due_amount), 950)
        self.assert_stopped(paid, "retention")

    def test_k05_a_retention_of_the_accounts_is_told(self):
        p = self.b2b("K5 4117")
        holdbacks = self.account("411700", "asset_receivable", reconcile=True)
        entry = self.entry(self.sales, "2026-05-01", p, (holdbacks, 50), (self.income, -50))
        self.assert_stopped(entry, "retention")

    def test_k25_a_refund_received_and_registered_is_not_his_payment(self):
        p = self.b2b("K25 registered")
        a = self.invoice(p, 20, 1000)
        self.payment(p, 250, partner_type="supplier")
        self.statement(p, 250)
        self.assertEqual(float(self.row(a).due_amount), 1000)

    def test_k25_the_same_sum_owed_both_ways_may_be_his(self):
        p = self.b2b("K25 both")
        a = self.invoice(p, 20, 250)
        self.entry(
            self.misc,
            "2026-05-01",
            p,
            (self.company_data["default_account_payable"], 250),
            (self.income, -250),
        )
        self.statement(p, 250)
        self.assert_stopped(a, "covered")

    # -- Told --------------------------------------------------------------------------------------

    def test_k08_a_due_date_before_the_invoice_is_listed(self):
        p = self.b2b("K8 listed")
        self.invoice(p, "2026-03-01", 1000, invoice_date="2026-05-20")
        q = self.b2b("K8 right")
        self.invoice(q, "2026-05-01", 1000)
        self.env.flush_all()
        rows = self.env["account.dunning.quality"].search([("partner_id", "in", (p + q).ids)])
        wrong = rows.filtered("due_before_invoice")
        self.assertEqual(wrong.partner_id, p)
        self.assertIn("Due before its invoice", wrong.missing)
