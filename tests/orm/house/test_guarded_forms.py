"""What forms and lists offer to be typed: nothing that the guards of fields refuse on saving.

Every view of a model of ours that can be typed into is read as a browser reads it, for a record
that is really in each state of its guard, and for one not yet saved.
"""

import ast
from collections import defaultdict
from itertools import product

from lxml import etree

from odoo.tests import tagged

from .test_guarded_fields import ODOO_MODELS, GuardedWorld

NEW = "not yet saved"
CONSTANTS = {"": False, "0": False, "false": False, "1": True, "true": True}


class Shown(dict):
    """What a modifier of a view reads of a record, and of its ``parent``."""

    def __init__(self, record, parent=None):
        super().__init__()
        self.record, self.parent = record, parent

    def __missing__(self, name):
        if name == "parent":
            return self.parent
        if name == "id":
            return self.record.id or False
        return self.record._fields[name].convert_to_read(self.record[name], self.record)

    __getattr__ = __missing__


def is_true(expression, shown):
    """Return whether a modifier of a view holds of a record."""
    known = CONSTANTS.get((expression or "").lower())
    return bool(eval(expression, {"__builtins__": {}}, shown)) if known is None else known


def is_constant(expression):
    return expression.lower() in CONSTANTS


def names_in(expression):
    """Return the names that a modifier of a view reads, ``parent`` among them."""
    if is_constant(expression):
        return set()
    nodes = list(ast.walk(ast.parse(expression, mode="eval")))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def is_typed(root):
    """Whether the fields of a view can be changed in it."""
    return root.tag == "form" or bool(root.get("editable") or root.get("multi_edit"))


