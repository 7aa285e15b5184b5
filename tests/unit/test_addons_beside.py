"""What touches another application is an addon of its own beside the main one.

The main addon neither names their records nor asks what is installed: it has methods that the
addons beside it extend. They install themselves (``auto_install``) and read the main one only.
"""

import ast
import re
from pathlib import Path

import pytest

from .sources import walk

ROOT = Path(__file__).parents[2]
MAIN = "account_dunning_fr"
MANIFESTS = {
    path.parent.name: ast.literal_eval(path.read_text("utf-8"))
    for path in sorted(ROOT.glob("*/__manifest__.py"))
}
BESIDE = sorted(MANIFESTS.keys() - {MAIN})
FOREIGN = re.compile(
    r"\b(?:sale\.order|sale_line_ids|sale_stock|stock\.picking|picking_ids"
    r"|account\.peppol\.response|peppol_\w+|pdp_\w+)\b"
)
READ = {".py", ".xml", ".csv", ".js"}
# Whose fields may be looked up by name: the record's own, and those of a walk over our models.
OWN = {"self", "model"}


def is_fixed(node):
    """Whether a value is written in the code, as a text or a constant: no stored value."""
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return constant or (isinstance(node, ast.Name) and node.id.isupper())


def last_name(node):
    return getattr(node, "attr", None) or getattr(node, "id", None)


def is_probe(node):
    """Whether a piece of code asks if a model or a field of another application is there."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        where = node.comparators[0]
        if last_name(where) == "_fields":
            return is_fixed(node.left) and last_name(where.value) not in OWN
        return is_fixed(node.left) and last_name(where) in ("env", "registry", "models")
    if isinstance(node, ast.Call) and last_name(node.func) == "get" and node.args:
        return is_fixed(node.args[0]) and last_name(node.func.value) in ("env", "registry")
    return isinstance(node, ast.Call) and last_name(node.func) == "hasattr"


def probes(text):
    return [node.lineno for node in walk(text) if is_probe(node)]


@pytest.mark.parametrize(
    "text",
    [
        'if "sale.order" in self.env: pass',
        'there = "payment.provider" not in self.env.registry',
        'there = "payment.provider" in env.registry.models',
        "there = MODEL in self.env",
        'online = self.env.registry.get("payment.transaction")',
        'orders = self.env.get("sale.order")',
        'there = "sale_line_ids" in self.env["account.move.line"]._fields',
        'there = "picking_ids" in orders._fields',
        'there = hasattr(move, "l10n_fr_status")',
    ],
)
def test_a_probe_is_seen(text):
    assert probes(text)


@pytest.mark.parametrize(
    "text",
    [
        "known = seal.res_model in self.env",  # a stored name, of a model that may be gone
        "known = not model or model not in self.env",
        'state = self["state"] if "state" in self._fields else ""',
        'lang = self.env.context.get("lang")',
        'values.get("sale.order")',
    ],
)
def test_a_stored_name_is_no_probe(text):
    assert not probes(text)


def test_the_main_addon_asks_for_no_application():
    found = {path: probes(path.read_text("utf-8")) for path in (ROOT / MAIN).rglob("*.py")}
    assert {path.name: lines for path, lines in found.items() if lines} == {}


def test_the_main_addon_names_no_record_of_orders_and_deliveries():
    texts = (path for path in (ROOT / MAIN).rglob("*") if path.suffix in READ)
    assert [path for path in texts if FOREIGN.search(path.read_text("utf-8"))] == []


def addons_read(addon):
    """Return the addons that the files of an addon import by name."""
    found = set()
    for path in (ROOT / addon).rglob("*.py"):
        for node in walk(path.read_text("utf-8")):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name.split(".")[2] for name in modules if name.startswith("odoo.addons.")}
    return found


def test_there_are_addons_beside_the_main_one():
    beside = {"account_dunning_fr_pdp", "account_dunning_fr_sale", "account_dunning_fr_stock"}
    assert beside <= set(BESIDE)
    assert not addons_read(MAIN) & set(BESIDE)


@pytest.mark.parametrize("addon", BESIDE)
def test_an_addon_beside_reads_the_main_one_only(addon):
    assert addons_read(addon) <= {addon, MAIN}


@pytest.mark.parametrize("addon", BESIDE)
def test_an_addon_beside_installs_itself_with_what_it_joins(addon):
    manifest, main = MANIFESTS[addon], MANIFESTS[MAIN]
    ours, *others = sorted(manifest["depends"], key=lambda name: not name.startswith(MAIN))
    assert ours in MANIFESTS
    assert others
    assert not set(others) & set(MANIFESTS)
    assert manifest["auto_install"] is True
    assert not manifest.get("application"), "it has no screen of its own"
    for key in ("version", "license", "author", "category"):
        assert manifest[key] == main[key]
