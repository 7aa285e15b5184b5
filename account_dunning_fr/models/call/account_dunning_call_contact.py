from odoo import api, fields, models
from odoo.tools import format_datetime


class AccountDunningCall(models.Model):
    """Whom not to call now: a private person, at night, on a Sunday, or once too often."""

    _inherit = "account.dunning.call"

    callable_from = fields.Datetime(
        compute="_compute_callable_from",
        compute_sudo=True,
        help="Before that, the settings leave this private person in peace.",
    )
    is_quiet = fields.Boolean(
        string="Not to call today", compute="_compute_callable_from", compute_sudo=True
    )
    quiet_reason = fields.Char(compute="_compute_quiet_reason")

    @api.depends("state", "partner_id", "company_id")
    def _compute_callable_from(self):
        """Say from when each waiting call may be made, for all of them at once."""
        now = fields.Datetime.now()
        waiting = self.filtered(lambda call: call.state == "todo" and call.partner_id)
        (self - waiting).update({"callable_from": False, "is_quiet": False})
        for creditor, calls in waiting.grouped("company_id").items():
            allowed = calls.partner_id._get_dunning_next_contacts(creditor, now)
            for call in calls:
                start = allowed[call.partner_id.id]
                call.callable_from = start if start > now else False
                call.is_quiet = start > now and call._get_local_day(start) > call._get_local_day(
                    now
                )

    @api.depends("callable_from")
    def _compute_quiet_reason(self):
        for call in self:
            call.quiet_reason = call.callable_from and self.env._(
                "Not to be called before %s: a private person is left in peace at night, on "
                "Sundays and public holidays, and after as many messages and calls in a week as "
                "the settings allow. A call that comes from the person may be recorded at any "
                "time.",
                format_datetime(
                    self.env, call.callable_from, tz=call.company_id._get_dunning_timezone()
                ),
            )

    def _get_local_day(self, moment):
        """Return the day of a moment (UTC) where the creditor is."""
        zone = self.company_id.sudo()._get_dunning_timezone()
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()

    def _get_next_allowed(self, day, counts):
        """Return the first day from the one given on which the customer may be called again.

        :param date day: the day wanted
        :param bool counts: whether the call of today is a contact
        """
        self.ensure_one()
        noon = fields.Datetime.to_datetime(day).replace(hour=10)
        also = [self._get_local_day(fields.Datetime.now())] if counts else []
        partner = self.partner_id.sudo()
        allowed = partner._get_dunning_next_contacts(self.company_id, noon, also)[partner.id]
        return self._get_local_day(allowed)
