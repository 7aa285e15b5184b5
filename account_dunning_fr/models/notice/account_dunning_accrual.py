from datetime import timedelta

from odoo import api, models


class AccountDunningAccrual(models.AbstractModel):
    _inherit = "account.dunning.accrual"

    @api.model
    def _get_formal_notice_days(self, items):
        """Return from which day a consumer owes interest: after the receipt of a formal notice.

        Receipt is presumed after the days in the post of the policy (C. civ. 1231-6).

        :return: ``{item id: date}``
        """
        lines = (
            self.env["account.dunning.notice.line"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    ("state", "=", "sent"),
                    ("notice_id.has_left", "=", True),
                    ("claimed", "=", True),
                    ("notice_id.kind", "=", "formal_notice"),
                ]
            )
        )
        days = {}
        for line in lines:
            notice = line.notice_id
            addressee = notice.partner_id.commercial_partner_id
            if addressee != line.move_line_id.partner_id.commercial_partner_id:
                continue  # an invoice corrected since to another customer: he got none
            if line._is_deferred_since():
                continue  # nobody is in default of what is not due yet (C. civ. 1305-2)
            day = notice._get_reached_on() + timedelta(days=notice.policy_id.transit_days + 1)
            days[line.move_line_id.id] = min(day, days.get(line.move_line_id.id, day))
        return days
