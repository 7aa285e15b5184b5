"""The fields and ids a query reads, and the settings of PostgreSQL for one over a whole ledger."""

from contextlib import contextmanager

from odoo.tools import SQL

MANY_ITEMS = 1000  # of some customers: more are joined like a whole ledger
SORT_MEMORY = 64 * 2**20  # bytes for each sort


def get_fields(env, names):
    """Return fields by name, for ``to_flush``: Odoo writes them before it runs the query.

    :param dict names: names of fields, by model
    """
    return [env[model]._fields[name] for model in names for name in names[model]]


def interpret(cr):
    """Run the long queries of this transaction without JIT compilation.

    Compiling such a long query costs PostgreSQL more than running it, and sorting on disk more than
    in memory.
    """
    cr.execute(
        SQL(
            """
            SELECT set_config('jit', 'off', TRUE), set_config('work_mem', GREATEST(
                pg_size_bytes(current_setting('work_mem')), %s) / 1024 || 'kB', TRUE)
            """,
            SORT_MEMORY,
        )
    )


def as_array(values):
    """Return values as the text of one array, which PostgreSQL reads much faster than as many.

    :param values: ids or dates; None for NULL
    """
    inside = ",".join("NULL" if value is None else str(value) for value in values)
    return f"{{{inside}}}"


@contextmanager
def over_the_ledger(cr, partners=None):
    """Use hash joins while the block runs.

    If its statistics are outdated, for instance after an import, PostgreSQL expects only a handful
    of rows from a step of the query, and runs the next step once for each: a quarter of an hour and
    more for 200,000 items, where hashing takes seconds, and no longer than other plans with correct
    statistics.

    :param partners: the query reads only these customers: the setting is changed only if they have
        very many items
    :param cr: cursor; after an error, the rollback of its transaction or savepoint restores the
        setting
    """
    if partners is not None and not owe_many(cr, partners):
        yield
        return
    cr.execute("SELECT set_config('enable_nestloop', 'off', TRUE)")
    yield
    cr.execute("SELECT set_config('enable_nestloop', 'on', TRUE)")


def owe_many(cr, partners):
    """Whether these customers have more open items than a nested loop can handle well."""
    if not partners:
        return False
    cr.execute(
        SQL(
            """
            SELECT count(*) > %(many)s FROM (
                SELECT FROM account_move_line item
                  JOIN res_partner partner ON partner.id = item.partner_id
                 WHERE partner.commercial_partner_id IN %(partners)s
                   AND item.reconciled IS NOT TRUE AND item.date_maturity IS NOT NULL
                 LIMIT %(many)s + 1) open
            """,
            many=MANY_ITEMS,
            partners=tuple(partners.commercial_partner_id.ids) or (0,),
        )
    )
    return cr.fetchone()[0]
