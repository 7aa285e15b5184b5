"""What Odoo finds sooner in the tests and in the demo is what it finds by itself."""

from inspect import unwrap

from odoo.orm.environments import Environment
from odoo.orm.registry import Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..found_sooner import found_sooner


@tagged("post_install", "-at_install")
class TestFoundSooner(TransactionCase):
    def setUp(self):
        super().setUp()
        self.enterContext(found_sooner())

    def test_an_environment_is_the_one_that_odoo_finds(self):
        own, users = unwrap(Environment.__new__), (self.env.ref("base.user_admin").id, 1)
        contexts = ({}, {"lang": "fr_FR"}, {"lang": "fr_FR", "allowed_company_ids": [1]})
        asked = [(user, made, su) for user in users for made in contexts for su in (False, True)]
        found = [Environment(self.cr, user, dict(made), su) for user, made, su in asked]
        again = [own(Environment, self.cr, user, dict(made), su) for user, made, su in asked]
        self.assertEqual(list(map(id, again)), list(map(id, found)))
        for (user, made, su), env in zip(asked, found, strict=True):
            self.assertEqual((env.uid, env.context, env.su), (user, made, su or user == 1))
        self.assertEqual(len(set(map(id, found))), 9)  # for the system, su or not is the same

    def test_what_depends_on_a_field_is_what_odoo_merges(self):
        own, registry = unwrap(Registry.get_trigger_tree), self.registry
        move, line = self.env["account.move"]._fields, self.env["account.move.line"]._fields
        for fields in ([move["state"]], [line["balance"], line["partner_id"]]):
            for select in (bool, lambda field: field.compute and field.store):
                with self.subTest(fields=fields):
                    merged = registry.get_trigger_tree(fields, select)
                    self.assertTrue(merged)
                    self.assertEqual(self.spell(merged), self.spell(own(registry, fields, select)))

    def spell(self, tree):
        nodes = [(label, self.spell(subtree)) for label, subtree in tree.items()]
        return list(tree.root), nodes

    def test_the_name_of_a_column_is_written_and_flushes_as_odoo_s(self):
        own, field = unwrap(SQL.identifier), self.env["res.partner"]._fields["name"]
        for asked in (("res_partner",), ("res_partner", "name"), ("res_partner", "name", field)):
            for _time in range(2):
                written = SQL.identifier(*asked)
                self.assertEqual(written, own(*asked))
                self.assertEqual(list(written.to_flush), list(own(*asked).to_flush))
        with self.assertRaises(AssertionError):
            SQL.identifier('"; --')
