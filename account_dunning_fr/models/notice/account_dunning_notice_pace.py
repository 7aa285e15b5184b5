from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_daily_limit = fields.Integer(
        string="Customers written to per day",
        help="The scheduled sending stops there each day, the rest waits for the next one: the "
        "answers to a backlog then come at a pace that can be dealt with. 0: no limit.",
    )

    _dunning_daily_limit_positive = models.Constraint(
        "CHECK (dunning_daily_limit >= 0)", "The number of customers per day cannot be negative."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_daily_limit = fields.Integer(related="company_id.dunning_daily_limit", readonly=False)


class AccountDunningNotice(models.Model):
    """The pace of the scheduled sending; what a person sends by hand is never held back."""

    _inherit = "account.dunning.notice"

    waiting_reason = fields.Char(
        readonly=True, copy=False, help="Why a message that is ready waits for another day."
    )

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

    def _note_daily_limit(self):
        """Tell on the messages of one creditor why they wait for another day."""
        if self:
            env = self[0]._in_company_lang().env
            reason = env._(
                "Waits for the next sending: the limit of %s customers a day is reached.",
                self.company_id.dunning_daily_limit,
            )
            self.filtered(lambda notice: notice.waiting_reason != reason).waiting_reason = reason

    def _count_sent(self, today):
        """Return how many messages of this creditor the scheduled sending sent on this day."""
        self.ensure_one()
        return self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
                ("date", "=", today),
                ("sent_by", "=", self.env.uid),
            ]
        )
