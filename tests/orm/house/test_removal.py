"""What is left when the addon is removed: the books, whatever names the addon gave in them."""

from odoo.addons.account_dunning_fr import hooks
from odoo.tests import tagged

from ..dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestRemoval(DunningCommon):
    def name(self, record):
        """Give a record an external name of the addon, as the demonstration's have one."""
        return (
            self.env["ir.model.data"]
            .sudo()
            .create(
                {
                    "module": hooks.ADDON,
                    "name": f"test_{record._table}_{record.id}",
                    "model": record._name,
                    "res_id": record.id,
                }
            )
        )

    def test_the_removal_deletes_nothing_of_the_books(self):
        partner = self.customer()
        move = self.invoice(partner, 10)
        data = (partner, move, move.line_ids[0], move.journal_id, self.company, self.env.user)
        for record in data:
            with self.subTest(model=record._name):
                name = self.name(record)
                hooks._leave_data(self.env(su=True))
                self.assertFalse(name.exists(), "Odoo would delete the record by it")
                self.assertTrue(record.exists())

    def test_the_removal_lets_odoo_delete_what_is_the_addon_s(self):
        names = self.env["ir.model.data"].sudo()
        own = names.search([("module", "=", hooks.ADDON)])
        system = own.filtered(lambda name: not name.model.startswith(("res.", "account.", "prod")))
        self.assertGreater(len(system), 500)
        hooks._leave_data(self.env(su=True))
        self.assertEqual(system.exists(), system)
        for name in ("policy_france_standard", "level_first", "group_dunning_user"):
            self.assertTrue(self.env.ref(f"{hooks.ADDON}.{name}", raise_if_not_found=False), name)
