"""The addons that install themselves beside the main one."""

from odoo.addons.account_dunning_fr.hooks import uninstall_hook
from odoo.tests import TransactionCase, tagged

from ..orm.translations_common import FrenchIsComplete


@tagged("post_install", "-at_install")
class TestAddonsBeside(TransactionCase):
    def test_each_installs_itself_with_what_it_joins(self):
        for name, joined in (
            ("account_dunning_fr_sale", {"account_dunning_fr", "sale"}),
            ("account_dunning_fr_stock", {"account_dunning_fr_sale", "sale_stock"}),
            ("account_dunning_fr_pdp", {"account_dunning_fr", "l10n_fr_pdp"}),
        ):
            module = self.env["ir.module.module"].sudo().search([("name", "=", name)])
            with self.subTest(addon=name):
                self.assertTrue(module.auto_install)
                self.assertEqual(module.state, "installed")
                wanted = module.dependencies_id
                self.assertEqual(set(wanted.mapped("name")), joined)
                self.assertTrue(all(wanted.mapped("auto_install_required")))

    def test_no_key_between_the_tables_of_an_extended_model_stops_the_removal(self):
        self.assertTrue(self.keys_between_our_tables())
        uninstall_hook(self.env)
        self.assertEqual(self.keys_between_our_tables(), [])

    def keys_between_our_tables(self):
        self.env.cr.execute(
            """
            SELECT conname FROM pg_constraint
             WHERE contype = 'f' AND conrelid::regclass::text LIKE 'account_dunning_case%'
               AND confrelid::regclass::text LIKE 'account_dunning_case%'
            """
        )
        return [name for (name,) in self.env.cr.fetchall()]


@tagged("post_install", "-at_install")
class TestFrenchOfOrders(FrenchIsComplete, TransactionCase):
    addon = "account_dunning_fr_sale"


@tagged("post_install", "-at_install")
class TestFrenchOfDeliveries(FrenchIsComplete, TransactionCase):
    addon = "account_dunning_fr_stock"


@tagged("post_install", "-at_install")
class TestFrenchOfPlatforms(FrenchIsComplete, TransactionCase):
    addon = "account_dunning_fr_pdp"
