"""Rows written by the hundred, in one statement, or not at all if none has changed."""

from collections import defaultdict

from odoo.tools import SQL

from .upstream import MODELS, is_written_in

MANY = 100  # rows; up to this number Odoo writes them in one statement


def insert_rows(model, names, rows):
    """Insert rows as ``create`` would if nothing is computed or tracked for them.

    A notice has some twenty such rows, for which ``create`` would take three times as long. Keys
    and unique indexes check the values as usual; the caller provides every stored value, and
    invalidates the lists in which the rows appear.

    :param model: one of ours, with the access rights of its code
    :param names: names of the fields, one per column
    :param rows: tuples of their values, in this order; ``None`` for an empty text or record
    :raise AccessError: if the user may not create such records
    """
    model.check_access("create")
    if not rows:
        return
    columns = [
        SQL("%s::%s[]", list(values), SQL.identifier(model._fields[name].column_type[0]))
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    # In the order of the rows, so that their ids reflect it.
    model.env.cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (%(names)s, create_uid, create_date, write_uid, write_date)
            SELECT %(values)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM unnest(%(columns)s) WITH ORDINALITY AS own (%(names)s, place)
             ORDER BY place
            """,
            table=SQL.identifier(model._table),
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(SQL.identifier("own", name) for name in names),
            columns=SQL(", ").join(columns),
            uid=model.env.uid,
        )
    )


def write_changed(record, vals):
    """Write only the values that differ: most records are the same today as yesterday.

    :param record: one record
    :param dict vals: numbers, texts and dates by field, as returned by the record; no records
    """
    changed = {name: value for name, value in vals.items() if record[name] != value}
    if changed:
        record.write(changed)


def write_alike(records, vals_list, write):
    """Write columns as ``_write_multi`` does, but the same values of many rows in one statement.

    A notice with twenty thousand items gives all of them one level, and its lines one state: row by
    row, the values are transferred a hundred rows at a time. Only the last step of a flush differs
    from Odoo's: access rights, computed fields and the cache have been handled before.

    :param records: records whose columns are written
    :param vals_list: their values as columns, in this order, as for ``_write_multi``
    :param write: the method called with the remaining records; if it belongs to another module, it
        is called with all
    :return: the records that remain to be written, with their values
    """
    if len(records) <= MANY or not is_written_in(MODELS, write):
        return records, vals_list
    alike, others = defaultdict(list), []
    for row in zip(records._ids, vals_list, strict=True):
        key = _get_written_key(records, row[1])
        (alike[key] if key else others).append(row)
    for rows in alike.values():
        if len(rows) > MANY:
            _update_rows(records, [row_id for row_id, _vals in rows], rows[0][1])
        else:
            others += rows
    return records.browse(row_id for row_id, _vals in others), [vals for _id, vals in others]


def _get_written_key(records, vals):
    """Return a key that is equal for equal values; None if Odoo writes each row.

    Odoo does so for values with keys of their own, and for values that cannot be compared this way:
    a column of lists, of a type added by another module.
    """
    if any(records._fields[name].column_type[0] == "jsonb" for name in vals):
        return None
    key = tuple(sorted(vals.items()))
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _update_rows(model, ids, vals):
    if model._log_access:
        # Already done by ``write()``, except for computed values.
        vals = {"write_uid": model.env.uid, "write_date": model.env.cr.now(), **vals}
    columns = [
        SQL("%s = %s::%s", SQL.identifier(name), value, SQL(model._fields[name].column_type[1]))
        for name, value in vals.items()
    ]
    model.env.cr.execute(
        SQL(
            "UPDATE %s SET %s WHERE id = ANY(%s)",
            SQL.identifier(model._table),
            SQL(", ").join(columns),
            ids,
        )
    )
