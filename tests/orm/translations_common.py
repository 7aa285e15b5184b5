"""The French translation of everything an addon says: an accountant must not see any English."""

import io
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

ROOT = Path(__file__).parents[2]


class FrenchIsComplete:
    """For an Odoo test case: the terms of one addon and their translations in ``i18n/fr.po``."""

    addon = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(False, [cls.addon], exported, "po", cls.env)
        cls.terms = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}
        french = polib.pofile(str(ROOT / cls.addon / "i18n" / "fr.po"))
        cls.french = {entry.msgid: entry.msgstr for entry in french}

    def test_every_term_has_its_french(self):
        self.assertFalse([term for term in sorted(self.terms) if not self.french.get(term)])

    def test_no_french_is_kept_for_a_term_that_is_gone(self):
        self.assertFalse(sorted(self.french.keys() - self.terms))
