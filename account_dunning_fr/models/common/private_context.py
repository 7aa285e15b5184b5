"""What our code hands to our code through methods of Odoo, in a context that any request fills.

A URL and an RPC call merge JSON into the context; nothing of ours may come from there. Data travels
as arguments. Where it must cross a signature of Odoo (a report that is rendered, a template that is
sent, the work of a scheduled action), it travels in an instance of a class of this module, which
JSON cannot carry: whatever else stands under its name is as if nothing did.
"""

KEY = "dunning_passed"


class _Passed:
    """Values on their way, by their names; two of them are never equal."""

    __slots__ = ("values",)

    def __init__(self, values):
        self.values = values


def pass_on(records, **values):
    """Return records whose context hands values to ``passed``, beside those that it already does.

    :param records: any recordset
    :param values: by their names
    """
    return records.with_context(**{KEY: _Passed({**_read(records.env), **values})})


def passed(env, name, default=None):
    """Return a value that ``pass_on`` gave to this environment, never one that a request did.

    :param str name: of the value
    :param default: what is returned where there is none
    """
    return _read(env).get(name, default)


def _read(env):
    found = env.context.get(KEY)
    return found.values if type(found) is _Passed else {}
