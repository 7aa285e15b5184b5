"""The core knows no Odoo, no clock, no float, and stays small."""

import ast
from pathlib import Path

import pytest

import core

from .sources import walk

ALLOWED = {
    "__future__",
    "bisect",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "dateutil",
    "decimal",
    "functools",
    "hashlib",
    "html",
    "ipaddress",
    "json",
    "math",
    "re",
    "statistics",
    "typing",
    "unicodedata",
}
FILES = sorted(Path(core.__path__[0]).rglob("*.py"))
TEXTS = {path.relative_to(core.__path__[0]).as_posix(): path.read_text("utf-8") for path in FILES}


def nodes(name, *kinds):
    return [node for node in walk(TEXTS[name]) if isinstance(node, kinds)]


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_imports_the_standard_library_dateutil_and_its_neighbours_only(name):
    absolute = [alias.name for node in nodes(name, ast.Import) for alias in node.names]
    absolute += [node.module for node in nodes(name, ast.ImportFrom) if not node.level]
    assert {module.split(".")[0] for module in absolute} <= ALLOWED


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_asks_no_clock(name):
    called = {node.attr for node in nodes(name, ast.Attribute)}
    assert not called & {"today", "now", "utcnow", "fromtimestamp"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_holds_no_float(name):
    assert not [node for node in nodes(name, ast.Constant) if isinstance(node.value, float)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_stays_under_150_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("name", TEXTS)
def test_a_function_stays_under_25_lines_of_code(name):
    for node in nodes(name, ast.FunctionDef):
        body = node.body[1:] if ast.get_docstring(node) else node.body
        assert not body or node.body[-1].end_lineno - body[0].lineno < 25, node.name


@pytest.mark.parametrize("name", TEXTS)
def test_everything_public_says_what_it_is(name):
    for node in nodes(name, ast.FunctionDef, ast.ClassDef):
        if not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_the_suite_imports_nothing_that_odoo_s_own_runner_does_not_find():
    """``--test-tags`` loads the suite as the addon's, also when another module is tested."""
    suite = Path(__file__).parents[1] / "orm"
    for path in sorted(suite.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = (node.module or "").split(".")[0]
                beside = node.level > len(path.relative_to(suite).parts)
                assert not beside, f"{path.name} imports from beside its folder"
                assert node.level or module != "tests", f"{path.name} imports {node.module}"
