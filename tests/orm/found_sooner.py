"""Lets Odoo find sooner what it looks for most often, in runs that often change the same records.

What is found is the same.
"""

from contextlib import contextmanager
from functools import cache, wraps
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.orm.environments import Environment
from odoo.orm.registry import Registry, TriggerTree
from odoo.tools import SQL


@contextmanager
def found_sooner():
    """Merge triggers, and write identifiers, only once, and search environments without detours.

    A test asks some three hundred questions, each in names of columns that were written before, and
    a thousand times for an environment.
    """
    with (
        patch.object(Registry, "get_trigger_tree", _merge_once(Registry.get_trigger_tree)),
        patch.object(Environment, "__new__", _search_plainly(Environment.__new__)),
        patch.object(SQL, "identifier", staticmethod(cache(SQL.identifier))),
    ):
        yield


def _merge_once(merge):
    """Merge the trigger trees of the same fields only once.

    Odoo merges them at each change of a record, some fifty nodes for an invoice, and keeps of each
    node what is stored or in memory at that time; only this second step differs from one change to
    the next.
    """

    @wraps(merge)
    def get_trigger_tree(registry, fields, select=bool):
        merged = registry._field_trigger_trees  # emptied by the registry when its fields change
        key = tuple(fields)
        if key not in merged:
            merged[key] = merge(registry, fields)
        return _choose(merged[key], _Selected(select))

    return get_trigger_tree


class _Selected(dict):
    """Whether each field is selected, asked once: a field is in several nodes of a tree."""

    def __init__(self, select):
        super().__init__()
        self.select = select

    def __missing__(self, field):
        self[field] = selected = self.select(field)
        return selected


def _choose(tree, selected):
    chosen = TriggerTree([field for field in tree.root if selected[field]])
    for label, subtree in tree.items():
        if kept := _choose(subtree, selected):
            chosen[label] = kept
    return chosen


def _search_plainly(make):
    """Look for an environment among those of its transaction as Odoo does, in a third of the time.

    Odoo goes through a guarded set of them for each one requested, thousands of times a test.
    """

    @wraps(make)
    def get_environment(cls, cr, uid, context, su=False):
        full = su or uid == SUPERUSER_ID
        if cr.transaction is not None:
            for reference in list(cr.transaction.envs.data):
                env = reference()
                if (
                    env is not None
                    and env.uid == uid
                    and env.su == full
                    and env.context == context
                    and env.cr is cr
                ):
                    return env
        return make(cls, cr, uid, context, su)

    return get_environment
