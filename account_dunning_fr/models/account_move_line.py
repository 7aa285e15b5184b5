from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists, create_column

ACCOUNTING_GROUPS = "account.group_account_invoice,account.group_account_readonly"

EMPTY_COLUMNS = (
    "dunning_level_id",
    "dunning_start_level_id",
    "dunning_cycle",
    "dunning_penalty_id",
)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "move_line_id",
        string="Reminders",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_cycle = fields.Integer(
        copy=False,
        readonly=True,
        help="Number of times this item was settled and became unpaid again.",
    )
    dunning_start_level_id = fields.Many2one(
        "account.dunning.level",
        copy=False,
        ondelete="set null",
        domain="[('kind', 'in', ('courtesy', 'reminder'))]",
        help="Level from which this item is chased, where it had reminders elsewhere before.",
        writer="kept",
    )
    dunning_level_id = fields.Many2one(
        "account.dunning.level",
        string="Dunning level",
        compute="_compute_dunning_level_id",
        store=True,
        copy=False,
        index="btree_not_null",
    )

    def _auto_init(self):
        # Empty for every existing item: nothing to compute on a large ledger at installation.
        for name in (
            "dunning_level_id",
            "dunning_start_level_id",
            "dunning_cycle",
            "dunning_penalty_id",
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, "int4")
        return super()._auto_init()

    @api.depends(
        "dunning_line_ids.state",
        "dunning_line_ids.level_id",
        "dunning_cycle",
        "dunning_start_level_id",
    )
    def _compute_dunning_level_id(self):
        for item in self:
            taken = item.dunning_line_ids.filtered(
                lambda line, item=item: line.state == "sent" and line.cycle == item.dunning_cycle
            ).level_id
            levels = taken | item.dunning_start_level_id
            item.dunning_level_id = levels.sorted("rank")[-1:]

    @api.constrains("dunning_start_level_id")
    def _check_dunning_start_level_id(self):
        for item in self:
            if item.dunning_start_level_id.kind in ("registered", "formal_notice"):
                raise ValidationError(
                    self.env._(
                        "An item starts at a reminder at most: what comes after it is proven by "
                        "the message that was sent. Choose a reminder or a courtesy message."
                    )
                )

    def _open_dunning_cycle(self):
        """Count one more cycle for the items that were chased and are unpaid again."""
        chased = self.sudo().filtered(lambda item: item.dunning_level_id and not item.reconciled)
        for cycle, items in chased.grouped("dunning_cycle").items():
            items.write({"dunning_cycle": cycle + 1, "dunning_start_level_id": False})

    def unlink(self):
        """Take items that go away out of the messages being prepared.

        What was sent keeps its snapshot, and finds the item again when Odoo only rewrote it
        (``account.move._reattach_dunning_lines``).
        """
        prepared = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search([("move_line_id", "in", self.ids), ("state", "in", ("draft", "ready"))])
        )
        prepared.unlink()
        return super().unlink()
