"""Let Odoo's own runner (``--test-tags``) see the suite kept in ../../tests/orm."""

from importlib import import_module
from pathlib import Path

_SUITE = Path(__file__).resolve().parents[2] / "tests" / "orm"
__path__.append(str(_SUITE))
for _test in sorted(_SUITE.glob("test_*.py")):
    import_module(f"{__name__}.{_test.stem}")
