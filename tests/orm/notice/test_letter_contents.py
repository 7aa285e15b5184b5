"""Each letter is read back from its PDF, element by element and sum by sum."""

import re
from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import format_amount, format_date

from ..dunning_common import DunningCommon, days_ago
from ..printed import read_pages

LAYOUT = "odoo.addons.account_dunning_fr.models.notice.account_dunning_paper"
LETTER = "account_dunning_fr.report_notice_letter"


def squeeze(text):
    """Return a text without any space: what is read from a PDF may hold some anywhere."""
    return re.sub(r"\s", "", text)


@tagged("post_install", "-at_install")
class TestLetterContents(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "name": "Atelier Durand",
                "dunning_legal_form": "SAS",
                "dunning_share_capital": 10000,
                "dunning_rcs_city": "Rennes",
                "street": "1 rue du Test",
                "zip": "35000",
                "city": "Rennes",
                "phone": "02 99 00 00 00",
            }
        )
        cls.euro = cls.env.ref("base.EUR")
        cls.signatory = cls.new_user("signatory", "account.group_account_invoice")
        cls.signatory.partner_id.function = "Credit manager"
        cls.company.dunning_user_id = cls.signatory

    def debtor(self, regime, **values):
        return self.customer(
            "Debtor", street="12 rue Haute", zip="44000", city="Nantes", dunning_lang="en_US",
            dunning_regime=regime, **values,
        )  # fmt: skip

    def read(self, notice):
        """Return the text of each page of the letter, without spaces."""
        content, _type = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(LETTER, notice.ids)
        )
        return list(map(squeeze, read_pages(content)))

    def assert_says(self, text, *parts):
        for part in parts:
            with self.subTest(part=part):
                self.assertIn(squeeze(part), text)

    def assert_silent(self, text, *parts):
        for part in parts:
            with self.subTest(part=part):
                self.assertNotIn(squeeze(part), text)

    def money(self, amount, currency=None):
        currency = currency or self.company.currency_id
        return format_amount(self.env, amount, currency, lang_code="en_US")

    def day(self, value):
        return format_date(self.env, value, lang_code="en_US", date_format="d MMM y")

    def formal(self, partner, *amounts):
        """Prepare the formal notice of invoices overdue for 60, 61… days."""
        moves = self.invoices(*((partner, 60 + i, amount) for i, amount in enumerate(amounts)))
        self.history(self.registered, "2026-05-01", *moves)
        return moves, self.draft(partner)

    def test_the_formal_notice_to_a_company_is_complete(self):
        partner = self.debtor("b2b", company_registry="404833048")
        (first, second), notice = self.formal(partner, 1200, 800)
        self.pay(first, 200)
        notice = self.draft(partner)
        text = "".join(self.read(notice))
        self.assert_says(
            text,
            *("Atelier Durand", "SAS", "552100554", "RCS Rennes", "1 rue du Test", "35000 Rennes"),
            *("02 99 00 00 00", "compta@creancier.example"),
            *("Debtor", "12 rue Haute", "44000 Nantes", "404833048"),
            "FORMAL NOTICE TO PAY",
            f"Invoices {second.name}, {first.name}",
            *(self.day(day) for day in (days_ago(60), days_ago(61), days_ago(90), days_ago(91))),
            *(self.money(amount) for amount in (1200, 200, 1000, 800, 1800)),
            f"by {self.day(notice.deadline)} at the latest",
            self.day(notice.previous_notice_ids.date),
            *("L. 441-10", "D. 441-5", "FR76 3000 6000 0112 3456 7890 189"),
            *("competent court", "Credit manager", self.signatory.name),
            "Enclosed: copies of the 2 invoices listed and statement of late-payment penalties",
            f"Flat indemnity for recovery costs: {self.money(40, self.euro)} × 2",
        )
        self.assert_account(text, notice)

    def assert_account(self, text, notice):
        """The account adds up, and each of its amounts is in the letter."""
        penalties = notice._get_penalty_statement()
        account = notice._get_recapitulation(penalties)
        self.assertEqual(account["principal"], notice.amount_total)
        self.assertEqual(
            account["interest"], round(sum(r["interest"] for r in penalties["rows"]), 2)
        )
        self.assertEqual(account["indemnity"], 40.0 * len(penalties["rows"]))
        self.assertEqual(
            account["total"],
            round(account["principal"] + account["interest"] + account["indemnity"], 2),
        )
        amounts = {name: amount for name, amount in account.items() if name != "counted"}
        self.assert_says(text, *(self.money(amount) for amount in amounts.values()))

    def test_the_formal_notice_to_a_consumer_asks_for_nothing_he_does_not_owe(self):
        _moves, notice = self.formal(self.debtor("b2c", is_company=False), 500)
        (text,) = self.read(notice)
        self.assert_says(text, "FORMAL NOTICE TO PAY", self.money(500), "1231-6", "1344-1")
        self.assert_silent(text, "L. 441-10", "D. 441-5", self.money(40), "indemnity")

    def test_the_formal_notice_to_a_public_body_quotes_its_own_law(self):
        _moves, notice = self.formal(self.debtor("b2g"), 500)
        (text,) = self.read(notice)
        self.assert_says(text, "FORMAL NOTICE TO PAY", "R. 2192-31", self.money(40))
        self.assert_silent(text, "L. 441-10")

    def test_a_service_message_speaks_neither_of_lateness_nor_of_penalties(self):
        partner = self.debtor("b2b")
        move = self.invoice(partner, -4, 300)
        notice = self.draft(partner)
        self.assertEqual(notice.kind, "courtesy")
        (text,) = self.read(notice)
        self.assert_says(text, move.name, self.money(300), self.day(move.invoice_date_due))
        words = text.lower()
        self.assert_silent(words, "late", "overdue", "reminder", "penalt", "court", "l. 441-10")

    def test_a_long_list_has_its_heading_on_every_page_and_its_sums_carried(self):
        partner = self.debtor("b2b")
        amounts = [100 + 10 * index for index in range(12)]
        with patch(f"{LAYOUT}.PAGE_LINES", 5):
            _moves, notice = self.formal(partner, *amounts)
            pages = self.read(notice)
            listing = notice._get_listing_pages()
        self.assertEqual([len(page["rows"]) for page in listing], [5, 5, 2])
        self.assertEqual(listing[-1]["total"], notice.amount_total)
        letter, *items = pages[:4]
        self.assert_says(letter, "12 items, listed at the end", self.money(sum(amounts)))
        self.assert_account(letter, notice)
        for text, page in zip(items, listing, strict=True):
            self.assert_says(
                text,
                "Days late",
                self.money(page["total"]),
                *(line.invoice_name for line in page["rows"]),
            )
            self.assertEqual(text.count(squeeze("Days late")), 1)
        for text, page in zip(items[1:], listing[1:], strict=True):
            self.assert_says(text, "Carried forward", self.money(page["carried"]))
        for text in pages[4:]:
            self.assertEqual(text.count(squeeze("Flat indemnity")), 1)
        self.assertEqual(len(pages), 7)

    def test_what_is_not_enclosed_is_not_announced(self):
        _moves, notice = self.formal(self.debtor("b2b"), 500)
        notice.enclose_invoices = False
        (text,) = self.read(notice)
        self.assert_silent(text, "copy of the invoice", "copies of")

    def test_the_formal_notice_demands_principal_and_penalties_and_says_the_date_once(self):
        _moves, notice = self.formal(self.debtor("b2b"), 1200)
        (text,) = self.read(notice)
        account = notice._get_recapitulation(notice._get_penalty_statement())
        self.assert_says(
            text,
            f"the sum of {self.money(1200)} in principal, plus {self.money(account['interest'])}",
            f"that is {self.money(account['total'])} in all, by {self.day(notice.deadline)}",
            f"Amount to transfer: {self.money(account['total'])}",
        )
        self.assertEqual(text.count(squeeze(self.day(notice.deadline))), 1)
        [transfer] = notice._get_transfers()
        self.assertEqual((transfer["currency"], transfer["amount"]), (self.euro, account["total"]))

    def test_a_reminder_that_only_states_penalties_asks_for_the_principal(self):
        partner = self.debtor("b2b")
        move = self.invoice(partner, 20, 500)
        self.history(self.first, "2026-05-17", move)
        notice = self.draft(partner)
        (text,) = self.read(notice)
        self.assert_says(text, f"Amount to transfer: {self.money(500)}", "Our previous message:")
        self.assert_silent(text, "in principal")

    def test_the_origin_of_many_debts_stands_beside_each_of_them(self):
        partner = self.debtor("b2b")
        moves = self.invoices(*((partner, 60 + i, 100, {"ref": f"ORDER-{i}"}) for i in range(12)))
        self.history(self.registered, "2026-05-01", *moves)
        letter, listing, *_penalties = self.read(self.draft(partner))
        self.assert_silent(letter, "ORDER-")
        self.assert_says(listing, "Order or reference", *(move.ref for move in moves))

    def test_a_discount_for_early_payment_is_recalled_before_the_due_date(self):
        partner = self.debtor("b2b")
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 28 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 28,
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        self.invoice(partner, -3, 300, invoice_payment_term_id=term.id)
        (text,) = self.read(self.draft(partner))
        self.assert_says(
            text, f"Early-payment discount: {self.money(294)} instead of {self.money(300)}"
        )

    def test_the_object_names_a_few_invoices_and_counts_more(self):
        partner = self.debtor("b2b")
        moves, notice = self.formal(partner, *[100] * 7)
        local = notice.with_context(lang="en_US")
        self.assertEqual(local.invoices_text, "7 invoices, listed below")
        notice.line_ids.filtered(lambda line: line.move_id != moves[0]).action_leave_out()
        self.assertEqual(local.invoices_text, f"invoice {moves[0].name}")

    def test_the_first_of_a_month_and_a_whole_capital_are_written_as_the_french_do(self):
        notice = self.Notice.with_context(lang="fr_FR")
        self.assertEqual(notice._format_long_date(date(2026, 12, 1)), "1er décembre 2026")
        self.assertEqual(notice._format_long_date(date(2026, 12, 11)), "11 décembre 2026")
        company = self.company.with_context(lang="fr_FR")
        self.assertEqual(squeeze(company._get_dunning_share_capital_text()), "10000€")
        self.company.dunning_share_capital = 10000.5
        self.assertEqual(squeeze(company._get_dunning_share_capital_text()), "10000,50€")

    def test_an_e_mail_links_to_the_payment_of_each_invoice_where_it_can_be_paid(self):
        partner = self.debtor("b2b")
        move = self.invoice(partner, 10)
        notice = self.draft(partner)
        self.assertEqual(notice._get_payment_links(), {})
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        self.env["payment.provider"].create(
            {"name": "Card", "code": "none", "company_id": self.company.id}
        )
        self.env.cr.execute(
            "UPDATE payment_provider SET state = 'enabled', is_published = TRUE "
            "WHERE company_id = %s",
            [self.company.id],
        )
        self.env.invalidate_all()
        links = notice._get_payment_links()
        self.assertEqual(list(links), [move])
        self.assertIn(f"/my/invoices/{move.id}?access_token=", links[move])
        self.assertIn(move.access_token, notice._render_part("account_dunning_fr.notice_message"))
