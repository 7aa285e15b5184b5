from odoo import models
from odoo.addons.base.models import ir_sequence
from odoo.tools import SQL

from .upstream import SEQUENCES, is_written_in


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _draw_dunning(self, count):
        """Return the next references of this sequence.

        They are drawn in one query if the sequence is a standard one and no module overrides it.

        :param int count: how many
        """
        self.ensure_one()
        drawing = type(self)
        if (
            self.implementation != "standard"
            or self.use_date_range
            or not is_written_in(
                SEQUENCES,
                drawing.next_by_id,
                drawing._next,
                drawing._next_do,
                ir_sequence._select_nextval,
            )
        ):
            return [self.next_by_id() for _each in range(count)]
        # The PostgreSQL sequence from which ``ir.sequence`` draws too: no number is used twice.
        counter = f"ir_sequence_{self.id:03d}"
        query = SQL("SELECT nextval(%s) FROM generate_series(1, %s)", counter, count)
        # ``_next_do`` passes the row as well, not the number.
        return [self.get_next_char(drawn) for drawn in self.env.execute_query(query)]
