"""The reasons for a customer's class, in sentences, by the keys of ``core.risk``."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

REASONS = {
    "insolvency": _lt("Insolvency proceedings are open."),
    "history": _lt("%(value)s items paid in twelve months: too few to know him, C at best."),
    "delay": _lt("Pays %(value)s days late on average, by amount; points: %(points)s."),
    "oldest": _lt("His oldest unpaid item is %(value)s days overdue; points: %(points)s."),
    "promises": _lt("Promises not kept in two years: %(value)s; points: %(points)s."),
    "debits": _lt("Direct debits returned in two years: %(value)s; points: %(points)s."),
    "limit": _lt("Uses %(value)s %% of his limit; points: %(points)s."),
}


def describe(env, reasons):
    """Return the reasons for a class, one sentence each.

    :param reasons: list of (key, value, points), as ``core.risk.Reason``
    """
    if not reasons:
        return [env._("Pays on time, and nothing speaks against him.")]
    sentences = []
    for key, value, points in reasons:
        sentence = env._(REASONS[key])
        sentences.append(sentence % {"value": value, "points": points})
    return sentences
