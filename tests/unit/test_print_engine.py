"""One file speaks to the program that prints, so that another program replaces that file alone."""

import ast
from pathlib import Path

import pytest

from .sources import walk

ADDON = Path(__file__).parents[2] / "account_dunning_fr"
ENGINE = ADDON / "models" / "common" / "ir_actions_report_engine.py"
# Odoo's methods and names that are of its engine, not of the page or of the report.
OF_THE_ENGINE = ("wkhtml", "_prepare_html", "webp_as_jpg", "is_patched_qt", "paper_muncher")


def names(source):
    """Yield what a file's code names: methods, variables, imports, arguments and keys; no text."""
    for node in walk(source):
        for field in ("id", "attr", "name", "arg", "module"):
            if isinstance(found := getattr(node, field, None), str):
                yield found
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and (text.isidentifier() or text.startswith("--")):
            yield text


def told(text):
    """Return what a text of Python says to the engine."""
    return {name for name in names(text) if any(word in name for word in OF_THE_ENGINE)}


@pytest.mark.parametrize(
    "text",
    [
        "self._run_wkhtmltopdf(bodies)",
        "report.get_wkhtmltopdf_state()",
        "from odoo.addons.base.models.ir_actions_report import _wkhtml",
        "def _build_wkhtmltopdf_args(self): pass",
        "report._prepare_html(page)",
        'subprocess.run(["wkhtmltopdf", "-"])',
        "report.with_context(webp_as_jpg=True)",
        'options["is_patched_qt"]',
    ],
)
def test_a_word_to_the_engine_is_heard(text):
    assert told(text)


def test_a_text_about_the_engine_is_none_to_it():
    assert not told('"""Under wkhtmltopdf the margins differ."""\nhelp = "The wkhtmltopdf here"')


def test_one_file_speaks_to_the_engine():
    speaking = {path for path in ADDON.rglob("*.py") if told(path.read_text("utf-8"))}
    assert speaking - {ADDON / "dossier" / "pages.py"} == {ENGINE}


def test_the_court_file_reads_the_producer_of_a_pdf_and_calls_nothing():
    """What printed an exhibit is read in the PDF itself, whichever program prints today."""
    assert told((ADDON / "dossier" / "pages.py").read_text("utf-8")) == {"wkhtmltopdf"}
