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
        if len(self) > MANY:  # each fetched alone, not with all columns of items and lines
            self.fetch(["dunning_cycle", "dunning_start_level_id", "dunning_line_ids"])
            self.dunning_line_ids.fetch(["state", "cycle", "level_id"])
        # By id: there are many items and few levels, whose records would be joined and sorted each
        # time.
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
        # Most items have one level in common, written for all of them at once.
        for told, ids in reached.items():
            levels = self.env["account.dunning.level"].browse(dict.fromkeys(told))
            self.browse(ids).dunning_level_id = levels.sorted("rank")[-1:]

    def write(self, vals):
        result = super().write(vals)
        if vals.get("date_maturity"):
            self._follow_dunning_corrections()
        return result

    # -- Corrected due dates and customers ---------------------------------------------------------

    def _follow_dunning_corrections(self):
        """Start anew the items that took their level with another due date or customer.

        A debtor who was given more time owed nothing before (C. civ. 1305-2): an earlier notice
        claimed what is not due by the new date, and an earlier formal notice does not put him in
        default. If the correction is reverted, what was sent counts again, and the item goes on
        from there.
        """
        posted = self.sudo().filtered(lambda item: item.parent_state == "posted")
        for item in posted.filtered("dunning_corrected"):
            item._resume_dunning_cycle()
        wrong = posted.filtered("dunning_level_id")._filter_dunning_wrong()
        while wrong:  # the new cycle may have been left by an earlier correction
            wrong._open_dunning_cycle_corrected()
            wrong = wrong._filter_dunning_wrong()

    def _filter_dunning_wrong(self):
        """Return the open items whose level no longer holds."""
        return self.filtered(
            lambda item: (
                item.dunning_level_id
                and not item.reconciled
                and not item._get_dunning_standing_level(
                    item.dunning_cycle, item._get_dunning_start()
                )
            )
        )

    def _get_dunning_start(self):
        """Return from where this item is chased, in the format of ``dunning_corrected``."""
        self.ensure_one()
        return {
            "level_id": self.dunning_start_level_id.id,
            "date": fields.Date.to_string(self.dunning_start_date),
            "user_id": self.dunning_start_user_id.id,
            "reason": self.dunning_start_reason,
        }

    def _open_dunning_cycle_corrected(self):
        """Start one more cycle, and keep the former one: the correction may be reverted."""
        for item in self:
            kept, cycle = item.dunning_corrected or {}, item.dunning_cycle
            if kept.get("to") != cycle:  # else corrected again: keep the original one
                kept = {"from": cycle, "start": item._get_dunning_start()}
            item._open_dunning_cycle()
            item.dunning_corrected = {**kept, "to": item.dunning_cycle}

    def _resume_dunning_cycle(self):
        """Resume an earlier cycle if what was sent before a correction counts again.

        Of several such cycles, the one with the highest level. Never across a payment that was
        undone since: that starts anew, whatever the due date.
        """
        self.ensure_one()
        kept, now = self.dunning_corrected, self.dunning_cycle
        if kept["to"] != now:
            return
        starts = {kept["from"]: kept["start"], now: self._get_dunning_start()}
        found = {
            cycle: self._get_dunning_standing_level(cycle, starts.get(cycle, {}))
            for cycle in range(kept["from"], now + 1)
        }
        best = max(
            found, key=lambda cycle: (found[cycle].rank if found[cycle] else -1, cycle == now)
        )
        if best == now:
            return
        self.write({"dunning_cycle": best, "dunning_corrected": {**kept, "to": best}})
        if best == kept["from"]:
            self.dunning_corrected = False
            self._set_dunning_start(kept["start"])

    def _set_dunning_start(self, start):
        """Restore the start level of this item, with its author and reason."""
        level = self.env["account.dunning.level"].browse(start["level_id"] or ()).exists()
        self.dunning_start_level_id = level
        if level:
            names = ("date", "user_id", "reason")
            self.write({f"dunning_start_{name}": start[name] for name in names})

    def _get_dunning_standing_level(self, cycle, start):
        """Return the level that this item took in a cycle, or none if it does not count now.

        It does not count if it was sent to another customer, or for an earlier due date.

        :param dict start: start of that cycle, as ``_get_dunning_start`` returns it
        """
        self.ensure_one()
        levels = self.env["account.dunning.level"]
        said = self.dunning_line_ids.filtered(
            lambda line: (line.state, line.cycle) == ("sent", cycle)
        )
        debtor = self.partner_id.commercial_partner_id
        if said.notice_id.partner_id.commercial_partner_id - debtor:
            return levels
        first = levels.browse(start.get("level_id") or ()).exists()
        level = (said.level_id | first).sorted("rank")[-1:]
        if taken := said.filtered(lambda line: line.level_id == level):
            return levels if all(line._is_deferred_since() for line in taken) else level
        on, due = fields.Date.to_date(start.get("date")), self.date_maturity
        # A start level, for debtors who were reminded by another system.
        return levels if on and due and level.kind == "reminder" and on <= due else level

    def _take_back_dunning_cycle(self, moves):
        result = super()._take_back_dunning_cycle(moves)
        self._follow_dunning_corrections()
        return result

    def _wait_for_dunning_receipt(self, receipt):
        """Apply a correction made while the item was paid once it is unpaid again."""
        self._follow_dunning_corrections()
        return super()._wait_for_dunning_receipt(receipt)

    def _write_multi(self, vals_list):
        others, vals_list = write_alike(self, vals_list, super()._write_multi)
        return super(AccountMoveLine, others)._write_multi(vals_list)

    def unlink(self):
        """Remove deleted items from the notices in preparation.

        What was sent keeps its snapshot, and is linked again if Odoo merely rewrote the item
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
            [("move_line_id", "in", self.ids), ("stands", "=", True)],
            ["move_line_id"],
            ["notice_id:recordset"],
        )
        deadlines = {
            item: max((day for day in notices.mapped("deadline") if day), default=False)
            for item, notices in lines
        }
        for item in self:
            item.dunning_formal_deadline = deadlines.get(item, False)
