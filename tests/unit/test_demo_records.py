"""A demonstration is of the day of its installation: no update adds to it, or makes it anew."""

from pathlib import Path

import pytest

from .xml_reader import parse

DEMOS = sorted(Path(__file__).parents[2].glob("account_dunning_fr*/demo/**/*.xml"))


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.name)
def test_an_update_creates_no_record_of_a_demonstration(path):
    # Odoo calls no function of a demonstration as it updates: an invoice that is new to the
    # database, or was deleted, would be there as a draft, and what follows from it would stop.
    records = parse(path.read_bytes()).iter("record")
    made = [node.get("id") for node in records if node.get("forcecreate") != "False"]
    assert not made
