"""What each regime lets a document say, read back from its real PDF: words it needs, and words it
must not have (``core.claims_allowed``)."""

import re
from io import BytesIO
from unittest.mock import patch

from odoo.addons.account_dunning_fr.models.account_dunning_letter_dates import (
    format_letter_amount,
)
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from .case_common import CaseCommon
from .common import DunningCommon, day

REGIMES = ("b2b", "b2g", "b2c", False)
# Levels of the shipped policy: none, stated, stated by registered letter, applied.
LEVELS = ("first", "firm", "registered", "formal_notice")
INFORMED = "stated for information"
# (regime, level): (words wanted, words refused); what no regime wants is in REFUSED.
LETTERS = {
    ("b2b", "first"): ((), ("penalt", "L. 441-10", "indemnity")),
    ("b2b", "firm"): (("L. 441-10", "indemnity", INFORMED, "Total to pay"), ("L2192",)),
    ("b2b", "registered"): (("L. 441-10", INFORMED, "Total to pay"), ("L2192",)),
    ("b2b", "formal_notice"): (("L. 441-10", "in all", "Total principal"), (INFORMED, "Total to")),
    ("b2g", "first"): ((), ("interest", "L2192", "indemnity")),
    ("b2g", "firm"): (("L. 2192-13", "indemnity", INFORMED), ("L. 441-10",)),
    ("b2g", "registered"): (("L. 2192-13", INFORMED), ("L. 441-10",)),
    ("b2g", "formal_notice"): (
        ("L. 2192-13", "in all", "Total principal"),
        ("L. 441-10", INFORMED),
    ),
    ("b2c", "first"): ((), ("1231-6", "interest", "indemnity")),
    ("b2c", "firm"): ((), ("1231-6", "penalt", "interest", "indemnity", "L. 441-10", "40.00")),
    ("b2c", "registered"): ((), ("1231-6", "penalt", "interest", "indemnity", "L. 441-10")),
    ("b2c", "formal_notice"): (("1231-6", "1344-1"), ("indemnity", "L. 441-10", "L2192", "40.00")),
    (False, "first"): ((), ("penalt", "interest", "indemnity")),
    (False, "firm"): ((), ("penalt", "interest", "indemnity", "L. 441-10", "40.00")),
    (False, "registered"): ((), ("penalt", "interest", "indemnity", "L. 441-10")),
    (False, "formal_notice"): ((), ("penalt", "interest", "indemnity", "L. 441-10", "1231-6")),
}
PLANS = {
    ("b2b", "running"): (("go on running", "L. 441-10", "on a mere notice"), ("gives them up",)),
    ("b2b", "suspended"): (("gives them up", "on a mere notice"), ("go on running",)),
    ("b2g", "running"): (("go on running", "L. 2192-13"), ("gives them up", "suspends", "441-10")),
    ("b2c", "none"): (
        ("Nothing is added", "30 days", "Only if it is still unpaid"),
        ("penalt", "indemnit", "interest", "on a mere notice", "recovery costs", "40.00"),
    ),
    (False, "none"): (("Nothing is added", "30 days"), ("penalt", "indemnit", "on a mere notice")),
}
NO_COURT = ("sign and file", "served and executed,", "before the court, by")
MANDATES = {
    ("amicable", "order_commercial"): (("amicably", "no power to act"), NO_COURT),
    ("amicable", "summons"): (("amicably", "no power to act"), NO_COURT),
    ("amicable", "declaration"): (("no power to act",), ("declare the claim",)),
    ("order", "order_commercial"): (("sign and file", "receive the sums"), ("no power to act",)),
    ("order", "summons"): (("by a lawyer where",), ("obtain the order", "no power to act")),
    ("order", "declaration"): (("Special power", "declare the claim"), ("sign and file",)),
    ("service", "order_commercial"): (("order served and executed",), ("sign and file",)),
    ("service", "summons"): (("None is given to start",), ("sign and file", "by a lawyer")),
    ("service", "declaration"): (("None is given to start",), ("Special power",)),
    ("all", "order_commercial"): (("sign and file", "by a lawyer where"), ("no power to act",)),
    ("all", "summons"): (("by a lawyer where",), ("no power to act",)),
    ("all", "declaration"): (("Special power",), ("sign and file",)),
}


