"""Let Odoo's own runner (``--test-tags``) see the suite kept in ../../tests/orm."""

from importlib import import_module
from pathlib import Path

_SUITE = Path(__file__).resolve().parents[2] / "tests" / "orm"
__path__.append(str(_SUITE))
for _test in sorted(_SUITE.rglob("test_*.py")):
    _name = ".".join((__name__, *_test.relative_to(_SUITE).with_suffix("").parts))
    globals()[_test.stem] = import_module(_name)
