from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS
from .states import LIVE


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "move_line_id",
        string="Reminders",
        groups=ACCOUNTING_GROUPS,
    )

    dunning_to_hand_over = fields.Boolean(
        string="To hand over",
        compute="_compute_dunning_to_hand_over",
        search="_search_dunning_to_hand_over",
        groups=ACCOUNTING_GROUPS,
        help="Its formal notice expired; it is unpaid and not on hold.",
    )
    dunning_formal_deadline = fields.Date(
        string="Deadline of the formal notice",
        compute="_compute_dunning_formal_deadline",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends(
        "dunning_line_ids.state",
        "dunning_line_ids.level_id",
        "dunning_cycle",
        "dunning_start_level_id",
    )
    def _compute_dunning_level_id(self):
        for item in self:
            taken = item.dunning_line_ids._filter_together(
                lambda line, item=item: line.state == "sent" and line.cycle == item.dunning_cycle
            ).level_id
            levels = taken | item.dunning_start_level_id
            item.dunning_level_id = levels.sorted("rank")[-1:]

    def unlink(self):
        """Take items that go away out of the messages being prepared.

        What was sent keeps its snapshot, and finds the item again when Odoo only rewrote it
        (``account.move._reattach_dunning_lines``).
        """
        prepared = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search([("move_line_id", "in", self.ids), ("state", "in", LIVE)])
        )
        prepared.unlink()
        return super().unlink()

    def _compute_dunning_to_hand_over(self):
        partners = self.partner_id.commercial_partner_id
        owed = self.env["account.dunning.notice"]._get_expired_items(partners=partners)
        for item in self:
            item.dunning_to_hand_over = item in owed

    def _search_dunning_to_hand_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        items = self.env["account.dunning.notice"]._get_expired_items(self.env.companies)
        return [("id", "in" if True in value else "not in", items.ids)]

    def _compute_dunning_formal_deadline(self):
        lines = self.env["account.dunning.notice.line"]._read_group(
            [
                ("move_line_id", "in", self.ids),
                ("claimed", "=", True),
                ("notice_id.kind", "=", "formal_notice"),
                ("notice_id.has_left", "=", True),
                ("state", "=", "sent"),
            ],
            ["move_line_id"],
            ["notice_id:recordset"],
        )
        deadlines = {
            item: max((day for day in notices.mapped("deadline") if day), default=False)
            for item, notices in lines
        }
        for item in self:
            item.dunning_formal_deadline = deadlines.get(item, False)
