"""A corrected translation reaches a database; what somebody wrote there himself stays."""

import polib

from odoo.tests import TransactionCase, tagged

from ..translations_common import ROOT

ADDON = "account_dunning_fr"
MENU, OTHER_MENU = "menu_dunning", "menu_dunning_call"
ACTION = "action_account_dunning_quality"
FIELD = "field_res_company__dunning_active"
SELECTION = "selection__account_dunning_hold__reason__promise"
TEMPLATE = "mail_template_notice"
LEVEL = "level_first"
VIEW = "view_account_dunning_court_form"


@tagged("post_install", "-at_install")
class TestCorrectedTerms(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = cls.env["ir.module.module"]
        cls.french = {
            entry.msgid: entry.msgstr
            for entry in polib.pofile(str(ROOT / ADDON / "i18n" / "fr.po"))
        }

    def ref(self, name):
        return self.env.ref(f"{ADDON}.{name}").with_context(lang="fr_FR")

    def english(self, name, field):
        return self.ref(name).with_context(lang="en_US")[field]

    def load(self):
        self.modules._load_module_terms([ADDON], ["fr_FR"])
        self.env.invalidate_all()

    def become_former(self, **said):
        """Let the file that was loaded last say these words of the English ones."""
        [kept] = self.modules._get_dunning_terms_kept(f"{ADDON}-fr_FR-")
        file = polib.pofile(kept.raw.decode())
        for entry in file:
            entry.msgstr = said.get(entry.msgid, entry.msgstr)
        kept.raw = str(file).encode()

    def test_a_term_of_ours_is_corrected_and_one_of_a_person_stays(self):
        terms = [
            (MENU, "name"),
            (ACTION, "name"),
            (FIELD, "field_description"),
            (SELECTION, "name"),
            (TEMPLATE, "name"),
        ]
        former = {self.english(*term): f"Ancien {term[0]}" for term in terms}
        former[self.english(OTHER_MENU, "name")] = "Ancien menu"
        self.become_former(**former)
        for name, field in terms:
            self.ref(name)._update_field_translations(
                field, {"fr_FR": former[self.english(name, field)]}
            )
        self.ref(OTHER_MENU).name = "Mes appels"
        self.load()
        for name, field in terms:
            with self.subTest(name):
                self.assertEqual(self.ref(name)[field], self.french[self.english(name, field)])
        self.assertEqual(self.ref(OTHER_MENU).name, "Mes appels")
        # What was typed is no former term of ours, whatever is corrected later.
        self.become_former(**former)
        self.load()
        self.assertEqual(self.ref(OTHER_MENU).name, "Mes appels")

    def test_a_template_in_other_english_keeps_its_french(self):
        english = self.english(TEMPLATE, "name")
        self.become_former(**{english: "Ancien modèle"})
        template = self.ref(TEMPLATE)
        template._update_field_translations("name", {"en_US": "Ours", "fr_FR": "Ancien modèle"})
        self.load()
        self.assertEqual(self.ref(TEMPLATE).name, "Ancien modèle")

    def test_a_shipped_record_that_somebody_corrected_stays(self):
        level, english = self.ref(LEVEL), self.english(LEVEL, "subject")
        level._update_field_translations("subject", {"fr_FR": "Ancien objet"})
        for corrected, said in ((True, "Ancien objet"), (False, self.french[english])):
            self.env.cr.execute(
                "UPDATE account_dunning_level SET corrected_here = %s WHERE id = %s",
                [corrected, level.id],
            )
            self.env.invalidate_all()
            self.become_former(**{english: "Ancien objet"})
            self.load()
            self.assertEqual(self.ref(LEVEL).subject, said)

    def test_the_terms_of_a_view_and_of_a_help_are_corrected_one_by_one(self):
        ours, typed = "Where and when it was read", "Which part of the department it serves"
        help_term = "Nothing is missing on the customers who are late"
        self.become_former(**{ours: "Ancien", typed: "Ancien aussi", help_term: "Ancienne aide"})
        view = self.ref(VIEW)
        view._update_field_translations("arch_db", {"fr_FR": {ours: "Ancien", typed: "À moi"}})
        self.ref(ACTION)._update_field_translations("help", {"fr_FR": {help_term: "Ancienne aide"}})
        self.assertIn("Ancien", self.ref(VIEW).arch_db)
        self.load()
        self.assertIn(f'placeholder="{self.french[ours]}"', self.ref(VIEW).arch_db)
        self.assertIn('placeholder="À moi"', self.ref(VIEW).arch_db)
        self.assertNotIn("Ancienne aide", self.ref(ACTION).help)
        self.assertIn(self.french[help_term], self.ref(ACTION).help)

    def test_what_was_loaded_last_is_kept_once(self):
        self.become_former(Reminders="Ancien")
        self.load()
        [kept] = self.modules._get_dunning_terms_kept(f"{ADDON}-fr_FR-")
        self.assertEqual(kept.raw, (ROOT / ADDON / "i18n" / "fr.po").read_bytes())
