"""Merges what depends on the same fields only once, for runs that often change the same records.

Odoo merges the trigger trees of the fields at each change of a record, some fifty nodes for an
invoice, and keeps of each node what is stored or in memory at that time; only this second step
differs from one change to the next.
"""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.orm.registry import Registry, TriggerTree


@contextmanager
def triggers_merged_once():
    """Let Odoo merge these trees only once, while the block runs."""
    merge = Registry.get_trigger_tree

    def get_trigger_tree(registry, fields, select=bool):
        merged = registry._field_trigger_trees  # emptied by the registry when its fields change
        key = tuple(fields)
        if key not in merged:
            merged[key] = merge(registry, fields)
        return _choose(merged[key], select)

    with patch.object(Registry, "get_trigger_tree", get_trigger_tree):
        yield


def _choose(tree, select):
    chosen = TriggerTree([field for field in tree.root if select(field)])
    for label, subtree in tree.items():
        if kept := _choose(subtree, select):
            chosen[label] = kept
    return chosen