@tagged("post_install", "-at_install")
class TestGuardedForms(GuardedWorld):
    def owned_names(self):
        """Yield the models of ours, with their fields that not anyone writes."""
        for model, names in self.table.items():
            if model not in ODOO_MODELS:
                yield model, {name: who for name, who in names.items() if who != "anyone"}

    def typed_views(self):
        """Return the views, and those of lines within them, by the model typed into.

        :return: ``{model: [(view, node of the root, name of the inverse field or None)]}``
        """
        found = defaultdict(list)
        views = self.env["ir.ui.view"].search(
            [("model", "in", list(self.table)), ("mode", "=", "primary")]
        )
        for view in views.filtered(lambda view: view.type in ("form", "list")):
            arch = self.env[view.model].get_view(view.id, view.type)["arch"]
            self.gather(found, view, view.model, etree.fromstring(arch), None)
        return found

    def gather(self, found, view, model, root, inverse):
        if not is_typed(root):
            return
        found[model].append((view, root, inverse))
        for node in self.own_fields(root):
            field = self.env[model]._fields[node.get("name")]
            for child in node.iterchildren("form", "list"):
                back = field.inverse_name if field.type == "one2many" else None
                self.gather(found, view, field.comodel_name, child, back)

    def own_fields(self, root):
        """Return the fields of a view, without those of the views of lines within it."""
        return [node for node in root.iterfind(".//field") if self.root_of(node) is root]

    def root_of(self, node):
        return next(node.iterancestors("form", "list", "kanban", "groupby"))

    def situations(self, model):
        """Yield each state of a record with the record in it, then one not yet saved."""
        for state, (table, values) in self.states(model).items():
            point = self.env.cr.savepoint()
            yield state, self.put(model, table, values)
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        yield NEW, self.env[model].sudo().new({})

    def is_refused(self, record, state, name, writer):
        if state == NEW:
            return "create" not in writer.split()
        theirs = record.with_user(self.users["manager"])
        return not theirs._has_field_access(record._fields[name], "write")

    def shown(self, record, inverse):
        parent = record[inverse] if inverse else None
        return Shown(record, parent if parent is None else Shown(parent))

    def test_no_view_offers_in_any_state_what_is_refused_there(self):
        offered, views, seen = [], self.typed_views(), set()
        for model, names in self.owned_names():
            for state, record in self.situations(model):
                for view, root, inverse in views[model]:
                    shown = self.shown(record, inverse)
                    for node in self.own_fields(root):
                        name, said = node.get("name"), node.get("readonly")
                        if name not in names:
                            continue
                        seen.add((model, name))
                        declared = names[name] == "code" or record._fields[name].readonly
                        if (declared and said is None) or is_true(said, shown):
                            continue
                        if self.is_refused(record, state, name, names[name]):
                            offered.append(f"{model}.{name} while {state}: {view.xml_id}")
        self.assertFalse(offered, "\n".join(offered))
        self.assertIn(("account.dunning.case.cost", "amount"), seen, "lines are read too")

    def test_the_words_of_a_view_are_those_of_the_guard(self):
        """Nothing more is closed than what is refused: what may be written can be typed."""
        parents = {
            "account.dunning.case.cost": "case_id",
            "account.dunning.payment.plan.line": "plan_id",
        }
        wrong = []
        for model, names in self.owned_names():
            for state, record in self.situations(model):
                inverse = parents.get(model)
                if state == NEW and inverse:
                    record[inverse] = self.records[model][inverse]
                for name, writer in names.items():
                    said = record._get_dunning_refusal(record._fields[name])
                    if is_true(said, self.shown(record, inverse)) != self.is_refused(
                        record, state, name, writer
                    ):
                        wrong.append(f"{model}.{name} while {state}: {said}")
        self.assertFalse(wrong, "\n".join(wrong))

    # -- What a view says of its own ---------------------------------------------------------------

    def written_views(self):
        """Return what ``typed_views`` does, of the views as they are written, without the guard."""
        found = defaultdict(list)
        for view in self.env["ir.ui.view"].search([("mode", "=", "primary")]):
            if view.type in ("form", "list") and view.model in self.env:
                self.gather(found, view, view.model, view._get_combined_arch(), None)
        return found

    def is_ours(self, field):
        return field is not None and (field._module or "").startswith("account_dunning_fr")

    def says_nothing_more(self, model, field, own):
        """Whether a field is read-only in the same cases without a view's word of it.

        :param str own: what the view says; it is compared with what the guard says for all that
            the fields which they read may be, not for the records of this test alone
        """
        if field.readonly or is_constant(own):
            return field.readonly and is_true(own, {})
        records = self.env[model]
        if not hasattr(records, "_get_dunning_refusal"):
            return False
        refused = records._get_dunning_refusal(field, within=True) or ""
        names = sorted(names_in(own) | names_in(refused))
        if "parent" in names:
            return False  # whose fields these are, the view says elsewhere
        values = [self.values_of(model, name) for name in names]
        cases = (self.case(model, dict(zip(names, each, strict=True))) for each in product(*values))
        return all(is_true(refused, case) or not is_true(own, case) for case in cases if case)

    def values_of(self, model, name):
        """Return what a field in a modifier may be: of a selection each value, else yes or no."""
        field = self.env[model]._fields.get(name)
        return field.get_values(self.env) if field and field.type == "selection" else [False, 1]

    def case(self, model, values):
        """Return what a modifier reads of a record; None where there is no such record.

        Of one not yet saved, what no person writes is what it is by default.
        """
        records = self.env[model]
        if not values.get("id", 1):
            codes = [name for name in values if name in records._get_dunning_code_fields()]
            default = records.default_get(codes)
            if any((values[name] or False) != default.get(name, False) for name in codes):
                return None
        return values

    def test_no_view_repeats_what_the_guard_says(self):
        """A view says that a field is read-only where it is so beyond its guard, or not at all."""
        repeated = set()
        for model, views in self.written_views().items():
            for view, root, _inverse in views:
                for node in self.own_fields(root):
                    own, field = node.get("readonly"), self.env[model]._fields.get(node.get("name"))
                    if own and self.is_ours(field) and self.says_nothing_more(model, field, own):
                        repeated.add(f"{view.xml_id}: {model}.{field.name} readonly={own!r}")
        self.assertFalse(repeated, "\n".join(sorted(repeated)))
