from odoo import api, fields, models
from odoo.tools import format_datetime

from .states import LIVE


class AccountDunningSendingLimits(models.AbstractModel):
    """Limits of the scheduled sending; what a person sends by hand is never held back.

    A maximum number of customers a day; private individuals not too often, and not at night.
    """

    _name = "account.dunning.sending.limits"
    _inherit = ["account.dunning.guarded"]
    _description = "Pace of the Reminders"

    waiting_reason = fields.Char(
        readonly=True, copy=False, help="Why a message that is ready waits for another day."
    )
    wait_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="The scheduled sending leaves the person in peace till then.",
    )
    wait_reason = fields.Char(compute="_compute_wait_reason")

    @api.depends("wait_until", "state")
    @api.depends_context("lang")
    def _compute_wait_reason(self):
        now = fields.Datetime.now()
        for notice in self:
            waits = notice.wait_until and notice.wait_until > now
            notice.wait_reason = (
                waits
                and notice.state in LIVE
                and self.env._(
                    "It leaves by itself from %s: a private person is not written to at night, on "
                    "a Sunday or a public holiday, nor more often than the settings allow.",
                    format_datetime(
                        self.env, notice.wait_until, tz=notice.company_id._get_dunning_timezone()
                    ),
                )
            )

    def _pick_leaving(self, today):
        """Return the notices to send now; what stops the others is noted on each.

        :param date today: the day of the run
        """
        leaving = self._pick_passing(today)
        for creditor, notices in leaving.grouped("company_id").items():
            limit = creditor.dunning_daily_limit
            room = max(limit - notices[0]._count_sent(today), 0) if limit else len(notices)
            notices[:room].filtered("waiting_reason").waiting_reason = False
            notices[room:]._note_daily_limit()
            leaving -= notices[room:]
        return leaving

    def _pick_passing(self, today):
        """Return the notices that nothing stops, except perhaps the daily limit.

        :param date today: the day of the run
        """
        ready, leaving = self.filtered(lambda notice: notice.state == "ready"), self.browse()
        ready -= ready._note_awaited_rates(today)
        refused = ready._get_refusals()
        for notice in ready:
            if problem := notice._get_email_problem(refused[notice]):
                notice._block(problem, today)
            elif not notice._has_to_wait():
                leaving |= notice
        return leaving

    def _keep_pace(self, today):
        """Return the notices of one creditor that need not wait for another day.

        Once the daily limit is reached, the others do not even go through the gate.

        :param date today: the day of the run
        """
        limit = self.company_id.dunning_daily_limit
        if limit and self[0]._count_sent(today) >= limit:
            self._note_daily_limit()
            return self.browse()
        return self

    def _count_sent(self, today):
        """Return how many notices of this creditor the scheduled sending sent on this day."""
        self.ensure_one()
        return self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
                ("date", "=", today),
                ("sent_by", "=", self.env.uid),
            ]
        )

    def _note_daily_limit(self):
        """Note on the notices of one creditor why they wait for another day."""
        if self:
            env = self[0]._in_dunning_lang().env
            reason = env._(
                "Waits for the next sending: the limit of %s customers a day is reached.",
                self.company_id.dunning_daily_limit,
            )
            self.filtered(lambda notice: notice.waiting_reason != reason).waiting_reason = reason

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of notices that need not wait any longer."""
        now = fields.Datetime.now()
        return ["|", ("wait_until", "=", False), ("wait_until", "<=", now)]

    def _has_to_wait(self):
        """Whether a private individual must not be contacted now; note until when.

        The sending is scheduled again for that time.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        allowed = self._get_next_contact(now)
        if allowed <= now:
            if self.wait_until:
                self.wait_until = False
            return False
        self.wait_until = allowed
        self.env.ref("account_dunning_fr.ir_cron_send")._trigger(at=allowed)
        return True

    def _get_next_contact(self, now):
        """Return when the customer may be contacted: now, except for private individuals.

        :param datetime now: in UTC, naive
        :return: datetime, likewise
        """
        self.ensure_one()
        partner = self.partner_id
        return partner.sudo()._get_dunning_next_contacts(self.company_id, now)[partner.id]
