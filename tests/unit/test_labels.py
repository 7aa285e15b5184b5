"""What a record is and what a button does are two terms: French has no word for both.

« Open » of a dispute is « Ouvert », of a button « Ouvrir »; one English term gets one translation.
So are the states of two nouns of two genders: « Remis » of a file, « Remise » of a claim.
"""

import ast
from functools import cache
from pathlib import Path

import polib
import pytest
from lxml import etree

from .sources import parse, walk

ROOT = Path(__file__).parents[2]
ADDONS = sorted(path.name for path in ROOT.glob("account_dunning_fr*"))
INFINITIVE, NOUNS = ("er", "ir", "re"), {"Échéancier"}
# How French says in one word what a thing became, of « un » and of « une ».
ENDINGS = {"m": ("é", "is", "ert"), "f": ("ée", "ise", "erte", "ue")}
# What a state is of, in French, whatever the model is called.
GENDERS = {
    "account.dunning.assignment": "f",  # remise
    "account.dunning.assignment.line": "f",  # créance
    "account.dunning.call": "m",  # appel
    "account.dunning.case": "m",  # dossier
    "account.dunning.case.piece": "f",  # pièce
    "account.dunning.dispute": "m",  # litige
    "account.dunning.impairment": "m",  # client douteux
    "account.dunning.insolvency": "f",  # procédure, créance
    "account.dunning.insolvency.course": "f",  # créance
    "account.dunning.insolvency.dividend": "m",  # dividende
    "account.dunning.notice": "f",  # relance
    "account.dunning.notice.line": "f",  # ligne
    "account.dunning.payment.plan": "m",  # échéancier
    "account.dunning.payment.plan.line": "f",  # échéance
    "account.dunning.penalty.report": "f",  # pénalité
    "account.dunning.promise": "f",  # promesse
    "account.dunning.proof": "f",  # preuve
    "account.dunning.rate": "m",  # taux
    "account.dunning.registered": "m",  # recommandé
    "account.dunning.reply": "f",  # réponse
    "account.dunning.request": "f",  # demande
    "account.dunning.run": "f",  # exécution
    "account.dunning.seal": "m",  # scellé
    "account.dunning.vat.relief": "f",  # récupération
    "res.partner": "f",  # entreprise, at the register
}


def read_buttons(addon):
    """Return what the buttons of an addon say."""
    pages = (etree.parse(path) for path in (ROOT / addon).rglob("*.xml"))
    buttons = (button for page in pages for button in page.iter("button"))
    return {button.get("string") or (button.text or "").strip() for button in buttons} - {""}


def read_values(addon):
    """Return the labels of the values of its selections."""
    texts = (path.read_text() for path in (ROOT / addon).rglob("*.py"))
    pairs = (
        [part.value for part in node.elts]
        for text in texts
        for node in walk(text)
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


@cache
def read_states(addon):
    """Return the labels of the states of its models: ``{(model, field): labels}``."""
    states = {}
    for path in (ROOT / addon).rglob("*.py"):
        tree = parse(path.read_text())
        named = read_constants(path, tree)
        for found in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            given = {
                node.targets[0].id: node.value
                for node in found.body
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            model = given.get("_name") or given.get("_inherit")
            for name, value in given.items():
                if name.endswith("state") and (labels := read_labels(value, named)):
                    states[model.value, name] = labels
    return states


def read_constants(path, tree):
    """Return what the names of a module stand for, with those of its neighbours that it imports."""
    named = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            beside = path.parent / f"{node.module}.py"
            if beside.exists():
                named |= read_constants(beside, parse(beside.read_text()))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named[node.targets[0].id] = node.value
    return named


def read_labels(value, named):
    """Return the labels of a field of selection, given there or in a constant of the file."""
    if not (isinstance(value, ast.Call) and value.args):
        return []
    values = value.args[0]
    values = named.get(values.id) if isinstance(values, ast.Name) else values
    pairs = values.elts if isinstance(values, ast.List) else []
    return [pair.elts[1].value for pair in pairs if isinstance(pair, ast.Tuple)]


def find_disagreeing(states, french):
    """Return the states that French does not say of what they are of: plural, or the other gender.

    Only where it says them in one word, after « non » or not; what French lacks is not looked at.
    """
    found = {}
    for (model, _name), labels in states.items():
        other = ENDINGS["f" if GENDERS[model] == "m" else "m"]
        for label in labels:
            word = french.get(label, "").removeprefix("Non ")
            if " " not in word and word.endswith((*other, "és", "ées")):
                found[model, label] = word
    return found


def test_the_rule_can_fail():
    french = {"Open": "Ouvrir", "Call": "Appel téléphonique", "Court file": "Dossier contentieux"}
    assert find_verbs({"Open", "Call"}, {"Open", "Call"}, french) == {"Open": "Ouvrir"}
    assert find_verbs({"Open"}, {"Call"}, french) == {}
    call, notice = ("account.dunning.call", "state"), ("account.dunning.notice", "state")
    french = {"Made": "Passés", "Sent": "Envoyée", "Not read": "Non lue", "To make": "À passer"}
    states = {call: ["Made", "To make", "Not read"], notice: ["Sent", "Not read"]}
    assert set(find_disagreeing(states, french)) == {(call[0], "Made"), (call[0], "Not read")}


@pytest.mark.parametrize("addon", ADDONS)
def test_a_state_is_no_verb(addon):
    entries = polib.pofile(str(ROOT / addon / "i18n" / "fr.po"))
    french = {entry.msgid: entry.msgstr for entry in entries}
    assert find_verbs(read_buttons(addon), read_values(addon), french) == {}


@pytest.mark.parametrize("addon", ADDONS)
def test_a_state_agrees_with_its_noun(addon):
    entries = polib.pofile(str(ROOT / addon / "i18n" / "fr.po"))
    french = {entry.msgid: entry.msgstr for entry in entries}
    assert find_disagreeing(read_states(addon), french) == {}


def test_the_states_of_the_models_are_found():
    found = {model for addon in ADDONS for model, _name in read_states(addon)}
    assert found == set(GENDERS)
