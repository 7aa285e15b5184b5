"""What each regime lets a document say, read back from its real PDF: words it needs, and words it
must not have (``core.claims_allowed``), in English and in French."""

import re
from base64 import b64encode
from io import BytesIO
from unittest.mock import patch

from PIL import Image

from odoo.addons.account_dunning_fr.models.common.letter_formats import format_letter_amount
from odoo.tests import tagged
from odoo.tools import html2plaintext
from odoo.tools.pdf import PdfReader

from ..case_common import CaseCommon
from ..dunning_common import DunningCommon, day
from ..printed import read_pages

REGIMES = ("b2b", "b2g", "b2c", False)
# Levels of the shipped policy: none (twice), stated, stated by registered letter, applied.
LEVELS = ("courtesy", "first", "firm", "registered", "formal_notice")
INFORMED = "stated for information"
# (regime, level): (words wanted, words refused); what no regime wants is in REFUSED.
LETTERS = {
    **{
        (regime, "courtesy"): ((), ("penalt", "interest", "indemnit", "441-10", "2192", "1231-6"))
        for regime in REGIMES
    },
    ("b2b", "first"): ((), ("penalt", "L. 441-10", "indemnity")),
    ("b2b", "firm"): (("L. 441-10", "indemnity", INFORMED, "Total to pay"), ("L. 2192",)),
    ("b2b", "registered"): (("L. 441-10", INFORMED, "Total to pay"), ("L. 2192",)),
    ("b2b", "formal_notice"): (
        ("L. 441-10", "in all", "Total principal", "statement of late-payment penalties"),
        (INFORMED, "Total to pay"),
    ),
    ("b2g", "first"): ((), ("interest", "L. 2192", "indemnity")),
    ("b2g", "firm"): (("L. 2192-13", "indemnity", INFORMED), ("L. 441-10", "penalt")),
    ("b2g", "registered"): (("L. 2192-13", INFORMED), ("L. 441-10", "penalt")),
    ("b2g", "formal_notice"): (
        ("L. 2192-13", "in all", "Total principal", "statement of late-payment interest"),
        ("L. 441-10", INFORMED, "penalt"),
    ),
    ("b2c", "first"): ((), ("1231-6", "interest", "indemnity")),
    ("b2c", "firm"): ((), ("1231-6", "penalt", "interest", "indemnity", "L. 441-10", "40.00")),
    ("b2c", "registered"): ((), ("1231-6", "penalt", "interest", "indemnity", "L. 441-10")),
    ("b2c", "formal_notice"): (
        ("1231-6", "1344-1"),
        ("indemnity", "L. 441-10", "L. 2192", "40.00"),
    ),
    (False, "first"): ((), ("penalt", "interest", "indemnity")),
    (False, "firm"): ((), ("penalt", "interest", "indemnity", "L. 441-10", "40.00")),
    (False, "registered"): ((), ("penalt", "interest", "indemnity", "L. 441-10")),
    (False, "formal_notice"): ((), ("penalt", "interest", "indemnity", "L. 441-10", "1231-6")),
}
PLANS = {
    ("b2b", "running"): (("go on running", "L. 441-10", "on a mere notice"), ("gives them up",)),
    ("b2b", "suspended"): (("gives them up", "on a mere notice"), ("go on running",)),
    ("b2g", "running"): (
        ("3. Late-payment interest", "go on running", "L. 2192-13"),
        ("gives them up", "suspends", "441-10", "penalt"),
    ),
    ("b2c", "none"): (
        ("Nothing is added", "30 days", "Only if it is still unpaid"),
        ("penalt", "indemnit", "interest", "on a mere notice", "recovery costs", "40.00"),
    ),
    (False, "none"): (("Nothing is added", "30 days"), ("penalt", "indemnit", "on a mere notice")),
}
# What a debtor is asked for in court, in his proceedings, or beside a booking. The law names what
# it adds to the principal (``Allowed.term``); each document cites its articles and no others.
CITED = {
    "b2b": ("L. 441-10 II", "D. 441-5", "commercial code"),
    "b2g": ("L. 2192-13", "R. 2192-31", "D. 2192-35", "public procurement code"),
    "b2c": ("1231-6", "1344-1", "civil code"),
    False: (),
}
NOT_CITED = {
    "b2b": ("2192", "1231-6"),
    "b2g": ("441-10", "D. 441-5", "1231-6"),
    "b2c": ("441-10", "D. 441-5", "2192", "indemnit", "40.00"),
    False: ("441-10", "D. 441-5", "2192", "1231-6", "indemnit", "40.00"),
}
TITLES = {
    "b2b": (("late-payment penalties",), ()),
    "b2g": (("late-payment interest",), ("penalt",)),
    "b2c": (("late-payment interest",), ("penalt",)),
}
NEUTRAL = ("penalt", "interest", "indemnit", "441-10", "2192", "1231-6", "40.00")
CLAIMS = {
    ("request", "b2b"): (("without a reminder", "Late-payment penalties are due"), ()),
    ("request", "b2g"): (("without a reminder", "Late-payment interest is due"), ("penalt",)),
    ("request", "b2c"): (("legal rate", "from the formal notice"), ("reminder,", "penalt")),
    ("request", False): ((), ("reminder,", "penalt", "from the formal notice")),
    **{("statement", regime): TITLES[regime] for regime in TITLES},
    ("statement", False): ((), ("penalt",)),
    ("note", "b2b"): (("Note of penalties", "Outside the scope of VAT"), ()),
    ("note", "b2g"): (("Note of late-payment interest", "Outside the scope of VAT"), ("penalt",)),
    ("note", "b2c"): (("Note of late-payment interest", "Outside the scope of VAT"), ("penalt",)),
    **{
        ("declaration", regime): (("sincere", "No interest is declared", *wanted), refused)
        for regime, (wanted, refused) in TITLES.items()
    },
    ("declaration", False): (("sincere", "No interest is declared"), ("365",)),
    # A statement of account, and a mandate, name no article: sums alone, or a task.
    **{("account", regime): (("Balance of your account",), NEUTRAL) for regime in REGIMES},
    ("mandate", "b2b"): (("interest to come and costs besides",), NEUTRAL[2:]),
    ("mandate", "b2g"): (("interest to come and costs besides",), NEUTRAL[2:]),
    ("mandate", "b2c"): (("legal rate and costs of the proceedings",), ("and costs besides",)),
    ("mandate", False): (("for the recovery of",), ("interest to come", "costs")),
    # Papers of a court file that name the sums, and no article besides those of procedure.
    **{
        (kind, regime): (("500.00",), () if regime == "b2b" else ("penalt",))
        for kind in ("data sheet", "sums", "cover letter", "entries", "chronology")
        for regime in REGIMES
    },
}
CITING = ("request", "statement", "note", "declaration")
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


