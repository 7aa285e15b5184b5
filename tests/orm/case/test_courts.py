"""Courts proposed for an address, and the import of the official reference of the communes."""

from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

HEADER = "Commune;Code commune;Code postal;Greffe;Type greffe\n"


@tagged("post_install", "-at_install")
class TestCourts(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Court = cls.env["account.dunning.court"]
        cls.Commune = cls.env["account.dunning.commune"]
        cls.manager = new_test_user(
            cls.env, "court_manager", groups="account_dunning_fr.group_dunning_manager"
        )
        cls.biller = new_test_user(cls.env, "court_biller", groups="account.group_account_invoice")

    def court(self, code):
        return self.env.ref(f"account_dunning_fr.court_{code}")

    def at(self, postal_code, city="", commercial=True):
        address = self.env["res.partner"].new({"zip": postal_code, "city": city})
        courts, exact = self.Court._get_candidates(address, commercial)
        return sorted(courts.mapped("code")), exact

    def wizard(self, text, user=None, **values):
        content = text if isinstance(text, bytes) else text.encode()
        return (
            self.env["account.dunning.commune.import"]
            .with_user(user or self.manager)
            .create({"file": b64encode(content), **values})
        )

    def test_no_french_court_is_proposed_for_an_address_abroad(self):
        for country, postal_code in (
            ("de", "50676"),
            ("es", "28001"),
            ("it", "75100"),
            ("us", "69002"),
        ):
            for commercial in (True, False):
                address = self.env["res.partner"].new(
                    {"zip": postal_code, "country_id": self.env.ref(f"base.{country}").id}
                )
                with self.subTest(country=country, commercial=commercial):
                    self.assertEqual(
                        self.Court._get_candidates(address, commercial), (self.Court, False)
                    )
        for country in ("fr", "re"):
            address = self.env["res.partner"].new(
                {"zip": "97400", "country_id": self.env.ref(f"base.{country}").id}
            )
            with self.subTest(country=country):
                self.assertTrue(self.Court._get_candidates(address, True)[0])

    def test_one_court_serves_the_department(self):
        self.assertEqual(self.at("69002"), (["tc_lyon", "tc_villefranche_sur_saone"], False))
        self.assertEqual(self.at("75008"), (["tc_paris"], False))
        self.assertEqual(self.at("01000"), (["tc_bourg_en_bresse"], False))

    def test_judicial_courts_are_apart(self):
        self.assertEqual(self.at("75008", commercial=False), (["tj_paris"], False))

    def test_alsace_and_overseas_have_their_own_kinds(self):
        self.assertEqual(self.court("tjc_colmar").kind, "tj_commercial")
        self.assertIn("tjc_colmar", self.at("67600")[0])
        self.assertEqual(self.at("97600"), (["tmc_mamoudzou"], False))

    def test_an_address_without_a_french_postal_code_has_no_court(self):
        self.assertEqual(self.at("D-10115"), ([], False))

    def test_the_imported_communes_make_it_exact(self):
        text = (
            "Antibes;6004;6600;ANTIBES;TC\nLe Bar;6010;6620;GRASSE;TC\nGourdon;6068;6620;NICE;TC\n"
        )
        self.wizard(HEADER + text).action_import()
        self.assertEqual(self.Commune.search_count([]), 3)
        self.assertEqual(self.at("06600"), (["tc_antibes"], True))
        self.assertEqual(self.at("06620"), (["tc_grasse", "tc_nice"], False))
        self.assertEqual(self.at("06620", "LE BAR"), (["tc_grasse"], True))
        court = self.court("tc_antibes")
        self.assertEqual(court.commune_count, 1)
        with Form(court) as form:
            self.assertEqual(len(form.commune_ids), 1)

    def test_a_new_file_replaces_the_last_one(self):
        self.wizard(HEADER + "Antibes;6004;6600;ANTIBES;TC\n").action_import()
        self.wizard(HEADER + "Dax;40088;40100;DAX;TC\nDax;40088;40100;DAX;TC\n").action_import()
        self.assertEqual(self.Commune.search([]).mapped("code"), ["40088"])

    def test_bad_lines_are_named_and_nothing_is_imported(self):
        text = HEADER + "Dax;40088;40100;DAX;TC\nOys;X;1;DAX;TC\nYs;29999;29000;ATLANTIS;TC\n"
        wizard = self.wizard(text)
        wizard.action_import()
        self.assertFalse(self.Commune.search([]))
        self.assertEqual(wizard.problem_count, 2)
        self.assertIn("Line 3", wizard.problems)
        self.assertIn("ATLANTIS", wizard.problems)
        wizard.leave_out = True
        wizard.action_import()
        self.assertEqual(self.Commune.search([]).mapped("name"), ["Dax"])

    def test_a_file_of_bad_lines_only_changes_nothing(self):
        self.wizard(HEADER + "Antibes;6004;6600;ANTIBES;TC\n").action_import()
        for lines in ("Oys;X;1;DAX;TC\n", "Ys;29999;29000;ATLANTIS;TC\n", "\0;\0;\0;\0;TC\n"):
            with self.subTest(lines=lines):
                wizard = self.wizard(HEADER + lines)
                wizard.action_import()
                wizard.leave_out = True
                with self.assertRaisesRegex(UserError, "No line of this file.*\n.*Line 2"):
                    wizard.action_import()
        self.assertEqual(self.Commune.search([]).mapped("code"), ["06004"])

    def test_another_file_is_refused_with_what_to_do(self):
        self.wizard(HEADER + "Dax;40088;40100;DAX;TC\n").action_import()
        for content, message in (
            ("Name;Town\nA;B\n", "Code commune"),
            ((HEADER + "Bézaudun;6017;6510;GRASSE;TC").encode("latin-1"), "UTF-8"),
            (HEADER, "no line"),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self.wizard(content).action_import()
        self.assertEqual(self.Commune.search_count([]), 1)

    def test_a_manager_adds_courts_without_a_code(self):
        form = Form(self.Court.with_user(self.manager))
        form.name, form.seat_city, form.departments = "Tribunal de Test", "Test", "01"
        court = form.save()
        other = court.copy({"name": "Tribunal de Test, chambre"})
        self.assertEqual(len({False, court.code, other.code}), 3)

    def test_managers_import_and_correct_billing_users_read(self):
        self.assertTrue(self.court("tc_lyon").with_user(self.biller).name)
        with self.assertRaises(AccessError):
            self.wizard(HEADER, user=self.biller)
        with self.assertRaises(AccessError):
            self.court("tc_lyon").with_user(self.biller).write({"filing_fee": 30})
        self.court("tc_lyon").with_user(self.manager).write({"filing_fee": 30})
