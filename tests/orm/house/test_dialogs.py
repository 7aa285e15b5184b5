"""A dialog shows what it says as it opens: no calendar lies over it."""

from lxml import etree

from odoo.tests import tagged

from ..dunning_common import DunningCommon

TYPED_IN = "field", "button"


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

    def test_no_calendar_opens_over_a_dialog(self):
        views = self.env["ir.ui.view"].search(
            [
                ("type", "=", "form"),
                ("model", "=like", "account.dunning.%"),
                ("mode", "=", "primary"),
            ]
        )
        self.assertTrue(views)
        admin = self.env.ref("base.user_admin")
        for view in views:
            model = self.env[view.model].with_user(admin)
            arch = model.get_view(view.id, "form")["arch"]
            if "<footer" not in arch:
                continue
            with self.subTest(view=view.xml_id):
                types = model.fields_get(attributes=["type", "readonly"])
                self.assertIsNone(self.find_covered(arch, types))
