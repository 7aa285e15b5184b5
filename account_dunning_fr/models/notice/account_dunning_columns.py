from odoo import api, models


class AccountDunningColumns(models.AbstractModel):
    """The columns about what was sent."""

    _inherit = "account.dunning.columns"

    @api.model
    def _get_dunning_read(self):
        return {
            **super()._get_dunning_read(),
            "account.dunning.notice": ["date", "has_left"],
            "account.dunning.notice.line": [
                *("move_id", "move_line_id", "notice_id", "state", "claimed"),
            ],
        }
