"""Into which account a message asks to be paid: one of a bank journal of the creditor, or none."""

from unittest.mock import patch

from odoo.tests import tagged

from ..dunning_common import DunningCommon

CLAIM = "odoo.addons.account_dunning_fr.models.notice.account_dunning_claim"
OURS = "FR7630006000011234567890189"
SECOND = "FR1420041010050500013M02606"
FOREIGN = "DE89370400440532013000"
FORMER = "BE68539007547034"


@tagged("post_install", "-at_install")
class TestBankAccounts(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.own = cls.company.partner_id
        cls.ours = cls.bank.bank_account_id
        cls.partner = cls.customer(dunning_lang="en_US")
        cls.dollar = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])

    def account(self, number, **values):
        """Create an account on the company's contact: of no journal yet."""
        return self.env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": self.own.id, **values}
        )

    def journal(self, account, **values):
        return self.env["account.journal"].create(
            {
                "name": f"Bank {account.acc_number[:4]}",
                "code": f"B{account.id}"[:5],
                "type": "bank",
                "company_id": self.company.id,
                "bank_account_id": account.id,
                **values,
            }
        )

    def transfers(self, notice):
        """Return what the message asks: (account, currency, amount, invoices)."""
        return [
            (
                transfer["account"].sanitized_acc_number or None,
                transfer["currency"].name,
                transfer["amount"],
                transfer["names"],
            )
            for transfer in notice._get_transfers()
        ]

    def letter(self, notice):
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "account_dunning_fr.report_notice_letter", notice.ids
        )
        return page.decode().replace("\xa0", "").replace(" ", "")

    def code(self, notice):
        """Return the rows of the transfer code."""
        with patch(f"{CLAIM}.draw_qr_code", lambda text: text):
            text = notice._get_qr_code()
        return text and text.split("\n")

    # -- Which account -----------------------------------------------------------------------------

    def test_a_wrong_rib_key_is_told_and_a_formal_notice_waits_for_it(self):
        """Of the same account with the digits of ISO 7064 right, which Odoo alone looks at."""
        self.invoice(self.partner, 60, 500)
        notice = self.draft(self.partner)
        for number, wrong in (
            (OURS, False),
            (SECOND, False),
            (FOREIGN, False),
            ("FR0630006000011234567890188", True),
            ("FR3520041010050500013M02616", True),
        ):
            self.ours.acc_number = number
            with self.subTest(number=number):
                self.assertEqual(self.ours.acc_type, "iban")
                self.assertEqual(self.ours.dunning_wrong_key, wrong)
                self.assertEqual("RIB key" in " ".join(notice._get_missing_of_accounts()), wrong)

    def test_neither_sequence_nor_trust_decides(self):
        former = self.account(FORMER)
        move = self.invoice(self.partner, 10, 100, partner_bank_id=former.id)
        notice = self.draft(self.partner)
        for values in (
            {"sequence": 1, "allow_out_payment": False},
            {"sequence": 50, "allow_out_payment": True},
            {"sequence": 1, "allow_out_payment": True},
        ):
            with self.subTest(**values):
                former.sudo().write(values)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(move.partner_bank_id, former)
                letter = self.letter(notice)
                self.assertIn(OURS, letter)
                self.assertNotIn(FORMER, letter)
                self.assertNotIn(FORMER, str(notice.message_html))
                self.assertEqual(self.code(notice)[6], OURS)

    def test_the_account_of_the_invoice_where_a_journal_has_it(self):
        second = self.account(SECOND)
        self.journal(second)
        self.invoice(self.partner, 10, 100, partner_bank_id=second.id)
        self.assertIn(SECOND, self.letter(self.draft(self.partner)))

    def test_without_a_journal_there_is_none_and_it_is_said(self):
        self.invoice(self.partner, 10, 100)
        notice = self.draft(self.partner)
        self.assertFalse(notice.bank_warning)
        page = self.env["account.dunning.golive"].create({})
        self.assertIn("FR76", page.account_text)
        self.bank.bank_account_id = False
        self.env.invalidate_all()
        self.assertIn(notice.move_ids.name, notice.bank_warning)
        self.assertNotIn("FR76", self.letter(notice))
        self.assertFalse(notice._get_qr_code())
        page = self.env["account.dunning.golive"].create({})
        self.assertIn("account of a bank journal", page.missing_warning)
        self.assertRegex(page.account_text, "^None")
        quality = self.env["account.dunning.quality"].search([("partner_id", "=", self.partner.id)])
        self.assertTrue(quality.no_iban)

    def test_an_archived_account_or_journal_is_none(self):
        self.invoice(self.partner, 10, 100)
        notice = self.draft(self.partner)
        for record in (self.ours, self.bank):
            with self.subTest(model=record._name):
                record.active = False
                self.assertEqual(self.transfers(notice)[0][0], None)
                record.active = True

    def test_an_account_of_a_journal_of_another_kind_or_holder_is_none(self):
        self.bank.bank_account_id = False
        self.assertFalse(self.company._get_dunning_bank_account())
        self.bank.type = "general"
        self.bank.bank_account_id = self.ours
        self.assertFalse(self.company._get_dunning_bank_account())

    # -- Several of them ---------------------------------------------------------------------------

    def test_each_sum_with_the_account_of_its_invoice(self):
        second = self.account(SECOND)
        self.journal(second)
        one = self.invoice(self.partner, 12, 100, partner_bank_id=self.ours.id)
        two = self.invoice(self.partner, 10, 50, partner_bank_id=second.id)
        three = self.invoice(self.partner, 9, 7, partner_bank_id=second.id)
        notice = self.draft(self.partner)
        self.assertEqual(
            self.transfers(notice),
            [(OURS, "EUR", 100, [one.name]), (SECOND, "EUR", 57, [two.name, three.name])],
        )
        letter = self.letter(notice)
        for text in (OURS, SECOND, "100.00", "57.00"):
            self.assertIn(text, letter)
        self.assertFalse(notice._get_qr_code())

    def test_each_currency_with_an_account_kept_in_it(self):
        dollars = self.account(FOREIGN, currency_id=self.dollar.id)
        self.journal(dollars, currency_id=self.dollar.id)
        self.invoice(self.partner, 12, 100)
        self.invoice(self.partner, 10, 250, currency_id=self.dollar.id, partner_bank_id=False)
        found = self.transfers(self.draft(self.partner))
        self.assertEqual([row[:3] for row in found], [(OURS, "EUR", 100), (FOREIGN, "USD", 250)])

    def test_a_sum_without_an_account_of_its_currency_says_so_beside_the_others(self):
        self.ours.currency_id = self.company.currency_id
        self.invoice(self.partner, 12, 100)
        dollars = self.invoice(
            self.partner, 10, 250, currency_id=self.dollar.id, partner_bank_id=False
        )
        notice = self.draft(self.partner)
        self.assertEqual([row[0] for row in self.transfers(notice)], [OURS, None])
        self.assertIn(dollars.name, notice.bank_warning)
        self.assertIn("Askusfortheaccount", self.letter(notice))

    def test_currencies_of_no_and_of_three_decimals(self):
        for name, rounding, amount, shown in (
            ("JPY", 1.0, 1234, "1,234"),
            ("KWD", 0.001, 100.125, "100.125"),
            ("CHF", 0.01, 55.5, "55.50"),
        ):
            with self.subTest(currency=name):
                currency = self.setup_other_currency(
                    name, rounding=rounding, rates=[("2020-01-01", 2.0)]
                )
                partner = self.customer(f"Client {name}", dunning_lang="en_US")
                self.invoice(partner, 10, amount, currency_id=currency.id)
                notice = self.draft(partner)
                self.assertEqual(self.transfers(notice)[0][:3], (OURS, name, amount))
                self.assertIn(shown, self.letter(notice))
                self.assertFalse(notice._get_qr_code())

    # -- Factoring ---------------------------------------------------------------------------------

    def factored(self, moves, account):
        """Assign these invoices to a factor, as the room that does so."""
        cls = type(self.env["account.move"])
        return patch.object(
            cls,
            "_get_dunning_factor_account",
            lambda move: account if move in moves else None,
        )

    def test_a_factored_invoice_is_never_paid_to_us(self):
        factor = self.env["res.partner.bank"].create(
            {"acc_number": FOREIGN, "partner_id": self.customer("Factor").id}
        )
        own = self.invoice(self.partner, 12, 100)
        assigned = self.invoice(self.partner, 10, 50, partner_bank_id=self.ours.id)
        notice = self.draft(self.partner)
        with self.factored(assigned, factor):
            self.assertEqual(
                self.transfers(notice),
                [(None, "EUR", 100, [own.name]), (FOREIGN, "EUR", 50, [assigned.name])],
            )
            self.assertFalse(assigned._get_dunning_common_account() - factor)
            self.assertFalse((own | assigned)._get_dunning_common_account())
        with self.factored(assigned, factor.browse()):
            both = (None, "EUR", 150, [own.name, assigned.name])
            self.assertEqual(self.transfers(notice), [both])
            self.assertIn(assigned.name, notice.bank_warning)

    # -- The transfer code -------------------------------------------------------------------------

    def test_the_amount_of_the_code_has_two_decimals(self):
        for amounts, written in (
            ((0.1, 0.2), "EUR0.30"),
            ((1.1, 2.2), "EUR3.30"),
            ((1000.0,), "EUR1000.00"),
            ((0.7, 0.1, 0.1), "EUR0.90"),
        ):
            with self.subTest(amounts=amounts):
                self.policy.min_amount = 0
                partner = self.customer(f"Client {written}")
                for amount in amounts:
                    self.invoice(partner, 10, amount)
                self.assertEqual(self.code(self.draft(partner))[7], written)

    def test_the_name_in_the_code_has_seventy_characters_at_most(self):
        self.invoice(self.partner, 10, 100)
        notice = self.draft(self.partner)
        for name in ("A" * 71, "É" * 120, "Line\nbreak and " + "B" * 80):
            with self.subTest(name=name[:12]):
                self.ours.acc_holder_name = name
                rows = self.code(notice)
                self.assertEqual(len(rows), 12)
                self.assertEqual(rows[5], " ".join(name.split())[:70])

    # -- A change of it ----------------------------------------------------------------------------

    def assert_told(self, old, new):
        page = self.env["account.dunning.golive"].create({})
        told = page.account_warning.replace(" ", "")
        self.assertRegex(told, f"changedtheaccount.*from{old}to{new}")
        self.assertIn(self.env.user.name, page.account_warning)
        change = self.env["account.dunning.change"].search(
            [("field_name", "=", "dunning_iban")], limit=1
        )
        self.assertEqual(change.company_id, self.company)
        values = [text.replace(" ", "") or "none" for text in (change.old_value, change.new_value)]
        self.assertEqual(values, [old, new])

    def test_a_change_of_the_account_is_told(self):
        with self.on("2026-01-05"):
            self.company._follow_dunning_account()
        second = self.account(SECOND)
        self.bank.bank_account_id = second
        self.assert_told(OURS, SECOND)
        second.acc_number = FOREIGN
        self.assert_told(SECOND, FOREIGN)
        self.bank.active = False
        self.assert_told(FOREIGN, "none")
        self.bank.active = True
        self.assert_told("none", FOREIGN)

    def test_nothing_is_told_where_the_account_stays(self):
        self.env["account.dunning.change"].search([]).sudo()._write({"field_name": "other"})
        self.journal(self.account(SECOND))
        self.ours.acc_holder_name = "Other name"
        page = self.env["account.dunning.golive"].create({})
        self.assertFalse(page.account_warning)
