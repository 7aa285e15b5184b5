"""The French of everything the addon says: an accountant must not meet an English sentence."""

import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = "account_dunning_fr"
FRENCH = Path(__file__).parents[3] / ADDON / "i18n" / "fr.po"


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(False, [ADDON], exported, "po", cls.env)
        cls.terms = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}
        cls.french = {entry.msgid: entry.msgstr for entry in polib.pofile(str(FRENCH))}

    def test_every_term_has_its_french(self):
        self.assertGreater(len(self.terms), 2000)
        self.assertFalse([term for term in sorted(self.terms) if not self.french.get(term)])

    def test_no_french_is_kept_for_a_term_that_is_gone(self):
        self.assertFalse(sorted(self.french.keys() - self.terms))
