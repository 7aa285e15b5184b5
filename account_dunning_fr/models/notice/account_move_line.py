from collections import defaultdict

from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS
from ..common.rows import MANY, write_alike
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
        if len(self) > MANY:  # each in one query, not with all columns of items and lines
            self.fetch(["dunning_cycle", "dunning_start_level_id", "dunning_line_ids"])
            self.dunning_line_ids.fetch(["state", "cycle", "level_id"])
        # By number: many items, few levels, whose records would be joined and sorted for each.
        reached = defaultdict(list)
        for item in self:
            cycle = item.dunning_cycle
            told = [
                level
                for line in item.dunning_line_ids
                if line.state == "sent" and line.cycle == cycle
                for level in line.level_id._ids
            ]
            reached[(*told, *item.dunning_start_level_id._ids)].append(item.id)
        # Of most items one level, written for all of them at once.
        for told, ids in reached.items():
            levels = self.env["account.dunning.level"].browse(dict.fromkeys(told))
            self.browse(ids).dunning_level_id = levels.sorted("rank")[-1:]

    def write(self, vals):
        result = super().write(vals)
        if vals.get("date_maturity"):
            self._restart_dunning_of_deferred()
        return result

    def _restart_dunning_of_deferred(self):
        """Chase anew, from its new due date, what was not due yet by it when it took its level.

        Who was given time owes nothing before (C. civ. 1305-2): a message of until then claimed
        what is not due by the new date, and no formal notice of then puts him in default.
        """
        chased = self.sudo().filtered(
            lambda item: (
                item.parent_state == "posted" and item.dunning_level_id and item.date_maturity
            )
        )
        chased.filtered(lambda item: item._is_dunning_level_early())._open_dunning_cycle()

    def _is_dunning_level_early(self):
        """Whether this item took its level by its due date, which was an earlier one then."""
        self.ensure_one()
        lines = self.dunning_line_ids.filtered(
            lambda line: (
                (line.state, line.cycle, line.level_id)
                == ("sent", self.dunning_cycle, self.dunning_level_id)
            )
        )
        if lines:
            return all(line._is_deferred_since() for line in lines)
        said_on = self.dunning_start_date  # a start level, of who was reminded elsewhere
        return bool(said_on) and (
            self.dunning_start_level_id.kind == "reminder" and said_on <= self.date_maturity
        )

    def _write_multi(self, vals_list):
        others, vals_list = write_alike(self, vals_list, super()._write_multi)
        return super(AccountMoveLine, others)._write_multi(vals_list)

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
