"""How a room adds to what a lower room does: it marks a method, and chains nothing."""

from functools import partial
from typing import NamedTuple

from odoo.tools import SQL

MARK = "_dunning_tells"
ABOUT = "_dunning_about"  # of a method that follows an event: what it has to do with
KNOWN = "_dunning_sources"  # of a class: the classes it was read from, and names by topic
RETURNED = "returned"  # a direct debit that the bank took back
# What happens to an entry, to what pays an item, and to an item whose money left the books.
EVENTS = (
    *("posted", "reset", "cancelled", "reversing", "reversed", "deleting"),
    *("matched", "unsettled"),
)


class About(NamedTuple):
    """Records of ours that name what an event happens to."""

    model: str
    field: str  # a many2one, indexed
    path: str = ""  # from what the event happens to, to what is named
    states: tuple = ()  # in which such a record counts; by default in any


def tells(method, topic=""):
    """Mark a method whose answer is collected with those of the other rooms.

    What it takes and returns is said by the model that collects: ``account.dunning.today``,
    ``account.dunning.customer``, ``account.dunning.chronology``, ``account.dunning.retention``.

    :param str topic: which of its questions the method answers, where it asks several
    """
    setattr(method, MARK, (topic,))
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


def on(events, *about):
    """Mark a method that follows what happens to an entry, to what pays an item, or to an item.

    What follows an entry takes ``before``, as ``account.move._get_dunning_before`` returns it.

    :param str events: some of ``EVENTS``, with spaces between them; ``reset`` is to draft; all but
        ``reversing`` and ``deleting`` after Odoo did it
    :param about: ``About``: it is called only where such a record is found; always without
    :raise ValueError: another event, which nothing would ever follow
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
    """Call what is marked ``on`` an event, but for what is about records of which none is found.

    One statement asks for all of them: what is posted and paid every day has nothing of ours.

    :param records: recordset that the event happens to
    :param args: what each of the methods takes
    :param asked: those of the records that something of ours may name themselves; by default all
    """
    methods = [getattr(records, name) for name in get_sources(records, event)]
    abouts = dict.fromkeys(about for method in methods for about in getattr(method, ABOUT, ()))
    found = _find_named(records, records if asked is None else asked, list(abouts))
    for method in methods:
        about = getattr(method, ABOUT, ())
        if not about or found.intersection(about):
            method(*args)


def _find_named(records, asked, abouts):
    """Return those of these ``About`` of which there is a record, as a set."""
    named = {
        about: (records.sudo().mapped(about.path) if about.path else asked).ids for about in abouts
    }
    return find_present(
        records.env,
        {about: (about.model, about.field, ids, about.states) for about, ids in named.items()},
    )


def find_present(env, asked):
    """Return of what there is a record, by one statement; a set of the keys.

    :param dict asked: ``{key: (model, name of a many2one, ids)}``: does one name one of these?
        With a tuple of states behind: one in such a state
    """
    return set(count_present(env, asked, {}))


def count_present(env, asked, counted):
    """Ask by one statement of what there is a record, and how many there are of something else.

    :param dict asked: as ``find_present`` takes it
    :param dict counted: ``{key: Query}``: the records to count, under the rules of access or not
    :return: ``{key: count}``, which is 1 for what is asked and there, with no key for what is not
    """
    keys, questions = [*asked, *counted], []
    for number, (model, name, ids, *states) in enumerate(asked.values()):
        if ids:
            fields, table = env[model]._fields, SQL.identifier(env[model]._table)
            named = SQL("%s IN %s", SQL.identifier(name, to_flush=fields[name]), tuple(ids))
            if any(states):
                state = SQL.identifier("state", to_flush=fields["state"])
                named = SQL("%s AND %s IN %s", named, state, *states)
            questions.append(
                SQL("SELECT %s, 1 WHERE EXISTS (SELECT FROM %s WHERE %s)", number, table, named)
            )
    for number, query in enumerate(counted.values(), len(asked)):
        questions.append(SQL("SELECT %s, count(*) FROM (%s) counted", number, query.select()))
    if not questions:
        return {}
    # Past the rules on records: whether there is one is all that is asked, and by our code.
    rows = env.execute_query(SQL(" UNION ALL ").join(questions))
    return {keys[number]: count for number, count in rows}


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
                if topic in getattr(member, MARK, ())
            )
        )
    return list(told[topic])
