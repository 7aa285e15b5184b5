"""Values that our code passes to our code through Odoo's methods, in the context.

Any URL or RPC call merges JSON into the context, and nothing of ours may come from there. Data is
passed as arguments; where it must cross a method of Odoo (rendering a report, sending a template,
running a scheduled action), it is an instance of a class of this module, which JSON cannot hold:
anything else under its key is ignored.
"""

KEY = "dunning_passed"


class _Passed:
    """Values by name; two instances are never equal."""

    __slots__ = ("values",)

    def __init__(self, values):
        self.values = values


def pass_on(records, **values):
    """Return records whose context passes values to ``passed``, in addition to earlier ones.

    :param records: any recordset
    :param values: by name
    """
    return records.with_context(**{KEY: _Passed({**_read(records.env), **values})})


def passed(env, name, default=None):
    """Return a value that ``pass_on`` gave to this environment, never one from a request.

    :param str name: name of the value
    :param default: returned if there is none
    """
    return _read(env).get(name, default)


def _read(env):
    found = env.context.get(KEY)
    return found.values if type(found) is _Passed else {}
