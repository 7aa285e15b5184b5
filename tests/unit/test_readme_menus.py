"""The ways through the menus that the addon's readme tells are those of the addon."""

import re
from pathlib import Path

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
