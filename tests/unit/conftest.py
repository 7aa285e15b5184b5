"""Unit tests run without Odoo, in the same session as the ORM tests or alone."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Shadow the fixture of the same name that would load an Odoo registry."""
