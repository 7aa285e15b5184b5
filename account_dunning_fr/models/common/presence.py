"""Which records exist, and how many: many such questions in one statement."""

from odoo.tools import SQL


def find_present(env, asked):
    """Find out in one statement which of these records exist; return the set of their keys.

    :param dict asked: ``{key: (model, name of a many2one, ids)}``: is there a record that refers to
        one of these ids? Followed by a tuple of states: in one of these states
    """
    return set(count_present(env, asked, {}))


def count_present(env, asked, counted):
    """Find out in one statement which records exist, and count others.

    :param dict asked: as ``find_present`` takes it
    :param dict counted: ``{key: Query}``: the records to count, with access rules or without
    :return: ``{key: count}``, 1 for those of ``asked`` that exist, and no key for the others
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
    # Without access rules: only whether there is one is asked, and by our own code.
    rows = env.execute_query(SQL(" UNION ALL ").join(questions))
    return {keys[number]: count for number, count in rows}
