"""The examples in the docstrings of the core are tests."""

import doctest
import importlib
import pkgutil

import pytest

import core

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(core.__path__, "core.") if not module.ispkg
)


def test_the_core_is_found_whole():
    assert {"core.interest", "core.rates", "core.schedule", "core.limitation"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
