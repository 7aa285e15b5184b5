"""Letters by the dozen: one PDF for the printer, and each letter kept as it was printed."""

import hashlib
from io import BytesIO
from unittest.mock import patch

from lxml import html

from odoo.addons.account_dunning_fr.models.notice.res_company import SENDER
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader, PdfWriter

from ..dunning_common import DunningCommon, day
from ..printed import read_pages


@tagged("post_install", "-at_install")
class TestLetters(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer("Zoé", zip="01000", city="Bourg-en-Bresse", street="1 rue A")
        cls.clerk = cls.new_user("clerk", "account_dunning_fr.group_dunning_user", lang="en_US")
        cls.billing = cls.new_user("billing", "account.group_account_invoice", lang="en_US")

    def letter(self, partner=None, count=1):
        """Prepare a registered letter that claims so many invoices."""
        partner = partner or self.partner
        for move in self.invoices(*((partner, 60 + number, 100) for number in range(count))):
            self.history(self.firm, "2026-05-01", move)
        return self.draft(partner)

    def pages(self, content):
        """Return the text of each page of a PDF."""
        return read_pages(content)

    def blank(self, count=1):
        """Return a PDF of so many blank pages."""
        writer = PdfWriter()
        for _number in range(count):
            writer.add_blank_page(595, 842)
        stream = BytesIO()
        writer.write(stream)
        return stream.getvalue()

    # -- What a file says of itself ----------------------------------------------------------------

    def test_each_letter_of_a_batch_has_the_title_of_its_own_file(self):
        report = self.env.ref("account_dunning_fr.report_notice_letter")
        report.print_report_name = f"{report.print_report_name}  # as its file is named"
        english = self.customer("Ann", zip="01000", city="Bourg-en-Bresse", lang="en_US")
        notices = (self.letter() | self.letter(english)).sudo()
        for notice in notices:
            notice.name = notice._get_next_reference()
        titles = report._get_dunning_titles(notices)
        self.assertEqual(set(titles), set(notices.ids))
        for notice in notices:
            name = notice._get_letter_filename().removesuffix(".pdf")
            kind = report.with_context(lang=notice.lang).name
            self.assertEqual(titles[notice.id], f"{kind} – {name}")
            self.assertEqual(report._get_dunning_titles(notice), {notice.id: titles[notice.id]})
        self.assertEqual(len(set(titles.values())), 2)

    # -- What is printed is what is kept ---------------------------------------------------------

    def test_the_letter_posted_is_the_one_that_was_printed(self):
        notice = self.letter().with_user(self.billing)
        notice.action_print()
        printed = notice.sudo().letter_id
        self.assertTrue(notice.name)
        self.assertIn(notice.name, printed.raw.decode())
        self.post(notice.with_user(self.clerk))
        self.assertEqual(notice.sudo().letter_id, printed)
        self.assertEqual(hashlib.sha256(printed.raw).hexdigest(), notice.letter_sha256)

    def test_printing_twice_on_a_day_makes_one_letter_and_one_reference(self):
        notice = self.letter()
        notice.action_print()
        first = (notice.letter_id, notice.name)
        notice.action_print()
        self.assertEqual((notice.letter_id, notice.name), first)

    def test_a_letter_printed_the_next_day_bears_its_date(self):
        notice = self.letter()
        notice.action_print()
        old = notice.letter_id
        with self.on("2026-06-02"):
            notice.action_print()
        self.assertFalse(old.exists())
        self.assertEqual(notice.printed_on, day("2026-06-02"))
        self.assertIn("12/06/2026", notice.letter_id.raw.decode())

    def test_a_letter_that_is_not_french_writes_the_month_in_letters(self):
        self.partner.write({"country_id": self.env.ref("base.de").id, "lang": "en_US"})
        notice = self.letter()
        self.assertEqual(notice.lang, "en_US")
        notice.action_print()
        page = notice.letter_id.raw.decode()
        self.assertIn("11 Jun 2026", page)
        self.assertNotRegex(page, r"\d\d/\d\d/20\d\d")
        # The screens of the same language keep its usual form.
        shown = self.env["ir.qweb.field.date"].with_context(lang="en_US").value_to_html
        self.assertEqual(shown(day("2026-06-11"), {}), "06/11/2026")

    def test_a_change_forgets_the_letter_that_was_printed(self):
        notice = self.letter().with_user(self.clerk)
        for values in ({"subject": "Other"}, {"user_id": self.clerk.id}):
            with self.subTest(**values):
                notice.action_print()
                letter = notice.sudo().letter_id
                notice.write(values)
                self.assertFalse(letter.exists())
                self.assertFalse(notice.sudo().letter_id)

    def test_a_customer_who_paid_gets_no_letter(self):
        notice = self.letter()
        other = self.letter(self.customer("Other"))
        self.pay(notice.move_ids)
        self.assertEqual((notice | other)._print_letters(), other)
        self.assertEqual((notice.state, notice.letter_id.id), ("cancelled", False))

    def test_messages_without_a_letter_give_no_pdf(self):
        self.invoice(self.partner, 10)
        with self.assert_refused(UserError, "None of these messages goes by post"):
            self.draft(self.partner)._get_letters_pdf()

    # -- One PDF of many -------------------------------------------------------------------------

    def test_envelopes_come_by_post_code_then_by_name(self):
        addresses = [("Beta", "75001"), ("Alpha", "75001"), ("Gamma", "13001")]
        notices = self.Notice.union(
            *(
                self.letter(self.customer(name, zip=code, city="Ville", street="1 rue B"))
                for name, code in addresses
            )
        )
        abroad = self.customer(
            "Abroad", zip="1000", city="X", country_id=self.env.ref("base.be").id
        )
        order = (notices | self.letter(abroad) | self.letter())._sort_for_posting()
        self.assertEqual(
            order.mapped("partner_id.name"), ["Zoé", "Gamma", "Alpha", "Beta", "Abroad"]
        )

    def test_each_document_may_start_on_a_new_sheet(self):
        parts = [self.blank(1), self.blank(2), self.blank(3)]
        for recto, count in ((False, 6), (True, 8)):
            merged = self.Notice._merge_pdfs(parts, recto)
            self.assertEqual(len(PdfReader(BytesIO(merged)).pages), count)

    def test_letters_rendered_together_are_split_where_each_begins(self):
        customers = [self.customer(name) for name in ("One", "Two", "Three")]
        notices = self.Notice.union(
            *(
                self.letter(customer, count)
                for customer, count in zip(customers, (1, 60, 1), strict=True)
            )
        ).with_context(force_report_rendering=True)
        report = type(self.env["ir.actions.report"])
        run = report._run_wkhtmltopdf
        with patch.object(report, "_run_wkhtmltopdf", autospec=True, side_effect=run) as process:
            content = notices._get_letters_pdf(enclosed=False)
        self.assertEqual(process.call_count, 1)
        lengths = []
        for notice in notices:
            pages = self.pages(notice.letter_id.raw)
            lengths.append(len(pages))
            self.assertIn(notice.name, pages[0])
            for other in notices - notice:
                self.assertNotIn(other.partner_id.name, "".join(pages))
        self.assertGreater(lengths[1], 1)
        self.assertEqual(len(self.pages(content)), sum(lengths))
        # The report of Odoo's own button gives what is kept, once sent as well.
        self.post(notices[0])
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        printed, _kind = report._render_qweb_pdf(
            "account_dunning_fr.report_notice_letter", notices[0].ids
        )
        # What the letter announces comes behind it.
        kept = notices[0].letter_id.raw
        self.assertEqual(hashlib.sha256(kept).hexdigest(), notices[0].letter_sha256)
        self.assertEqual(self.pages(printed)[: lengths[0]], self.pages(kept))

    def test_each_of_several_has_its_sender_in_its_language(self):
        """The sender is written once for all letters of one language, and one creditor."""
        self.company.write({"vat": "FR23334175221", "phone": "02 99 00 00 00"})
        notices = self.Notice
        for lang in ("fr_FR", "en_US", "fr_FR", "en_US"):
            notices |= self.letter(self.customer(f"Customer {lang}", dunning_lang=lang))
        report, name = self.env["ir.actions.report"], "account_dunning_fr.report_notice_letter"

        def get_senders(notices):
            page, _kind = report._render_qweb_html(name, notices.ids)
            root = html.document_fromstring(page.decode())
            cells = root.xpath("//td[@class='dn_sender']")
            return [" ".join(cell.text_content().split()) for cell in cells]

        senders = get_senders(notices)
        self.assertEqual(senders, [get_senders(notice)[0] for notice in notices])
        for sender, label in zip(senders, ("TVA", "VAT", "TVA", "VAT"), strict=True):
            self.assertIn(label, sender)
            self.assertIn(self.company.name, sender)
            self.assertIn("FR23334175221", sender)

    def test_a_sender_that_another_module_changed_reads_its_letter(self):
        notices = self.letter(self.customer("One")) | self.letter(self.customer("Two"))
        report, name = self.env["ir.actions.report"], "account_dunning_fr.report_notice_letter"

        def get_senders():
            page, _kind = report._render_qweb_html(name, notices.ids)
            cells = html.document_fromstring(page.decode()).xpath("//td[@class='dn_sender']")
            return [" ".join(cell.text_content().split()) for cell in cells]

        usual = get_senders()
        self.assertTrue(self.company._is_dunning_sender_ours())
        own = '<div>For <t t-out="notice.partner_id.name" />, <t t-out="doc.kind" /></div>'
        for key in SENDER:
            with self.subTest(inherited=key):
                place = '<xpath expr="(//*[not(*)])[last()]" position="after">'
                view = self.env["ir.ui.view"].create(
                    {
                        "name": "Of another module",
                        "type": "qweb",
                        "inherit_id": self.env.ref(key).id,
                        "arch": f"<data>{place}{own}</xpath></data>",
                    }
                )
                for sender, notice in zip(get_senders(), notices, strict=True):
                    self.assertIn(f"For {notice.partner_id.name}, {notice.kind}", sender)
                view.active = False
                self.assertEqual(get_senders(), usual)
        with self.subTest("Changed by a person"):
            view = self.env.ref(SENDER[0])
            view.arch = view.arch.replace("<img", f"{own}<img", 1)
            for sender, notice in zip(get_senders(), notices, strict=True):
                self.assertIn(f"For {notice.partner_id.name}, {notice.kind}", sender)

    def test_letters_that_cannot_be_told_apart_are_printed_one_by_one(self):
        notices = self.Notice.union(*(self.letter(self.customer(name)) for name in ("One", "Two")))
        notices = notices.with_context(force_report_rendering=True)
        report = self.env.registry["ir.actions.report"]
        one_sheet_too_many = [self.blank()] * 3
        with patch.object(report, "_cut_dunning_at_empty_sheets", return_value=one_sheet_too_many):
            notices._get_letters_pdf()
        for notice in notices:
            (page,) = self.pages(notice.letter_id.raw)
            self.assertIn(notice.partner_id.name, page)
