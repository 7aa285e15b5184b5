from odoo import models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    def _keep_pace(self, today):
        """Spare the gate to the messages of a creditor whose day is full already."""
        limit = self.company_id.dunning_daily_limit
        if limit and self[0]._count_sent(today) >= limit:
            self._note_daily_limit()
            return self.browse()
        return super()._keep_pace(today)

    def _pick_leaving(self, today):
        leaving = super()._pick_leaving(today)
        for creditor, notices in leaving.grouped("company_id").items():
            limit = creditor.dunning_daily_limit
            room = max(limit - notices[0]._count_sent(today), 0) if limit else len(notices)
            notices[:room].filtered("waiting_reason").waiting_reason = False
            notices[room:]._note_daily_limit()
            leaving -= notices[room:]
        return leaving
