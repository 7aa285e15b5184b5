"""What builds before 19.0.1.1.0 stored under other names, or did not store yet.

Odoo removes a column with its field at the end of the update: its content is copied before. A
column that already exists was filled by an intermediate build, and is left as it is.
"""

from odoo.tools import SQL, sql

# Table: former column, columns that replace it.
MOVED = {
    "res_company": {
        "legal_form": ("dunning_legal_form",),
        "rcs_city": ("dunning_rcs_city",),
        "share_capital": ("dunning_share_capital",),
    },
    # One confirmation and one source became two, one for each figure.
    "account_dunning_rate": {
        "state": ("ecb_state", "legal_state"),
        "source": ("ecb_source", "legal_source"),
    },
}
FORMER_HOLDS = "account_dunning_case_account_dunning_hold_rel"


def migrate(cr, version):
    """Carry over settings, confirmations, sent notices, holds and the course of court files."""
    for table, columns in MOVED.items():
        for former, names in columns.items():
            for name in names:
                _copy(cr, table, former, name)
    _note_what_was_sent(cr)
    if sql.table_exists(cr, FORMER_HOLDS):
        _give_holds_their_file(cr)
        _note_files_that_left(cr)


def _copy(cr, table, former, name):
    kinds = sql.table_columns(cr, table)
    if former in kinds and name not in kinds:
        sql.create_column(cr, table, name, kinds[former]["udt_name"])
        cr.execute(
            SQL(
                "UPDATE %s SET %s = %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL.identifier(former),
            )
        )


def _note_what_was_sent(cr):
    """Store on sent notices the level at which they were sent, before this update renames it."""
    if sql.column_exists(cr, "account_dunning_notice", "sent_level"):
        return
    for name, kind in (("sent_kind", "varchar"), ("sent_level", "jsonb")):
        if not sql.column_exists(cr, "account_dunning_notice", name):
            sql.create_column(cr, "account_dunning_notice", name, kind)
    cr.execute(
        """
        UPDATE account_dunning_notice notice SET sent_kind = notice.kind, sent_level = level.name
          FROM account_dunning_level level
         WHERE level.id = notice.level_id AND notice.state = 'sent'
        """
    )


def _give_holds_their_file(cr):
    """Store the court file on its holds: otherwise no file would end them."""
    if sql.column_exists(cr, "account_dunning_hold", "case_id"):
        return
    sql.create_column(cr, "account_dunning_hold", "case_id", "int4")
    cr.execute(
        f"""
        UPDATE account_dunning_hold hold SET case_id = former.account_dunning_case_id
          FROM {FORMER_HOLDS} former
         WHERE former.account_dunning_hold_id = hold.id
        """
    )


def _note_files_that_left(cr):
    """Mark files that left once as evidence, with their pieces: handing over opened their holds."""
    if sql.column_exists(cr, "account_dunning_case", "has_left"):
        return
    sql.create_column(cr, "account_dunning_case", "has_left", "bool")
    cr.execute(
        f"""
        UPDATE account_dunning_case kept
           SET has_left = kept.state NOT IN ('preparation', 'closed') OR EXISTS (
                   SELECT 1 FROM {FORMER_HOLDS} former
                    WHERE former.account_dunning_case_id = kept.id)
        """
    )
    sql.create_column(cr, "account_dunning_case_piece", "has_left", "bool")
    cr.execute(
        """
        UPDATE account_dunning_case_piece piece
           SET has_left = kept.has_left AND piece.state IN ('ready', 'problem')
          FROM account_dunning_case kept WHERE kept.id = piece.case_id
        """
    )
