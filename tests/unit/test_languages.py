"""What is kept of a record speaks its creditor's language, not that of whoever acts or of a job."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = {
    "_message_log",
    "_message_log_batch",
    "message_post",
    "activity_schedule",
    "activity_feedback",
}
SPOKEN = ("self.env._", "request.env._", "_")


def told_to_the_actor(source):
    """Yield the lines of the calls that keep a text in the language of ``self.env``."""
    for call in ast.walk(ast.parse(source)):
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
