"""How a room adds to what a lower room does: it marks a method, and chains nothing."""

from functools import partial

MARK = "_dunning_tells"
KNOWN = "_dunning_sources"  # of a class: the classes it was read from, and names by topic
RETURNED = "returned"  # a direct debit that the bank took back
EVENTS = ("posted", "reset", "cancelled")  # what happens to an entry


def tells(method, topic=""):
    """Mark a method whose answer is collected with those of the other rooms.

    What it takes and returns is said by the model that collects: ``account.dunning.today``,
    ``account.dunning.customer``, ``account.dunning.chronology``, ``account.dunning.retention``.

    :param str topic: which of its questions the method answers, where it asks several
    """
    setattr(method, MARK, topic)
    return method


# What « À faire » asks beside its other tasks, and the page of a customer beside its parts.
tells_carded = partial(tells, topic="carded")
tells_cards = partial(tells, topic="cards")
tells_acts = partial(tells, topic="acts")
tells_news = partial(tells, topic="news")
tells_done = partial(tells, topic="done")
tells_buttons = partial(tells, topic="buttons")
# What a room offers beside the ways to a title, and what became of what it handed over so.
tells_offers = partial(tells, topic="offers")
tells_closed_files = partial(tells, topic="closed_files")
# What follows a direct debit that came back, on the items unpaid again: it takes the reason's code.
tells_returned = partial(tells, topic=RETURNED)


def on(event):
    """Mark a method that follows what happens to an entry, after Odoo did it.

    It takes ``before``, as ``account.move._get_dunning_before`` returns it.

    :param str event: one of ``EVENTS``; ``reset`` is to draft
    :raise ValueError: another one, which nothing would ever follow
    """
    if event not in EVENTS:
        raise ValueError(event)
    return partial(tells, topic=event)


def collect(model, topic, *args):
    """Return what the marked methods of a model tell, those of the lower rooms first, as a list.

    :param model: recordset of the model that collects
    :param str topic: of the marked methods, empty for those under ``@tells``
    :param args: what each of them takes
    """
    return [told for name in get_sources(model, topic) for told in getattr(model, name)(*args)]


def get_sources(model, topic=""):
    """Return the names of the marked methods of a model, those of the lower rooms first.

    :param model: recordset of the model that collects
    :param str topic: of the marked methods
    """
    # A model has some forty classes of hundreds of members: read once as long as they are its own,
    # and kept by it, so that nothing outlives a registry that is loaded anew.
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
                if getattr(member, MARK, None) == topic
            )
        )
    return list(told[topic])
