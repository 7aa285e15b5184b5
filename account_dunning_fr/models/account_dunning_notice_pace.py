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

    def _send_scheduled(self, today):
        reason = self._get_daily_limit_reason(today)
        if reason != (self.waiting_reason or False):
            self.waiting_reason = reason
        return None if reason else super()._send_scheduled(today)

    def _get_daily_limit_reason(self, today):
        """Return why this message waits for another day, for the user, or False."""
        self.ensure_one()
        limit = self.company_id.dunning_daily_limit
        if not limit:
            return False
        sent = self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
                ("date", "=", today),
                ("sent_by", "=", self.env.uid),
            ],
            limit=limit,
        )
        if sent < limit:
            return False
        lang = self.company_id.partner_id._get_dunning_lang()
        return self.with_context(lang=lang).env._(
            "Waits for the next sending: the limit of %s customers a day is reached.", limit
        )
