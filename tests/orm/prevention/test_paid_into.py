"""The account into which an invoice is to be paid: looked at as it is posted, and the letters'."""

from odoo import Command
from odoo.tests import Form, tagged

from ..dunning_common import DunningCommon

OURS = "FR7630006000011234567890189"
SECOND = "FR1420041010050500013M02606"
FOREIGN = "DE89370400440532013000"
WRONG_KEY = "FR0630006000011234567890188"  # of OURS, its ISO digits right
WRONG_DIGITS = "FR7730006000011234567890189"


@tagged("post_install", "-at_install")
class TestPaidInto(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.company.dunning_mentions = True
        cls.ours = cls.bank.bank_account_id
        cls.partner = cls.customer("Menuiserie", company_registry="40483304800022")
        cls.goods = cls.env["account.tax"].create({"name": "Goods", "tax_scope": "consu"})
        cls.dollar = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])

    def draft(self, partner=None, due="2026-06-20", **values):
        line = {"price_unit": 100, "tax_ids": [Command.set(self.goods.ids)]}
        values = {"invoice_date": "2026-06-01", "partner_bank_id": self.ours.id, **values}
        values.setdefault("invoice_line_ids", [Command.create(line)])
        return self.invoice(partner or self.partner, due, post=False, **values)

    def account(self, number, partner=None, journal=False, **values):
        """Create an account of the company or of another, on a bank journal or on none."""
        holder = partner or self.company.partner_id
        values = {"acc_number": number, "partner_id": holder.id, **values}
        account = self.env["res.partner.bank"].create(values)
        if journal:
            vals = {"name": "Second bank", "code": "BNK9", "type": "bank"}
            vals["company_id"] = self.company.id
            self.env["account.journal"].create({**vals, "bank_account_id": account.id})
        return account

    def told(self, move):
        """Return the level that the form shows, and the words of its findings."""
        move.invalidate_recordset(["dunning_findings", "dunning_findings_now"])
        return move.dunning_findings_now, " ".join(str(move.dunning_findings or "").split())

    def assertTold(self, move, *words):  # noqa: N802 - as unittest names its own
        level, text = self.told(move)
        self.assertEqual((level, text.count("<li>")), ("orange" if words else False, len(words)))
        for each in words:
            self.assertIn(each, text)

    # -- What is found -----------------------------------------------------------------------------

    def test_an_invoice_without_an_account_is_told_kept_and_posted(self):
        self.company.dunning_checks = "stop"
        move, in_order = self.draft(partner_bank_id=False), self.draft()
        self.assertTold(move, "bears no account")
        self.assertTold(in_order)
        biller = self.new_user("biller", "account.group_account_invoice")
        (move + in_order).with_user(biller).action_post()
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.dunning_findings_level, "orange")
        self.assertFalse(in_order.dunning_findings_level)

    def test_an_account_with_a_wrong_key_or_none_is_told_where_an_iban_is_needed(self):
        move, dollars = self.draft(), self.draft(currency_id=self.dollar.id)
        for number, words, in_dollars in (
            (OURS, (), ()),
            (SECOND, (), ()),
            (FOREIGN, (), ()),
            (WRONG_KEY, ("RIB key",), ("RIB key",)),
            (WRONG_DIGITS, ("no valid IBAN",), ()),
            ("VOIR AU DOS", ("no valid IBAN",), ()),
        ):
            self.ours.acc_number = number
            with self.subTest(number=number):
                self.assertTold(move, *words)
                self.assertTold(dollars, *in_dollars)

    def test_the_account_is_one_that_the_letters_give(self):
        """Trust is for what we pay out: it makes no account ours, and takes none from us."""
        second = self.account(SECOND, journal=True)
        for trusted in (False, True):
            (self.ours + second).sudo().allow_out_payment = trusted
            self.assertTold(self.draft(partner_bank_id=second.id))
        of_no_journal = self.account(FOREIGN)
        of_no_journal.sudo().allow_out_payment = True
        stranger = self.env["res.company"].create({"name": "Other company"})
        another = self.account("BE68539007547034", stranger.partner_id)
        for account in (of_no_journal, another):
            move = self.draft(partner_bank_id=account.id)
            with self.subTest(account=account.acc_number):
                self.assertTold(move, "no bank journal of the creditor")
                self.assertNotEqual(move._get_dunning_bank_accounts()[move], account)
        move = self.draft(partner_bank_id=second.id)
        second.active = False
        self.assertTold(move, "is archived")

    def test_an_account_in_another_currency_is_told(self):
        move, dollars = self.draft(), self.draft(currency_id=self.dollar.id)
        self.assertTold(dollars)
        self.ours.currency_id = self.dollar
        self.assertTold(move, "another currency")
        self.assertTold(dollars)

    def test_a_consumer_is_given_an_account_too(self):
        consumer = self.customer("Particulier", is_company=False)
        self.assertTold(self.draft(consumer))
        self.assertTold(self.draft(consumer, partner_bank_id=False), "bears no account")

    def test_the_form_follows_what_is_chosen(self):
        move = self.draft(partner_bank_id=False)
        with Form(move) as form:
            self.assertEqual(form.dunning_findings_now, "orange")
            form.partner_bank_id = self.ours
            self.assertFalse(form.dunning_findings_now)

    # -- What needs none ---------------------------------------------------------------------------

    def test_what_is_debited_needs_no_account(self):
        debited = self.customer("Debited", company_registry="40483304800022")
        move = self.draft(debited, partner_bank_id=False)
        self.assertTold(move, "bears no account")
        debited.dunning_pay_mode = "debit"
        self.assertTold(move)
        method = self.env["account.payment.method"].sudo()
        vals = {"name": "SEPA Direct Debit", "code": "sepa_direct_debit", "payment_type": "inbound"}
        vals = {"payment_method_id": method.create(vals).id, "journal_id": self.bank.id}
        debit = self.env["account.payment.method.line"].sudo().create(vals)
        by_transfer = self.bank.inbound_payment_method_line_ids[0]
        by_method = self.draft()
        for line, words in ((by_transfer, ("bears no account",)), (debit, ())):
            by_method.preferred_payment_method_line_id = line
            by_method.partner_bank_id = False
            self.assertTold(by_method, *words)

    def test_a_credit_note_and_a_bill_need_no_account(self):
        for kind in ("out_refund", "in_invoice"):
            self.assertTold(self.draft(move_type=kind, partner_bank_id=False))

    def test_what_is_paid_needs_no_account(self):
        move = self.draft(partner_bank_id=False)
        move.action_post()
        self.assertIn("bears no account", self.told_in_tab(move))
        self.pay(move)
        self.assertNotIn("bears no account", self.told_in_tab(move))

    def test_what_a_factor_has_is_no_matter_of_our_accounts(self):
        manager = self.new_user("manager", "account_dunning_fr.group_dunning_manager")
        biller = self.new_user("biller", "account.group_account_invoice")
        wording = self.env["account.dunning.assignment.wording"].with_user(manager)
        wording = wording.search([("basis", "=", "subrogation")])
        wording.text = "Ne payez plus que {factor}."
        wording.action_confirm()
        factor = self.customer("Factor")
        his = self.account(FOREIGN, factor)
        move, ours = self.draft(partner_bank_id=False), self.draft(partner_bank_id=False)
        (move + ours).action_post()
        action = move.with_user(biller).action_dunning_assign()
        assignments = self.env["account.dunning.assignment"].with_user(biller)
        vals = {"name": "Q-1", "holder_id": factor.id, "bank_id": his.id}
        assignment = assignments.with_context(**action["context"]).create(vals)
        assignment.with_user(manager).action_hand_over()
        self.assertEqual(move.partner_bank_id, his)
        self.assertNotIn("bank journal", self.told_in_tab(move))
        self.assertIn("bank journal", self.told_in_tab(ours))

    def told_in_tab(self, move):
        self.env.invalidate_all()
        groups = move.get_dunning_facts()
        return " ".join(note["text"] for group in groups for note in group.get("notes", ()))

    # -- The due date ------------------------------------------------------------------------------

    def test_an_invoice_that_lost_its_due_date_is_told(self):
        term = self.env.ref("account.account_payment_term_30days")
        move = self.draft(invoice_payment_term_id=term.id)
        move.action_post()
        self.assertEqual(str(move.invoice_date_due), "2026-07-01")
        self.assertFalse(move.dunning_findings_level)
        self.env.flush_all()
        # As what was written past Odoo, which fills it in by the payment term.
        self.cr.execute("UPDATE account_move SET invoice_date_due = NULL WHERE id = %s", [move.id])
        self.assertIn("bears no due date", self.told_in_tab(move))
        move._keep_dunning_findings({})
        self.assertEqual(move.dunning_findings_level, "orange")

    def test_an_instalment_without_a_due_date_is_told_once_posted(self):
        move = self.draft(invoice_payment_term_id=False, invoice_date_due=False)
        move.action_post()
        items = self.items(move)
        items.date_maturity = False
        self.assertIn("bears no due date", self.told_in_tab(move))
        move._keep_dunning_findings({})
        self.assertEqual(move.dunning_findings_level, "orange")
        items.date_maturity = "2026-07-01"
        self.assertNotIn("bears no due date", self.told_in_tab(move))

    # -- In bulk -----------------------------------------------------------------------------------

    def test_many_accounts_take_the_queries_of_few(self):
        accounts = [self.account(number) for number in (SECOND, FOREIGN, "VOIR AU DOS")]
        chosen = [account.id for account in (self.ours, *accounts)] + [False]
        make = self.env["account.move"].union
        few, many = (
            make(*[self.draft(partner_bank_id=chosen[i % 5]) for i in range(count)])
            for count in (5, 30)
        )
        (few + many).action_post()

        def count(moves):
            return self.count_queries(moves._keep_dunning_findings, {})

        count(few)  # what is read once a server
        self.assertEqual(count(few), count(many))
