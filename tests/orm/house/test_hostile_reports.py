"""Every report of the addon holds whatever is typed into a name, a reference or a text."""

from io import BytesIO

from lxml import html

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..hostile_common import ADDON, COMPUTED, MARK, ON_PAPER, HostileCommon
from ..printed import read_places

# What each report is printed of, and the texts that stand on it.
CUSTOMER, INVOICE, CREDITOR = "partner.name", "first_invoice.name", "company.name"
REPORTS = {
    "account_statement": ("account_statement", (CUSTOMER, INVOICE, CREDITOR)),
    "aged_balance": ("balance", (CUSTOMER, CREDITOR)),
    "assignment_notice": (
        "assignment",
        ("assignment.name", "assignment.holder_id.name", "assignment.line_ids.invoice_name"),
    ),
    "assignment_pack": ("entrusted", ("entrusted.name", "entrusted.holder_id.name")),
    "case_account": ("case", (CUSTOMER, "case.item_ids.invoice_name", CREDITOR)),
    "case_bordereau": ("case", (CUSTOMER, CREDITOR, "case.name", "pieces.name")),
    "case_chronology": ("case", (CUSTOMER, CREDITOR, "case.name")),
    "case_cover_letter": ("case", (CUSTOMER, CREDITOR)),
    "case_data_sheet": ("case", (CUSTOMER, CREDITOR, "partner.street")),
    "case_commandement": ("case", (CUSTOMER, CREDITOR, "case.ground")),
    "case_mandate": ("case", (CUSTOMER, CREDITOR, "case.handover_partner_id.name")),
    "case_notice": ("sent", ("sent.name", "sent.level_id.name")),
    "case_reply": ("reply", ("reply.subject",)),
    "case_request": ("case", (CUSTOMER, INVOICE, CREDITOR, "case.ground")),
    "case_sending": ("case", ("case.name",)),
    "case_statement": ("case", (CUSTOMER, INVOICE, CREDITOR)),
    "chronology": ("chronology", (CUSTOMER, CREDITOR)),
    "claim_declaration": ("insolvency", ("third.name", CREDITOR, "insolvency.court")),
    "invoice_copy": ("first_invoice", (CUSTOMER, "first_invoice.name", CREDITOR)),
    "letters_list": ("letters", (CUSTOMER, "sent.name", CREDITOR)),
    "monthly": ("monthly", (CREDITOR,)),
    "notice_letter": (
        "draft_notice",
        (CUSTOMER, "partner.street", "draft_notice.line_ids.invoice_name", CREDITOR),
    ),
    "payment_plan": ("payment_plan", ("second.name", CREDITOR, "payment_plan.name")),
    "penalty_note": ("entry_of_penalties", ("fourth.name", "entry_of_penalties.name", CREDITOR)),
    "posting_list": ("letter", ("sent.name", CREDITOR, "letter.address")),
    "retention_letter": (
        "insolvency",
        ("third.name", CREDITOR, "insolvency.court", "insolvency.good_ids.lots"),
    ),
    "statement": ("statement_of_penalties", (CUSTOMER, INVOICE, CREDITOR)),
    "statement_of_entry": ("entry_of_penalties", ("fourth.name", CREDITOR)),
    "statement_of_notice": ("draft_notice", (CUSTOMER, CREDITOR)),
    "vat_duplicate": ("relief", ("third.name", CREDITOR, "relief.sentence")),
}
UNSEEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b"))


def squeeze(text):
    """Return a text as a reader sees it: without what has no width, white space as one."""
    return " ".join(text.translate(UNSEEN).split())


@tagged("post_install", "-at_install")
class TestHostileReports(HostileCommon):
    def test_the_table_names_every_report(self):
        reports = self.env["ir.actions.report"].search([("report_name", "=like", f"{ADDON}.%")])
        names = [name.removeprefix(f"{ADDON}.") for name in reports.mapped("report_name")]
        self.assertEqual(
            sorted(names), sorted(REPORTS), "Say in REPORTS of what the new report is printed."
        )

    def test_every_report_shows_a_hostile_text_as_it_is(self):
        for kind, text in ON_PAPER.items():
            self.poison(text)
            for name, (record, shown) in REPORTS.items():
                with self.subTest(text=kind, report=name):
                    page = self.render(name, getattr(self, record))
                    self.assert_harmless(page)
                    read = squeeze(html.fromstring(page).text_content())
                    self.assertNotIn(COMPUTED, read)
                    for path in shown:
                        self.assertIn(squeeze(self.text_at(path)), read)

    def text_at(self, path):
        """Return a text of a record of the test, written ``record.field.field``."""
        name, _dot, fields = path.partition(".")
        return getattr(self, name).mapped(fields)[0]

    def render(self, name, record):
        self.env.invalidate_all()
        page, _type = self.env["ir.actions.report"]._render_qweb_html(f"{ADDON}.{name}", record.ids)
        return page.decode()

    def assert_harmless(self, page):
        """Check that nothing of a text became an element or an attribute of the page."""
        tree = html.fromstring(page)
        self.assertFalse(tree.xpath("//script[not(@src)]//text()[contains(., 'alert(1)')]"))
        self.assertFalse(tree.xpath("//*[@onerror]"))
        self.assertFalse(tree.xpath("//img[@src='x']"))
        self.assertFalse(tree.xpath("//t"))
        self.assertNotIn(f"alert(1)</script>{MARK}", page)

    def test_a_name_of_ten_thousand_letters_leaves_the_figures_on_the_paper(self):
        if _wkhtml().state not in ("ok", "workers"):
            self.skipTest("wkhtmltopdf is not installed")
        self.poison("A" * 10_000)
        for name, record, figure, most in (
            ("statement", self.statement_of_penalties, "15479", 60),
            ("notice_letter", self.draft_notice, "728106", 90),
            ("aged_balance", self.balance, "700000", 5),
        ):
            with self.subTest(report=name):
                content = self.print(name, record)
                pages = read_places(content)
                self.assertLess(len(pages), most)
                places = [place for page in pages for place in page]
                width = float(PdfReader(BytesIO(content)).pages[0].mediabox.width)
                self.assertLess(max(x for x, text in places if text.strip()), width)
                shown = "".join(text for x, text in places if 0 <= x < width)
                self.assertIn(figure, "".join(filter(str.isdigit, shown)))

    def print(self, name, record):
        """Return a report, printed by wkhtmltopdf."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _type = report._render_qweb_pdf(f"{ADDON}.{name}", record.ids)
        return content
