"""How a room adds to what the common room collects: it marks a method, and chains nothing."""

MARK = "_dunning_tells"


def tells(method):
    """Mark a method whose answer is collected with those of the other rooms.

    What it takes and returns is said by the model that collects: ``account.dunning.today``,
    ``account.dunning.chronology``, ``account.dunning.retention``.
    """
    setattr(method, MARK, True)
    return method


def get_sources(model):
    """Return the names of the marked methods of a model, those of the lower rooms first.

    :param model: recordset of the model that collects
    """
    return list(
        dict.fromkeys(
            name
            for cls in reversed(type(model).__mro__)
            for name, member in vars(cls).items()
            if getattr(member, MARK, False)
        )
    )
