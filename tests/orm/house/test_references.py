"""What Odoo deletes all day long is looked for in our tables by an index, not row by row."""

from odoo.tests import tagged

from ..dunning_common import DunningCommon

# Of Odoo's tables those whose records are deleted in daily work: an attachment of any
# application, a line of a draft that is typed again, a customer merged, a to-do that is over.
DELETED_FROM = (
    "account_move",
    "account_move_line",
    "ir_attachment",
    "mail_activity",
    "mail_mail",
    "mail_message",
    "res_partner",
)
# An index of the values that there are serves as well: a deletion looks for one of them.
UNINDEXED = """
    SELECT owner.relname || '.' || field.attname
      FROM pg_constraint reference
      JOIN pg_class owner ON owner.oid = reference.conrelid
      JOIN pg_attribute field ON field.attrelid = owner.oid
       AND field.attnum = reference.conkey[1]
     WHERE reference.contype = 'f' AND reference.confrelid::regclass::text IN %s
       AND owner.relname IN %s
       AND (owner.relname LIKE 'account\\_dunning%%' OR field.attname LIKE 'dunning%%')
       AND NOT EXISTS (
           SELECT FROM pg_index index
            WHERE index.indrelid = owner.oid AND index.indkey[0] = field.attnum
              AND (index.indpred IS NULL OR pg_get_expr(index.indpred, owner.oid)
                   = '(' || field.attname || ' IS NOT NULL)'))
     ORDER BY 1
"""


@tagged("post_install", "-at_install")
class TestReferences(DunningCommon):
    def test_no_deletion_in_odoo_reads_a_table_of_ours_as_a_whole(self):
        # Those of dialogs are emptied within hours.
        kept = {model._table for model in self.env.values() if not model._transient}
        self.env.cr.execute(UNINDEXED, (DELETED_FROM, tuple(kept)))
        self.assertFalse([name for (name,) in self.env.cr.fetchall()])
