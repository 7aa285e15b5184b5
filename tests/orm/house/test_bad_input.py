"""What is typed or imported wrong is refused with a sentence, and leaves nothing half done."""

from base64 import b64encode
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning_common import DunningCommon
from ..feeding_common import AMOUNTS, HOSTILE, FeedingCommon

HEADER = "Commune;Code commune;Code postal;Greffe;Type greffe"
GOOD = "Paris;75101;75001;Paris;TC"


@tagged("post_install", "-at_install")
class TestBadInput(FeedingCommon, DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.customer(dunning_regime="b2b")
        cls.move = cls.invoice(cls.partner, 40, 1000)
        cls.manager = cls.new_user("manager", "account_dunning_fr.group_dunning_manager")

    # -- Dates and amounts typed -------------------------------------------------------------------

    def create(self, model, **values):
        return self.env[model].with_user(self.manager).create(values)

    def test_promises(self):
        def promise(chance):
            record = self.create(
                "account.dunning.promise",
                partner_id=self.partner.id,
                date_promised=self.a_day(chance),
                amount=self.an_amount(chance),
            )
            self.assertGreater(record.amount, 0)
            record.action_review()

        self.assertTrue(self.feed("promise", promise))

    def test_payment_plans(self):
        def plan(chance):
            record = self.create(
                "account.dunning.payment.plan",
                partner_id=self.partner.id,
                first_date=self.a_day(chance),
                first_amount=self.an_amount(chance) if chance.random() < 0.4 else 0,
                count=chance.choice((0, -1, 1, 3, 12, 100_000)),
                months=chance.choice((0, -1, 1, 3, 5000)),
            )
            self.assertAlmostEqual(sum(record.line_ids.mapped("amount")), record.amount, 2)
            record.write({"signed_on": self.a_day(chance), "signer": "The manager"})
            record.action_start()

        self.assertTrue(self.feed("plan", plan))

    def test_disputes_holds_and_insolvencies(self):
        def dispute(chance):
            self.create(
                "account.dunning.dispute",
                move_id=self.move.id,
                amount=self.an_amount(chance),
                date_due=self.a_day(chance),
            )
            self.env["account.dunning.notice.draft"]._follow_plan(
                self.company, partners=self.partner
            )

        def hold(chance):
            self.create(
                "account.dunning.hold",
                partner_id=self.partner.id,
                date_from=self.a_day(chance),
                date_until=self.a_day(chance),
                note=chance.choice(HOSTILE[2:]),
            )
            self.env["account.dunning.notice.draft"]._follow_plan(
                self.company, partners=self.partner
            )

        def insolvency(chance):
            self.create(
                "account.dunning.insolvency",
                partner_id=self.partner.id,
                date_opening=self.a_day(chance),
                date_published=self.a_day(chance),
            )
            self.env["account.dunning.notice.draft"]._follow_plan(
                self.company, partners=self.partner
            )

        for action in (dispute, hold, insolvency):
            self.assertTrue(self.feed(action.__name__, action))

    def test_rates_of_a_half_year(self):
        def rate(chance):
            record = self.create(
                "account.dunning.rate",
                date_from=chance.choice((self.a_day(chance), "2035-01-01", "2030-07-01")),
                ecb_rate=chance.choice((*AMOUNTS, 2.15)),
                legal_rate_other=chance.choice((*AMOUNTS, 2.62)),
                legal_rate_individuals=chance.choice((*AMOUNTS, 6.65)),
            )
            self.assertTrue(record.display_name)
            self.assertLess(abs(record.b2b_rate), 200)

        self.assertTrue(self.feed("rate", rate))

    def test_statements_of_penalties(self):
        def statement(chance):
            record = self.create(
                "account.dunning.statement",
                partner_id=self.partner.id,
                company_id=self.company.id,
                date_until=self.a_day(chance),
            )
            record._make_xlsx()

        self.assertTrue(self.feed("statement", statement))

    # -- What is imported --------------------------------------------------------------------------

    def some_text(self, chance, words):
        rows = []
        for _row in range(chance.randint(0, 5)):
            cells = [
                chance.choice(HOSTILE) if chance.random() < 0.3 else chance.choice(words)
                for _cell in range(chance.randint(0, 6))
            ]
            rows.append(chance.choice(";,\t ").join(cells))
        return "\n".join(rows)

    def some_bytes(self, chance, text):
        if chance.random() < 0.2:
            return chance.randbytes(200)
        return text.encode(chance.choice(("utf-8", "utf-8-sig", "utf-16")))

    def test_numbers_of_registered_letters(self):
        self.firm.write({"send_registered": True, "send_email": False, "send_letter": False})
        words = ("REL/2026/00001", "1A 195 123 4567 8", "20/11/2026", "9999-12-31", "0001-01-01")

        def numbers(chance):
            wizard = self.create("account.dunning.registered.entry", company_id=self.company.id)
            text = self.some_text(chance, words)
            if chance.random() < 0.5:
                wizard.pasted = text.replace("\x00", "")
            else:
                wizard.csv_file = b64encode(self.some_bytes(chance, text))
            wizard.action_record()
            self.assertNotIn("Traceback", wizard.problems or "")

        self.assertTrue(self.feed("numbers", numbers))

    def test_a_character_that_no_database_keeps_is_told(self):
        for model, name, values in (
            ("account.dunning.registered.entry", "pasted", {"company_id": self.company.id}),
            ("account.dunning.case.piece", "name", None),
            ("account.dunning.hold", "note", None),
            ("account.dunning.policy", "name", {}),
        ):
            with self.subTest(model=model), self.assertRaisesRegex(UserError, "NUL"):
                self.env[model].create({**(values or {}), name: "A\0B"})

    def test_the_reference_of_the_communes_is_imported_whole_or_not_at_all(self):
        Commune = self.env["account.dunning.commune"]
        first = self.create(
            "account.dunning.commune.import", file=b64encode(f"{HEADER}\n{GOOD}".encode())
        )
        first.action_import()
        before = Commune.search([]).mapped("code")
        self.assertEqual(before, ["75101"])
        words = ("Lyon", "69001", "Paris", "75001", "2A004", "TC")

        def communes(chance):
            head = HEADER if chance.random() < 0.8 else self.some_text(chance, words)
            text = f"{head}\n{self.some_text(chance, words)}"
            wizard = self.create(
                "account.dunning.commune.import", file=b64encode(self.some_bytes(chance, text))
            )
            wizard.action_import()
            if wizard.problems:
                self.assertEqual(Commune.search([]).mapped("code"), before)

        self.feed("communes", communes)

    def test_statuses_of_e_invoices(self):
        def status(chance):
            code = chance.choice((*HOSTILE[2:], "207", "210", "206", "999", "21 0"))
            reason = chance.choice((*HOSTILE[2:], "PU_ERR", "REJ_ADR", "[QTE_ERR] short"))
            self.move._apply_dunning_einvoice_status(
                code, amount=self.an_amount(chance), reason=reason
            )
            self.env["account.dunning.notice.draft"]._follow_plan(
                self.company, partners=self.partner
            )

        self.assertTrue(self.feed("status", status))

    def test_an_impossible_date_is_refused_with_the_name_of_its_field(self):
        for typed in ("0001-01-01", "9999-12-31", date.max):
            with self.assert_refused(UserError, "Promised for.*Check the year|Check the year"):
                self.create(
                    "account.dunning.promise",
                    partner_id=self.partner.id,
                    date_promised=typed,
                    amount=10,
                )
