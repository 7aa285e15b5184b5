"""What a record is and what a button does are two terms: French has no word for both.

« Open » of a dispute is « Ouvert », of a button « Ouvrir »; one English term gets one translation.
"""

import ast
from pathlib import Path

import polib
import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
ADDONS = sorted(path.name for path in ROOT.glob("account_dunning_fr*"))
INFINITIVE, NOUNS = ("er", "ir", "re"), {"Échéancier"}


def read_buttons(addon):
    """Return what the buttons of an addon say."""
    pages = (etree.parse(path) for path in (ROOT / addon).rglob("*.xml"))
    buttons = (button for page in pages for button in page.iter("button"))
    return {button.get("string") or (button.text or "").strip() for button in buttons} - {""}


def read_values(addon):
    """Return the labels of the values of its selections."""
    trees = (ast.parse(path.read_text()) for path in (ROOT / addon).rglob("*.py"))
    pairs = (
        [part.value for part in node.elts]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple)
        and len(node.elts) == 2
        and all(isinstance(part, ast.Constant) for part in node.elts)
    )
    return {label for value, label in pairs if isinstance(value, str) and isinstance(label, str)}


def find_verbs(buttons, values, french):
    """Return the values of selections that French says with the one word of a button, a verb."""
    both = {term: french.get(term, "") for term in buttons & values}
    return {
        term: word
        for term, word in both.items()
        if " " not in word and word.endswith(INFINITIVE) and word not in NOUNS
    }


def test_the_rule_can_fail():
    french = {"Open": "Ouvrir", "Call": "Appel téléphonique", "Court file": "Dossier contentieux"}
    assert find_verbs({"Open", "Call"}, {"Open", "Call"}, french) == {"Open": "Ouvrir"}
    assert find_verbs({"Open"}, {"Call"}, french) == {}


@pytest.mark.parametrize("addon", ADDONS)
def test_a_state_is_no_verb(addon):
    entries = polib.pofile(str(ROOT / addon / "i18n" / "fr.po"))
    french = {entry.msgid: entry.msgstr for entry in entries}
    assert find_verbs(read_buttons(addon), read_values(addon), french) == {}
