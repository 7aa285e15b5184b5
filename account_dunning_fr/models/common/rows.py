"""Rows of ours that code writes by the hundred, in one statement."""

from odoo.tools import SQL


def insert_rows(model, names, rows):
    """Insert rows as ``create`` would where nothing is computed of them, nor told.

    A message has some twenty such rows, for which ``create`` would take three times as long. Keys
    and unique indexes judge the values as ever; the caller gives every stored value, and lets go of
    the lists in which the rows appear.

    :param model: of ours, with the rights of its code
    :param names: names of the fields, each a column
    :param rows: tuples of their values, in this order; an empty text or record is ``None``
    :raise AccessError: the user may not create such records
    """
    model.check_access("create")
    if not rows:
        return
    columns = [
        SQL("%s::%s[]", list(values), SQL.identifier(model._fields[name].column_type[0]))
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    # In the order of the rows: their ids tell it.
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
