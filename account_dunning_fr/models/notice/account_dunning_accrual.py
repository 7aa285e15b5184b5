from datetime import timedelta

from odoo import api, models


class AccountDunningAccrual(models.AbstractModel):
    _inherit = "account.dunning.accrual"

    @api.model
    def _get_formal_notice_days(self, items):
        """Return from which day a consumer owes interest: after receipt of a formal notice.

        Receipt is presumed after the policy's days of postal transit (C. civ. 1231-6).

        :return: ``{item id: date}``
        """
        days = {}
        for line in self.env["account.dunning.notice.line"].sudo()._find_formal_notices(items):
            notice = line.notice_id
            day = notice._get_reached_on() + timedelta(days=notice.policy_id.transit_days + 1)
            days[line.move_line_id.id] = min(day, days.get(line.move_line_id.id, day))
        return days
