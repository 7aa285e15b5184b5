"""Python texts that many tests read, parsed once for all of them: nobody changes a tree."""

import ast
from functools import cache


@cache
def parse(text):
    """Return the tree of a Python text."""
    return ast.parse(text)


@cache
def walk(text):
    """Return all nodes of a Python text, the outer ones first."""
    return tuple(ast.walk(parse(text)))
