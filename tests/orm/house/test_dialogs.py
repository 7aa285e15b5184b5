"""A dialog shows what it says as it opens: no calendar lies over it."""

from lxml import etree

from odoo.tests import tagged

from ..dunning_common import DunningCommon

TYPED_IN = "field", "button"
# What the record gives from whose list the form opens.
GIVEN_BY_PARENT = {"account.dunning.level": {"policy_id"}}


@tagged("post_install", "-at_install")
class TestDialogs(DunningCommon):
    def find_covered(self, arch, types):
        """Return the date that a dialog opens its calendar for, or None: the first that is typed.

        :param types: of the fields of its model, by name
        """
        form = etree.fromstring(arch)
        for node in form.iter("*"):
            if node.get("tabindex") == "0" and form.get("disable_autofocus"):
                return None
            shown = node.get("invisible") not in ("1", "True")
            inside = any(each.tag in ("list", "footer") for each in node.iterancestors())
            if node.tag not in TYPED_IN or inside or not shown or node.get("readonly") == "1":
                continue
            if not types.get(node.get("name"), {}).get("readonly"):
                kind = types.get(node.get("name"), {}).get("type")
                return node.get("name") if kind in ("date", "datetime") else None
        return None

    def test_the_rule_can_fail(self):
        types = {"day": {"type": "date"}, "name": {"type": "char"}}
        for arch, found in (
            ('<form><field name="day"/></form>', "day"),
            ('<form><field name="name" readonly="1"/><field name="day"/></form>', "day"),
            ('<form><field name="name"/><field name="day"/></form>', None),
            ('<form disable_autofocus="1"><p tabindex="0"/><field name="day"/></form>', None),
            ('<form><p tabindex="0"/><field name="day"/></form>', "day"),
        ):
            with self.subTest(arch=arch):
                self.assertEqual(self.find_covered(arch, types), found)

    def find_forms(self):
        views = self.env["ir.ui.view"].search(
            [
                ("type", "=", "form"),
                ("model", "=like", "account.dunning.%"),
                ("mode", "=", "primary"),
            ]
        )
        self.assertTrue(views)
        return views

    def find_missing(self, model, arch):
        """Return the fields that must be filled in, and that a form has no place for."""
        shown = {node.get("name") for node in etree.fromstring(arch).iter("field")}
        fields = [model._fields[name] for name in model._fields if name not in shown]
        given = model.default_get([field.name for field in fields])
        return [
            field.name
            for field in fields
            if field.required and not field.compute and not field.related
            if not given.get(field.name)
            if field.name not in GIVEN_BY_PARENT.get(model._name, ())
        ]

    def test_a_new_record_can_be_saved_from_its_form(self):
        manager = self.new_user("form_manager", "account_dunning_fr.group_dunning_manager")
        forms, missing = 0, {}
        for view in self.find_forms():
            model = self.env[view.model].with_user(manager)
            arch = model.get_view(view.id, "form")["arch"]
            if etree.fromstring(arch).get("create") in ("0", "false"):
                continue
            if model.has_access("create"):
                forms += 1
                missing[view.xml_id] = self.find_missing(model, arch)
        self.assertGreater(forms, 20)
        self.assertEqual({name: found for name, found in missing.items() if found}, {})

    def test_no_calendar_opens_over_a_dialog(self):
        admin = self.env.ref("base.user_admin")
        for view in self.find_forms():
            model = self.env[view.model].with_user(admin)
            arch = model.get_view(view.id, "form")["arch"]
            if "<footer" not in arch:
                continue
            with self.subTest(view=view.xml_id):
                types = model.fields_get(attributes=["type", "readonly"])
                self.assertIsNone(self.find_covered(arch, types))