def squeeze(text):
    """Return a text without any space: what is read from a PDF may hold some anywhere."""
    return re.sub(r"\s", "", text).casefold()


class ReadBack:
    def render(self, report, records):
        """Return the text of each document, printed by wkhtmltopdf."""
        printed = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_dunning_apart(f"account_dunning_fr.{report}", records.ids)
        )
        return {
            key: squeeze("".join(p.extract_text() for p in PdfReader(BytesIO(content)).pages))
            for key, content in printed.items()
        }

    def assert_reads(self, text, wanted, refused):
        for words in wanted:
            self.assertIn(squeeze(words), text)
        for words in refused:
            self.assertNotIn(squeeze(words), text)


@tagged("post_install", "-at_install")
class TestRegimeDocuments(ReadBack, DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"
        cls.debtors = {
            regime: cls.customer(f"Debtor {regime}", dunning_lang="en_US", dunning_regime=regime)
            for regime in REGIMES
        }
        for partner in cls.debtors.values():
            cls.invoice(partner, 60, 500)

    def letter(self, regime, level):
        wizard = self.env["account.dunning.preview"].create(
            {
                "level_id": self.env.ref(f"account_dunning_fr.level_{level}").id,
                "partner_id": self.debtors[regime].id,
                "company_id": self.company.id,
            }
        )
        return wizard._create_notice()

    def test_each_letter_says_what_its_regime_lets_it_say(self):
        letters = {key: self.letter(*key) for key in LETTERS}
        texts = self.render("report_notice_letter", self.Notice.union(*letters.values()))
        self.assertEqual(set(LETTERS), {(r, level) for r in REGIMES for level in LEVELS})
        for key, (wanted, refused) in LETTERS.items():
            with self.subTest(letter=key):
                self.assert_reads(texts[letters[key].id], ("500.00", *wanted), refused)

    def test_the_e_mail_says_what_the_letter_says(self):
        for key, (wanted, refused) in LETTERS.items():
            with self.subTest(message=key):
                message = re.sub(r"<[^>]*>", "", str(self.letter(*key).message_html))
                self.assert_reads(squeeze(message), wanted, refused)

    def test_each_agreement_says_what_its_regime_lets_it_say(self):
        Plan = self.env["account.dunning.payment.plan"]
        plans = {
            key: Plan.create(
                {
                    "partner_id": self.debtors[key[0]].id,
                    "penalties": key[1],
                    "first_date": "2026-06-10",
                }
            )
            for key in PLANS
        }
        texts = self.render("report_payment_plan", Plan.union(*plans.values()))
        for key, (wanted, refused) in PLANS.items():
            with self.subTest(plan=key):
                words = ("1376", "500.00", "Five Hundred")
                self.assert_reads(texts[plans[key].id], (*words, *wanted), refused)

    def test_an_acknowledgement_has_its_sum_in_french_words(self):
        plan = self.env["account.dunning.payment.plan"].create(
            {"partner_id": self.debtors["b2b"].id, "first_date": "2026-06-10"}
        )
        plan = plan.sudo()  # its sum follows its items
        plan.currency_id = self.env["res.currency"]._get_dunning_euro()
        french = plan.with_context(lang="fr_FR")
        for amount, words in (
            (0.5, "cinquante centimes d’euro"),
            (40, "quarante euros"),
            (1e6, "un million d’euros"),
            (1234.56, "mille deux cent trente-quatre euros et cinquante-six centimes"),
        ):
            plan.amount = amount
            self.assertEqual(french._get_amount_in_words(), words)

    def test_the_page_of_the_customer_is_the_agreement(self):
        plan = self.env["account.dunning.payment.plan"].create(
            {"partner_id": self.debtors["b2c"].id, "first_date": "2026-06-10"}
        )
        page = self.env["ir.qweb"]._render(
            "account_dunning_fr.payment_plan_document", {"doc": plan, "lang": "en_US"}
        )
        text = squeeze(re.sub(r"<[^>]*>", "", str(page)))
        self.assert_reads(text, *PLANS[("b2c", "none")])

    def test_a_long_letter_names_its_sender_and_its_pages(self):
        partner = self.customer("Long", dunning_lang="en_US", dunning_regime="b2b")
        for index in range(14):
            self.invoice(partner, 60 + index, 10)
        self.debtors["long"] = partner
        notice = self.letter("long", "formal_notice")
        notice.name = "REL/2026/00017"
        content, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True, dunning_letters_anew=True)
            ._render_qweb_pdf("account_dunning_fr.report_notice_letter", notice.ids)
        )
        reader = PdfReader(BytesIO(content))
        pages = [squeeze(page.extract_text()) for page in reader.pages]
        self.assertGreater(len(pages), 1)
        for number, text in enumerate(pages, 1):
            foot = f"{self.company.name} – REL/2026/00017 – {number}/{len(pages)}"
            self.assertIn(squeeze(foot), text)
        self.assertIn("REL", reader.metadata.title)
        self.assertEqual(reader.trailer["/Root"]["/Lang"], "en-US")

    def test_the_accent_of_the_company_is_one_that_is_read(self):
        for color, accent in (
            ("#0a5c7a", "#0a5c7a"),
            ("#ffff88", "#1a1a1a"),
            ("red;}</style>", "#1a1a1a"),
            (False, "#1a1a1a"),
        ):
            self.company.primary_color = color
            self.assertEqual(self.company._get_dunning_accent(), accent)


