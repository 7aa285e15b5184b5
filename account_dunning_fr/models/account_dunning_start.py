from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .account_move_line import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """The level from which an item reminded elsewhere is chased: who said so, when and why."""

    _inherit = "account.move.line"

    dunning_start_user_id = fields.Many2one(
        "res.users",
        string="Start level set by",
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_start_date = fields.Date(
        string="Start level set on", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_start_reason = fields.Char(
        string="Reason of the start level",
        copy=False,
        groups=ACCOUNTING_GROUPS,
        writer="kept",
    )

    def _get_dunning_state(self):
        return "kept"  # a start level is said of an item that is there, never with a new one

    def write(self, vals):
        if {"dunning_start_level_id", "dunning_start_reason"}.intersection(vals):
            self._check_dunning_start_level(vals)
        result = super().write(vals)
        if "dunning_start_level_id" in vals:
            level_id = vals["dunning_start_level_id"]
            author = {
                "dunning_start_user_id": level_id and self.env.uid,
                "dunning_start_date": level_id and fields.Date.context_today(self),
            }
            if not level_id:
                author["dunning_start_reason"] = False
            self.sudo().write(author)
        return result

    def _check_dunning_start_level(self, vals):
        """Ask who says from where an item is chased, and why.

        :param dict vals: what is written
        :raise AccessError: unless the user may say it
        :raise UserError: if a level comes without a reason
        """
        if self.env.su:
            return
        if not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users set the level from which an item is chased.")
            )
        for item in self:
            level = vals.get("dunning_start_level_id", item.dunning_start_level_id)
            if level and not vals.get("dunning_start_reason", item.dunning_start_reason):
                raise UserError(
                    self.env._(
                        "Write why %s starts at this level, for example « reminded by letter on "
                        "3 March from the former software ».",
                        item.move_id.display_name,
                    )
                )

    def action_undo_dunning_start_level(self):
        """Take the start levels of these items back: they are chased from the first reminder."""
        self.check_access("write")
        self.write({"dunning_start_level_id": False})

    @api.model
    def _propose_dunning_start_levels(self, creditor, today):
        """Return the start level that the age of each backlog item suggests.

        An item overdue for longer than a reminder of its policy would have received it, had the
        reminders been on: the highest such level, at most ``reminder``, so that the next message is
        the step above and nobody starts with a formal notice.

        :param creditor: ``res.company``
        :param date today: the day of the proposal
        :return: ``{account.dunning.level: items}``
        """
        rows = self.env["account.dunning.plan"].sudo()._simulate(creditor, today)
        ladders = {}
        proposals = {}
        for row in rows:
            if row["level_id"] or not row["policy_id"] or row["due"] >= today:
                continue
            if row["policy_id"] not in ladders:
                policy = self.env["account.dunning.policy"].sudo().browse(row["policy_id"])
                ladders[row["policy_id"]] = policy.level_ids.filtered(
                    lambda level: level.kind == "reminder"
                ).sorted("rank")
            reached = [
                level
                for level in ladders[row["policy_id"]]
                if row["due"] + timedelta(days=level.days) <= today
            ]
            # The first level is where the plan starts anyway.
            if len(reached) > 1:
                proposals.setdefault(reached[-2], []).append(row["move_line_id"])
        return {level: self.browse(ids) for level, ids in proposals.items()}
