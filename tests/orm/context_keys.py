"""What the code of the addon reads from a context and puts into one, found in its source.

No Odoo is needed: a unit test checks the result, and an HTTP test tries each key from a URL.
"""

import ast
import re
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "account_dunning_fr"
FOLDERS = ("models", "wizards", "controllers")
# In expressions of views and reports.
IN_XML = re.compile(r"""context(?:\.get\(|\[)\s*['"](\w+)|['"](\w+)['"] in (?:env\.)?context""")


# Read like Odoo itself does, with Odoo's meaning: they grant no rights, and nothing that is sent
# depends on them.
OF_ODOO = {
    "active_ids",
    "active_model",
    "allowed_company_ids",
    "company",
    "default_*",
    "default_move_type",
    "force_report_rendering",
    "lang",
    "tz",
}
# Odoo's keys, too, but tried from a URL as well: Odoo itself accepts any value.
TRIED = {
    "send_validated_to",  # how Odoo's sending passes the addresses to its mail server
    "uid",  # a computed value that depends on the reader
}
# Ours, which choose what to show among what the user may read, or serve as an argument; invalid
# values are refused.
OPEN = {"dunning_as_of", "dunning_case_id", "dunning_part"}


@lru_cache
def find_read(folders=FOLDERS, root=ROOT):
    """Return the keys that the code reads from a context: ``{key: [places]}``.

    A key that is not a literal where it is read is called ``?``.
    """
    found = {}
    for path in _sources(folders, root):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for key in _read_by(node):
                found.setdefault(key, []).append(f"{path.name}:{node.lineno}")
    for path in sorted(root.rglob("*.xml")):
        for match in IN_XML.finditer(path.read_text("utf-8")):
            found.setdefault(match[1] or match[2], []).append(path.name)
    return found


def find_set(folders=FOLDERS, root=ROOT):
    """Return the keys that the code puts into a context by ``with_context``, with their places."""
    found = {}
    for path, call in _find_passing(folders, root):
        for keyword in call.keywords if _name(call.func) != "pass_on" else ():
            name = keyword.arg or _constant_keys(keyword.value)
            for key in [name] if isinstance(name, str) else name:
                found.setdefault(key, []).append(f"{path.name}:{call.lineno}")
    return found


def find_passed(folders=FOLDERS, root=ROOT):
    """Return the names of what is passed in the private class (``pass_on``)."""
    return {
        keyword.arg
        for _path, call in _find_passing(folders, root)
        if _name(call.func) == "pass_on"
        for keyword in call.keywords
    }


@lru_cache
def _find_passing(folders, root):
    """Return the calls that put something into a context or into the private class, by file."""
    return [
        (path, node)
        for path in _sources(folders, root)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and _name(node.func) in ("with_context", "update_context", "pass_on")
    ]


def _sources(folders, root):
    return [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]


def _name(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def _is_context(node):
    """Whether an expression is a context: ``….context``, or a variable of that name."""
    if isinstance(node, ast.Call) and _name(node.func) == "dict":
        return any(_is_context(argument) for argument in node.args)
    return _name(node) == "context"


def _key(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):  # f"default_{name}": the family is what counts
        first = node.values[0]
        return f"{first.value}*" if isinstance(first, ast.Constant) else "?"
    return "?"


def _read_by(node):
    """Yield the keys that one node of the source reads."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("get", "pop", "setdefault") and _is_context(node.func.value):
            yield _key(node.args[0])
        if node.func.attr == "depends_context":
            yield from map(_key, node.args)
    elif isinstance(node, ast.Subscript) and _is_context(node.value):
        yield _key(node.slice)
    elif (
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.In | ast.NotIn)
        and any(_is_context(side) for side in node.comparators)
    ):
        yield _key(node.left)


def _constant_keys(node):
    """Return the keys of ``**{…}``; a mapping made elsewhere is called after its variable."""
    if isinstance(node, ast.Dict):
        return [_name(key) or _key(key) for key in node.keys]
    return [f"**{_name(node)}"]
