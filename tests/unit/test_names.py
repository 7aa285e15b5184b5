"""What the addon adds to a model of Odoo is named « dunning »: no other module's name is taken.

A method of the same name in two modules calls the other's without knowing it: an addon of OCA has
``res.partner._get_siren`` too. Overrides of Odoo's own call what they override.
"""

import ast
from pathlib import Path

import pytest

import core

from .sources import walk

ADDON = Path(core.__path__[0]).parent
OF_ODOO = {"_inherit", "_name", "_description"}


def classes(sources):
    """Return {model: (its parents, [class statements])} of these Python texts."""
    found = {}
    for source in sources:
        for node in walk(source):
            if isinstance(node, ast.ClassDef):
                declared = {
                    item.targets[0].id: ast.literal_eval(item.value)
                    for item in node.body
                    if isinstance(item, ast.Assign)
                    and isinstance(item.targets[0], ast.Name)
                    and item.targets[0].id in ("_inherit", "_name")
                }
                parents = declared.get("_inherit") or []
                parents = [parents] if isinstance(parents, str) else list(parents)
                if declared:
                    model = declared.get("_name") or parents[0]
                    known = found.setdefault(model, (set(), []))
                    known[0].update(parents)
                    known[1].append(node)
    return found


def reaching_odoo(found):
    """Return the class statements whose names land on a model of Odoo, mixins of ours included."""
    models = {model for model in found if "dunning" not in model}
    waiting = list(models)
    while waiting:
        for parent in found[waiting.pop()][0] - models:
            if parent in found:
                models.add(parent)
                waiting.append(parent)
    return [(model, node) for model in sorted(models) for node in found[model][1]]


def overrides(node):
    """Return whether a method calls the one of the same name that it overrides."""
    return any(
        isinstance(item, ast.Attribute)
        and item.attr == node.name
        and isinstance(item.value, ast.Call)
        and isinstance(item.value.func, ast.Name)
        and item.value.func.id == "super"
        for item in ast.walk(node)
    )


def strangers(sources):
    """Return « model.name » of each name that another module could have chosen too."""
    wrong = []
    for model, statement in reaching_odoo(classes(sources)):
        for node in statement.body:
            names = []
            if isinstance(node, ast.FunctionDef) and not overrides(node):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [item.id for item in node.targets if isinstance(item, ast.Name)]
            wrong += [
                f"{model}.{name}" for name in names if "dunning" not in name and name not in OF_ODOO
            ]
    return wrong


def test_every_name_added_to_a_model_of_odoo_says_dunning():
    assert strangers(path.read_text("utf-8") for path in sorted(ADDON.rglob("*.py"))) == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("siren = fields.Char()", ["res.partner.siren"]),
        ("def _get_siren(self): pass", ["res.partner._get_siren"]),
        ("def write(self, vals): return super().create(vals)", ["res.partner.write"]),
        ("def write(self, vals): return super().write(vals)", []),
        ("dunning_siren = fields.Char()", []),
        ("def _get_dunning_siren(self): pass", []),
    ],
)
def test_a_name_that_could_be_anothers_is_found(body, wrong):
    assert strangers([f'class P(models.Model):\n    _inherit = "res.partner"\n    {body}']) == wrong


def test_a_mixin_of_ours_brings_its_names_along():
    mixin = 'class M(models.AbstractModel):\n    _name = "dunning.mixin"\n    def check(self): pass'
    partner = 'class P(models.Model):\n    _inherit = ["res.partner", "dunning.mixin"]'
    assert strangers([mixin, partner]) == ["dunning.mixin.check"]
    assert strangers([mixin]) == []
