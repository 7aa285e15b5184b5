"""What the list of applications shows of the addons: their own pictures, no address outside."""

import re
import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESCRIPTIONS = sorted(ROOT.glob("*/static/description"))
PAGE = ROOT / "account_dunning_fr" / "static" / "description" / "index.html"
SHOWN = re.findall(r'src="([^"]*)"', PAGE.read_text("utf-8"))


@pytest.mark.parametrize("folder", DESCRIPTIONS, ids=lambda folder: folder.parts[-3])
def test_each_addon_has_a_square_icon(folder):
    content = (folder / "icon.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width == height >= 100


def test_the_page_fetches_nothing_from_outside():
    assert not re.search(r"//|<script|<style|<link|url\(", PAGE.read_text("utf-8"))


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_the_one_of_the_documentation(name):
    originals = [*ROOT.glob(f"docs/*/{name}")]
    assert [path.read_bytes() for path in originals] == [(PAGE.parent / name).read_bytes()]


def test_no_picture_is_kept_that_nothing_shows():
    assert {path.name for path in PAGE.parent.glob("*.png")} == {"icon.png", *SHOWN}