# The words above as a French document has them; articles and sums without decimals are the same.
FRENCH = {
    "penalt": "pénalité",
    "interest": "intérêt",
    "indemnity": "indemnité forfaitaire",
    "indemnit": "indemnité",
    INFORMED: "pour information",
    "statement of late-payment interest": "décompte des intérêts de retard",
    "statement of late-payment penalties": "décompte des pénalités de retard",
    "3. Late-payment interest": "3. Intérêts",
    "Total to pay": "Total à régler",
    "Total principal": "Total en principal",
    "in all": "Total dû au",
    "40.00": "40,00",
    "500.00": "500,00",
    "go on running": "continuent de courir",
    "gives them up": "y renonce",
    "suspends": "suspend les",
    "on a mere notice": "sur simple avis",
    "Nothing is added": "Rien ne s’ajoute",
    "30 days": "30 jours",
    "Only if it is still unpaid": "Ce n’est que si elle demeure impayée",
    "recovery costs": "frais de recouvrement",
    "Five Hundred": "cinq cents",
    "commercial code": "code de commerce",
    "public procurement code": "code de la commande publique",
    "civil code": "code civil",
    "late-payment penalties": "pénalités de retard",
    "late-payment interest": "intérêts de retard",
    "without a reminder": "sans qu’un rappel soit nécessaire",
    "reminder,": "sans qu’un rappel",
    "Late-payment penalties are due": "Les pénalités de retard sont dues",
    "Late-payment interest is due": "Les intérêts moratoires sont dus",
    "legal rate": "taux légal",
    "from the formal notice": "à compter de la mise en demeure",
    "Note of penalties": "Note de pénalités",
    "Note of late-payment interest": "Note d’intérêts de retard",
    "Outside the scope of VAT": "Hors champ d’application de la TVA",
    "sincere": "Nous certifions sincère",
    "No interest is declared": "Il n’est pas déclaré d’intérêts",
    "Balance of your account": "Solde de votre compte",
    "interest to come and costs besides": "outre intérêts à échoir et frais",
    "legal rate and costs of the proceedings": "taux légal à échoir et dépens",
    "and costs besides": "à échoir et frais",
    "interest to come": "à échoir",
    "for the recovery of": "pour le recouvrement de",
    "costs": "frais",
}
LANGS = ("en_US", "fr_FR")
BEFORE = "2026-05-20"  # nothing is booked yet, and the proceedings open


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
        return {key: squeeze("".join(read_pages(content))) for key, content in printed.items()}

    def assert_reads(self, text, wanted, refused, lang="en_US"):
        """Check what a text says and what it does not, in English words or in their French."""
        spoken = FRENCH if lang == "fr_FR" else {}
        for words in wanted:
            self.assertIn(squeeze(spoken.get(words, words)), text)
        for words in refused:
            self.assertNotIn(squeeze(spoken.get(words, words)), text)

    def speak(self, lang, partners):
        """Let the documents of these customers, and the creditor's own, be in a language."""
        self.env["res.lang"]._activate_lang(lang)
        (partners | self.company.partner_id).sudo().write({"dunning_lang": lang})


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
        cls.partners = cls.env["res.partner"].union(*cls.debtors.values())
        for partner in cls.partners:
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

    def test_each_message_says_what_its_regime_lets_it_say(self):
        self.assertEqual(set(LETTERS), {(r, level) for r in REGIMES for level in LEVELS})
        for lang in LANGS:
            self.speak(lang, self.partners)
            letters = {key: self.letter(*key) for key in LETTERS}
            texts = self.render("report_notice_letter", self.Notice.union(*letters.values()))
            for key, (wanted, refused) in LETTERS.items():
                with self.subTest(lang=lang, letter=key):
                    text = texts[letters[key].id]
                    self.assert_reads(text, ("500.00", *wanted), refused, lang)
                with self.subTest(lang=lang, e_mail=key):
                    message = re.sub(r"<[^>]*>", "", str(letters[key].message_html))
                    self.assert_reads(squeeze(message), wanted, refused, lang)

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
        for lang in LANGS:
            self.speak(lang, self.partners)
            texts = self.render("report_payment_plan", Plan.union(*plans.values()))
            for key, (wanted, refused) in PLANS.items():
                with self.subTest(lang=lang, plan=key):
                    words = ("1376", "500.00", "Five Hundred", *wanted)
                    self.assert_reads(texts[plans[key].id], words, refused, lang)

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
        for (regime, penalties), (wanted, refused) in PLANS.items():
            plan = self.env["account.dunning.payment.plan"].create(
                {
                    "partner_id": self.debtors[regime].id,
                    "first_date": "2026-06-10",
                    "penalties": penalties,
                }
            )
            for lang in LANGS:
                self.speak(lang, plan.partner_id)
                page = (
                    self.env["ir.qweb"]
                    .with_context(lang=lang)
                    ._render(
                        "account_dunning_fr.payment_plan_document", {"doc": plan, "lang": lang}
                    )
                )
                with self.subTest(lang=lang, regime=regime, penalties=penalties):
                    text = squeeze(re.sub(r"<[^>]*>", "", str(page)))
                    self.assert_reads(text, wanted, refused, lang)

    def test_a_formal_notice_of_one_invoice_is_one_page(self):
        """With a logo, a signature and earlier messages: nothing but a signature never follows."""
        self.speak("fr_FR", self.partners)
        picture = BytesIO()
        Image.new("RGB", (300, 90), "#0a5c7a").save(picture, "PNG")
        self.company.write({"logo": b64encode(picture.getvalue()), "phone": "+33 4 78 00 00 00"})
        self.env.user.sudo().dunning_signature = self.company.logo
        for regime in REGIMES:
            item = self.items(
                self.invoice(self.customer(f"One {regime}", dunning_regime=regime), 60, 500)
            )
            move, self.debtors[f"one {regime}"] = item.move_id, item.partner_id
            item.partner_id.write({"dunning_lang": "fr_FR", "company_registry": "404833048"})
            self.history(self.first, "2026-04-20", move)
            self.history(self.firm, "2026-05-04", move)
            with self.subTest(regime=regime):
                notice = self.letter(f"one {regime}", "formal_notice")
                content, _kind = (
                    self.env["ir.actions.report"]
                    .with_context(force_report_rendering=True, dunning_letters_anew=True)
                    ._render_qweb_pdf("account_dunning_fr.report_notice_letter", notice.ids)
                )
                pages = read_pages(content)
                self.assertEqual(len(pages), 1)
                self.assertIn("Credit manager", " ".join(pages[0].split()))

    def test_a_list_of_sixty_leaves_no_page_without_its_heading(self):
        """A date on two lines made rows taller than the pages of the list count on."""
        partner = self.debtors["many"] = self.customer("Many", dunning_regime="b2b")
        self.invoices(
            *((partner, 50 + i, 1500 + i, {"invoice_origin": f"S{i:05d}"}) for i in range(60))
        )
        for lang in LANGS:
            partner.dunning_lang = lang
            content, _kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True, dunning_letters_anew=True)
                ._render_qweb_pdf(
                    "account_dunning_fr.report_notice_letter",
                    self.letter("many", "formal_notice").ids,
                )
            )
            _first, *lists = map(squeeze, read_pages(content))
            heading = "Part of our letter" if lang == "en_US" else "Annexe à notre lettre"
            self.assertEqual(len(lists), 4, lang)
            for page in lists:
                self.assertIn(squeeze(heading), page)
            if lang == "en_US":
                for page in lists[1::2]:
                    self.assertIn(squeeze("Carried forward"), page)

    def test_what_is_asked_stands_with_the_account_to_pay_into(self):
        """Eight invoices fill a page: the box, the demand and the signature follow together."""
        partner = self.debtors["eight"] = self.customer("Eight", dunning_regime="b2b")
        self.invoices(*((partner, 60 + i, 500, {"invoice_origin": f"S{i:05d}"}) for i in range(8)))
        for lang, asked in (("en_US", "4,000.00€"), ("fr_FR", "4000,00€")):
            self.speak(lang, partner)
            for level in ("firm", "formal_notice"):
                content, _kind = (
                    self.env["ir.actions.report"]
                    .with_context(force_report_rendering=True, dunning_letters_anew=True)
                    ._render_qweb_pdf(
                        "account_dunning_fr.report_notice_letter", self.letter("eight", level).ids
                    )
                )
                pages = list(map(squeeze, read_pages(content)))
                with self.subTest(lang=lang, level=level):
                    self.assertIn("iban", pages[-1])
                    self.assertIn(asked, pages[-1])

    def test_semicolons_and_dates_are_those_of_the_language(self):
        move = self.invoice(self.debtors["b2b"], 61, 10)
        self.history(self.first, "2026-05-01", move)
        self.history(self.firm, "2026-05-09", move)
        notice = self.letter("b2b", "formal_notice")
        for lang, written, long_date in (
            ("en_US", " of 1 May 2026; ", "1 June 2026"),
            ("fr_FR", " du 01/05/2026\N{NO-BREAK SPACE}; ", "1er juin 2026"),
            ("de_DE", "; ", "1 Juni 2026"),
        ):
            self.env["res.lang"]._activate_lang(lang)
            speaking = notice.with_context(lang=lang)
            with self.subTest(lang=lang):
                self.assertIn(written, speaking._get_history_text())
                self.assertEqual(speaking._format_long_date(day("2026-06-01")), long_date)

    def test_several_days_of_a_level_and_sums_of_two_currencies_are_a_sentence(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        dollars = self.env.ref("base.USD")
        dollars.active = True
        self.invoice(self.debtors["b2b"], 61, 7, currency_id=dollars.id)
        for on in ("2026-05-01", "2026-05-09"):
            self.history(self.first, on, self.invoice(self.debtors["b2b"], 61, 10))
        notice = self.letter("b2b", "formal_notice").with_context(lang="fr_FR")
        self.assertRegex(notice._get_history_text(), r" \(01/05/2026 et 09/05/2026\)$")
        self.assertRegex(notice.total_text, r"^[\d,]+.(€|\$.US) et [\d,]+.(€|\$.US)$")

    def test_an_e_mail_without_html_has_one_space_before_a_currency(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        partner = self.debtors["b2b"]
        partner.dunning_lang = "fr_FR"
        self.invoice(partner, 61, 1234.5)
        page = html2plaintext(self.letter("b2b", "formal_notice").message_html)
        self.assertIn("1\N{NO-BREAK SPACE}234,50", page)
        self.assertNotRegex(page, r"\d\s\s+€")

    def test_a_long_letter_names_its_sender_and_its_pages(self):
        partner = self.customer("Long", dunning_lang="en_US", dunning_regime="b2b")
        self.invoices(*((partner, 60 + index, 10) for index in range(14)))
        self.debtors["long"] = partner
        notice = self.letter("long", "formal_notice")
        notice.name = "REL/2026/00017"
        content, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True, dunning_letters_anew=True)
            ._render_qweb_pdf("account_dunning_fr.report_notice_letter", notice.ids)
        )
        reader = PdfReader(BytesIO(content))
        pages = list(map(squeeze, read_pages(content)))
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
class TestClaimDocuments(ReadBack, CaseCommon):
    """The documents of a file, of proceedings and of a booking, of one debtor a regime."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = {
            regime: cls.customer(
                f"Debtor {regime}",
                dunning_regime=regime,
                is_company=regime != "b2c",
                company_registry="404833048" if regime == "b2b" else False,
            )
            for regime in REGIMES
        }
        cls.partners = cls.env["res.partner"].union(*cls.debtors.values())
        cls.owed = {
            regime: cls.late("2026-02-28", 500, partner=partner)
            for regime, partner in cls.debtors.items()
        }

    def documents(self):
        """Return ``{kind: (report, {regime: record})}``, each made once for both languages."""
        Statement, Account, Insolvency = (
            self.env[f"account.dunning.{name}"].sudo()
            for name in ("statement", "account.statement", "insolvency")
        )
        cases = {regime: self.prepare_case(move).sudo() for regime, move in self.owed.items()}
        for case in cases.values():
            case.write({"mandate_scope": "all", "route": "order_commercial"})
        lists = {
            regime: {"company_id": self.company.id, "partner_id": partner.id}
            for regime, partner in self.debtors.items()
        }
        entries = self.book("2026-05-31", partners=self.partners)
        notes = {entry.line_ids.partner_id.dunning_regime: entry for entry in entries}
        statements = {regime: Statement.create(vals) for regime, vals in lists.items()}
        accounts = {
            regime: Account.create(
                {"company_id": self.company.id, "partner_ids": partner.ids, "date": BEFORE}
            )
            for regime, partner in self.debtors.items()
        }
        proceedings = {
            regime: Insolvency.create({**vals, "date_opening": BEFORE})
            for regime, vals in lists.items()
        }
        return {
            "request": ("report_case_request", cases),
            "mandate": ("report_case_mandate", cases),
            "data sheet": ("report_case_data_sheet", cases),
            "sums": ("report_case_statement", cases),
            "cover letter": ("report_case_cover_letter", cases),
            "entries": ("report_case_account", cases),
            "chronology": ("report_case_chronology", cases),
            "note": ("report_penalty_note", notes),
            "statement": ("report_statement", statements),
            "account": ("report_account_statement", accounts),
            "declaration": ("report_claim_declaration", proceedings),
        }

    def test_each_says_what_its_regime_lets_it_say(self):
        documents = self.documents()
        made = {(kind, regime) for kind, (_report, of) in documents.items() for regime in of}
        self.assertEqual(made, set(CLAIMS))
        for lang in LANGS:
            self.speak(lang, self.partners)
            # Before a French court the documents are in French, whatever the debtor speaks.
            with patch.object(
                type(self.Case), "_get_dunning_print_lang", lambda _case, lang=lang: lang
            ):
                texts = {
                    kind: self.render(report, next(iter(of.values())).union(*of.values()))
                    for kind, (report, of) in documents.items()
                }
            for (kind, regime), (wanted, refused) in CLAIMS.items():
                if kind in CITING:
                    wanted = (*CITED[regime], *wanted)
                if kind not in ("account", "mandate"):
                    refused = (*NOT_CITED[regime], *refused)
                with self.subTest(lang=lang, document=kind, regime=regime):
                    text = texts[kind][documents[kind][1][regime].id]
                    self.assert_reads(text, wanted, refused, lang)


@tagged("post_install", "-at_install")
class TestPapersOfAFile(ReadBack, CaseCommon):
    """What a judge or an agent holds: French dates and addresses, sheets that find their file."""

    def test_dates_and_addresses_are_written_as_the_french_write_them(self):
        self.company.partner_id.dunning_lang = "fr_FR"
        self.env["res.lang"]._activate_lang("fr_FR")
        case = self.prepare_case().sudo()
        case.date = "2026-06-01"
        case.handover_partner_id = self.agent(
            street="8 rue du Palais",
            zip="69003",
            city="Lyon",
            country_id=self.env.ref("base.fr").id,
        )
        for report in ("request", "mandate", "bordereau", "data_sheet", "cover_letter"):
            text = self.render(f"report_case_{report}", case)[case.id]
            with self.subTest(report=report):
                self.assertNotIn("1juin2026", text)
                if report != "data_sheet" or "juin" in text:
                    self.assertIn("1erjuin2026", text)
        text = self.render("report_case_data_sheet", case)[case.id]
        self.assertIn(squeeze("8 rue du Palais, 69003 Lyon"), text)

    def test_a_sheet_of_several_names_its_paper_and_its_number(self):
        """And has the heading of its table; a signature stands with the last pieces."""
        owed = self.invoices(*((self.partner, "2026-02-28", 10 + i) for i in range(20)))
        case = self.prepare_case(self.moves | owed[:7]).sudo()
        own = {"company_id": self.company.id, "partner_id": self.partner.id}
        statement = self.env["account.dunning.statement"].create(own)
        chronology = self.env["account.dunning.chronology.page"].create(own)
        account = self.env["account.dunning.account.statement"].create(
            {"company_id": self.company.id, "partner_ids": self.partner.ids}
        )
        customer = f"{self.company.name} – {self.partner.name}"
        self.assertEqual({chronology._get_dunning_foot(), account._get_dunning_foot()}, {customer})
        [basis] = case.document_ids._get_bases(case._get_statement().sections)
        self.assertEqual(basis["names"], ["the 9 invoices of part 4"])
        for report, record, foot, heading in (
            ("case_request", case, f"{self.company.name} – {case.name}", ""),
            ("statement", statement, customer, ""),
            ("account_statement", account, customer, "Jours de retard"),
        ):
            content, _kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(f"account_dunning_fr.report_{report}", record.ids)
            )
            pages = list(map(squeeze, read_pages(content)))
            with self.subTest(report=report):
                self.assertGreater(len(pages), 1)
                for number, text in enumerate(pages, 1):
                    self.assertIn(squeeze(f"{foot} – {number}/{len(pages)}"), text)
                    self.assertIn(squeeze(heading), text)
                    self.assertGreater(len(text), 200)  # no sheet is as good as empty


@tagged("post_install", "-at_install")
class TestMandates(ReadBack, CaseCommon):
    def test_each_mandate_gives_the_power_of_its_scope(self):
        self.company.partner_id.dunning_lang = "en_US"
        case = self.prepare_case().sudo()
        # Before a French court the mandate is in French; the table reads its English source.
        self.startPatcher(
            patch.object(type(case), "_get_dunning_print_lang", lambda _case: "en_US")
        )
        for (scope, route), (wanted, refused) in MANDATES.items():
            case.write({"mandate_scope": scope, "route": route})
            with self.subTest(scope=scope, route=route):
                texts = self.render("report_case_mandate", case)
                self.assert_reads(texts[case.id], ("Mandate", *wanted), refused)
