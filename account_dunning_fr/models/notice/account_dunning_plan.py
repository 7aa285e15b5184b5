from odoo import api, models


class AccountDunningPlan(models.AbstractModel):
    _inherit = "account.dunning.plan"

    @api.model
    def _find_confirmed(self, rows):
        """Add the items claimed by a notice that is ready, at the level that they take."""
        steps = {row.move_line_id: row.take_level_id for row in rows if row.take_level_id}
        if not steps:
            return super()._find_confirmed(rows)
        lines = self.env["account.dunning.notice.line"].search_fetch(
            [("move_line_id", "in", list(steps)), ("state", "=", "ready")],
            ["move_line_id", "level_id", "claimed", "left_out"],
        )
        ready = lines._filter_claimed().filtered(
            lambda line: line.level_id.id == steps[line.move_line_id.id]
        )
        return super()._find_confirmed(rows) | set(ready.move_line_id.ids)
