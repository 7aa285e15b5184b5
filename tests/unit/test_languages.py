"""What is said in words: in its creditor's language where it is kept, else in the reader's own."""

import ast
from pathlib import Path

import pytest

from .sources import walk

ROOT = Path(__file__).parents[2]
KEPT = {
    "_message_log",
    "_message_log_batch",
    "message_post",
    "activity_schedule",
    "activity_feedback",
}
SPOKEN = ("self.env._", "request.env._", "_")
# They write sums and days as a language does.
WRITTEN = ("format_amount", "format_date", "format_datetime")


def told_to_the_actor(source):
    """Yield the lines of the calls that keep a text in the language of ``self.env``."""
    for call in walk(source):
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", None) not in KEPT:
            continue
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            for node in ast.walk(value):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in SPOKEN:
                    yield node.lineno


def test_the_rule_can_fail():
    broken = "def f(self):\n    self._message_log(\n        body=self.env._('x'))"
    assert list(told_to_the_actor(broken)) == [3]
    mended = broken.replace("self.env", "speaking.env")
    assert list(told_to_the_actor(mended)) == []


@pytest.mark.parametrize("addon", sorted(path.name for path in ROOT.glob("account_dunning_fr*")))
def test_notes_and_to_dos_speak_the_language_of_the_creditor(addon):
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / addon).rglob("*.py")
        for line in told_to_the_actor(path.read_text("utf-8"))
    ]
    assert found == [], "say it in `_in_dunning_lang()`"


def computed_for_whoever_came_first(source):
    """Yield the methods that compute words that are not stored, and do not say so to the cache."""
    for owner in (node for node in walk(source) if isinstance(node, ast.ClassDef)):
        shown = {
            keyword.value.value
            for call in ast.walk(owner)
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("fields.")
            if not any(keyword.arg == "store" for keyword in call.keywords)
            for keyword in call.keywords
            if keyword.arg == "compute" and isinstance(keyword.value, ast.Constant)
        }
        for method in (node for node in owner.body if isinstance(node, ast.FunctionDef)):
            called = {ast.unparse(n.func) for n in ast.walk(method) if isinstance(n, ast.Call)}
            if (
                method.name in shown
                and called.intersection((*SPOKEN, *WRITTEN))
                and not any("'lang'" in ast.unparse(each) for each in method.decorator_list)
            ):
                yield method.name


def test_the_rule_of_computed_words_can_fail():
    broken = """
class Notice:
    warning = fields.Char(compute="_compute_warning")

    @api.depends("state")
    def _compute_warning(self):
        self.warning = self.env._("Not sent.")
"""
    assert list(computed_for_whoever_came_first(broken)) == ["_compute_warning"]
    for mended in (
        broken.replace('@api.depends("state")', '@api.depends_context("lang")'),
        broken.replace('ing")\n\n', 'ing", store=True)\n\n'),
    ):
        assert list(computed_for_whoever_came_first(mended)) == []


@pytest.mark.parametrize("addon", sorted(path.name for path in ROOT.glob("account_dunning_fr*")))
def test_words_that_are_computed_are_kept_apart_for_each_language(addon):
    """Else who reads them second, as the writer of a note does, gets those of the first."""
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / addon).rglob("*.py")
        for name in computed_for_whoever_came_first(path.read_text("utf-8"))
    ]
    assert found == [], 'they take `@api.depends_context("lang")`'
