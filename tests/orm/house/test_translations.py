from odoo.tests import TransactionCase, tagged

from ..translations_common import FrenchIsComplete


@tagged("post_install", "-at_install")
class TestTranslations(FrenchIsComplete, TransactionCase):
    addon = "account_dunning_fr"

    def test_all_terms_are_looked_at(self):
        self.assertGreater(len(self.terms), 2000)
