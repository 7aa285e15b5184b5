"""A receipt reset to draft keeps its match in Odoo: the invoice is settled, by nothing posted."""

from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day


@tagged("post_install", "-at_install")
class TestSettledByDrafts(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.partner = cls.customer("Forgotten")
        cls.move = cls.invoice(cls.partner, 40)
        cls.Hold = cls.env["account.dunning.hold"]

    def told(self):
        return self.Hold._get_settling_drafts(self.company)

    def on_the_statement(self, move):
        """Set an invoice against a line of the bank statement, and return its entry."""
        line = self.statement(move.partner_id, 100)
        _liquidity, suspense, _others = line._seek_for_lines()
        suspense.account_id = self.items(move).account_id
        (suspense | self.items(move)).reconcile()
        return line.move_id

    def with_outstanding_account(self, move):
        method = self.bank.inbound_payment_method_line_ids[0]
        method.payment_account_id = self.env["account.account"].create(
            {"code": "512998", "name": "Outstanding", "account_type": "asset_current"}
            | {"reconcile": True}
        )
        return self.pay(move).move_id

    def credited(self, move):
        note = self.credit_note(move.partner_id, 100, of=move)
        (self.items(note) + self.items(move)).reconcile()
        return note

    def test_what_odoo_does_with_a_receipt_in_draft(self):
        """Its match stays, whatever it is; only cancelled it settles nothing any more."""
        for name, settle in {
            "payment": lambda move: self.pay(move).move_id,
            "payment of an outstanding account": self.with_outstanding_account,
            "bank statement": self.on_the_statement,
            "credit note": self.credited,
        }.items():
            with self.subTest(name):
                move = self.invoice(self.customer(name), 40)
                item, entry = self.items(move), settle(move)
                self.assertFalse(self.told())
                entry.button_draft()
                self.assertTrue(item.reconciled)
                self.assertEqual((item.amount_residual, move.amount_residual), (0, 0))
                self.assertEqual(self.rows(move), [None])  # nobody is chased for it meanwhile
                self.assertEqual(self.told(), entry)
                entry.action_post()
                self.assertFalse(self.told())
                entry.button_draft()
                entry.button_cancel()
                self.assertFalse(self.told())
                self.assertEqual(self.row(move).residual, 100)

    def test_the_weekly_look_tells_the_person_in_charge(self):
        entry = self.pay(self.move, 60).move_id
        entry.button_draft()
        self.Hold._review_sleeping(self.company, day(TODAY))
        kind = "account_dunning_fr.mail_activity_type_review"
        [activity] = self.company.partner_id.activity_search([kind])
        self.assertIn("Forgotten", activity.note)
        self.assertIn(f'data-oe-model="account.move" data-oe-id="{entry.id}"', activity.note)
        self.assertIn("still in draft", activity.note)
        entry.action_post()
        self.Hold._review_sleeping(self.company, day(TODAY))
        self.assertFalse(activity.exists())

    def test_what_settles_nothing_of_a_customer_is_not_told(self):
        self.payment(self.partner, 100).action_draft()  # matched with nothing
        self.invoice(self.partner, 10, post=False)
        bill = self.invoice(self.partner, 10, move_type="in_invoice")
        self.pay(bill).action_draft()
        self.assertFalse(self.told())

    def test_the_dashboard_counts_it_as_owed_and_agrees_with_the_books(self):
        self.pay(self.move).move_id.button_draft()
        balance = self.env["account.dunning.balance"]
        query = balance._get_open_items_query(self.company, day(TODAY), partners=self.partner)
        self.env.cr.execute(query)
        self.assertEqual([row["residual"] for row in self.env.cr.dictfetchall()], [100])
        self.assertEqual(
            balance._get_ledger_balance(self.company, day(TODAY), partners=self.partner), 100
        )
