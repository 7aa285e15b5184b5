"""The ways through the menus that the readme and the guide tell are those of the addon."""

import re
from functools import cache
from pathlib import Path

import polib
from lxml import etree

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "account_dunning_fr"
READ = [ROOT / "README.md", *sorted((ADDON / "readme").glob("*.md"))]
WAY = re.compile(r"\bDunning (?:/|>) ([A-Z][\w -]*(?:\s(?:/|>)\s[A-Z][\w -]*)*)")
RIGHTS = {"User", "Manager"}  # levels of rights, on the form of a user


def get_ways():
    """Return each way with its file, without its beginning: ``("README.md", "Settings")``."""
    return [
        (path.name, step.strip())
        for path in READ
        for way in WAY.findall(path.read_text("utf-8"))
        for step in re.split(r"\s[/>]\s", way)
    ]


def get_names():
    """Return what menus, settings and their buttons are called."""
    names = set()
    for path in (ADDON / "views").rglob("*.xml"):
        for node in etree.parse(path).iter("menuitem", "setting", "button", "block"):
            names.update(node.get(key) for key in ("name", "string", "title"))
    return names


def test_the_readme_tells_of_menus():
    assert {"Policies", "Settings", "Reminders"} <= {step for _file, step in get_ways()}


def test_each_step_of_a_way_is_on_the_screen():
    known = get_names() | RIGHTS
    assert [(file, step) for file, step in get_ways() if step not in known] == []


GUIDE = ROOT / "docs" / "guide.md"
# What Odoo itself calls the steps before ours.
OF_ODOO = {"Analyse", "Actions", "Facturation", "Configuration"}
OF_ODOO |= {"Plan comptable", "Modèles de distribution analytique"}
ARROWS = re.compile(r"[>→]")


def fold(text):
    """Return a text with plain spaces and apostrophes, as the guide is typed."""
    return re.sub(r"\s+", " ", text.replace("’", "'"))


@cache
def read_french():
    """Return all that the addons show in French."""
    files = ROOT.glob("account_dunning_fr*/i18n/fr.po")
    return {fold(entry.msgstr) for file in files for entry in polib.pofile(str(file))}


def find_strange_steps(guide, names):
    """Return the steps of « A > B » that are no names: what is beside an arrow, cut at a word."""
    text, strange = fold(re.sub(r"<[^<>]+>|[*«»]|Paramètres > Utilisateurs", "", guide)), []
    for arrow in ARROWS.finditer(text):
        before = re.split(r"[.,;:()]", text[: arrow.start()][-80:])[-1].split()
        after = re.split(r"[.,;:)>→]", text[arrow.end() :][:80])[0].split()
        ends = {" ".join(before[start:]) for start in range(len(before))}
        starts = {" ".join(after[:end]) for end in range(1, len(after) + 1)}
        strange += [each for each, ways in ((before, ends), (after, starts)) if not ways & names]
    return [" ".join(each) for each in strange]


def test_the_rule_of_the_guide_can_fail():
    names = {"Réglages", "Pénalités de retard"}
    assert find_strange_steps("Dans Réglages > « Pénalités de retard » : tout.", names) == []
    told = "Paramètres > Utilisateurs, *Paramètres → Pénalités*"
    assert find_strange_steps(told, names) == ["Paramètres", "Pénalités"]


def test_each_step_of_the_guide_is_on_the_screen():
    assert find_strange_steps(GUIDE.read_text("utf-8"), read_french() | OF_ODOO) == []


def test_each_step_that_a_message_names_is_on_the_screen():
    names = read_french() | OF_ODOO
    told = [text for text in read_french() if re.search(r"\w »? ?> «? ?\w", text)]
    assert told
    assert {text: strange for text in told if (strange := find_strange_steps(text, names))} == {}
