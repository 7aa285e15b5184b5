"""How a room extends a lower room: it marks methods, which are collected, instead of overriding."""

from functools import partial
from typing import NamedTuple

from .presence import find_present

MARK = "_dunning_tells"
ABOUT = "_dunning_about"  # on a method that follows an event: the records it is about
KNOWN = "_dunning_sources"  # on a class: its bases when it was read, and the marked names by topic
RETURNED = "returned"  # a direct debit that the bank took back
# Events of an entry, of what pays an item, and of an item whose money left the books.
EVENTS = (
    *("posted", "reset", "cancelled", "reversing", "reversed", "deleting"),
    *("matched", "unsettled"),
)


class About(NamedTuple):
    """Records of ours that refer to what an event happens to."""

    model: str
    field: str  # a many2one, indexed
    path: str = ""  # path from the records of the event to those referred to
    states: tuple = ()  # states in which such a record counts; any by default


def tells(method, topic=""):
    """Mark a method whose result is collected with those of the other rooms.

    Its arguments and result are documented by the model that collects: ``account.dunning.today``,
    ``account.dunning.customer``, ``account.dunning.chronology``, ``account.dunning.retention``.

    :param str topic: which question of that model the method answers, if there are several
    """
    setattr(method, MARK, (topic,))
    return method


# Other topics of « À faire » and of the page of a customer.
tells_carded = partial(tells, topic="carded")
tells_cards = partial(tells, topic="cards")
tells_acts = partial(tells, topic="acts")
tells_news = partial(tells, topic="news")
tells_done = partial(tells, topic="done")
tells_buttons = partial(tells, topic="buttons")
# Alternatives to a court order that a room offers, and the results of those it handed over.
tells_offers = partial(tells, topic="offers")
tells_closed_files = partial(tells, topic="closed_files")
# Called on the items unpaid again after a returned direct debit, with the code of the reason.
tells_returned = partial(tells, topic=RETURNED)


def on(events, *about):
    """Mark a method that follows an event of an entry, of what pays an item, or of an item.

    A method that follows an entry takes ``before``, the result of
    ``account.move._get_dunning_before``.

    :param str events: some of ``EVENTS``, separated by spaces; ``reset`` means to draft; all but
        ``reversing`` and ``deleting`` are called after Odoo's own work
    :param about: ``About``: the method is only called if there is such a record; always by default
    :raise ValueError: for an unknown event, which would never be followed
    """
    events = tuple(events.split())
    if not events or not set(events) <= set(EVENTS):
        raise ValueError(events)

    def mark(method):
        setattr(method, ABOUT, about)
        setattr(method, MARK, events)
        return method

    return mark


def follow(records, event, *args, asked=None):
    """Call the methods marked ``on`` an event, except those about records that do not exist.

    One statement looks for all of them: most entries posted and paid every day concern none.

    :param records: recordset that the event happens to
    :param args: arguments of the methods
    :param asked: the records to which something of ours may refer; all of them by default
    """
    methods = [getattr(records, name) for name in get_sources(records, event)]
    abouts = dict.fromkeys(about for method in methods for about in getattr(method, ABOUT, ()))
    found = _find_named(records, records if asked is None else asked, list(abouts))
    for method in methods:
        about = getattr(method, ABOUT, ())
        if not about or found.intersection(about):
            method(*args)


def _find_named(records, asked, abouts):
    """Return the ``About`` that have a record, as a set."""
    named = {
        about: (records.sudo().mapped(about.path) if about.path else asked).ids for about in abouts
    }
    return find_present(
        records.env,
        {about: (about.model, about.field, ids, about.states) for about, ids in named.items()},
    )


def collect(model, topic, *args):
    """Return what the marked methods of a model return, those of lower rooms first, as a list.

    :param model: recordset of the model that collects
    :param str topic: topic of the methods, empty for those under ``@tells``
    :param args: arguments of the methods
    """
    return [told for name in get_sources(model, topic) for told in getattr(model, name)(*args)]


def get_sources(model, topic=""):
    """Return the names of the marked methods of a model, those of lower rooms first.

    :param model: recordset of the model that collects
    :param str topic: topic of the methods
    """
    # A model has some forty classes with hundreds of members: they are read once and cached on the
    # class itself, so that the cache goes with the registry.
    cls = type(model)
    classes, told = vars(cls).get(KNOWN, ((), {}))
    if classes != cls.__mro__:
        classes, told = cls.__mro__, {}
        setattr(cls, KNOWN, (classes, told))
    if topic not in told:
        told[topic] = tuple(
            dict.fromkeys(
                name
                for each in reversed(classes)
                for name, member in vars(each).items()
                if topic in getattr(member, MARK, ())
            )
        )
    return list(told[topic])