@tagged("post_install", "-at_install")
class TestDeadlines(DunningCommon):
    """A deadline that falls on a day when nobody can act moves to the next working day."""

    def test_it_moves_past_week_ends_and_the_holidays_of_the_customer(self):
        here = self.customer("Here")
        there = self.customer("There", zip="97200", city="Fort-de-France")
        for sent, on_the_mainland, in_martinique in (
            ("2026-06-02", "2026-06-10", "2026-06-10"),
            ("2026-06-05", "2026-06-15", "2026-06-15"),
            ("2026-07-06", "2026-07-15", "2026-07-15"),
            ("2026-05-14", "2026-05-22", "2026-05-26"),
        ):
            self.assertEqual(self.first._get_deadline(day(sent), here), day(on_the_mainland))
            self.assertEqual(self.first._get_deadline(day(sent), there), day(in_martinique))

    def test_the_messages_of_the_day_bear_it(self):
        here = self.customer("Here")
        there = self.customer("There", zip="97200", city="Fort-de-France")
        for partner in (here, there):
            self.invoice(partner, "2026-05-05", 100)
        with self.on("2026-05-14"):
            self.prepare()
            self.assertEqual(self.live(here).deadline, day("2026-05-22"))
            self.assertEqual(self.live(there).deadline, day("2026-05-26"))

    def test_amounts_of_a_french_letter_put_the_unit_behind(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for code, written in (
            ("USD", "1 800,00 $ US"),
            ("CAD", "1 800,00 $ CA"),
            ("GBP", "1 800,00 £"),
            ("EUR", "1 800,00 €"),
        ):
            currency = self.env.ref(f"base.{code}")
            french = self.env(context={**self.env.context, "lang": "fr_FR"})
            found = format_letter_amount(french, 1800, currency)
            self.assertEqual(" ".join(found.split()), written)


@tagged("post_install", "-at_install")
class TestMandates(ReadBack, CaseCommon):
    def test_each_mandate_gives_the_power_of_its_scope(self):
        self.company.partner_id.dunning_lang = "en_US"
        case = self.prepare_case().sudo()
        # Before a French court the mandate is in French; the table reads its English source.
        self.startPatcher(patch.object(type(case), "_get_document_lang", lambda _case: "en_US"))
        for (scope, route), (wanted, refused) in MANDATES.items():
            case.write({"mandate_scope": scope, "route": route})
            with self.subTest(scope=scope, route=route):
                texts = self.render("report_case_mandate", case)
                self.assert_reads(texts[case.id], ("Mandate", *wanted), refused)
