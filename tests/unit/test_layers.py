"""The rooms of ``models/`` and the one direction between them.

Each room may use what stands above it, never what stands below; what stands beside is held by
``test_addons_beside.py``. ``data/layers_known.csv`` names
what still breaks a rule; it only gets shorter: a new breach fails, and so does a line that is no
longer needed.
"""

import ast
import csv
from collections import defaultdict
from pathlib import Path

import pytest

from .sources import parse

ADDON = Path(__file__).parents[2] / "account_dunning_fr"
MODELS = ADDON / "models"
ROOMS = (
    "common",
    "party",
    "policy",
    "hold",
    "plan",
    "penalty",
    "prevention",
    "notice",
    "registered",
    "agreement",
    "call",
    "case",
    "loss",
    "risk",
    "cover",
    "dashboard",
)
KNOWN = Path(__file__).parent / "data" / "layers_known.csv"
FOLLOWING = ("wizards", "views", "reports", "demo")  # they have the same rooms


def room_of(path):
    return path.relative_to(MODELS).parts[0]


def read():
    """Return each file of the rooms with its tree."""
    paths = sorted(path for room in ROOMS for path in (MODELS / room).rglob("*.py"))
    return {path: parse(path.read_text("utf-8")) for path in paths}


@pytest.fixture(scope="module")
def trees():
    return read()


def known(rule):
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return {(row["room"], row["what"]) for row in csv.DictReader(file) if row["rule"] == rule}


def strings(node):
    return (
        each
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


def assigned(node, name):
    """Return the value of ``name = …`` in the body of a class, if it is a text or texts."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name:
            return ast.literal_eval(statement.value)
    return None


def classes(tree):
    """Return the model classes of a file, each with the model it writes."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        inherited = assigned(node, "_inherit")
        name = assigned(node, "_name") or (inherited if isinstance(inherited, str) else None)
        if name:
            yield name, node


def homes(trees):
    """Return the room in which each model of ours is declared."""
    return {
        assigned(node, "_name"): room_of(path)
        for path, tree in trees.items()
        for _name, node in classes(tree)
        if (assigned(node, "_name") or "").startswith("account.dunning.")
    }


def imported(path, tree):
    """Return the room, or the file at the top of ``models/``, that each import of a file reads."""
    parts = path.relative_to(MODELS).parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and 0 < node.level <= len(parts) + 1:
            base = [*parts[: len(parts) - node.level + 1], *(node.module or "").split(".")]
            reached = [each for each in base if each]
            yield from [reached[0]] if reached else [alias.name for alias in node.names]


def upward_models(trees):
    home = homes(trees)
    return {
        (room_of(path), node.value)
        for path, tree in trees.items()
        for node in strings(tree)
        if node.value in home and ROOMS.index(home[node.value]) > ROOMS.index(room_of(path))
    }


def written_twice(trees):
    found = defaultdict(set)
    for path, tree in trees.items():
        for name, node in classes(tree):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    found[room_of(path), f"{name}.{method.name}"].add((path, method.lineno))
    return {key for key, places in found.items() if len(places) > 1}


def scattered(trees):
    """Return the models that more than three files of one room write."""
    found = defaultdict(set)
    for path, tree in trees.items():
        for name, _node in classes(tree):
            found[room_of(path), name].add(path)
    return {key for key, paths in found.items() if len(paths) > 3}


def misnamed(trees):
    """Return the files that define models and bear the name of none of them."""
    found = set()
    for path, tree in trees.items():
        names = [name.replace(".", "_") for name, _node in classes(tree)]
        if names and not any(path.stem.startswith(name) for name in names):
            found.add((room_of(path), path.name))
    return found


def wizards_used(trees):
    """Return the wizards that a model's method uses, but to open one from a button."""
    dialogs = {
        assigned(node, "_name")
        for path in (ADDON / "wizards").rglob("*.py")
        for _name, node in classes(parse(path.read_text("utf-8")))
    } - {None}
    return {
        (room_of(path), node.value)
        for path, tree in trees.items()
        for _name, model in classes(tree)
        for method in model.body
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("action_")
        for node in strings(method)
        if node.value in dialogs
    }


def receivables_defined(trees):
    """Return the files that say themselves what a receivable is, not ``common/due.py``."""
    return {
        (room_of(path), path.name)
        for path, tree in trees.items()
        for node in strings(tree)
        if "asset_receivable" in node.value and path.name != "due.py"
    }


RULES = {
    "receivable": receivables_defined,
    "upward": upward_models,
    "twice": written_twice,
    "scattered": scattered,
    "misnamed": misnamed,
    "wizard": wizards_used,
}


def test_every_file_of_the_models_stands_in_a_room():
    folders = {path.name for path in MODELS.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(ROOMS)
    assert [path.name for path in MODELS.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("tree", FOLLOWING)
def test_the_other_folders_follow_the_rooms(tree):
    folders = {path.name for path in (ADDON / tree).iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} <= set(ROOMS)


def test_the_rooms_are_read_in_their_order():
    tree = parse((MODELS / "__init__.py").read_text("utf-8"))
    read = [alias.name for node in tree.body for alias in node.names]
    assert read == list(ROOMS)


def test_imports_point_downward(trees):
    for path, tree in trees.items():
        above = ROOMS[: ROOMS.index(room_of(path)) + 1]
        for room in imported(path, tree):
            assert room in above, f"{path.relative_to(MODELS)} reads {room}"


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rules(rule, trees):
    found = RULES[rule](trees)
    assert found - known(rule) == set(), "new: find another way, or another room"
    assert known(rule) - found == set(), "mended: take the line out of data/layers_known.csv"
